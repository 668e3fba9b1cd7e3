"""Changes are told while they happen, and doubt is told as a sweep."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from connectors.errors import SourceUnavailableError
from connectors.local_files import uri_of
from connectors.watching import SWEEP, changed_ids


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "share"
    (folder / "hr").mkdir(parents=True)
    (folder / "hr" / "leave.md").write_text("Thirty days.")
    return folder


@pytest.fixture
def watch(root: Path) -> Iterator[Iterator[frozenset[str]]]:
    changes = changed_ids(root, stop=threading.Event(), settle_seconds=0.05, sweep_seconds=30)
    assert next(changes) == SWEEP
    yield changes
    changes.close()


def tells(watch: Iterator[frozenset[str]], root: Path, *names: str) -> bool:
    """Tell whether these files are told and no others; one change may come in several parts."""
    wanted = {uri_of(root / name) for name in names}
    seen: set[str] = set()
    while not wanted <= seen:
        part = next(watch)
        if not part:
            return False
        seen |= part
    return seen == wanted


def test_a_new_file_is_told(root: Path, watch: Iterator[frozenset[str]]) -> None:
    (root / "new.txt").write_text("x")
    assert tells(watch, root, "new.txt")


def test_a_changed_file_is_told(root: Path, watch: Iterator[frozenset[str]]) -> None:
    (root / "hr" / "leave.md").write_text("Forty days.")
    assert tells(watch, root, "hr/leave.md")


def test_a_deleted_file_is_told(root: Path, watch: Iterator[frozenset[str]]) -> None:
    (root / "hr" / "leave.md").unlink()
    assert tells(watch, root, "hr/leave.md")


def test_a_change_of_rights_is_told(root: Path, watch: Iterator[frozenset[str]]) -> None:
    (root / "hr" / "leave.md").chmod(0o600)
    assert tells(watch, root, "hr/leave.md")


def test_a_moved_file_is_told_under_both_names(root: Path, watch: Iterator[frozenset[str]]) -> None:
    (root / "hr" / "leave.md").rename(root / "days.md")
    assert tells(watch, root, "hr/leave.md", "days.md")


@pytest.mark.parametrize(
    "happens",
    [
        lambda root: (root / "hr").chmod(0o700),
        lambda root: (root / "hr").rename(root / "people"),
        lambda root: (root / "new").mkdir(),
    ],
    ids=["rights", "moved", "made"],
)
def test_what_happens_to_a_folder_asks_for_a_sweep(
    root: Path, watch: Iterator[frozenset[str]], happens: Callable[[Path], object]
) -> None:
    happens(root)
    assert next(watch) == SWEEP


def test_a_name_that_is_no_text_keeps_its_bytes(
    root: Path, watch: Iterator[frozenset[str]]
) -> None:
    (root / os.fsdecode(b"caf\xe9.txt")).write_text("x")
    (item,) = next(watch)
    assert item.endswith("/caf%E9.txt")


def test_a_sweep_is_asked_for_on_a_clock_of_its_own(root: Path) -> None:
    changes = changed_ids(root, stop=threading.Event(), sweep_seconds=0)
    assert [next(changes) for _ in range(3)] == [SWEEP] * 3
    changes.close()


def test_a_watch_ends_when_it_is_told_to(root: Path) -> None:
    stop = threading.Event()
    changes = changed_ids(root, stop=stop)
    assert next(changes) == SWEEP
    stop.set()
    assert list(changes) == []


def test_a_folder_that_is_not_there_cannot_be_watched(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailableError, match="cannot be watched"):
        next(changed_ids(tmp_path / "gone", stop=threading.Event()))
