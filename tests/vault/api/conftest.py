"""A real home with four principals and a few documents, behind a client that speaks HTTP to it.

Only what needs a model is scripted: searches and answers. Tests that need the models too are
marked so and use the ``live`` fixtures.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from starlette.testclient import TestClient

from vault.answer.service import StreamedEvent
from vault.api.app import create_app
from vault.bootstrap import Vault
from vault.domain.documents import CharSpan, Chunk, Element, ElementKind, ParsedDocument
from vault.domain.identity import READER_SCOPES, Principal, PrincipalKind, Scope, Subject
from vault.domain.labels import AccessLabel, Classification, Label
from vault.domain.questions import PLAIN, SearchOptions
from vault.domain.records import Governance
from vault.ingest.arrivals import Arrival, Bytes
from vault.ingest.intake import Intake, access_label
from vault.ingest.prepared import Prepared, digest_of
from vault.ingest.report import ItemState

ADDRESS = "http://127.0.0.1:8080"
LEAVE = "Leave policy 🌴\n\nEmployees receive 25 days of annual leave. Carry-over ends in March."
MERGER = "Project Halyard\n\nThe offer for Halyard is 41 million."
OLD_TRAVEL = "Travel rules of last year\n\nHotels cost at most 90 a night."
NEW_TRAVEL = "Travel rules\n\nHotels cost at most 120 a night."

CITATION: dict[str, object] = {
    "n": 1,
    "document_id": "d1",
    "title": "Leave policy",
    "uri": "file:///leave.md",
    "revision": "r1",
    "digest": "sha256:00",
    "span": {"start": 17, "end": 59},
    "page": None,
    "quote": "Employees receive 25 days of annual leave.",
    "label": {"classification": "internal", "compartments": []},
    "modified_at": "2026-11-01T00:00:00Z",
    "fresh": True,
    "superseded_by": None,
    "owner": "olga",
    "verified_at": "2026-11-01T00:00:00Z",
    "valid_until": None,
}
ANSWER: dict[str, object] = {
    "answer_id": "run-1",
    "question": "How much leave?",
    "at": None,
    "understood": None,
    "spelling": [],
    "rewritten": None,
    "abstained": False,
    "reason": None,
    "text": "Employees receive 25 days of annual leave. [1]",
    "short": "25 days",
    "sentences": [{"text": "Employees receive 25 days of annual leave.", "citations": [1]}],
    "citations": [CITATION],
    "related": [],
    "conflicts": [],
    "label": {"classification": "internal", "compartments": []},
    "confidence": 0.93,
    "note": "",
    "model": {"name": None, "digest": None},
    "usage": {
        "input_tokens": 0,
        "output_tokens": 0,
        "seconds": 0.1,
        "joules": 0.8,
        "energy_method": "estimated",
    },
    "run_id": "run-1",
    "ledger": {"index": 0, "size": 1},
}
SENTENCE: dict[str, object] = {
    "text": "Employees receive 25 days of annual leave.",
    "citations": [1],
    "citation_details": [CITATION],
}
EVENTS = (
    StreamedEvent("run", {"run_id": "run-1"}),
    StreamedEvent("sentence", SENTENCE),
    StreamedEvent("answer", ANSWER),
)


@dataclass
class ScriptedAnswers:
    """Gives out events, raises failures and waits for signals; remembers what it was asked."""

    script: tuple[StreamedEvent | Exception | Event, ...] = EVENTS
    asked: list[str] = field(default_factory=list)
    options: list[SearchOptions] = field(default_factory=list)
    closed: int = 0

    def stream(
        self, question: str, subject: Subject, *, options: SearchOptions = PLAIN
    ) -> Iterator[StreamedEvent]:
        self.asked.append(question)
        self.options.append(options)
        try:
            for step in self.script:
                if isinstance(step, Exception):
                    raise step
                if isinstance(step, Event):
                    assert step.wait(20)
                else:
                    yield step
        finally:
            self.closed += 1

    def answer(
        self, question: str, subject: Subject, *, options: SearchOptions = PLAIN
    ) -> dict[str, object]:
        return list(self.stream(question, subject, options=options))[-1].form


@dataclass
class ScriptedSearches:
    """Finds nothing, or raises; remembers what it was asked."""

    failure: Exception | None = None
    asked: list[tuple[str, int]] = field(default_factory=list)
    options: list[SearchOptions] = field(default_factory=list)

    def search(
        self, question: str, subject: Subject, *, limit: int, options: SearchOptions = PLAIN
    ) -> dict[str, object]:
        self.asked.append((question, limit))
        self.options.append(options)
        if self.failure is not None:
            raise self.failure
        ledger = {"index": 0, "size": 1}
        meant = {"understood": None, "spelling": [], "rewritten": None}
        return {
            "query": question,
            "at": None,
            **meant,
            "hits": [],
            "run_id": "run-2",
            "ledger": ledger,
        }


@dataclass(frozen=True)
class Kept:
    """Ids of the documents in the home."""

    leave: str
    merger: str
    old_travel: str
    new_travel: str


def keep(vault: Vault, text: str, level: str, *readers: str, owner: str = "olga") -> str:
    """Keep a document as one chunk, with a vector that no model made."""
    span = CharSpan(0, len(text))
    title = text.partition("\n")[0]
    parsed = ParsedDocument(
        text, (Element(ElementKind.PARAGRAPH, span),), title, "text/plain", "plain", 1.0
    )
    prepared = Prepared(
        uri=f"test:{title}",
        version=None,
        digest=digest_of(text.encode()),
        modified_at=datetime(2026, 11, 1, tzinfo=UTC),
        intake=Intake(
            "test",
            access_label(collection="rules", classification=level, readers=readers),
            Governance(owner, fresh_for="30d"),
        ),
        parsed=parsed,
        chunks=(Chunk(0, span, text),),
        vectors=np.array([[1.0, 0.0]], dtype=np.float32),
    )
    return vault.keeper().keep(prepared, stamp="test")


def people(vault: Vault) -> None:
    """Add ana and olga who are staff, bo who is not, and cleo who knows of the merger."""
    for name, level, groups in (
        ("ana", Classification.INTERNAL, ["staff"]),
        ("olga", Classification.SECRET, ["staff", "board"]),
        ("bo", Classification.PUBLIC, []),
        ("cleo", Classification.SECRET, ["board"]),
    ):
        principal = Principal(name, PrincipalKind.PERSON, Label(level))
        vault.directory.add_principal(principal, name=name.title(), groups=groups)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Vault, Kept]]:
    """One home for every test that does not change it."""
    with Vault.create(tmp_path_factory.mktemp("api") / "home") as vault:
        people(vault)
        kept = Kept(
            leave=keep(vault, LEAVE, "internal", "group:staff"),
            merger=keep(vault, MERGER, "secret", "group:board"),
            old_travel=keep(vault, OLD_TRAVEL, "internal", "group:staff"),
            new_travel=keep(vault, NEW_TRAVEL, "secret", "group:board"),
        )
        vault.shelf.supersede(kept.old_travel, kept.new_travel, None)
        yield vault, kept


@pytest.fixture
def kept(template: tuple[Vault, Kept]) -> Kept:
    return template[1]


@pytest.fixture
def answers() -> ScriptedAnswers:
    return ScriptedAnswers()


@pytest.fixture
def searches() -> ScriptedSearches:
    return ScriptedSearches()


@pytest.fixture
def vault(
    template: tuple[Vault, Kept], answers: ScriptedAnswers, searches: ScriptedSearches
) -> Vault:
    """The home's vault; what would need a model is scripted."""
    found = template[0]
    found.__dict__.update(answers=answers, searches=searches)
    return found


