"""``strongroom serve``: the HTTP interface and the page."""

import signal
from contextlib import suppress
from types import FrameType
from typing import Annotated, Any, NoReturn

import typer
import uvicorn
from rich.markup import escape

from vault.api.app import create_app
from vault.api.hosts import is_loopback, names_of
from vault.api.listeners import listen
from vault.api.upkeep import Upkeep
from vault.cli.console import err, opened, say
from vault.domain.errors import InvalidRequestError

CONNECTIONS = 128
"""Open at once; more are answered 503 until some end."""
GRACE_SECONDS = 20
"""How long answers under way may take to end after a stop."""


class Server(uvicorn.Server):
    """A server that tells its address once it listens."""

    async def startup(self, sockets: list[Any] | None = None) -> None:
        """Listen, and print where."""
        await super().startup(sockets)
        for server in self.servers:
            for listener in server.sockets:
                host, port = listener.getsockname()[:2]
                shown = f"[{host}]" if ":" in host else host
                say(f"Strongroom is open at http://{shown}:{port}/")


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; 127.0.0.1.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port; 8080, 0 for any.")
    ] = None,
    allow_remote: Annotated[
        bool, typer.Option("--allow-remote", help="Listen on an address others can reach.")
    ] = False,
    name: Annotated[
        list[str] | None,
        typer.Option(help="Name that a proxy on this machine offers it under, repeatable."),
    ] = None,
) -> None:
    """Serve the page and the HTTP interface until it is stopped."""
    with opened() as vault:
        address = host or vault.settings.host
        _check_address(address, allow_remote=allow_remote)
        chosen = vault.settings.port if port is None else port
        sockets = listen(address.strip("[]"), chosen)
        config = uvicorn.Config(
            create_app(vault, names=names_of(address, name or ()), qualify=True),
            http="h11",
            ws="none",
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=CONNECTIONS,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        # The server raises the signal that stopped it again; the vault must be closed first.
        signal.signal(signal.SIGTERM, _end)
        with suppress(KeyboardInterrupt), Upkeep(vault, seconds=vault.settings.upkeep_seconds):
            Server(config).run(sockets)


def _check_address(address: str, *, allow_remote: bool) -> None:
    if is_loopback(address):
        return
    if not allow_remote:
        raise InvalidRequestError(
            f"{address} can be reached from other machines; say --allow-remote if that is meant, "
            "and put a proxy with TLS in front"
        )
    err.print(
        f"[bold yellow]warning:[/] {escape(address)} can be reached from other machines, "
        "and tokens travel unencrypted unless a proxy with TLS is in front"
    )


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)
