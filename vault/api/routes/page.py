"""The page, and its form for readers without scripts."""

from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from vault.api.dependencies import CurrentSlots, CurrentVault, permitted, session_credential
from vault.api.slots import AnswerSlots
from vault.bootstrap import Vault
from vault.domain.errors import VaultError
from vault.domain.identity import Credential, Scope
from vault.web.pages import render

router = APIRouter(include_in_schema=False)


async def form_fields(request: Request) -> dict[str, str]:
    """Return the fields of a form that was sent URL-encoded; of a repeated field, the first."""
    text = (await request.body()).decode(errors="replace")
    fields = parse_qs(text, keep_blank_values=True)
    return {name: values[0] for name, values in fields.items()}


@router.get("/")
def show_page(vault: CurrentVault) -> HTMLResponse:
    """Show the page; it holds nothing that needs a credential."""
    return page_of(vault)


def page_of(
    vault: Vault,
    *,
    answer: dict[str, object] | None = None,
    problem: VaultError | None = None,
    question: str = "",
) -> HTMLResponse:
    """Return the page, with an answer or a problem on it."""
    signs_in = vault.federation is not None and vault.federation.signs_in
    page = render(
        "index.html", answer=answer, problem=problem, question=question, signs_in=signs_in
    )
    return HTMLResponse(page, 200 if problem is None else problem.status)


@router.post("/ask")
def answer_form(
    request: Request,
    fields: Annotated[dict[str, str], Depends(form_fields)],
    vault: CurrentVault,
    slots: CurrentSlots,
) -> HTMLResponse:
    """Answer a question whose form carries the token itself, as a page."""
    question = fields.get("question", "")
    try:
        token = fields.get("token", "")
        known = vault.credential(token) if token else session_credential(request, vault)
        answer = _answer(vault, slots, known, question=question)
    except VaultError as error:
        return page_of(vault, problem=error, question=question)
    return page_of(vault, answer=answer, question=question)


def _answer(
    vault: Vault, slots: AnswerSlots, credential: Credential, *, question: str
) -> dict[str, object]:
    asker = permitted(vault, credential, Scope.ANSWER_CREATE)
    with slots.hold(asker.actor.id):
        return vault.answers.answer(question, asker)
