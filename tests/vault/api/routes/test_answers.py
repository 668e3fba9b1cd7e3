"""POST /v1/answers."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import rfc8785
from starlette.testclient import TestClient

from tests.vault.api.conftest import ADDRESS, ANSWER, EVENTS, ScriptedAnswers, TokenFor
from vault.answer.service import StreamedEvent
from vault.api.app import create_app
from vault.bootstrap import Vault
from vault.domain.identity import READER_SCOPES, Subject
from vault.domain.questions import PLAIN, SearchOptions
from vault.ledger.bundle import ProofBundle
from vault.ledger.verifier import verify_bundle


def test_an_answer_is_exactly_what_the_service_committed_to(
    client: TestClient, ana: dict[str, str], answers: ScriptedAnswers
) -> None:
    response = client.post("/v1/answers", json={"question": "How much leave?"}, headers=ana)
    assert response.status_code == 200
    assert response.json() == ANSWER
    assert answers.asked == ["How much leave?"]


def test_an_abstention_is_an_ordinary_answer(
    client: TestClient, ana: dict[str, str], answers: ScriptedAnswers
) -> None:
    form = ANSWER | {
        "abstained": True,
        "reason": "no_evidence",
        "text": "",
        "short": None,
        "sentences": [],
        "citations": [],
    }
    answers.script = (StreamedEvent("answer", form),)
    response = client.post("/v1/answers", json={"question": "How much?"}, headers=ana)
    assert response.status_code == 200
    assert response.json() == form


@dataclass
class SlowAnswers:
    """Begins an answer and ends it when it is told to."""

    begun: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    end: threading.Event = field(default_factory=threading.Event)

    def stream(
        self, question: str, subject: Subject, *, options: SearchOptions = PLAIN
    ) -> Iterator[StreamedEvent]:
        self.begun.release()
        assert self.end.wait(20)
        yield from EVENTS

    def answer(
        self, question: str, subject: Subject, *, options: SearchOptions = PLAIN
    ) -> dict[str, object]:
        return list(self.stream(question, subject, options=options))[-1].form


def test_a_crowd_is_turned_away_and_told_to_come_again(vault: Vault, token_for: TokenFor) -> None:
    slow = SlowAnswers()
    vault.__dict__["answers"] = slow
    most = (vault.settings.generator_queue + 2) // 2
    ana = token_for("ana")
    asked = {"question": "leave?"}
    with (
        TestClient(create_app(vault), base_url=ADDRESS) as client,
        ThreadPoolExecutor(most) as crowd,
    ):
        waiting = [
            crowd.submit(client.post, "/v1/answers", json=asked, headers=ana) for _ in range(most)
        ]
        for _ in waiting:
            assert slow.begun.acquire(timeout=20)
        refused = client.post("/v1/answers", json=asked, headers=ana)
        slow.end.set()
        assert [found.result().status_code for found in waiting] == [200] * most
    assert refused.status_code == 429
    assert refused.json()["type"] == "/problems/limit-exceeded"
    assert int(refused.headers["retry-after"]) > 0


def headers_of(vault: Vault, principal: str) -> dict[str, str]:
    token, _ = vault.authenticator.issue(principal, scopes=READER_SCOPES, ttl=timedelta(hours=1))
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.model
@pytest.mark.slow
def test_a_real_answer_quotes_its_source_to_the_code_point_and_proves_itself(
    live_vault: Vault,
) -> None:
    ana = headers_of(live_vault, "ana")
    question = {"question": "How many days of annual leave do employees receive?"}
    with TestClient(create_app(live_vault), base_url=ADDRESS) as client:
        answer = client.post("/v1/answers", json=question, headers=ana).json()
        assert not answer["abstained"]
        assert "25 days" in answer["text"]
        for found in answer["citations"]:
            path = f"/v1/documents/{found['document_id']}/text?revision={found['revision']}"
            text = client.get(path, headers=ana).content.decode()
            assert text[found["span"]["start"] : found["span"]["end"]] == found["quote"]
        proof = client.get(f"/v1/runs/{answer['run_id']}/proof", headers=ana).content
    assert verify_bundle(proof, [live_vault.signer.key.vkey]).pinned
    disclosed = {found.fact: found.content for found in ProofBundle.parse(proof).disclosures}
    assert disclosed["response"] == rfc8785.dumps(answer)


@pytest.mark.model
@pytest.mark.slow
def test_who_may_not_read_the_answer_gets_what_an_empty_vault_would_say(
    live_vault: Vault,
) -> None:
    question = {"question": "How much is the offer for Halyard?"}
    with TestClient(create_app(live_vault), base_url=ADDRESS) as client:
        answer = client.post(
            "/v1/answers", json=question, headers=headers_of(live_vault, "bo")
        ).json()
        told = client.post(
            "/v1/answers", json=question, headers=headers_of(live_vault, "cleo")
        ).json()
    assert "41 million" in told["text"]
    assert answer["abstained"]
    assert answer["reason"] == "no_evidence"
    assert (answer["citations"], answer["related"]) == ([], [])
    assert "41 million" not in str(answer)
