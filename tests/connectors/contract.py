"""What every connector owes the vault, whoever wrote it; run these on any new kind.

Each function takes a connector to a source with at least two readable items, and returns
only if it keeps the contract.
"""

import dataclasses
from collections.abc import Iterator

import pytest

from connectors.base import AclSupport, Capabilities, Connector, Health
from connectors.errors import SourceError
from connectors.facts import Cursor, Failure, Item, RawAcl, SlimItem, SourceContent, Tombstone


def keeps_the_contract(connector: Connector) -> None:
    """Run every check below."""
    speaks_the_protocol(connector)
    scans_to_a_cursor(connector)
    lists_what_it_scans(connector)
    opens_what_it_lists(connector)
    refuses_what_it_does_not_hold(connector)
    never_guesses_rights(connector)


def speaks_the_protocol(connector: Connector) -> None:
    assert isinstance(connector, Connector)
    assert dataclasses.is_dataclass(connector.config_type)
    assert connector.config_type.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert isinstance(connector.capabilities, Capabilities)
    health = connector.check()
    assert isinstance(health, Health)
    assert health.ok
    assert health.detail


def scans_to_a_cursor(connector: Connector) -> None:
    found = list(connector.scan(None))
    assert len(_items(found)) >= 2
    assert isinstance(found[-1], Cursor), "a scan ends with a cursor to save"
    assert all(isinstance(fact, Item | Tombstone | Failure | Cursor) for fact in found)
    again = list(connector.scan(found[-1]))
    known = {item.id: item.version for item in _items(found)}
    assert all(known.get(item.id, item.version) == item.version for item in _items(again))


def lists_what_it_scans(connector: Connector) -> None:
    scanned = {item.id: item.version for item in _items(connector.scan(None))}
    listed = list(connector.list_ids(None))
    assert all(isinstance(item, SlimItem) for item in listed)
    assert len({item.id for item in listed}) == len(listed), "an id is listed once"
    assert scanned.items() <= {item.id: item.version for item in listed}.items()


def opens_what_it_lists(connector: Connector) -> None:
    for item in _items(connector.scan(None)):
        content = connector.open(item.id, item.version)
        assert isinstance(content, SourceContent)
        assert content.version == item.version
        assert content.modified_at.utcoffset() is not None, "times are aware"
        assert item.size in (None, len(content.content))


def refuses_what_it_does_not_hold(connector: Connector) -> None:
    with pytest.raises(SourceError):
        connector.open("no-such-item", "1")


def never_guesses_rights(connector: Connector) -> None:
    ids = [item.id for item in connector.list_ids(None)]
    rights = list(connector.acl([*ids, "no-such-item"]))
    assert all(isinstance(right, RawAcl) for right in rights)
    assert {right.id for right in rights} <= {*ids, "no-such-item"}
    assert [right.entries for right in rights if right.id == "no-such-item"] in ([], [None])
    if connector.capabilities.acl is AclSupport.MAPPED:
        assert all(right.entries is None for right in rights)
    if not connector.capabilities.live_check:
        assert connector.can_read(ids[0], "anyone") is None


def _items(facts: Iterator[object] | list[object]) -> list[Item]:
    return [fact for fact in facts if isinstance(fact, Item)]
