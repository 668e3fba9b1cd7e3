"""What a backup says of issues and people is kept; what it leaves open is not guessed."""

from datetime import UTC, datetime

import pytest

from connectors.exports.jira_entities import Grant, moment_of
from connectors.exports.records import Node
from connectors.facts import Membership, SourcePrincipal
from tests.connectors.exports.backups import (
    GROUP_ACTOR,
    PROJECT,
    SCHEME,
    browse,
    comment,
    entity,
    issue,
    person,
    taken,
)


def test_records_of_every_kind_are_kept_where_rights_look_for_them() -> None:
    backup = taken(
        PROJECT,
        SCHEME,
        browse(type="lead"),
        entity("SchemePermissions", scheme="3", permission="10", type="user", parameter="a"),
        entity("SchemePermissions", scheme="3", permission="11", type="group"),
        entity("SchemeIssueSecurities", security="5", type="reporter"),
        entity(
            "ProjectRoleActor",
            pid="10",
            projectroleid="7",
            roletype=GROUP_ACTOR,
            roletypeparameter="staff",
        ),
        entity("FileAttachment", issue="1001", filename="a.pdf"),
        entity("SomethingElse", id="1"),
    )
    assert backup.projects == {"10": ("OPS", "KEY-bob")}
    assert backup.schemes == {"10": ["3"]}
    assert backup.browse == {"3": [Grant("lead", ""), Grant("user", "a")]}
    assert backup.levels == {"5": [Grant("reporter", "")]}
    assert backup.actors == {("10", "7"): [Grant(GROUP_ACTOR, "staff")]}
    assert backup.files == [("1001", "a.pdf")]


@pytest.mark.parametrize(
    "other",
    [
        {"sinkNodeEntity": "NotificationScheme", "sourceNodeEntity": "Project"},
        {"sinkNodeEntity": "PermissionScheme", "sourceNodeEntity": "Version"},
    ],
)
def test_only_a_permission_scheme_of_a_project_counts(other: dict[str, str]) -> None:
    backup = taken(entity("NodeAssociation", sourceNodeId="10", sinkNodeId="3", **other))
    assert not backup.schemes


def test_texts_of_many_lines_come_from_elements() -> None:
    given = entity("Issue", ("description", "One.\nTwo."), id="1", summary="Short")
    [found] = taken(given).issues.values()
    assert (found.summary, found.description) == ("Short", "One.\nTwo.")


def test_a_comment_keeps_for_whom_it_is_and_other_actions_are_left_out() -> None:
    backup = taken(
        issue(),
        comment("1", "Hello.", level="staff", rolelevel="7"),
        entity("Action", id="2", type="fieldchange", issue="1001"),
    )
    [found] = backup.comments["1001"]
    assert (found.id, found.body, found.group, found.role) == ("1", "Hello.", "staff", "7")


def test_a_person_is_found_by_key_and_not_by_name_where_there_are_keys() -> None:
    people = taken(*person("ann", key="KEY-1")).people
    assert people.principal("KEY-1") == "name:ann"
    assert people.principal("ann") is None
    assert people.principal("") is None


def test_who_took_a_leavers_name_does_not_get_the_leavers_issues() -> None:
    """The key ``ann`` was a leaver's; the name is now that of another person."""
    people = taken(*person("ann", key="KEY-2")).people
    assert people.principal("ann") is None


def test_an_old_backup_names_people_by_name() -> None:
    people = taken(entity("User", userName="Ann", emailAddress="Ann@Example.org")).people
    assert people.principal("Ann") == "name:ann"
    assert people.principal("bob") is None
    [ann] = people.principals()
    assert ann == SourcePrincipal(
        "name:ann", "ann", is_group=False, aliases=("mail:ann@example.org",)
    )


def test_one_name_in_two_directories_is_only_what_both_say() -> None:
    accounts = [
        entity("User", lowerUserName="ann", lowerEmailAddress="ann@example.org", active="1"),
        entity("User", lowerUserName="ann", lowerEmailAddress="ann@example.net", active="0"),
    ]
    for order in (accounts, accounts[::-1]):
        [ann] = taken(*order).people.principals()
        assert ann == SourcePrincipal("name:ann", "ann", is_group=False, active=False)


def test_who_is_in_no_directory_any_more_is_not_active() -> None:
    [gone] = taken(entity("ApplicationUser", userKey="K", lowerUserName="gone")).people.principals()
    assert not gone.active


def test_records_without_a_name_make_nobody() -> None:
    backup = taken(entity("User"), entity("ApplicationUser"), entity("Group"))
    assert backup.people.principals() == []


def test_memberships_are_named_once_and_only_for_groups_of_the_backup() -> None:
    def link(kind: str, group: str, member: str) -> Node:
        return entity("Membership", membershipType=kind, parentName=group, childName=member)

    backup = taken(
        entity("Group", groupName="Staff"),
        link("GROUP_USER", "Staff", "Ann"),
        link("GROUP_USER", "staff", "ann"),
        link("GROUP_GROUP", "Staff", "Night Shift"),
        link("GROUP_USER", "unheard-of", "ann"),
    )
    assert backup.people.memberships == [
        Membership("group:staff", "name:ann"),
        Membership("group:staff", "group:night shift"),
    ]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-03-01 10:00:00.25", datetime(2024, 3, 1, 10, 0, 0, 250_000, UTC)),
        (
            "2024-03-01T10:00:00+02:00",
            datetime(2024, 3, 1, 8, tzinfo=UTC),
        ),
        ("yesterday", datetime(1970, 1, 1, tzinfo=UTC)),
        ("", datetime(1970, 1, 1, tzinfo=UTC)),
    ],
)
def test_times_are_aware_and_a_missing_one_is_the_epoch(text: str, moment: datetime) -> None:
    assert moment_of(text) == moment
    assert moment_of(text).utcoffset() is not None
