"""The objects of a Confluence dump that matter here, taken from its records."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from connectors.exports.records import Node
from connectors.facts import EVERYONE, Membership, SourcePrincipal

_UNSAID = datetime(1970, 1, 1, tzinfo=UTC)
_VIEW = "view"
_NOT_ABOUT_VIEWING = frozenset({"edit", "share"})
_VIEW_SPACE = "VIEWSPACE"
_SIGNED_IN = "authenticated-users"


@dataclass(frozen=True, slots=True)
class Page:
    """A page or blog post, as far as the dump tells."""

    id: str
    space: str
    parent: str
    title: str
    version: str
    modified: str
    author: str
    current: bool
    sets: tuple[str, ...] = ()
    """The sets of restrictions that the page itself lists."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file attached to a page."""

    id: str
    page: str
    title: str
    version: str
    modified: str
    media_type: str | None


class People:
    """Who the dump names, by the key that everything else refers to."""

    def __init__(self) -> None:
        self._users: dict[str, tuple[str, str]] = {}
        self._crowd: dict[str, tuple[str, bool]] = {}
        self._groups: dict[str, str] = {}
        self._inner: dict[str, str] = {}
        self._links: list[tuple[str, str, str]] = []

    def take(self, record: Node, kind: str) -> None:
        """Remember a person, a group or a membership."""
        identity = _identity(record)
        if kind == "ConfluenceUserImpl":
            name = _property(record, "name")
            lower = _property(record, "lowerName") or name.lower()
            if lower:
                self._users[identity] = name, lower
        elif kind == "InternalUser":
            name = _property(record, "lowerName") or _property(record, "name").lower()
            mail = _property(record, "lowerEmailAddress") or _property(record, "emailAddress")
            if name:
                self._inner[identity] = name
                self._crowd[name] = mail, _property(record, "active") != "false"
        elif kind == "InternalGroup":
            name = _property(record, "lowerName") or _property(record, "name").lower()
            if name:
                self._groups[identity] = name
        elif kind == "HibernateMembership":
            group = _reference(record, "parentGroup")
            member = _reference(record, "userMember"), _reference(record, "groupMember")
            self._links.append((group, *member))

    def name(self, key: str) -> str:
        """Return the name of the person with that key, or nothing."""
        return self._users.get(key, ("", ""))[0]

    def principal(self, key: str) -> str | None:
        """Return the principal of the person with that key, or None if the dump has none."""
        return f"name:{self._users[key][1]}" if key in self._users else None

    def principals(self) -> Sequence[SourcePrincipal]:
        """Return everyone the dump knows, and the groups of a whole site."""
        found = {}
        for name in {lower for _, lower in self._users.values()} | self._crowd.keys():
            mail, active = self._crowd.get(name, ("", True))
            aliases = (f"mail:{mail.lower()}",) if mail else ()
            found[name] = SourcePrincipal(
                f"name:{name}", name, is_group=False, aliases=aliases, active=active
            )
        groups = [
            SourcePrincipal(f"group:{name}", name, is_group=True)
            for name in sorted(set(self._groups.values()))
        ]
        return [*(found[name] for name in sorted(found)), *groups]

    @property
    def memberships(self) -> Sequence[Membership]:
        """Who is directly in which group."""
        found = []
        for link, user, inner in self._links:
            if link not in self._groups:
                continue
            group = f"group:{self._groups[link]}"
            if user in self._inner:
                found.append(Membership(group, f"name:{self._inner[user]}"))
            elif inner in self._groups:
                found.append(Membership(group, f"group:{self._groups[inner]}"))
        return found


