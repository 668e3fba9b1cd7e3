"""The entities of a Jira backup that matter here, taken from its records."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from connectors.exports.records import Node
from connectors.facts import Membership, SourcePrincipal

_UNSAID = datetime(1970, 1, 1, tzinfo=UTC)
BROWSE = frozenset({"BROWSE_PROJECTS", "10"})
"""Names of the permission to see a project's issues, in newer backups and in older ones."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One line of a permission or security scheme.

    Attributes:
        kind: of whom it lets in: a group, a person, a project role, the reporter, …
        parameter: which of them; empty where the kind says it all.
    """

    kind: str
    parameter: str


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue; ``security`` is the id of its security level, or empty."""

    id: str
    key: str
    project: str
    summary: str
    description: str
    reporter: str
    assignee: str
    security: str
    created: str
    updated: str


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, and the group or role that alone may see it, if there is one."""

    id: str
    issue: str
    author: str
    body: str
    group: str
    role: str
    created: str


class People:
    """Who is in the backup, by the key that issues name people with."""

    def __init__(self) -> None:
        self._keys: dict[str, str] = {}
        self._users: dict[str, tuple[str, bool]] = {}
        self._groups: set[str] = set()
        self._links: list[Membership] = []

    def take(self, record: Node) -> None:
        """Remember a person, a group or a membership."""
        given = record.attributes
        if record.tag == "ApplicationUser":
            name = given.get("lowerUserName", "").lower()
            self._keys[given.get("userKey", name)] = name
        elif record.tag == "User":
            name = given.get("lowerUserName") or given.get("userName", "")
            mail = given.get("lowerEmailAddress") or given.get("emailAddress", "")
            found = mail.lower(), given.get("active", "1") == "1"
            before = self._users.get(name.lower(), found)
            # Two directories with one name: only what both of them say is known.
            mail = found[0] if found[0] == before[0] else ""
            self._users[name.lower()] = mail, found[1] and before[1]
        elif record.tag == "Group":
            name = given.get("lowerGroupName") or given.get("groupName", "")
            self._groups.add(name.lower())
        elif record.tag == "Membership":
            kind = "group" if given.get("membershipType") == "GROUP_GROUP" else "name"
            group = given.get("lowerParentName") or given.get("parentName", "")
            member = given.get("lowerChildName") or given.get("childName", "")
            self._links.append(Membership(f"group:{group.lower()}", f"{kind}:{member.lower()}"))

    def principal(self, key: str) -> str | None:
        """Return the principal that a key stands for, or None if nobody has it."""
        if self._keys:
            # No falling back on names: one that a leaver had may be another person's by now.
            name = self._keys.get(key, "")
        else:
            # Old backups have no keys; there a person's name is what issues say.
            name = key.lower() if key.lower() in self._users else ""
        return f"name:{name}" if name else None

    def principals(self) -> Sequence[SourcePrincipal]:
        """Return everyone and every group of the backup."""
        people = []
        for name in sorted((self._users.keys() | set(self._keys.values())) - {""}):
            # Whom issues name and no directory knows can sign in no more.
            mail, active = self._users.get(name, ("", False))
            aliases = (f"mail:{mail}",) if mail else ()
            people.append(
                SourcePrincipal(
                    f"name:{name}", name, is_group=False, aliases=aliases, active=active
                )
            )
        groups = (
            SourcePrincipal(f"group:{name}", name, is_group=True)
            for name in sorted(self._groups - {""})
        )
        return [*people, *groups]

    @property
    def memberships(self) -> Sequence[Membership]:
        """Who is directly in which group of the backup."""
        known = {f"group:{name}" for name in self._groups - {""}}
        return [link for link in dict.fromkeys(self._links) if link.group in known]


@dataclass(slots=True)
class Backup:
    """What was taken from a backup so far; complete once the last record was."""

    people: People = field(default_factory=People)
    projects: dict[str, tuple[str, str]] = field(default_factory=dict)
    """For each project, its key and who leads it."""
    issues: dict[str, Issue] = field(default_factory=dict)
    comments: dict[str, list[Comment]] = field(default_factory=lambda: defaultdict(list))
    schemes: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """For each project, its permission schemes; more than one is an error of the backup."""
    browse: dict[str, list[Grant]] = field(default_factory=lambda: defaultdict(list))
    levels: dict[str, list[Grant]] = field(default_factory=lambda: defaultdict(list))
    actors: dict[tuple[str, str], list[Grant]] = field(default_factory=lambda: defaultdict(list))
    """For each project and role, who plays it."""
    files: list[tuple[str, str]] = field(default_factory=list)
    """Issue and name of each attached file."""

    def take(self, record: Node) -> None:
        """Remember a record of the backup."""
        take = _TAKERS.get(record.tag)
        if take is not None:
            take(self, record)
        else:
            self.people.take(record)


def _project(backup: Backup, record: Node) -> None:
    given = record.attributes
    backup.projects[given.get("id", "")] = given.get("key", ""), given.get("lead", "")


def _issue(backup: Backup, record: Node) -> None:
    given = record.attributes
    backup.issues[given.get("id", "")] = Issue(
        id=given.get("id", ""),
        key=given.get("key", "") or given.get("number", ""),
        project=given.get("project", ""),
        summary=_text(record, "summary"),
        description=_text(record, "description"),
        reporter=given.get("reporter", ""),
        assignee=given.get("assignee", ""),
        security=given.get("security", ""),
        created=given.get("created", ""),
        updated=given.get("updated", ""),
    )


def _comment(backup: Backup, record: Node) -> None:
    given = record.attributes
    if given.get("type", "comment") == "comment":
        found = Comment(
            id=given.get("id", ""),
            issue=given.get("issue", ""),
            author=given.get("author", ""),
            body=_text(record, "body"),
            group=given.get("level", ""),
            role=given.get("rolelevel", ""),
            created=given.get("created", ""),
        )
        backup.comments[found.issue].append(found)


def _association(backup: Backup, record: Node) -> None:
    given = record.attributes
    ends = given.get("sourceNodeEntity", "Project"), given.get("sinkNodeEntity")
    if ends == ("Project", "PermissionScheme"):
        backup.schemes[given.get("sourceNodeId", "")].append(given.get("sinkNodeId", ""))


def _permission(backup: Backup, record: Node) -> None:
    given = record.attributes
    if (given.get("permissionKey") or given.get("permission", "")) in BROWSE:
        grant = Grant(given.get("type", ""), given.get("parameter", ""))
        backup.browse[given.get("scheme", "")].append(grant)


def _security(backup: Backup, record: Node) -> None:
    given = record.attributes
    grant = Grant(given.get("type", ""), given.get("parameter", ""))
    backup.levels[given.get("security", "")].append(grant)


def _actor(backup: Backup, record: Node) -> None:
    given = record.attributes
    grant = Grant(given.get("roletype", ""), given.get("roletypeparameter", ""))
    backup.actors[given.get("pid", ""), given.get("projectroleid", "")].append(grant)


def _file(backup: Backup, record: Node) -> None:
    given = record.attributes
    backup.files.append((given.get("issue", ""), given.get("filename", "")))


_TAKERS = {
    "Action": _comment,
    "FileAttachment": _file,
    "Issue": _issue,
    "NodeAssociation": _association,
    "Project": _project,
    "ProjectRoleActor": _actor,
    "SchemeIssueSecurities": _security,
    "SchemePermissions": _permission,
}


def moment_of(text: str) -> datetime:
    """Return the time that a backup gives, in UTC, or the epoch if it gives none."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return _UNSAID
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _text(record: Node, name: str) -> str:
    """Return a text that is an attribute when it is one line and an element when it is more."""
    found = record.child(name)
    return record.attributes.get(name, "") if found is None else found.text