@pytest.fixture
def client(vault: Vault) -> TestClient:
    """A client without a credential; no model is loaded behind it."""
    return TestClient(create_app(vault), base_url=ADDRESS)


TokenFor = Callable[..., dict[str, str]]


@pytest.fixture
def token_for(vault: Vault) -> TokenFor:
    """Return the headers that carry a fresh token of a principal."""

    def issue(principal: str, *scopes: Scope) -> dict[str, str]:
        wanted = frozenset(scopes) or READER_SCOPES
        token, _ = vault.authenticator.issue(principal, scopes=wanted, ttl=timedelta(hours=1))
        return {"Authorization": f"Bearer {token}"}

    return issue


@pytest.fixture
def ana(token_for: TokenFor) -> dict[str, str]:
    return token_for("ana")


@pytest.fixture(scope="session")
def live_vault(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Iterator[Vault]:
    """A home whose documents were taken in by the real pipeline and embedder."""
    folder = tmp_path_factory.mktemp("live")
    with Vault.create(folder / "home", models_dir=models_dir) as vault:
        people(vault)
        intakes = {
            LEAVE: access_label(
                collection="rules", classification="internal", readers=["group:staff"]
            ),
            MERGER: access_label(
                collection="deals", classification="secret", readers=["group:board"]
            ),
        }
        arrivals = [arrival(text, access) for text, access in intakes.items()]
        states = [found.state for found in vault.reception().receive("test", arrivals)]
        assert states == [ItemState.INGESTED] * len(arrivals)
        yield vault


def arrival(text: str, access: AccessLabel) -> Arrival:
    """Offer a text as a markdown file."""
    title = text.partition("\n")[0]
    content = Bytes(f"# {text}".encode(), datetime(2026, 11, 1, tzinfo=UTC))
    intake = Intake("test", access, Governance("olga"))
    return Arrival(f"test:{title}", f"{title}.md", None, intake, lambda: content)