@dataclass(slots=True)
class Dump:
    """What was taken from a dump so far; complete once the last record was."""

    pages: dict[str, Page] = field(default_factory=dict)
    attachments: list[Attachment] = field(default_factory=list)
    spaces: dict[str, str] = field(default_factory=dict)
    people: People = field(default_factory=People)
    viewers: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    """For each space, its view permissions as a kind of principal and a name."""
    restricted: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """For each page, its sets of view restrictions."""
    others: set[str] = field(default_factory=set)
    """Sets that are known to be about something else than viewing."""
    members: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    """For each set, who it names."""

    def take(self, record: Node) -> tuple[str, str] | None:
        """Remember a record; of one that is a text, return the page's id and the text."""
        kind = record.attributes.get("class", "")
        if kind in {"Page", "BlogPost"}:
            self._take_page(record)
        elif kind == "BodyContent":
            return _reference(record, "content"), _property(record, "body")
        elif kind == "Attachment":
            self._take_attachment(record)
        elif kind == "Space":
            self.spaces[_identity(record)] = _property(record, "key")
        elif kind in {"SpacePermission", "ContentPermissionSet", "ContentPermission"}:
            self._take_right(record, kind)
        else:
            self.people.take(record, kind)
        return None

    def _take_page(self, record: Node) -> None:
        status = _property(record, "contentStatus") or "current"
        old = _reference(record, "originalVersion") or _property(record, "originalVersionId")
        page = Page(
            id=_identity(record),
            space=_reference(record, "space"),
            parent=_reference(record, "parent") or ("?" if _names(record, "parent") else ""),
            title=_property(record, "title"),
            version=_property(record, "version"),
            modified=_property(record, "lastModificationDate"),
            author=_reference(record, "creator"),
            current=status == "current" and not old,
            sets=_listed(record, "contentPermissionSets"),
        )
        self.pages[page.id] = page

    def _take_attachment(self, record: Node) -> None:
        status = _property(record, "contentStatus") or "current"
        old = _reference(record, "originalVersion") or _property(record, "originalVersionId")
        if status != "current" or old:
            return
        page = _reference(record, "containerContent") or _reference(record, "content")
        found = Attachment(
            id=_identity(record),
            page=page,
            title=_property(record, "title") or _property(record, "fileName"),
            version=_property(record, "version") or _property(record, "attachmentVersion"),
            modified=_property(record, "lastModificationDate"),
            media_type=_property(record, "contentType") or None,
        )
        self.attachments.append(found)

    def _take_right(self, record: Node, kind: str) -> None:
        identity = _identity(record)
        if kind == "SpacePermission":
            if _property(record, "type") == _VIEW_SPACE:
                self.viewers[_reference(record, "space")].append(_named(record))
            return
        about = _property(record, "type").lower()
        if kind == "ContentPermission":
            if about == _VIEW:
                self.members[_reference(record, "owningSet")].append(_named(record))
        elif about in _NOT_ABOUT_VIEWING:
            self.others.add(identity)
        else:
            self.restricted[_reference(record, "owningContent")].append(identity)


def moment_of(text: str) -> datetime:
    """Return the time that a dump gives, in UTC, or the epoch if it gives none."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return _UNSAID
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _named(record: Node) -> tuple[str, str]:
    """Return whom a permission is about: a person's key or name, a group, or everyone."""
    key = _reference(record, "userSubject")
    if key:
        return "key", key
    group = _property(record, "group") or _property(record, "groupName")
    if group:
        return "group", group.lower()
    name = _property(record, "userName")
    if name:
        return "name", name.lower()
    return (EVERYONE if _is_about_all(record) else "unknown"), ""


def _is_about_all(record: Node) -> bool:
    """Tell whether a permission is about all who are signed in, or about whoever comes.

    A space permission that names nobody lets in whoever comes. One whose person cannot be
    told apart from nobody is not such a one.
    """
    all_users = _property(record, "allUsersSubject")
    if all_users:
        return all_users == _SIGNED_IN
    about_space = record.attributes.get("class") == "SpacePermission"
    return about_space and not _names(record, "userSubject")


def _identity(record: Node) -> str:
    found = record.child("id")
    return "" if found is None else found.text.strip()


def _property(record: Node, name: str) -> str:
    found = record.child("property", name=name)
    return "" if found is None or found.children else found.text.strip()


def _reference(record: Node, name: str) -> str:
    found = record.child("property", name=name)
    inner = None if found is None else found.child("id")
    return "" if inner is None else inner.text.strip()


def _names(record: Node, name: str) -> bool:
    """Tell whether a property is about something, even where it cannot be told what."""
    found = record.child("property", name=name)
    if found is None:
        return False
    return bool(found.children or found.text.strip() or "class" in found.attributes)


def _listed(record: Node, name: str) -> tuple[str, ...]:
    found = record.child("collection", name=name)
    return () if found is None else tuple(_identity(element) for element in found.children)
