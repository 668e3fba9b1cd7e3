"""The body of a ledger entry: what happened, in ids, digests, counts and commitments."""

from collections.abc import Mapping
from dataclasses import dataclass

from vault.domain.attestation import parse_object, take_members, take_text
from vault.domain.errors import LedgerIntegrityError

EVENT_VERSION = 1
MAX_BODY_BYTES = 65_535
MAX_FACT_CHARACTERS = 512
REQUIRED_MEMBERS = frozenset({"v", "type", "id", "time", "actor", "facts"})
OPTIONAL_MEMBERS = frozenset({"on_behalf_of", "run_id"})
_EXPECTED = ", ".join(sorted(REQUIRED_MEMBERS | OPTIONAL_MEMBERS))


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event as read back from the bytes of its entry.

    Args:
        type: what happened, for example ``answer.given``.
        id: identifier of the event.
        time: when, as RFC 3339 text.
        actor: principal that acted.
        facts: digests, ids, counts and commitments.
        on_behalf_of: principal the actor acted for, if another.
        run_id: run the event belongs to, if any.
    """

    type: str
    id: str
    time: str
    actor: str
    facts: Mapping[str, object]
    on_behalf_of: str | None = None
    run_id: str | None = None

    @classmethod
    def parse(cls, body: bytes) -> "LoggedEvent":
        """Return the event in ``body``, whose place in a log is for the caller to verify.

        Raises:
            LedgerIntegrityError: the body is not an event of version ``EVENT_VERSION``.
        """
        what = "a ledger entry"
        members = take_members(
            parse_object(body, what=what), REQUIRED_MEMBERS, what=what, optional=OPTIONAL_MEMBERS
        )
        if members["v"] != EVENT_VERSION or isinstance(members["v"], bool):
            raise LedgerIntegrityError(f"a ledger entry is not of version {EVENT_VERSION}")
        facts = members["facts"]
        if not isinstance(facts, dict):
            raise LedgerIntegrityError("the facts of a ledger entry are not a JSON object")
        return cls(
            type=take_text(members["type"], what="the type of a ledger entry"),
            id=take_text(members["id"], what="the id of a ledger entry"),
            time=take_text(members["time"], what="the time of a ledger entry"),
            actor=take_text(members["actor"], what="the actor of a ledger entry"),
            facts=facts,
            on_behalf_of=_text_or_none(members.get("on_behalf_of")),
            run_id=_text_or_none(members.get("run_id")),
        )


def _text_or_none(value: object) -> str | None:
    return None if value is None else take_text(value, what="a member of a ledger entry")


def check_event(event: Mapping[str, object]) -> None:
    """Return only if ``event`` may become a ledger entry.

    The ledger outlives every erasure, so it must never hold content. A program cannot
    recognise content, but it can refuse text longer than any identifier, digest or path.

    Raises:
        ValueError: a member is missing, unknown or of the wrong type, or a fact holds more
            than ``MAX_FACT_CHARACTERS`` characters of text.
    """
    _require(
        REQUIRED_MEMBERS <= event.keys() <= REQUIRED_MEMBERS | OPTIONAL_MEMBERS,
        f"an event has members {sorted(event)}, expected {_EXPECTED}",
    )
    _require(
        event["v"] == EVENT_VERSION and not isinstance(event["v"], bool),
        f"an event is of version {event['v']}, expected {EVENT_VERSION}",
    )
    for member in sorted(REQUIRED_MEMBERS - {"v", "facts"}):
        _require(isinstance(event[member], str), f"the member {member} of an event is not text")
    _require(isinstance(event["facts"], Mapping), "the facts of an event are not a mapping")
    _check_fact(event["facts"])


def _require(holds: bool, otherwise: str) -> None:  # noqa: FBT001 - the condition is the point
    if not holds:
        raise ValueError(otherwise)


def _check_fact(value: object) -> None:
    if isinstance(value, str) and len(value) > MAX_FACT_CHARACTERS:
        raise ValueError(f"a fact has more than {MAX_FACT_CHARACTERS} characters: commit to it")
    if isinstance(value, Mapping):
        for name, member in value.items():
            _check_fact(name)
            _check_fact(member)
    elif isinstance(value, list | tuple):
        for member in value:
            _check_fact(member)
