"""Small Jira backups written by hand, for the tests of what reads them."""

from pathlib import Path
from xml.sax.saxutils import quoteattr
from zipfile import ZipFile

from connectors.exports.jira import JiraConfig, JiraConnector
from connectors.exports.jira_entities import Backup
from connectors.exports.records import Node

GROUP_ACTOR = "atlassian-group-role-actor"
USER_ACTOR = "atlassian-user-role-actor"


def entity(tag: str, *children: tuple[str, str], **attributes: str) -> Node:
    """Return one record, its children given as tag and text."""
    return Node(tag, attributes, [Node(name, {}, [], text) for name, text in children])


def person(name: str, *, key: str = "", mail: str = "", active: str = "1") -> list[Node]:
    """Return the two records of a person: the key that issues use and the account."""
    return [
        entity("ApplicationUser", userKey=key or name, lowerUserName=name),
        entity("User", lowerUserName=name, lowerEmailAddress=mail, active=active),
    ]


def browse(**grant: str) -> Node:
    """Return a grant to browse the projects of the scheme."""
    return entity("SchemePermissions", scheme="3", permissionKey="BROWSE_PROJECTS", **grant)


def issue(number: str = "1", **attributes: str) -> Node:
    """Return an issue of the project OPS."""
    given = {"project": "10", "reporter": "KEY-ann", "summary": "Pump stands still"}
    given |= {"created": "2024-03-01 10:00:00.0", "updated": "2024-03-02 11:30:00.5"}
    return entity("Issue", id=f"100{number}", number=number, **(given | attributes))


def comment(number: str, body: str, **attributes: str) -> Node:
    """Return a comment on the first issue."""
    given = {"issue": "1001", "author": "KEY-bob", "created": "2024-03-01 12:00:00.0"}
    return entity("Action", id=number, type="comment", body=body, **(given | attributes))


SCHEME = entity(
    "NodeAssociation",
    sourceNodeId="10",
    sourceNodeEntity="Project",
    sinkNodeId="3",
    sinkNodeEntity="PermissionScheme",
)
PEOPLE = [
    *person("ann", key="KEY-ann", mail="ann@example.org"),
    *person("bob", key="KEY-bob"),
    entity("Group", lowerGroupName="staff"),
    entity(
        "Membership",
        membershipType="GROUP_USER",
        lowerParentName="staff",
        lowerChildName="bob",
    ),
]
PROJECT = entity("Project", id="10", key="OPS", lead="KEY-bob")
WORLD = [*PEOPLE, PROJECT, SCHEME, browse(type="group", parameter="Staff")]
"""People and one project that the group staff may browse."""


def taken(*records: Node) -> Backup:
    """Return what is known once these records were read."""
    backup = Backup()
    for record in records:
        backup.take(record)
    return backup


def text_of(*records: Node) -> str:
    """Return the dump that holds these records."""
    return "\n".join(
        ['<?xml version="1.0" encoding="UTF-8"?>', "<entity-engine-xml>"]
        + [_xml(record) for record in records]
        + ["</entity-engine-xml>"]
    )


def write(path: Path, *records: Node) -> Path:
    """Write a backup, as a zip archive if its name ends so, and return its path."""
    if path.suffix == ".zip":
        with ZipFile(path, "w") as archive:
            archive.writestr("entities.xml", text_of(*records))
    else:
        path.mkdir()
        (path / "entities.xml").write_text(text_of(*records))
    return path


def connect(path: Path, **settings: int) -> JiraConnector:
    """Return a connector to the backup at this path."""
    return JiraConnector(source_id="tracker", config=JiraConfig(path, **settings))


def _xml(node: Node) -> str:
    given = "".join(f" {name}={quoteattr(value)}" for name, value in node.attributes.items())
    inside = "".join(
        f"<{child.tag}><![CDATA[{child.text}]]></{child.tag}>" for child in node.children
    )
    return f"<{node.tag}{given}>{inside}</{node.tag}>"
