"""A branch gives its files and the difference of two commits, or says that it cannot."""

from pathlib import Path

import pytest
from dulwich.objects import ObjectID

from connectors.errors import SourceUnavailableError
from connectors.git_branch import Branch, of_prefix
from tests.connectors.repositories import Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "r")
    made.commit({"a.md": "A", "b/c.md": "C"})
    return made


def branch(repository: Repository) -> Branch:
    return Branch(repository.folder, name="main", max_files=100)


def test_files_come_with_their_paths(repository: Repository) -> None:
    found = branch(repository)
    assert [file.path for file in found.files(found.head())] == [b"a.md", b"b/c.md"]


def test_the_difference_names_what_is_new_and_what_is_gone(repository: Repository) -> None:
    found = branch(repository)
    before = found.head()
    repository.commit({"a.md": None, "d.md": "D"})
    new, gone = found.changes(before, found.head())
    assert [file.path for file in new] == [b"d.md"]
    assert gone == [b"a.md"]


def test_a_commit_is_known_only_while_its_tree_is_there(repository: Repository) -> None:
    found = branch(repository)
    assert found.knows(found.head().decode())
    assert not found.knows("0" * 39 + "1")


def test_a_name_that_is_no_commit_is_an_outage(repository: Repository) -> None:
    tree = repository.git("rev-parse", "HEAD^{tree}")
    with pytest.raises(SourceUnavailableError):
        list(branch(repository).files(ObjectID(tree.encode())))


def test_only_files_are_found(repository: Repository) -> None:
    found = branch(repository)
    head = found.head()
    assert found.find(head, b"b") is None
    assert found.find(head, b"a.md/x") is None
    assert found.find(head, b"") is None
    file = found.find(head, b"b/c.md")
    assert file is not None
    assert found.read(file, max_bytes=1) == b"C"


@pytest.mark.parametrize(
    ("path", "prefixes", "wanted"),
    [
        (b"hr/a.md", (), True),
        (b"hr/a.md", (b"hr",), True),
        (b"hr", (b"hr",), True),
        (b"hr2/a.md", (b"hr",), False),
        (b"a/hr/a.md", (b"hr",), False),
        (b"x", (b"hr", b"x"), True),
    ],
)
def test_a_prefix_ends_at_a_folder(path: bytes, prefixes: tuple[bytes, ...], wanted: bool) -> None:
    assert of_prefix(path, prefixes) is wanted
