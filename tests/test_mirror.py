"""Every module has a test of its own name at its own place."""

from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("vault", "connectors", "models")

PEERS: frozenset[str] = frozenset(
    {
        "vault/evaluate/engines/chroma.py",
        "vault/evaluate/engines/lance.py",
        "vault/evaluate/engines/postgres.py",
        "vault/evaluate/engines/qdrant.py",
        "vault/evaluate/engines/sqlite.py",
    }
)
"""Engines of the extra ``bench``; their test is the contract of all engines that are installed."""


def modules(root: Path) -> Iterator[str]:
    """Yield the path of every module, but of packages' own files and of migrations."""
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            if path.name != "__init__.py" and "migrations" not in path.parts:
                yield path.relative_to(root).as_posix()


def mirror(module: str) -> str:
    """Return where the test of a module lies."""
    path = Path(module)
    return (Path("tests") / path.parent / f"test_{path.name}").as_posix()


def untested(root: Path) -> set[str]:
    """Return the modules without a test of their own."""
    return {module for module in modules(root) if not (root / mirror(module)).is_file()}


def test_every_module_has_a_test_of_its_own() -> None:
    assert untested(ROOT) - PEERS == set()


def test_nothing_is_excused_that_has_a_test_or_is_gone() -> None:
    assert PEERS - untested(ROOT) == set()


@pytest.mark.parametrize(
    ("module", "test"),
    [
        ("vault/cli/app.py", "tests/vault/cli/test_app.py"),
        ("vault/__main__.py", "tests/vault/test___main__.py"),
        ("models/base.py", "tests/models/test_base.py"),
    ],
)
def test_a_test_lies_where_its_module_lies(module: str, test: str) -> None:
    assert mirror(module) == test


def test_a_module_without_a_test_is_found_and_its_surroundings_are_not(tmp_path: Path) -> None:
    for name in (
        "vault/__init__.py",
        "vault/room/tested.py",
        "vault/room/untested.py",
        "vault/store/migrations/versions/0001_first.py",
        "tests/vault/room/test_tested.py",
        "tests/vault/other/test_untested.py",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert untested(tmp_path) == {"vault/room/untested.py"}
