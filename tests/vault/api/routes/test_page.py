"""The page, with and without scripts."""

import pytest
from starlette.testclient import TestClient

from tests.vault.api.conftest import ANSWER, ScriptedAnswers, TokenFor
from vault.answer.service import StreamedEvent
from vault.domain.identity import Scope


def token_in(headers: dict[str, str]) -> str:
    return headers["Authorization"].removeprefix("Bearer ")


def test_the_page_has_no_script_or_style_inside_and_names_no_other_place(
    client: TestClient,
) -> None:
    page = client.get("/").text
    assert "<style" not in page
    assert " style=" not in page
    assert " on" not in page.replace(" on the", "").replace(" once", "").replace(" one", "")
    assert page.count("<script") == page.count('<script type="module" src="/static/') == 1
    assert "://" not in page.replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize(
    ("name", "kind"), [("page.css", "text/css"), ("page.js", "javascript"), ("spans.js", "script")]
)
def test_its_parts_are_served_from_here(client: TestClient, name: str, kind: str) -> None:
    response = client.get(f"/static/{name}")
    assert response.status_code == 200
    assert kind in response.headers["content-type"]


def test_a_form_is_answered_without_scripts(client: TestClient, ana: dict[str, str]) -> None:
    form = {"token": token_in(ana), "question": "How much leave?"}
    response = client.post("/ask", data=form)
    assert response.status_code == 200
    assert "<blockquote>Employees receive 25 days of annual leave.</blockquote>" in response.text
    assert token_in(ana) not in response.text


def test_what_documents_say_cannot_become_markup(
    client: TestClient, ana: dict[str, str], answers: ScriptedAnswers
) -> None:
    evil = "<img src=x onerror=alert(1)>"
    answers.script = (StreamedEvent("answer", ANSWER | {"question": evil, "note": evil}),)
    response = client.post("/ask", data={"token": token_in(ana), "question": evil})
    assert "<img" not in response.text
    assert "&lt;img" in response.text


@pytest.mark.parametrize(
    ("fields", "status"),
    [({}, 401), ({"token": "srm_0_0", "question": "leave?"}, 401), ({"question": "leave?"}, 401)],
)
def test_a_form_without_a_live_token_is_refused(
    client: TestClient, answers: ScriptedAnswers, fields: dict[str, str], status: int
) -> None:
    assert client.post("/ask", data=fields).status_code == status
    assert not answers.asked


def test_a_form_needs_the_scope_too(
    client: TestClient, token_for: TokenFor, answers: ScriptedAnswers
) -> None:
    token = token_in(token_for("ana", Scope.DOCUMENT_READ))
    assert client.post("/ask", data={"token": token, "question": "leave?"}).status_code == 403
    assert not answers.asked
