"""POST /v1/answers, whole or as it is found."""

from collections.abc import Generator
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from vault.answer.service import StreamedEvent
from vault.api.dependencies import Asker, CurrentSlots, CurrentVault
from vault.api.problems import responses
from vault.api.request_schemas import QuestionIn
from vault.api.schemas import AnswerOut
from vault.api.slots import AnswerSlots
from vault.api.streams import MEDIA_TYPE, EventStream
from vault.bootstrap import Vault
from vault.domain.errors import (
    DocumentTooLargeError,
    LimitExceededError,
    ModelUnavailableError,
    NotFoundError,
)
from vault.domain.identity import Subject

router = APIRouter(prefix="/v1/answers", tags=["answers"])

_STREAM = {
    "description": (
        "The answer; or, if the request accepts text/event-stream, its events as they come: "
        "`run` (RunOut), `sentence` (StreamedSentenceOut) for each verified sentence, `answer` "
        "(AnswerOut) last, or `error` (Problem) where it broke."
    ),
    "content": {MEDIA_TYPE: {"schema": {"type": "string"}}},
}


@router.post(
    "",
    response_model=AnswerOut,
    responses=responses(
        DocumentTooLargeError,
        LimitExceededError,
        ModelUnavailableError,
        NotFoundError,
        ok=_STREAM,
    ),
)
def create_answer(
    body: QuestionIn,
    request: Request,
    asker: Asker,
    vault: CurrentVault,
    slots: CurrentSlots,
    accept: Annotated[str, Header()] = "application/json",
) -> AnswerOut | Response:
    """Answer one question from the passages the caller may read.

    Too little evidence is a normal 200 with `abstained: true` and no citations, so that a
    caller cannot tell hidden material from missing material.
    """
    if MEDIA_TYPE in accept.lower():
        events = _events(vault, slots, body, asker)
        return EventStream(next(events), events, request)
    with slots.hold(asker.actor.id):
        return AnswerOut.model_validate(
            vault.answers.answer(body.question, asker, options=body.options())
        )


def _events(
    vault: Vault, slots: AnswerSlots, body: QuestionIn, asker: Subject
) -> Generator[StreamedEvent, None, None]:
    with slots.hold(asker.actor.id):
        yield from vault.answers.stream(body.question, asker, options=body.options())
