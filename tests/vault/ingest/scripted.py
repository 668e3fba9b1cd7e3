"""A source in memory whose contents, rights and people a test writes down."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import ClassVar

from connectors.base import AclSupport, Capabilities, Health
from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.facts import (
    EVERYONE,
    AclEffect,
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
from tests.conftest import Clock

Entries = tuple[AclEntry, ...]
EVERYBODY = AclEntry(AclEffect.ALLOW, EVERYONE, reads=True)


def allow(principal: str) -> AclEntry:
    return AclEntry(AclEffect.ALLOW, principal, reads=True)


def deny(principal: str) -> AclEntry:
    return AclEntry(AclEffect.DENY, principal, reads=True)


@dataclass(frozen=True)
class Paper:
    """One item; ``entries`` None is a list that cannot be read."""

    text: str
    entries: Entries | None = ()
    gates: tuple[Entries, ...] = ()
    version: str = "1"


@dataclass(frozen=True)
class ScriptedConfig:
    """Nothing to set."""


@dataclass
class ScriptedSource:
    """A connector over what the test says; it counts what it was asked for."""

    config_type: ClassVar[type] = ScriptedConfig
    clock: Clock
    source_id: str = "shelf"
    capabilities: Capabilities = field(  # type: ignore[misc]
        default_factory=lambda: Capabilities(acl=AclSupport.NATIVE, principals=True)
    )
    papers: dict[str, Paper] = field(default_factory=dict)
    people: list[SourcePrincipal | Membership | Tombstone | Cursor] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    healthy: bool = True
    shut: bool = False
    half: int | None = None
    unreadable: dict[str, Exception] = field(default_factory=dict)
    cursors: bool = False
    stale_cursor: bool = False
    opened: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    scanned_from: list[str | None] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def check(self) -> Health:
        return Health(self.healthy, "it answers" if self.healthy else "it does not answer")

    def change(self, name: str, **changes: object) -> None:
        self.papers[name] = replace(self.papers[name], **changes)  # type: ignore[arg-type]

    def scan(self, cursor: Cursor | None) -> Iterator[Item | Tombstone | Failure | Cursor]:
        self.said.append("scan")
        self.scanned_from.append(None if cursor is None else cursor.value)
        yield from self.failures
        for place, (name, paper) in enumerate(list(self.papers.items())):
            if self.half is not None and place >= self.half:
                raise SourceUnavailableError("the line went dead")
            yield Item(name, f"scripted://{name}", paper.version, name)
            if self.cursors:
                yield Cursor(name)

    def list_ids(self, cursor: Cursor | None) -> Iterator[SlimItem]:
        self.said.append("list")
        if self.shut:
            raise SourceUnavailableError("the source is shut")
        for name, paper in self.papers.items():
            yield SlimItem(name, paper.version, _hash(paper))

    def acl(self, ids: Iterable[str]) -> Iterator[RawAcl]:
        self.said.append("acl")
        for name in ids:
            self.asked.append(name)
            paper = self.papers[name]
            yield RawAcl(name, repr(paper.entries).encode(), paper.entries, paper.gates)

    def principals(
        self, cursor: Cursor | None
    ) -> Iterator[SourcePrincipal | Membership | Tombstone | Cursor]:
        if self.shut:
            raise SourceUnavailableError("the directory is shut")
        if cursor is not None and self.stale_cursor:
            raise SourceRejectedError("the cursor is too old")
        self.scanned_from.append(None if cursor is None else cursor.value)
        yield from self.people

    def open(self, id: str, version: str) -> SourceContent:  # noqa: A002 - the seam's word
        self.opened.append(id)
        if id in self.unreadable:
            raise self.unreadable[id]
        paper = self.papers[id]
        return SourceContent(paper.text.encode(), paper.version, "text/plain", self.clock())

    def can_read(self, id: str, principal: str) -> bool | None:  # noqa: A002 - the seam's word
        return None


def _hash(paper: Paper) -> str:
    return hashlib.sha256(repr((paper.entries, paper.gates)).encode()).hexdigest()[:12]


def person(name: str, *aliases: str, known_as: str = "", active: bool = True) -> SourcePrincipal:
    return SourcePrincipal(known_as or f"uid:{name}", name, False, aliases, active)


def group(name: str, *members: str) -> list[SourcePrincipal | Membership]:
    group_id = f"gid:{name}"
    found = [Membership(group_id, member) for member in members]
    return [SourcePrincipal(group_id, name, True), *found]
