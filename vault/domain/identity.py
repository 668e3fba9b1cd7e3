"""Principals, the groups they belong to, and what a credential lets them do."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vault.domain.errors import InvalidRequestError
from vault.domain.labels import Label

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,127}")
_REFERENCE = re.compile(r"(user|group):(.+)")


class PrincipalKind(StrEnum):
    """What stands behind a principal."""

    PERSON = "person"
    AGENT = "agent"
    SERVICE = "service"


class Scope(StrEnum):
    """Kind of action a credential permits, ``noun:verb``.

    Source:
        RFC 6749, section 3.3.
    """

    AGENT_READ = "agent:read"
    ANSWER_CREATE = "answer:create"
    APPROVAL_DECIDE = "approval:decide"
    DIRECTORY_WRITE = "directory:write"
    DOCUMENT_READ = "document:read"
    DOCUMENT_SEARCH = "document:search"
    DOCUMENT_WRITE = "document:write"
    LEDGER_READ = "ledger:read"
    RUN_READ = "run:read"
    RUN_START = "run:start"
    SOURCE_READ = "source:read"
    SOURCE_SYNC = "source:sync"
    TICKET_READ = "ticket:read"
    TICKET_WRITE = "ticket:write"
    TOOL_READ = "tool:read"


READER_SCOPES = frozenset(
    {Scope.ANSWER_CREATE, Scope.DOCUMENT_READ, Scope.DOCUMENT_SEARCH, Scope.LEDGER_READ}
)
"""What a token permits unless its issuer says otherwise."""


@dataclass(frozen=True, slots=True)
class Principal:
    """An authenticated person, agent or service that a decision is about.

    Attributes:
        id: stable name, without the ``user:`` prefix that references carry.
        kind: person, agent or service.
        clearance: the label this principal holds.
        groups: ids of every group it belongs to, directly or through other groups.
    """

    id: str
    kind: PrincipalKind
    clearance: Label
    groups: frozenset[str] = frozenset()

    @property
    def references(self) -> frozenset[str]:
        """Every reference that stands for this principal in a list of readers."""
        return frozenset({f"user:{self.id}"} | {f"group:{group}" for group in self.groups})


@dataclass(frozen=True, slots=True)
class Subject:
    """Who acts, and for whom; rights are the intersection of all of them.

    Attributes:
        through: further principals that passed the task on, such as the agents above.
        collections: the only collections that may be read, if that was narrowed.

    Source:
        RFC 8693, section 4.1 (the ``act`` claim, nested for a chain of delegation).
    """

    actor: Principal
    on_behalf_of: Principal | None = None
    through: tuple[Principal, ...] = ()
    collections: frozenset[str] | None = None

    @property
    def principals(self) -> tuple[Principal, ...]:
        """The principals that must all be permitted."""
        person = () if self.on_behalf_of is None else (self.on_behalf_of,)
        return (self.actor, *person, *self.through)


@dataclass(frozen=True, slots=True)
class Credential:
    """A verified bearer token: its subject, what it permits and until when."""

    token_id: str
    subject: Subject
    scopes: frozenset[Scope]
    expires_at: datetime


def check_id(value: str, *, noun: str) -> str:
    """Return ``value`` if it can name a ``noun``.

    Raises:
        InvalidRequestError: it is empty, too long or has characters ids may not have.
    """
    if not _ID.fullmatch(value):
        raise InvalidRequestError(
            f"{noun} id {value!r} must be 1 to 128 letters, digits or . _ @ - "
            "and start with a letter or digit"
        )
    return value


def check_reference(value: str) -> tuple[str, str]:
    """Return the kind (``user`` or ``group``) and id that a reference names.

    Raises:
        InvalidRequestError: the reference has another form.
    """
    match = _REFERENCE.fullmatch(value)
    if match is None:
        raise InvalidRequestError(f"reader {value!r} must be group:ID or user:ID")
    return match[1], check_id(match[2], noun=match[1])


def group_closure(member: str, memberships: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """Return every group that ``member`` belongs to, through any depth of nesting.

    Cycles are harmless: each group is visited once.

    Args:
        member: a reference, ``user:ID`` or ``group:ID``.
        memberships: for each reference, the ids of the groups that list it directly.
    """
    found: set[str] = set()
    pending = [member]
    while pending:
        for group in memberships.get(pending.pop(), ()):
            if group not in found:
                found.add(group)
                pending.append(f"group:{group}")
    return frozenset(found)
