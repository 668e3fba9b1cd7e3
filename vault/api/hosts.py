"""Refuses requests that name a host this vault does not go by."""

import ipaddress
from collections.abc import Iterable

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from vault.api.problems import UNTYPED, respond
from vault.api.schemas import Problem

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


def is_loopback(host: str) -> bool:
    """Tell whether an address or name can be reached from this machine alone."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def names_of(host: str, extra: Iterable[str] = ()) -> frozenset[str]:
    """Return the names that a vault bound to ``host`` answers to; none means any.

    A page on the web can make a browser resolve its own name to the loopback address; its
    requests still carry that name, so a vault on loopback answers only to loopback names
    and to those its operator lists.
    """
    if not is_loopback(host):
        return frozenset()
    return LOOPBACK_NAMES | {host.lower().strip("[]")} | {name.lower() for name in extra}


class HostCheck:
    """Answers only requests whose Host is one of the names.

    Args:
        app: the application behind it.
        names: lower-case names or addresses without a port; none lets all pass.

    Source:
        RFC 9110, sections 7.2 and 15.5.20 (421 Misdirected Request).
    """

    def __init__(self, app: ASGIApp, *, names: frozenset[str]) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "lifespan" or not self._names or self._named(scope):
            await self._app(scope, receive, send)
            return
        problem = Problem(
            type=UNTYPED,
            title="Misdirected Request",
            status=421,
            detail="this vault does not go by the name that the request gives as its host",
            instance=Request(scope).scope["path"],
        )
        await respond(problem)(scope, receive, send)

    def _named(self, scope: Scope) -> bool:
        given = [value for name, value in scope["headers"] if name == b"host"]
        return len(given) == 1 and _without_port(given[0].decode("latin-1")) in self._names


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()
