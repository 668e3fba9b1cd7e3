"""What every connector owes the vault, whoever wrote it; run these on any new kind.

Each function takes a connector and returns only if it keeps its part of the contract. The source
behind it holds at least two readable items, and does not change meanwhile; a source of people
alone (``capabilities.items`` is False) knows at least one person.
"""

import dataclasses
from collections import Counter
from collections.abc import Iterable

import pytest

from connectors.base import AclSupport, Capabilities, Connector, Health
from connectors.errors import SourceError
from connectors.facts import (
    EVERYONE,
    AclEntry,
    Cursor,
    Failure,
    Item,
    Membership,
    RawAcl,
    SlimItem,
    SourceContent,
    SourcePrincipal,
    Tombstone,
)

MISSING = "no-such-item"
FACTS = frozenset(
    {
        "title", "author", "created_at", "language", "classification", "record_class", "hold",
        "uri", "keywords",
    }
)  # fmt: skip


def keeps_the_contract(connector: Connector) -> None:
    """Run every check below that this kind of source is held to."""
    speaks_the_protocol(connector)
    if connector.capabilities.items:
        scans_to_a_cursor(connector)
        names_items_the_same_each_time(connector)
        goes_on_from_every_cursor(connector)
        lists_what_it_scans(connector)
        opens_what_it_lists(connector)
        refuses_what_it_does_not_hold(connector)
        never_guesses_rights(connector)
    names_people_once(connector)


def speaks_the_protocol(connector: Connector) -> None:
    assert isinstance(connector, Connector)
    assert dataclasses.is_dataclass(connector.config_type)
    assert connector.config_type.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert isinstance(connector.capabilities, Capabilities)
    assert isinstance(type(connector).capabilities, Capabilities), "known before one is built"
    health = connector.check()
    assert isinstance(health, Health)
    assert health.ok
    assert health.detail


def scans_to_a_cursor(connector: Connector) -> None:
    found = list(connector.scan(None))
    assert len(_items(found)) >= 2
    assert isinstance(found[-1], Cursor), "a scan ends with a cursor to save"
    assert all(isinstance(fact, Item | Tombstone | Failure | Cursor) for fact in found)
    assert all(item.name and item.uri and item.version for item in _items(found))


def names_items_the_same_each_time(connector: Connector) -> None:
    first, second = (_versions(connector.scan(None)) for _ in range(2))
    assert first == second, "ids and versions of a source that did not change stay"


def goes_on_from_every_cursor(connector: Connector) -> None:
    """A cursor covers what came before it and no more, so that a kill loses nothing."""
    everything = _versions(connector.scan(None))
    seen: dict[str, str] = {}
    for fact in connector.scan(None):
        if isinstance(fact, Item):
            seen[fact.id] = fact.version
        elif isinstance(fact, Cursor):
            after = list(connector.scan(fact))
            assert isinstance(after[-1], Cursor)
            assert not [gone for gone in after if isinstance(gone, Tombstone)]
            assert seen | _versions(after) == everything


def lists_what_it_scans(connector: Connector) -> None:
    found = list(connector.scan(None))
    listed = list(connector.list_ids(found[-1]))
    assert all(isinstance(item, SlimItem) for item in listed)
    assert max(Counter(item.id for item in listed).values()) == 1, "an id is listed once"
    failed = {fact.id for fact in found if isinstance(fact, Failure)}
    versions = {item.id: item.version for item in listed if item.id not in failed}
    assert versions == _versions(found)
    assert [item.id for item in connector.list_ids(None)] == [item.id for item in listed]


def opens_what_it_lists(connector: Connector) -> None:
    for item in _items(connector.scan(None)):
        content = connector.open(item.id, item.version)
        assert isinstance(content, SourceContent)
        assert content.version == item.version
        assert content.modified_at.utcoffset() is not None, "times are aware"
        assert item.size in (None, len(content.content))
        assert content.facts.keys() <= FACTS
        assert all(isinstance(value, str) for value in content.facts.values())


def refuses_what_it_does_not_hold(connector: Connector) -> None:
    with pytest.raises(SourceError):
        connector.open(MISSING, "1")


def never_guesses_rights(connector: Connector) -> None:
    listed = {item.id: item.acl_hash for item in connector.list_ids(None)}
    rights = list(connector.acl([*listed, MISSING]))
    assert all(isinstance(right, RawAcl) for right in rights)
    answered = Counter(right.id for right in rights)
    assert answered.keys() <= {*listed, MISSING}
    assert max(answered.values()) == 1
    assert [right.entries for right in rights if right.id == MISSING] in ([], [None])
    if connector.capabilities.acl is AclSupport.MAPPED:
        assert all(right.entries is None for right in rights)
    else:
        assert all(listed.values()), "a sweep notices changed rights"
        assert all(right.raw for right in rights if right.entries is not None)
    assert all(_is_named(entry) for right in rights for entry in _entries(right))
    if not connector.capabilities.live_check:
        assert connector.can_read(next(iter(listed)), "anyone") is None


def names_people_once(connector: Connector) -> None:
    found = list(connector.principals(None))
    kinds = SourcePrincipal | Membership | Tombstone | Cursor
    assert all(isinstance(fact, kinds) for fact in found)
    people = [fact for fact in found if isinstance(fact, SourcePrincipal)]
    assert len({person.id for person in people}) == len(people)
    assert bool(people) is connector.capabilities.principals
    groups = {person.id for person in people if person.is_group}
    assert all(fact.group in groups for fact in found if isinstance(fact, Membership))


def goes_on_past_a_failure(connector: Connector) -> None:
    """For a source with one item that cannot be reported, and others that can."""
    found = list(connector.scan(None))
    failures = [fact for fact in found if isinstance(fact, Failure)]
    assert failures
    assert all(failure.id and failure.reason for failure in failures)
    assert _items(found)
    assert isinstance(found[-1], Cursor)
    assert not {failure.id for failure in failures} & _versions(found).keys()


def _items(facts: Iterable[object]) -> list[Item]:
    return [fact for fact in facts if isinstance(fact, Item)]


def _versions(facts: Iterable[object]) -> dict[str, str]:
    items = _items(facts)
    assert max(Counter(item.id for item in items).values(), default=1) == 1
    return {item.id: item.version for item in items}


def _entries(right: RawAcl) -> list[AclEntry]:
    return [entry for entries in (right.entries or (), *right.gates) for entry in entries]


def _is_named(entry: AclEntry) -> bool:
    kind, _, name = entry.principal.partition(":")
    return entry.principal == EVERYONE or bool(kind and name)
