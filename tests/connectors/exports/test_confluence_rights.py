"""A page is for whom its space lets in and no restriction on it or above it shuts out."""

import pytest

from connectors.exports.confluence_rights import rights_of
from connectors.exports.export import NOBODY, Rights, allow
from connectors.facts import EVERYONE
from tests.connectors.exports.wiki import (
    STAFF,
    dump_of,
    lists,
    page,
    person,
    record,
    refers,
    restriction,
    viewer,
)

TREE = (STAFF, page("10"), page("11", parent="10"), page("12", parent="11"))
STAFF_ONLY = allow("group:staff")


def rights(id: str, *records: str) -> Rights:  # noqa: A002
    dump = dump_of(*records)
    return rights_of(dump.pages[id], dump)


def test_a_page_without_restrictions_is_for_the_viewers_of_its_space() -> None:
    assert rights("12", *TREE) == Rights(STAFF_ONLY)


def test_a_view_restriction_is_inherited_down_the_page_tree() -> None:
    dump = dump_of(*TREE, restriction("51", "10", "Alice"), restriction("52", "12", "Bob"))
    alice, bob = allow("name:alice"), allow("name:bob")
    gates = {each: rights_of(found, dump).gates for each, found in dump.pages.items()}
    assert gates == {"10": (alice,), "11": (alice,), "12": (bob, alice)}


def test_a_restriction_of_editing_shuts_no_reader_out() -> None:
    assert rights("10", *TREE, restriction("51", "10", "Alice", kind="Edit")).gates == ()


@pytest.mark.parametrize("kind", ["", "Surprise"])
def test_a_restriction_of_a_kind_that_is_not_known_lets_nobody_in(kind: str) -> None:
    found = rights("11", *TREE, restriction("51", "10", "Alice", kind=kind))
    assert found == Rights(STAFF_ONLY, ((),))


def test_a_restriction_that_the_dump_lacks_lets_nobody_in() -> None:
    child = page("11", parent="10")
    found = rights("11", STAFF, page("10", lists("contentPermissionSets", "51")), child)
    assert found == Rights(STAFF_ONLY, ((),))


def test_a_restriction_that_only_its_page_names_counts_once() -> None:
    listed = page("10", lists("contentPermissionSets", "51", "52"))
    sets = restriction("51", "10", "Alice"), restriction("52", "10", "Bob", kind="Edit")
    assert rights("10", STAFF, listed, *sets).gates == (allow("name:alice"),)


def test_a_restriction_to_someone_the_dump_does_not_know_lets_nobody_in() -> None:
    owner = refers("owningSet", "51", "ContentPermissionSet")
    gone = refers("userSubject", "k9", "ConfluenceUserImpl")
    member = record("ContentPermission", "61", owner, gone, type="View")
    nameless = record("ContentPermission", "62", owner, type="View")
    found = rights("10", *TREE, restriction("51", "10"), member, nameless)
    assert found.gates == ((),)


def test_a_page_in_a_space_without_viewers_is_for_nobody() -> None:
    assert rights("10", page("10")) is NOBODY
    assert rights("10", page("10"), viewer("31", group="staff", space="2")) is NOBODY
    assert rights("10", page("10"), viewer("31", group="staff", type="EDITSPACE")) is NOBODY


def test_a_page_without_a_space_is_for_nobody() -> None:
    lost = record("Page", "10", title="Lost")
    assert rights("10", lost, viewer("31", group="staff", space="")) is NOBODY


@pytest.mark.parametrize("parent", ["99", ""])
def test_a_page_whose_parent_is_not_in_the_dump_is_for_nobody(parent: str) -> None:
    orphan = page("11", refers("parent", parent))
    assert rights("11", STAFF, orphan) is NOBODY


def test_a_page_with_an_empty_parent_is_at_the_top() -> None:
    assert rights("11", STAFF, page("11", '<property name="parent"/>')) == Rights(STAFF_ONLY)


def test_pages_that_are_their_own_parents_are_for_nobody() -> None:
    assert rights("10", STAFF, page("10", parent="11"), page("11", parent="10")) is NOBODY


def test_the_restriction_of_a_parent_in_the_bin_still_counts() -> None:
    gone, child = page("10", contentStatus="deleted"), page("11", parent="10")
    found = rights("11", STAFF, gone, child, restriction("51", "10", "Alice"))
    assert found.gates == (allow("name:alice"),)


@pytest.mark.parametrize(
    ("given", "entries"),
    [
        (viewer("31"), allow(EVERYONE)),
        (viewer("31", '<property name="userSubject"/>'), allow(EVERYONE)),
        (viewer("31", allUsersSubject="authenticated-users"), allow(EVERYONE)),
        (viewer("31", allUsersSubject="others"), ()),
        (viewer("31", refers("userSubject", "", "ConfluenceUserImpl")), ()),
        (viewer("31", '<property name="userSubject" class="ConfluenceUserImpl"/>'), ()),
        (viewer("31", refers("userSubject", "k9", "ConfluenceUserImpl")), ()),
        (viewer("31", refers("userSubject", "k1", "ConfluenceUserImpl")), allow("name:alice")),
        (viewer("31", userName="Carol"), allow("name:carol")),
        (viewer("31", group="Staff") + viewer("32", group="staff"), STAFF_ONLY),
    ],
)
def test_only_a_right_that_names_nobody_at_all_is_for_everyone(given: str, entries: object) -> None:
    assert rights("10", person("k1", "Alice"), page("10"), given).entries == entries
