"""The page, and its form for readers without scripts."""

from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from vault.api.dependencies import CurrentSlots, CurrentVault, permitted
from vault.api.slots import AnswerSlots
from vault.bootstrap import Vault
from vault.domain.errors import VaultError
from vault.domain.identity import Scope
from vault.web.pages import render

router = APIRouter(include_in_schema=False)


async def form_fields(request: Request) -> dict[str, str]:
    """Return the fields of a form that was sent URL-encoded; of a repeated field, the first."""
    text = (await request.body()).decode(errors="replace")
    fields = parse_qs(text, keep_blank_values=True)
    return {name: values[0] for name, values in fields.items()}


@router.get("/")
def show_page() -> HTMLResponse:
    """Show the page; it holds nothing that needs a credential."""
    return HTMLResponse(render("index.html", answer=None, problem=None, question=""))


@router.post("/ask")
def answer_form(
    fields: Annotated[dict[str, str], Depends(form_fields)],
    vault: CurrentVault,
    slots: CurrentSlots,
) -> HTMLResponse:
    """Answer a question whose form carries the token itself, as a page."""
    question = fields.get("question", "")
    try:
        answer = _answer(vault, slots, token=fields.get("token", ""), question=question)
    except VaultError as error:
        page = render("index.html", answer=None, problem=error, question=question)
        return HTMLResponse(page, error.status)
    return HTMLResponse(render("index.html", answer=answer, problem=None, question=question))


def _answer(vault: Vault, slots: AnswerSlots, *, token: str, question: str) -> dict[str, object]:
    asker = permitted(vault, vault.authenticator.authenticate(token), Scope.ANSWER_CREATE)
    with slots.hold(asker.actor.id):
        return vault.answers.answer(question, asker)
