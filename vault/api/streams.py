"""An answer as server-sent events, which end when the reader leaves."""

from collections.abc import Generator, Iterator, Mapping

from anyio import CancelScope
from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from vault.answer.service import StreamedEvent
from vault.api.problems import until_problem
from vault.api.schemas import AnswerOut, Form, Problem, RunOut, StreamedSentenceOut

MEDIA_TYPE = "text/event-stream"
_FORMS: Mapping[str, type[Form]] = {
    "run": RunOut,
    "sentence": StreamedSentenceOut,
    "answer": AnswerOut,
}


class EventStream(StreamingResponse):
    """Sends events as they come; what failed is a last event named ``error``.

    Args:
        first: the event that is there already.
        rest: the events to come; closed when the reader leaves.
        request: the request this answers.

    Source:
        WHATWG HTML, section 9.2 (server-sent events).
    """

    media_type = MEDIA_TYPE

    def __init__(
        self,
        first: StreamedEvent,
        rest: Generator[StreamedEvent, None, None],
        request: Request,
    ) -> None:
        self._rest = rest
        parts = until_problem(_encoded(first, rest), request)
        super().__init__(map(_framed, parts), headers={"X-Accel-Buffering": "no"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events, and stop the work behind them however this ends."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            # The thread that runs a step cannot be interrupted, so the step is over by now.
            with CancelScope(shield=True):
                await run_in_threadpool(self._rest.close)


def encode(step: StreamedEvent) -> str:
    """Return one event; its data is one line, because JSON escapes line ends."""
    return _event(step.name, _FORMS[step.name].model_validate(step.form).model_dump_json())


def _encoded(first: StreamedEvent, rest: Generator[StreamedEvent, None, None]) -> Iterator[str]:
    yield encode(first)
    for step in rest:
        yield encode(step)


def _framed(part: str | Problem) -> str:
    if isinstance(part, Problem):
        return _event("error", part.model_dump_json(exclude_none=True))
    return part


def _event(name: str, data: str) -> str:
    return f"event: {name}\ndata: {data}\n\n"
