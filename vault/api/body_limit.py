"""Refuses requests above a size without reading them whole."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vault.api.problems import report, respond

LARGEST_BODY = 256 * 2**10
"""Bytes; questions are short, and files come in another way."""


class BodyLimit:
    """Lets bodies pass up to a number of bytes, announced or counted.

    Args:
        app: the application behind it.
        largest: bytes of the largest body.

    Source:
        RFC 9110, section 15.5.14.
    """

    def __init__(self, app: ASGIApp, *, largest: int = LARGEST_BODY) -> None:
        self._app = app
        self._largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it as soon as it is too large."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._announced(scope) > self._largest:
            problem = report(HTTPException(413), Request(scope))
            await respond(problem, headers={"Connection": "close"})(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._largest:
                raise HTTPException(413)
            return message

        await self._app(scope, counted, send)

    def _announced(self, scope: Scope) -> int:
        for name, value in scope["headers"]:
            if name == b"content-length" and value.isdigit():
                return int(value)
        return 0
