"""One process follows a source at a time; the system ends a turn when its process dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vault.domain.errors import HomeUnavailableError


class Turns:
    """Gives out turns.

    Args:
        folder: where a small file for each source lies; made when it is first needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def take(self, source_id: str) -> Iterator[None]:
        """Hold the turn of a source for the block.

        Raises:
            HomeUnavailableError: another process has it, or the disk refuses.
        """
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            descriptor = os.open(
                self._folder / f"{source_id}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
            )
        except OSError as error:
            raise HomeUnavailableError("the home cannot be written") from error
        try:
            _lock(descriptor, source_id)
            yield
        finally:
            os.close(descriptor)


def _lock(descriptor: int, source_id: str) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise HomeUnavailableError(
            f"source {source_id!r} is being followed by another process"
        ) from None
