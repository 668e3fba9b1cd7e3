"""One line of the log for each request: which route, how it ended, how long it took."""

import logging
import time
import uuid

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOG = logging.getLogger(__name__)


class RequestLog:
    """Gives each request an id and logs it by its route, never by its address or content."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application and log what it answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id, status, began = uuid.uuid4().hex, 0, time.perf_counter()
        scope.setdefault("state", {})["request_id"] = request_id

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            LOG.info(
                "http_request",
                extra={
                    "request_id": request_id,
                    "method": scope["method"],
                    "route": getattr(scope.get("route"), "path", None),
                    "status": status,
                    "seconds": round(time.perf_counter() - began, 4),
                },
            )
