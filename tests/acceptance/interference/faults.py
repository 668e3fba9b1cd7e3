"""What a leak is made of: a collaborator replaced, or an application wrapped."""

from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from tests.acceptance.interference.vaults import SteadyVault
from vault.api import background
from vault.bootstrap import Vault

Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[dict[str, Any], Any, Send], Awaitable[None]]


class Fault:
    """A leak that does nothing yet; a subclass overrides one of the two."""

    def spoil(self, vault: SteadyVault) -> None:
        """Replace a collaborator of one vault."""

    def wrapped(self, app: App, vault: Vault) -> App:
        """Return the application as it will be served."""
        return app

    def serving(self) -> ExitStack:
        """Serve applications wrapped, until the stack is closed."""
        stack = ExitStack()
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        made = background.create_app
        patch.setattr(background, "create_app", lambda vault: self.wrapped(made(vault), vault))
        return stack


def twin(original: Any, kind: type) -> Any:
    """Return a collaborator of a leaky kind that has all that the original has."""
    made = kind.__new__(kind)
    made.__dict__.update(original.__dict__)
    return made


@dataclass
class CountingHeader(Fault):
    """Adds a count to every response that begins with a path."""

    path: str
    header: bytes
    count: Callable[[Vault], object]

    def wrapped(self, app: App, vault: Vault) -> App:
        async def counting(scope: dict[str, Any], receive: Any, send: Send) -> None:
            async def marked(message: dict[str, Any]) -> None:
                if message["type"] == "http.response.start" and self.path in scope["path"]:
                    counted = str(self.count(vault)).encode()
                    message["headers"] = [*message["headers"], (self.header, counted)]
                await send(message)

            await app(scope, receive, marked)

        return counting
