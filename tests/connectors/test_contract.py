"""Every installed connector keeps the contract, and the contract notices one that does not."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from connectors import registry
from connectors.base import Capabilities, Connector
from connectors.facts import (
    AclEffect,
    AclEntry,
    Cursor,
    Failure,
    Item,
    RawAcl,
    SlimItem,
    SourceContent,
    SourcePrincipal,
    Tombstone,
)
from connectors.filesystem import FilesystemConfig, FilesystemConnector
from tests.connectors import contract

HERE = Path(__file__).resolve().parent
OUTSIDER = '''
from connectors.filesystem import FilesystemConfig, FilesystemConnector


class Outsider(FilesystemConnector):
    """A connector of somebody else's package."""

    config_type = FilesystemConfig
'''


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "share"
    (root / "hr").mkdir(parents=True)
    (root / "notice.txt").write_text("The office closes at noon.")
    (root / "hr" / "leave.md").write_text("# Leave\n\nThirty days a year.")
    return root


@pytest.fixture(params=["mapped", "posix"])
def filesystem(folder: Path, request: pytest.FixtureRequest) -> Connector:
    settings = {"root": str(folder), "rights": request.param}
    return registry.build("filesystem", source_id="share", settings=settings)


def test_the_filesystem_keeps_the_contract(filesystem: Connector) -> None:
    contract.keeps_the_contract(filesystem)


@pytest.mark.parametrize("kind", registry.CONNECTORS)
def test_every_kind_of_ours_is_installed_and_held_to_the_contract(kind: str) -> None:
    assert kind in registry.kinds()
    built = registry.CONNECTORS[kind].split(":")[1]
    tests = [test.read_text() for test in HERE.rglob("test_*.py")]
    holding = [text for text in tests if "keeps_the_contract(" in text]
    assert [text for text in holding if f'"{kind}"' in text or built in text]


def test_a_connector_of_another_package_is_found_and_keeps_the_contract(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "packages"
    facts = package / "outsider-1.0.dist-info"
    facts.mkdir(parents=True)
    (package / "outsider_connector.py").write_text(OUTSIDER)
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: outsider\nVersion: 1.0\n")
    (facts / "entry_points.txt").write_text(
        f"[{registry.GROUP}]\noutsider = outsider_connector:Outsider\n"
        "filesystem = outsider_connector:Outsider\n"
    )
    monkeypatch.syspath_prepend(package)
    try:
        assert "outsider" in registry.kinds()
        built = registry.build("outsider", source_id="o", settings={"root": str(folder)})
        assert type(built).__name__ == "Outsider"
        contract.keeps_the_contract(built)
        assert registry.load("filesystem") is FilesystemConnector, "ours are not replaced"
    finally:
        sys.modules.pop("outsider_connector", None)


def test_a_failure_does_not_end_the_listing(folder: Path) -> None:
    with (folder / "huge.bin").open("wb") as file:
        file.truncate(2**20)
    config = FilesystemConfig(folder, max_bytes=2**10)
    contract.goes_on_past_a_failure(FilesystemConnector(source_id="share", config=config))


class Honest(FilesystemConnector):
    """A connector that the broken ones below differ from in one thing each."""


class NewNames(Honest):
    """Names each item anew."""

    def scan(self, cursor: Cursor | None) -> Iterator[Item | Tombstone | Failure | Cursor]:
        for fact in super().scan(cursor):
            yield replace(fact, id=os.urandom(4).hex()) if isinstance(fact, Item) else fact


class HastyCursor(Honest):
    """Saves a position ahead of what it has told."""

    def scan(self, cursor: Cursor | None) -> Iterator[Item | Tombstone | Failure | Cursor]:
        facts = list(super().scan(None))
        yield from facts[-1:]
        if cursor is None:
            yield from facts


class NoCursor(Honest):
    """Ends without a position."""

    def scan(self, cursor: Cursor | None) -> Iterator[Item | Tombstone | Failure | Cursor]:
        yield from list(super().scan(cursor))[:-1]


class Forgetful(Honest):
    """Leaves an item out of the sweep, which would delete it."""

    def list_ids(self, cursor: Cursor | None) -> Iterator[SlimItem]:
        yield from list(super().list_ids(cursor))[1:]


class Repetitive(Honest):
    """Lists an item twice."""

    def list_ids(self, cursor: Cursor | None) -> Iterator[SlimItem]:
        for item in super().list_ids(cursor):
            yield from (item, item)


class OtherVersion(Honest):
    """Hands out bytes under a version it never listed."""

    def open(self, id: str, version: str) -> SourceContent:  # noqa: A002
        return replace(super().open(id, version), version="other")


class OwnFact(Honest):
    """Reports a fact under a name of its own."""

    def open(self, id: str, version: str) -> SourceContent:  # noqa: A002
        return replace(super().open(id, version), facts={"colour": "red"})


class Obliging(Honest):
    """Opens what it does not hold."""

    def open(self, id: str, version: str) -> SourceContent:  # noqa: A002
        held = next(iter(self.list_ids(None))).id
        return super().open(held if id == contract.MISSING else id, version)


class Guessing(Honest):
    """Lets everyone read what it knows nothing of."""

    def acl(self, ids: Iterable[str]) -> Iterator[RawAcl]:
        guess = (AclEntry(AclEffect.ALLOW, "everyone", reads=True),)
        for right in super().acl(ids):
            yield right if right.entries is not None else RawAcl(right.id, b"?", guess)


class Nameless(Honest):
    """Says of whom an entry is without saying what kind of name that is."""

    def acl(self, ids: Iterable[str]) -> Iterator[RawAcl]:
        entry = AclEntry(AclEffect.ALLOW, "alice", reads=True)
        for right in super().acl(ids):
            yield right if right.entries is None else replace(right, entries=(entry,))


class Blind(Honest):
    """Sweeps without a look at rights."""

    def list_ids(self, cursor: Cursor | None) -> Iterator[SlimItem]:
        for item in super().list_ids(cursor):
            yield replace(item, acl_hash="")


class Sudden(Honest):
    """Knows people although it says that it does not."""

    def principals(self, cursor: Cursor | None) -> Iterator[SourcePrincipal]:  # type: ignore[override]
        yield SourcePrincipal("uid:1", "alice", is_group=False)


class Late(Honest):
    """Says what it can do only once it is built."""

    capabilities = property(lambda self: Capabilities(FilesystemConnector.capabilities.acl))  # type: ignore[assignment]

    def __init__(self, *, source_id: str, config: FilesystemConfig) -> None:
        super().__init__(source_id=source_id, config=replace(config, rights="mapped"))


BROKEN: tuple[Callable[..., Connector], ...] = (
    NewNames, HastyCursor, NoCursor, Forgetful, Repetitive, OtherVersion, OwnFact, Obliging,
    Guessing, Nameless, Blind, Sudden, Late,
)  # fmt: skip


@pytest.mark.parametrize("kind", BROKEN)
def test_the_contract_notices_one_that_does_not_keep_it(
    kind: Callable[..., Connector], folder: Path
) -> None:
    config = FilesystemConfig(folder, rights="posix")
    contract.keeps_the_contract(Honest(source_id="share", config=config))
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        contract.keeps_the_contract(kind(source_id="share", config=config))
