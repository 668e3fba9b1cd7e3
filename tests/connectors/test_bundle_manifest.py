"""A manifest is taken whole or not at all, and what it does not say grants nothing."""

import json

import pytest

from connectors.bundle_manifest import check_path, parse_manifest
from connectors.errors import SourceRejectedError
from connectors.facts import EVERYONE, AclEffect, AclEntry

GOOD: dict[str, object] = {
    "path": "hr/leave.md",
    "sha256": "0" * 64,
    "size": 3,
    "modified_at": "2026-03-01T10:00:00+00:00",
}


def manifest(*lines: dict[str, object]) -> bytes:
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


def one(**changes: object):
    (entry,) = parse_manifest(manifest(GOOD | changes), max_items=5).values()
    return entry


def test_an_item_without_rights_has_none() -> None:
    entry = one()
    assert entry.acl is None
    assert entry.gates == ()


def test_an_empty_list_of_rights_is_not_an_unknown_one() -> None:
    assert one(acl=[]).acl == ()


def test_entries_keep_their_order_and_what_they_say() -> None:
    entry = one(
        acl=[
            {"effect": "deny", "principal": "sid:S-1-5-21-1", "inherited": True},
            {"effect": "allow", "principal": "everyone", "reads": False},
        ],
        gates=[[{"effect": "allow", "principal": "name:staff"}]],
    )
    assert entry.acl == (
        AclEntry(AclEffect.DENY, "sid:S-1-5-21-1", reads=True, inherited=True),
        AclEntry(AclEffect.ALLOW, EVERYONE, reads=False),
    )
    assert entry.gates == ((AclEntry(AclEffect.ALLOW, "name:staff", reads=True),),)


def test_any_change_of_a_line_is_a_new_version_and_only_rights_change_the_rights_hash() -> None:
    first, etag, rights = one(), one(etag="2"), one(acl=[])
    assert len({first.version, etag.version, rights.version}) == 3
    assert first.acl_hash == etag.acl_hash
    assert first.acl_hash != rights.acl_hash


def test_facts_are_those_the_vault_knows() -> None:
    entry = one(title="Leave", record_class="hr", etag="7", media_type="text/markdown")
    assert dict(entry.facts) == {"title": "Leave", "record_class": "hr"}
    assert entry.media_type == "text/markdown"


def test_a_deletion_needs_a_path_alone() -> None:
    entries = parse_manifest(manifest({"path": "old.txt", "deleted": True}), max_items=5)
    assert entries["old.txt"].deleted


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "../secret",
        "a/../../b",
        "a//b",
        "./a",
        "a/",
        "a\\b",
        "c:/windows",
        "a\x00b",
        "a\nb",
        "x" * 2000,
        7,
        None,
    ],
)
def test_a_path_that_may_lead_out_is_refused(path: object) -> None:
    with pytest.raises(ValueError, match="path"):
        check_path(path)
    with pytest.raises(SourceRejectedError, match="line 1"):
        parse_manifest(manifest(GOOD | {"path": path}), max_items=5)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"alc": []}, id="unknown field"),
        pytest.param({"sha256": "0"}, id="digest"),
        pytest.param({"size": -1}, id="negative size"),
        pytest.param({"size": True}, id="size that is a flag"),
        pytest.param({"modified_at": "2026-03-01T10:00:00"}, id="time without zone"),
        pytest.param({"modified_at": "yesterday"}, id="no time"),
        pytest.param({"title": 7}, id="title that is no text"),
        pytest.param({"carried": "yes"}, id="flag that is text"),
        pytest.param({"acl": {}}, id="rights that are no list"),
        pytest.param({"acl": ["everyone"]}, id="entry that is text"),
        pytest.param({"acl": [{"effect": "allow"}]}, id="entry without principal"),
        pytest.param({"acl": [{"effect": "permit", "principal": "everyone"}]}, id="effect"),
        pytest.param({"acl": [{"principal": "everyone"}]}, id="entry without effect"),
        pytest.param({"acl": [{"effect": "allow", "principal": "bob"}]}, id="no kind"),
        pytest.param(
            {"acl": [{"effect": "allow", "principal": "everyone", "except": "bob"}]}, id="exception"
        ),
        pytest.param({"gates": [{}]}, id="gate that is no list"),
    ],
)
def test_a_malformed_line_refuses_the_manifest(changes: dict[str, object]) -> None:
    with pytest.raises(SourceRejectedError, match="line 2"):
        parse_manifest(
            manifest({"path": "old", "deleted": True}, GOOD | changes),
            max_items=5,
        )


def test_a_place_named_twice_refuses_the_manifest() -> None:
    with pytest.raises(SourceRejectedError, match="again"):
        parse_manifest(manifest(GOOD, GOOD), max_items=5)
    composed, decomposed = GOOD | {"path": "caf\u00e9"}, GOOD | {"path": "cafe\u0301"}
    with pytest.raises(SourceRejectedError, match="again"):
        parse_manifest(manifest(composed, decomposed), max_items=5)


def test_a_field_given_twice_refuses_the_manifest() -> None:
    line = manifest(GOOD).replace(b"{", b'{"acl": [], ', 1).replace(b"}", b', "acl": []}')
    with pytest.raises(SourceRejectedError, match="twice"):
        parse_manifest(line, max_items=5)


def test_a_manifest_has_limits() -> None:
    with pytest.raises(SourceRejectedError, match="more than 1"):
        parse_manifest(manifest(GOOD, GOOD | {"path": "b"}), max_items=1)
    with pytest.raises(SourceRejectedError, match="too long"):
        parse_manifest(b" " * (2**20 + 1), max_items=1)
    with pytest.raises(SourceRejectedError, match="line 1"):
        parse_manifest(b"[" * 100_000, max_items=1)


@pytest.mark.parametrize("line", [b"[]", b"7", b"{", b"\xff"])
def test_a_line_that_is_no_object_refuses_the_manifest(line: bytes) -> None:
    with pytest.raises(SourceRejectedError, match="line 1"):
        parse_manifest(line, max_items=5)


def test_blank_lines_say_nothing() -> None:
    assert parse_manifest(b"\n\n", max_items=5) == {}
