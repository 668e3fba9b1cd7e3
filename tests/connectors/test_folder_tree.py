"""A walk meets regular files only, in a steady order, however deep they lie."""

import os
from pathlib import Path

import pytest

from connectors.facts import Failure
from connectors.folder_tree import FolderTree, FoundFile
from connectors.local_files import uri_of
from connectors.posix_rights import OPEN_WAY


def walk(root: Path, *, hidden: bool = False, top: str | None = None) -> list[FoundFile | Failure]:
    return list(FolderTree(include_hidden=hidden, top=top).below(root))


def test_files_come_folder_by_folder_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/b/c.txt", "c.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    found = walk(tmp_path)
    assert [Path(each.path).relative_to(tmp_path).as_posix() for each in found] == [
        "a/b/c.txt", "a/z.txt", "b.txt", "c.txt",
    ]  # fmt: skip
    assert [each.uri for each in found] == [uri_of(Path(each.path)) for each in found]


def test_a_very_deep_tree_is_walked_to_its_end(tmp_path: Path) -> None:
    folders = [tmp_path]
    for _ in range(1200):
        folders.append(folders[-1] / "d")
        folders[-1].mkdir()
    file = folders[-1] / "f.txt"
    file.write_text("x")
    try:
        (found,) = walk(tmp_path)
    finally:
        # What clears temporary folders away would go under in one so deep.
        file.unlink()
        for folder in reversed(folders[1:]):
            folder.rmdir()
    assert isinstance(found, FoundFile)
    assert found.name == "f.txt"


def test_links_pipes_and_litter_are_not_met(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "a.txt")
    (tmp_path / "folder").symlink_to(tmp_path.parent)
    os.mkfifo(tmp_path / "pipe")
    for name in (".hidden", "~$a.docx", "Thumbs.db"):
        (tmp_path / name).write_text("x")
    assert [found.name for found in walk(tmp_path)] == ["a.txt"]
    assert [found.name for found in walk(tmp_path, hidden=True)] == [".hidden", "a.txt"]


def test_rights_count_from_the_top_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "shut").mkdir(mode=0o700)
    (tmp_path / "shut" / "a.txt").write_text("x")
    (plain,) = walk(tmp_path)
    (counted,) = walk(tmp_path, top=str(tmp_path))
    assert isinstance(plain, FoundFile)
    assert isinstance(counted, FoundFile)
    assert plain.way is OPEN_WAY
    assert counted.way is not None
    assert counted.way.raw.count(b"\n") == 2


def test_the_folder_of_a_single_file_counts_too(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    tree = FolderTree(include_hidden=False, top=str(tmp_path))
    (found,) = tree.single(tmp_path / "a.txt")
    assert isinstance(found, FoundFile)
    assert found.way is not None
    assert found.way.raw.count(b"\n") == 1
    assert list(tree.single(tmp_path / "gone.txt")) == []


def test_what_cannot_be_examined_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("x")
    tree = FolderTree(include_hidden=False, top=None)
    (failure,) = tree.single(tmp_path / ("n" * 300))
    assert isinstance(failure, Failure)

    class Entry:
        name = "a.txt"
        path = str(tmp_path / "a.txt")

        def __init__(self, error: OSError) -> None:
            self._error = error

        def stat(self, *, follow_symlinks: bool) -> os.stat_result:
            raise self._error

    class Listing(list[Entry]):
        def __enter__(self) -> "Listing":
            return self

        def __exit__(self, *_: object) -> None:
            self.clear()

    listing = [Entry(OSError(5, "no")), Entry(FileNotFoundError(2, "gone"))]
    monkeypatch.setattr(os, "scandir", lambda _: Listing(listing))
    (failure,) = walk(tmp_path)
    assert failure == Failure(uri_of(tmp_path / "a.txt"), "a file cannot be examined")
