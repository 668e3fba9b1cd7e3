"""Who may browse a project may see its issues, if their security level lets them in as well."""

import pytest

from connectors.exports.export import NOBODY, Rights, allow
from connectors.exports.jira_entities import Backup
from connectors.exports.jira_rights import rights_of_comment, rights_of_issue
from connectors.exports.records import Node
from connectors.facts import EVERYONE
from tests.connectors.exports.backups import (
    GROUP_ACTOR,
    PEOPLE,
    PROJECT,
    SCHEME,
    USER_ACTOR,
    browse,
    comment,
    entity,
    issue,
    taken,
)


def actor(kind: str, parameter: str, *, project: str = "10") -> Node:
    """Return a record of who plays the role 7 in a project."""
    return entity(
        "ProjectRoleActor",
        pid=project,
        projectroleid="7",
        roletype=kind,
        roletypeparameter=parameter,
    )


ROLES = [
    actor(GROUP_ACTOR, "Night Shift"),
    actor(USER_ACTOR, "KEY-bob"),
    actor(USER_ACTOR, "KEY-gone"),
    actor(GROUP_ACTOR, ""),
    actor("some-other-actor", "everyone"),
    actor(GROUP_ACTOR, "elsewhere", project="11"),
]


def world(*records: Node) -> Backup:
    """Return a backup of one project, what these records say, and its first issue."""
    first = issue(assignee="KEY-bob")
    return taken(*PEOPLE, PROJECT, SCHEME, *ROLES, *records, *([] if _held(records) else [first]))


def _held(records: tuple[Node, ...]) -> bool:
    return any(record.tag == "Issue" for record in records)


def rights(*records: Node) -> Rights:
    """Return the rights of the first issue."""
    backup = world(*records)
    return rights_of_issue(backup.issues["1001"], backup)


@pytest.mark.parametrize(
    ("kind", "parameter", "readers"),
    [
        ("group", "Staff", ["group:staff"]),
        ("group", "", [EVERYONE]),
        ("applicationRole", "", [EVERYONE]),
        ("applicationRole", "jira-software", []),
        ("user", "KEY-ann", ["name:ann"]),
        ("user", "KEY-gone", []),
        ("projectrole", "7", ["group:night shift", "name:bob"]),
        ("projectrole", "8", []),
        ("reporter", "", ["name:ann"]),
        ("assignee", "", ["name:bob"]),
        ("lead", "", ["name:bob"]),
        ("userCF", "customfield_1", []),
        ("", "", []),
    ],
)
def test_each_kind_of_grant_lets_in_whom_it_names_and_no_one_else(
    kind: str, parameter: str, readers: list[str]
) -> None:
    assert rights(browse(type=kind, parameter=parameter)) == Rights(allow(*readers))


def test_grants_add_up_and_name_a_reader_once() -> None:
    grants = [browse(type="user", parameter="KEY-bob"), browse(type="lead")]
    assert rights(*grants, browse(type="reporter")) == Rights(allow("name:bob", "name:ann"))


def test_a_scheme_that_lets_nobody_browse_lets_nobody_read() -> None:
    assert rights() == Rights(())


def test_a_project_of_no_scheme_or_of_two_has_no_reader() -> None:
    other = entity(
        "NodeAssociation",
        sourceNodeId="10",
        sourceNodeEntity="Project",
        sinkNodeId="4",
        sinkNodeEntity="PermissionScheme",
    )
    assert rights(browse(type="group"), other) == NOBODY
    assert rights(browse(type="group"), issue(project="12")) == NOBODY


def test_a_security_level_is_a_gate_besides_the_permission_to_browse() -> None:
    level = entity("SchemeIssueSecurities", security="5", type="reporter")
    assert rights(browse(type="group"), level, issue(security="5")) == Rights(
        allow(EVERYONE), (allow("name:ann"),)
    )


def test_a_security_level_that_the_backup_does_not_explain_lets_nobody_through() -> None:
    assert rights(browse(type="group"), issue(security="6")) == Rights(allow(EVERYONE), ((),))


@pytest.mark.parametrize(
    ("level", "gates"),
    [
        ({"level": "Staff"}, (allow("group:staff"),)),
        ({"rolelevel": "7"}, (allow("group:night shift", "name:bob"),)),
        (
            {"level": "Staff", "rolelevel": "7"},
            (allow("group:night shift", "name:bob"), allow("group:staff")),
        ),
        ({"rolelevel": "9"}, ((),)),
    ],
)
def test_a_comment_is_behind_its_issue_and_behind_each_level_of_its_own(
    level: dict[str, str], gates: tuple[object, ...]
) -> None:
    security = entity("SchemeIssueSecurities", security="5", type="reporter")
    remark = comment("71", "Hush.", **level)
    backup = world(browse(type="group"), security, issue(security="5"), remark)
    [found] = backup.comments["1001"]
    assert rights_of_comment(found, backup.issues["1001"], backup) == Rights(
        allow(EVERYONE), (allow("name:ann"), *gates)
    )
