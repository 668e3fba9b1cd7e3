"""A small organisation: who is in it, what is written there, and under which rights.

``pia`` is the reader whose replies are compared. She asks with three tokens and through an
agent that acts for her; ``FACES`` are these ways to ask. What is ``VISIBLE`` she may read;
nothing that is ``HIDDEN`` may any of her faces ever have read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.acceptance.interference.vaults import PlainVault
from tests.conftest import Clock
from vault.bootstrap import Vault
from vault.domain.identity import Principal, PrincipalKind, Scope
from vault.domain.labels import AccessLabel, Classification, Label
from vault.domain.records import Governance
from vault.ingest.arrivals import Arrival, Bytes
from vault.ingest.intake import Intake, access_label

WRITTEN = datetime(2026, 11, 1, tzinfo=UTC)
OWNER = "olga"
READ = frozenset({Scope.ANSWER_CREATE, Scope.DOCUMENT_READ, Scope.DOCUMENT_SEARCH})

PEOPLE: tuple[tuple[str, PrincipalKind, Classification, str, str], ...] = (
    ("pia", PrincipalKind.PERSON, Classification.INTERNAL, "ward", "staff"),
    ("paul", PrincipalKind.PERSON, Classification.INTERNAL, "ward", "staff"),
    ("ruth", PrincipalKind.PERSON, Classification.SECRET, "ward law", "staff board"),
    ("bot", PrincipalKind.AGENT, Classification.SECRET, "ward law", "staff board"),
    ("olga", PrincipalKind.PERSON, Classification.SECRET, "ward law", "staff board"),
)
"""Id, kind, clearance, compartments and groups; the agent may read all that ruth may."""

TOKENS: Mapping[str, tuple[str, str | None, frozenset[Scope]]] = {
    "pia": ("pia", None, READ),
    "pia reading the ledger": ("pia", None, READ | {Scope.LEDGER_READ}),
    "pia seeing sources": ("pia", None, frozenset({Scope.SOURCE_READ})),
    "bot for pia": ("bot", "pia", READ | {Scope.LEDGER_READ}),
    "paul": ("paul", None, READ | {Scope.LEDGER_READ}),
    "ruth": ("ruth", None, READ | {Scope.LEDGER_READ}),
    "bot for paul": ("bot", "paul", READ),
    "bot for ruth": ("bot", "ruth", READ),
}
READERS = ("pia", "bot for pia", "pia reading the ledger")
FACES = (*READERS, "pia seeing sources", "a stranger", "nobody")
OTHERS = ("paul", "ruth", "bot for paul", "bot for ruth")

VISIBLE: tuple[AccessLabel, ...] = (
    access_label(collection="rules", classification="internal", readers=["group:staff"]),
    access_label(collection="rules", classification="public", readers=["group:everyone"]),
    access_label(
        collection="ward",
        classification="internal",
        compartments=["ward"],
        readers=["user:pia", "user:paul", "user:bot"],
    ),
)
HIDDEN: tuple[AccessLabel, ...] = (
    access_label(collection="board", classification="secret", readers=["group:board"]),
    access_label(collection="rules", classification="internal", readers=["group:board"]),
    access_label(collection="rules", classification="secret", readers=["user:pia", "user:bot"]),
    access_label(
        collection="rules", classification="internal", readers=["group:staff"], denied=["user:pia"]
    ),
    access_label(
        collection="ward", classification="internal", compartments=["law"], readers=["group:staff"]
    ),
)
"""Out of reach by group, by group in a shared collection, by clearance, by name, by need."""

TOPICS: tuple[tuple[str, str, str], ...] = (
    ("Annual leave", "how many days of annual leave", "Employees receive 25 days of annual leave."),
    ("Hotel rates", "what may a hotel cost", "A hotel costs at most 120 euro a night."),
    ("Hand rub", "how long is the hand rub applied", "Apply the hand rub for 30 seconds."),
    ("Fire drill", "when is the fire drill", "The fire drill takes place on 14 June each year."),
    ("Visitors", "when may visitors come", "Visitors are welcome from 14:00 until 19:00."),
    ("Spare keys", "where are the spare keys", "Spare keys are kept with Rosa Lind in room 210."),
    ("Merger", "what is the offer for Halyard", "The offer for Halyard is 41 million euro."),
    ("Blood samples", "how long do blood samples keep", "Blood samples keep for 72 hours at 4 C."),
)
"""Title, question and the sentence that answers it."""

MORE = (
    "The head of unit decides about exceptions.",
    "This rule applies to all staff, including those on probation.",
    "Questions go to the service desk before noon.",
    "Employees, visitors and the board of Halyard keep to it.",
)


@dataclass(frozen=True, slots=True)
class Organisation:
    """A home made once and copied for every pair.

    Attributes:
        tokens: face to bearer token.
        hidden: ids of documents that both copies hold and pia may not read.
        visible: ids of those that she may.
    """

    folder: Path
    tokens: Mapping[str, str]
    visible: tuple[str, ...]
    hidden: tuple[str, ...]


def text_of(topic: int, variant: int) -> str:
    """Return a document about a topic; variants say the same in other company."""
    title, _, fact = TOPICS[topic % len(TOPICS)]
    extra = MORE[variant % len(MORE)]
    also = TOPICS[(topic + variant) % len(TOPICS)][2] if variant % 3 == 2 else ""
    return f"{title}\n\n{fact} {extra} {also}".strip()


ODD: tuple[str, ...] = (
    "how many days of anual leeve",
    "what is the codeword zephirine",
    "who knows about zephyrine",
    "hotel rules by Olga",
    "hand rub in pdf",
    "visitors since October 2026",
    "fire drill from shelf",
    'where are the "spare keys"',
    "room 210",
    "and for how long",
)
"""Misspelt, of a word that only hidden texts hold, with filters in words, phrases, pronouns."""
CODEWORD = "The codeword of this matter is Zephyrine."


def question_of(topic: int) -> str:
    return TOPICS[topic % len(TOPICS)][1]


def arrival(name: str, text: str, access: AccessLabel, *, source: str = "shelf") -> Arrival:
    """Offer a text to a vault under these rights."""
    intake = Intake(source, access, Governance(OWNER, fresh_for="60d"))
    return Arrival(
        f"{source}:{name}", f"{name}.txt", None, intake, lambda: Bytes(text.encode(), WRITTEN)
    )


def receive(vault: Vault, *arrivals: Arrival, source: str = "shelf") -> list[str]:
    """Take documents in; return the ids of those that were not set aside."""
    outcomes = vault.reception().receive(source, arrivals)
    return [found.document_id for found in outcomes if found.document_id is not None]


def people(vault: Vault) -> None:
    for name, kind, level, compartments, groups in PEOPLE:
        clearance = Label(level, frozenset(compartments.split()))
        added = Principal(name, kind, clearance)
        vault.directory.add_principal(added, name=name.title(), groups=groups.split())


def tokens(vault: Vault) -> dict[str, str]:
    life = timedelta(days=90)
    issued = {
        face: vault.authenticator.issue(actor, scopes=scopes, ttl=life, on_behalf_of=person)[0]
        for face, (actor, person, scopes) in TOKENS.items()
    }
    return issued | {"a stranger": "srm_0000000000000000_none"}


def found(folder: Path) -> Organisation:
    """Make the home with its people, six documents that pia may read and two she may not."""
    PlainVault.create(folder).close()
    with PlainVault.steady(folder, clock=Clock()) as vault:
        people(vault)
        given = tokens(vault)
        visible = receive(
            vault,
            *(
                arrival(f"v{n}", text_of(n, n), VISIBLE[place])
                for n, place in enumerate((0, 0, 1, 2, 0, 1))
            ),
        )
        hidden = receive(vault, *(arrival(f"h{n}", text_of(6 - n, n), HIDDEN[n]) for n in range(2)))
        vault.follower.rebuild()
    return Organisation(folder, given, tuple(visible), tuple(hidden))
