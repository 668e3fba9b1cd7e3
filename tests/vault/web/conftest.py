"""The page as a browser meets it: a server on loopback and Debian's own Chromium."""

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.vault.api.conftest import ANSWER, CITATION, LEAVE, ScriptedAnswers, keep, people
from vault.answer.service import StreamedEvent
from vault.api.app import create_app
from vault.bootstrap import Vault
from vault.domain.identity import READER_SCOPES
from vault.ledger.runbook import Outcome

QUOTE = "Employees receive 25 days of annual leave."
SECOND = "Carry-over ends in March."
PAPER = LEAVE.replace(SECOND, "🌴 Palms give shade.\n\n" * 200 + SECOND)
"""Long enough that its end is out of sight, with letters that take two units in a browser."""


@dataclass(frozen=True)
class Site:
    """A running vault with one document, and answers that the test writes."""

    address: str
    vault: Vault
    document_id: str
    answers: ScriptedAnswers = field(default_factory=ScriptedAnswers)

    def token(self, principal: str) -> str:
        issued = self.vault.authenticator.issue(
            principal, scopes=READER_SCOPES, ttl=timedelta(hours=1)
        )
        return issued[0]

    def citation(self, n: int, quote: str, **changes: object) -> dict[str, object]:
        """Return a citation of the document, at its true place in code points."""
        kept = self.vault.shelf.show(self.document_id, self.vault.authenticator.subject("ana"))
        assert kept.document.revision is not None
        start = PAPER.index(quote)
        return CITATION | {
            "n": n,
            "document_id": self.document_id,
            "revision": kept.document.revision.id,
            "quote": quote,
            "span": {"start": start, "end": start + len(quote)},
            **changes,
        }

    def script(self, *citations: dict[str, object], **changes: object) -> None:
        """Let the next answers be one sentence for each citation, streamed and then whole."""
        run = self.vault.runs.begin(
            "answer", self.vault.authenticator.subject("ana"), "leave?", facts={}
        )
        self.vault.runs.finish(run, Outcome({"text": "25 days"}))
        sentences = [{"text": found["quote"], "citations": [found["n"]]} for found in citations]
        answer = ANSWER | {
            "run_id": run.id,
            "sentences": sentences,
            "citations": list(citations),
            **changes,
        }
        streamed = [
            StreamedEvent("sentence", sentence | {"citation_details": [found]})
            for sentence, found in zip(sentences, citations, strict=True)
        ]
        events = [StreamedEvent("run", {"run_id": run.id}), *streamed]
        self.answers.script = (*events, StreamedEvent("answer", answer))


@contextmanager
def listening(app: FastAPI) -> Iterator[int]:
    """Serve an application on loopback for the length of a block; give its port."""
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, http="h11", lifespan="off", log_config=None, access_log=False)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(20)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with Vault.create(tmp_path_factory.mktemp("web") / "home") as vault:
        people(vault)
        document_id = keep(vault, PAPER, "internal", "group:staff")
        answers = ScriptedAnswers()
        vault.__dict__["answers"] = answers
        with listening(create_app(vault)) as port:
            yield Site(f"http://127.0.0.1:{port}", vault, document_id, answers)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for one module: its driver keeps an event loop running in this thread."""
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("Chromium is missing; run scripts/setup --test")
    # A test machine often runs everything as one user, for whom Chromium has no sandbox.
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=path, args=["--no-sandbox"]) as found,
    ):
        yield found


@pytest.fixture
def context(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    """A fresh browser profile whose every request and complaint is checked in the end."""
    with browser.new_context(viewport={"width": 1280, "height": 860}) as found:
        requested: list[str] = []
        complaints: list[str] = []
        local = (site.address, "data:", f"blob:{site.address}")
        found.on("request", lambda sent: requested.append(sent.url))
        found.on("console", lambda said: complaints.append(said.text))
        found.on("weberror", lambda failed: complaints.append(str(failed.error)))
        yield found
        assert [url for url in requested if not url.startswith(local)] == []
        assert any(url.startswith(site.address) for url in requested)
        assert complaints == []
