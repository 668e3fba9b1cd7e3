"""An export is read afresh once it was replaced, and never tells less than it holds."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

import pytest

from connectors.base import AclSupport, Capabilities
from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.exports.archive import Archive, read
from connectors.exports.export import (
    NOBODY,
    Export,
    ExportConnector,
    ExportItem,
    Rights,
    allow,
    deny,
)
from connectors.facts import (
    AclEffect,
    AclEntry,
    Cursor,
    Failure,
    Item,
    Membership,
    RawAcl,
    SourcePrincipal,
)
from tests.connectors import contract

RIGHTS = Rights(deny("name:bob") + allow("everyone"), (allow("group:staff"),))


@dataclass(frozen=True, slots=True)
class LinesConfig:
    """Where a file of lines is."""

    path: Path
    max_bytes: int = 100


class LinesConnector(ExportConnector):
    """An export of the simplest kind: each line of one file is an item."""

    config_type: ClassVar[type] = LinesConfig
    capabilities: ClassVar[Capabilities] = Capabilities(acl=AclSupport.NATIVE, principals=True)

    def read_export(self, archive: Archive) -> Export:
        """Return the lines of the file; those that begin with a question mark have no reader."""
        lines = read(archive, "lines.txt", max_bytes=1000).decode().splitlines()
        items = {line[:6]: item(line) for line in lines}
        people = [
            SourcePrincipal("name:bob", "bob", is_group=False),
            SourcePrincipal("group:staff", "staff", is_group=True),
        ]
        missing = [Failure("missing", "the export has only its name", retry=False)]
        return Export(items, missing, people, [Membership("group:staff", "name:bob")])


def item(line: str, **settings: object) -> ExportItem:
    """Return the item of a line."""
    made = ExportItem(
        id=line[:6],
        name=f"{line[:6]}.txt",
        version=line,
        read=line.encode,
        modified_at=datetime(2024, 3, 1, tzinfo=UTC),
        rights=NOBODY if line.startswith("?") else RIGHTS,
        size=None if line.startswith("~") else len(line),
    )
    return replace(made, **settings)


def connect(path: Path, *lines: str) -> LinesConnector:
    """Write an export of these lines and return a connector to it."""
    path.mkdir(exist_ok=True)
    (path / "lines.txt").write_text("\n".join(lines))
    return LinesConnector(source_id="lines", config=LinesConfig(path))


def test_an_export_keeps_the_contract(tmp_path: Path) -> None:
    contract.keeps_the_contract(connect(tmp_path / "e", "first line", "?econd", "~third"))


def test_rights_come_in_order_with_their_gates(tmp_path: Path) -> None:
    connector = connect(tmp_path / "e", "first line", "?econd")
    assert list(connector.acl(["first ", "?econd", "no-such"])) == [
        RawAcl(
            "first ",
            b'[[["deny", "name:bob", true], ["allow", "everyone", true]], '
            b'[[["allow", "group:staff", true]]]]',
            (
                AclEntry(AclEffect.DENY, "name:bob", reads=True),
                AclEntry(AclEffect.ALLOW, "everyone", reads=True),
            ),
            ((AclEntry(AclEffect.ALLOW, "group:staff", reads=True),),),
        ),
        RawAcl("?econd", b"[null, []]", None),
        RawAcl("no-such", b"[null, []]", None),
    ]


def test_people_and_memberships_are_told(tmp_path: Path) -> None:
    assert Membership("group:staff", "name:bob") in connect(tmp_path / "e").principals(None)


@pytest.mark.parametrize(
    "change",
    [
        {"version": "other"},
        {"rights": Rights(allow("everyone"), RIGHTS.gates)},
        {"rights": Rights(RIGHTS.entries)},
        {"facts": {"title": "Other"}},
    ],
)
def test_a_version_changes_with_bytes_rights_and_facts(change: dict[str, object]) -> None:
    assert item("a line", **change).full_version != item("a line").full_version
    assert item("a line").full_version == item("a line").full_version


def test_what_the_export_names_and_does_not_hold_is_a_failure(tmp_path: Path) -> None:
    connector = connect(tmp_path / "e", "first line")
    contract.goes_on_past_a_failure(connector)
    assert "missing" not in {listed.id for listed in connector.list_ids(None)}


def test_an_item_above_the_limit_is_not_even_read(tmp_path: Path) -> None:
    connector = connect(tmp_path / "e", "first line", "long" * 30, "~" * 101)
    facts = list(connector.scan(None))
    assert Failure("longlo", "the file is larger than 100 bytes", retry=False) in facts
    assert "~~~~~~" in {fact.id for fact in facts if isinstance(fact, Item)}
    for name in ("longlo", "~~~~~~"):
        with pytest.raises(SourceRejectedError, match="larger than 100"):
            connector.open(name, "")


def test_a_file_known_to_be_too_large_is_never_loaded() -> None:
    loaded: list[str] = []

    class Heavy(LinesConnector):
        """Holds one item whose bytes must not be asked for."""

        def read_export(self, archive: Archive) -> Export:
            """Return the item."""
            heavy = item("heavy", size=101, read=lambda: loaded.append("read") or b"")
            return Export({heavy.id: heavy})

    connector = Heavy(source_id="lines", config=LinesConfig(Path(__file__).parent))
    with pytest.raises(SourceRejectedError):
        connector.open("heavy", "")
    assert not loaded


def test_an_export_that_took_the_place_of_another_is_read(tmp_path: Path) -> None:
    connector = connect(tmp_path / "e", "first line")
    assert connector.open("first ", "").content == b"first line"
    (tmp_path / "e" / "lines.txt").write_text("second line")
    assert [listed.id for listed in connector.list_ids(None)] == ["second"]
    with pytest.raises(SourceRejectedError, match="not in the export of 'lines'"):
        connector.open("first ", "")


def test_bytes_of_another_export_never_go_out_under_the_rights_of_this_one(
    tmp_path: Path,
) -> None:
    file = tmp_path / "e" / "lines.txt"

    class Replaced(LinesConnector):
        """Is replaced between the look at its rights and the end of reading."""

        def read_export(self, archive: Archive) -> Export:
            """Return one item."""
            held = item("a line", read=lambda: b"other" if file.write_text("other") else b"")
            return Export({held.id: held})

    connect(tmp_path / "e", "a line")
    connector = Replaced(source_id="lines", config=LinesConfig(tmp_path / "e"))
    with pytest.raises(SourceUnavailableError, match="changed while read"):
        connector.open("a line", "")


def test_an_export_replaced_since_it_was_listed_is_read_at_the_second_attempt(
    tmp_path: Path,
) -> None:
    connector = connect(tmp_path / "e", "a line")
    assert len(list(connector.list_ids(None))) == 1
    (tmp_path / "e" / "lines.txt").write_text("a line that grew")
    with pytest.raises(SourceUnavailableError, match="changed while read"):
        connector.open("a line", "")
    assert connector.open("a line", "").content == b"a line that grew"


def test_an_export_that_is_suddenly_empty_deletes_nothing(tmp_path: Path) -> None:
    connector = connect(tmp_path / "e", "first line")
    (*_, cursor) = connector.scan(None)
    assert isinstance(cursor, Cursor)
    (tmp_path / "e" / "lines.txt").write_text("")
    for listing in (connector.scan, connector.list_ids):
        with pytest.raises(SourceUnavailableError, match="nothing at all"):
            list(listing(cursor))
    assert list(connector.list_ids(None)) == []


def test_an_export_that_is_gone_or_damaged_proves_nothing(tmp_path: Path) -> None:
    connector = connect(tmp_path / "e", "first line")
    (tmp_path / "e" / "lines.txt").unlink()
    assert not connector.check().ok
    for call in (
        lambda: list(connector.scan(None)),
        lambda: list(connector.list_ids(None)),
        lambda: list(connector.acl(["first "])),
        lambda: list(connector.principals(None)),
        lambda: connector.open("first ", ""),
    ):
        with pytest.raises(SourceUnavailableError, match="lines"):
            call()
    (tmp_path / "e").rmdir()
    assert connector.check().detail == "the export is not there, or cannot be read"
