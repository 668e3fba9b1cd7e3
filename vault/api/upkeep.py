"""Looks after a vault now and then while it is served."""

import logging
from threading import Event, Thread
from types import TracebackType
from typing import Self

from vault.bootstrap import Vault
from vault.domain.errors import VaultError

LOG = logging.getLogger(__name__)
LONGEST_WAIT_SECONDS = 10.0


class Upkeep:
    """A thread that calls ``Vault.keep_up`` at intervals for as long as the block lasts.

    Args:
        vault: the open vault; closing it is the caller's, after the block.
        seconds: time between two rounds; the first one waits as long.
    """

    def __init__(self, vault: Vault, *, seconds: float) -> None:
        self._vault = vault
        self._seconds = seconds
        self._ending = Event()
        self._thread = Thread(target=self._run, name="upkeep", daemon=True)

    def __enter__(self) -> Self:
        """Start the thread."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the thread once its round is done; a long one is left behind."""
        self._ending.set()
        self._thread.join(timeout=LONGEST_WAIT_SECONDS)

    def _run(self) -> None:
        while not self._ending.wait(self._seconds):
            try:
                self._vault.keep_up()
            except VaultError as problem:
                # Requests tell the same problem to whoever can act on it; the next round may pass.
                LOG.warning("upkeep_failed", extra={"problem": problem.slug})
