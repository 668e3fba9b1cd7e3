"""A tree on a server is walked in one order, taken up where it was left, never shortened."""

import itertools

import pytest

from connectors import remote_tree
from connectors.errors import SourceUnavailableError
from connectors.facts import Cursor, Failure, Item
from connectors.remote_tree import Entry, FolderUnreadableError, Position, RemoteTree


class Folders:
    """A scripted server: folders by path, each a list of file names and folder names."""

    def __init__(self, folders: dict[tuple[str, ...], list[str]]) -> None:
        self.folders = folders
        self.asked: list[tuple[str, ...]] = []
        self.shut: set[tuple[str, ...]] = set()
        self.gone: set[tuple[str, ...]] = set()

    def list_folder(self, steps: tuple[str, ...], *, rights: bool) -> list[Entry]:
        self.asked.append(steps)
        if steps in self.shut:
            raise FolderUnreadableError("permission denied")
        if steps in self.gone:
            raise SourceUnavailableError("the connection was lost")
        return [self._entry(steps, name, rights=rights) for name in reversed(self.folders[steps])]

    def uri_of(self, steps: tuple[str, ...]) -> str:
        return "x://host/" + "/".join(steps)

    def _entry(self, steps: tuple[str, ...], name: str, *, rights: bool) -> Entry:
        path = (*steps, name)
        size = 99 if name == "large" else 1
        return Entry(
            name, self.uri_of(path), name, path in self.folders, "1", size,
            "r" if rights else "", "the name is not allowed" if name == "odd" else None,
        )  # fmt: skip


@pytest.fixture
def server() -> Folders:
    return Folders(
        {(): ["b", "hr", "hr.txt", "a"], ("hr",): ["d", "c", "old"], ("hr", "old"): ["e"]}
    )


def names(found: list[object]) -> list[str]:
    return [fact.name for fact in found if isinstance(fact, Item)]


def test_every_file_is_listed_once_and_in_order(server: Folders) -> None:
    tree = RemoteTree("s", server, max_bytes=9)
    found = list(tree.scan(None))
    assert names(found) == ["a", "b", "c", "d", "e", "hr.txt"]
    assert found[-1] == Cursor('{"files": 6}')
    assert [item.acl_hash for item in tree.list_ids(None)] == ["r"] * 6
    assert [item.id for item in tree.list_ids(None)] == [
        fact.id for fact in found if isinstance(fact, Item)
    ]


def test_a_scan_that_was_cut_off_goes_on_behind_its_last_cursor(
    server: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote_tree, "_EVERY", 1)
    tree = RemoteTree("s", server, max_bytes=9)
    whole = list(tree.scan(None))
    for cut in range(1, len(whole)):
        if not isinstance(whole[cut - 1], Cursor):
            continue
        rest = list(tree.scan(whole[cut - 1]))
        assert names(whole[:cut]) + names(rest) in ([*names(whole)], [*names(whole)] * 2)
        assert rest[-1] == whole[-1]


def test_folders_that_are_behind_already_are_not_listed_again(server: Folders) -> None:
    tree = RemoteTree("s", server, max_bytes=9)
    list(tree.scan(Position(6, ("hr.txt",), 5).cursor()))
    assert server.asked == [()]


def test_an_unfinished_scan_keeps_the_count_of_the_last_whole_one() -> None:
    server = Folders({(): []})
    tree = RemoteTree("s", server, max_bytes=9)
    with pytest.raises(SourceUnavailableError, match="no files at all"):
        list(tree.list_ids(Position(7, ("a",), 0).cursor()))
    with pytest.raises(SourceUnavailableError, match="no files at all"):
        list(tree.scan(Position(7).cursor()))


def test_a_tree_that_was_always_empty_is_no_outage() -> None:
    tree = RemoteTree("s", Folders({(): []}), max_bytes=9)
    assert list(tree.scan(None)) == [Cursor('{"files": 0}')]
    assert list(tree.list_ids(Cursor('{"files": 0}'))) == []


def test_a_shut_folder_is_one_failure_of_a_scan_and_the_end_of_a_sweep(server: Folders) -> None:
    server.shut = {("hr",)}
    tree = RemoteTree("s", server, max_bytes=9)
    found = list(tree.scan(None))
    assert [fact.id for fact in found if isinstance(fact, Failure)] == ["x://host/hr"]
    assert names(found) == ["a", "b", "hr.txt"]
    with pytest.raises(SourceUnavailableError, match="cannot be listed: permission denied"):
        list(tree.list_ids(None))


def test_a_lost_server_ends_both(server: Folders) -> None:
    server.gone = {("hr", "old")}
    tree = RemoteTree("s", server, max_bytes=9)
    for listing in (tree.scan(None), tree.list_ids(None)):
        with pytest.raises(SourceUnavailableError, match="connection was lost"):
            list(listing)


def test_large_and_refused_files_are_failures_for_good_and_still_listed() -> None:
    tree = RemoteTree("s", Folders({(): ["large", "odd", "a"]}), max_bytes=9)
    failures = [fact for fact in tree.scan(None) if isinstance(fact, Failure)]
    assert [(fact.id, fact.retry) for fact in failures] == [
        ("x://host/large", False),
        ("x://host/odd", False),
    ]
    assert len(list(tree.list_ids(None))) == 3


def test_folders_that_never_end_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless(Folders):
        def list_folder(self, steps: tuple[str, ...], *, rights: bool) -> list[Entry]:
            return [Entry("x", "x://host/x", "x", is_folder=True)]

    monkeypatch.setattr(remote_tree, "_DEEPEST", 5)
    tree = RemoteTree("s", Endless({}), max_bytes=9)
    [failure] = itertools.islice(tree.scan(None), 1)
    assert isinstance(failure, Failure)
    assert "too deep" in failure.reason


@pytest.mark.parametrize("value", ["", "[]", "{", '{"files": "x"}', '{"after": 1}'])
def test_a_cursor_that_means_nothing_starts_over(value: str) -> None:
    assert Position.of(Cursor(value)) == Position()
