"""Keeps a source from being read faster than its operator allows."""

import time
from collections.abc import Callable


class Pace:
    """Spreads reads evenly.

    Args:
        per_minute: most reads in a minute; None does not wait at all.
        sleep: waits for some seconds.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        per_minute: int | None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._between = 0.0 if per_minute is None else 60.0 / per_minute
        self._sleep = sleep
        self._clock = clock
        self._next = 0.0

    def wait(self) -> None:
        """Return when the next read may begin."""
        if not self._between:
            return
        now = self._clock()
        if now < self._next:
            self._sleep(self._next - now)
        self._next = max(now, self._next) + self._between
