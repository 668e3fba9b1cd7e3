"""What matters of a wiki's dump is taken from its records, in whatever order they come."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors.exports.confluence_objects import Dump, moment_of
from connectors.exports.records import Node
from connectors.facts import Membership, SourcePrincipal
from tests.connectors.exports.wiki import (
    SPACE,
    dump_of,
    lists,
    page,
    person,
    record,
    refers,
)


def test_a_page_keeps_what_the_dump_says_of_it() -> None:
    parts = refers("creator", "k1", "ConfluenceUserImpl"), lists("contentPermissionSets", "5")
    found = dump_of(page("11", *parts, parent="10", title="Plan", version="4")).pages["11"]
    assert (found.space, found.parent, found.title, found.version) == ("1", "10", "Plan", "4")
    assert (found.author, found.sets, found.current) == ("k1", ("5",), True)


@pytest.mark.parametrize(
    ("values", "parts"),
    [
        ({"contentStatus": "draft"}, ()),
        ({"contentStatus": "deleted"}, ()),
        ({"originalVersionId": "10"}, ()),
        ({}, (refers("originalVersion", "10"),)),
    ],
)
def test_drafts_the_bin_and_older_versions_are_not_current(
    values: dict[str, str], parts: tuple[str, ...]
) -> None:
    assert not dump_of(page("11", *parts, **values)).pages["11"].current
    attached = record("Attachment", "71", refers("containerContent", "11"), *parts, **values)
    assert dump_of(attached).attachments == []


def test_an_attachment_is_known_by_its_newer_and_its_older_names() -> None:
    newer = record("Attachment", "71", refers("containerContent", "10"), title="a.txt", version="2")
    older = record(
        "Attachment",
        "72",
        refers("content", "10"),
        fileName="b.txt",
        attachmentVersion="3",
        contentType="text/plain",
    )
    one, two = dump_of(newer, older).attachments
    assert (one.page, one.title, one.version, one.media_type) == ("10", "a.txt", "2", None)
    assert (two.page, two.title, two.version, two.media_type) == ("10", "b.txt", "3", "text/plain")


def test_a_text_comes_with_the_page_it_is_of() -> None:
    dump = Dump()
    text = Node("property", {"name": "body"}, text="<p>Text</p>")
    content = Node("property", {"name": "content"}, [Node("id", {}, text="10")])
    assert dump.take(Node("object", {"class": "BodyContent"}, [content, text])) == (
        "10",
        "<p>Text</p>",
    )
    assert dump.take(Node("object", {})) is None


def test_a_space_is_known_by_its_key() -> None:
    assert dump_of(SPACE).spaces == {"1": "FIN"}


def _member(id: str, group: str, of: str, who: str) -> str:  # noqa: A002
    return record(
        "HibernateMembership", id, refers("parentGroup", group, "InternalGroup"), refers(of, who)
    )


SITE = (
    person("k1", "Alice"),
    person("k2", "Bob"),
    person("k3", ""),
    record("InternalUser", "81", name="Alice", emailAddress="Alice@Example.org", active="true"),
    record("InternalUser", "82", lowerName="carol", active="false"),
    record("InternalUser", "83"),
    record("InternalGroup", "91", name="Staff"),
    record("InternalGroup", "92", lowerName="board"),
    record("InternalGroup", "93", name="STAFF"),
    record("InternalGroup", "94"),
    _member("1", "91", "userMember", "81"),
    _member("2", "91", "groupMember", "92"),
    _member("3", "99", "userMember", "81"),
    _member("4", "92", "userMember", "99"),
    _member("5", "94", "userMember", "81"),
)


def test_people_and_groups_of_a_site_are_named_once() -> None:
    assert dump_of(*SITE).people.principals() == [
        SourcePrincipal("name:alice", "alice", is_group=False, aliases=("mail:alice@example.org",)),
        SourcePrincipal("name:bob", "bob", is_group=False),
        SourcePrincipal("name:carol", "carol", is_group=False, active=False),
        SourcePrincipal("group:board", "board", is_group=True),
        SourcePrincipal("group:staff", "staff", is_group=True),
    ]


def test_memberships_are_those_whose_both_ends_are_known() -> None:
    assert dump_of(*SITE).people.memberships == [
        Membership("group:staff", "name:alice"),
        Membership("group:staff", "group:board"),
    ]


def test_a_person_is_found_by_key_and_one_without_a_name_is_nobody() -> None:
    people = dump_of(*SITE).people
    assert (people.name("k1"), people.principal("k1")) == ("Alice", "name:alice")
    assert (people.name("k9"), people.principal("k9")) == ("", None)
    assert people.principal("k3") is None


def test_a_time_is_in_utc_and_one_that_cannot_be_read_is_the_epoch() -> None:
    assert moment_of(" 2024-03-05 10:00:00.5 ") == datetime(2024, 3, 5, 10, 0, 0, 500000, UTC)
    assert moment_of("2024-03-05T10:00:00+02:00").utcoffset() == timedelta(hours=2)
    assert moment_of("soon") == datetime(1970, 1, 1, tzinfo=UTC)
