"""Serves a vault on loopback from a thread, for as long as a block lasts."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import uvicorn

from vault.api.app import create_app
from vault.bootstrap import Vault
from vault.domain.errors import HomeUnavailableError

HOST = "127.0.0.1"
LONGEST_START_SECONDS = 60.0


@contextmanager
def serving(vault: Vault) -> Iterator[tuple[str, int]]:
    """Serve the vault on a free loopback port inside the block; yield host and port.

    Raises:
        HomeUnavailableError: the server did not start.
    """
    config = uvicorn.Config(
        create_app(vault),
        host=HOST,
        port=0,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        http="h11",
        ws="none",
    )
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, name="serving", daemon=True)
    thread.start()
    deadline = time.monotonic() + LONGEST_START_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise HomeUnavailableError("the server did not start")
        time.sleep(0.02)
    try:
        yield HOST, server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()
