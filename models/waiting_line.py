"""First come, first served: a bounded line of callers before something only one can use."""

import threading
from collections import deque

from models.errors import ModelBusyError


class WaitingLine:
    """Lets one caller in at a time, in order of arrival, and turns away a crowd.

    Args:
        queue_limit: callers that may wait besides the one inside.
        wait_seconds: longest wait of one caller.
    """

    def __init__(self, *, queue_limit: int, wait_seconds: float) -> None:
        self._queue_limit = queue_limit
        self._wait_seconds = wait_seconds
        self._tickets: deque[object] = deque()
        self._changed = threading.Condition()

    def enter(self) -> None:
        """Return once it is the caller's turn; whoever enters must leave.

        Raises:
            ModelBusyError: the line is full, or the wait was too long.
        """
        ticket = object()
        with self._changed:
            if len(self._tickets) > self._queue_limit:
                raise ModelBusyError(f"{self._queue_limit} callers already wait for the model")
            self._tickets.append(ticket)
            served = False
            try:
                served = self._changed.wait_for(
                    lambda: self._tickets[0] is ticket, timeout=self._wait_seconds
                )
            finally:
                if not served:
                    self._tickets.remove(ticket)
                    self._changed.notify_all()
        if not served:
            raise ModelBusyError(f"the model was not free within {self._wait_seconds:g} seconds")

    def leave(self) -> None:
        """Let the next caller in."""
        with self._changed:
            self._tickets.popleft()
            self._changed.notify_all()

    def __len__(self) -> int:
        """Return how many callers are inside or waiting."""
        return len(self._tickets)
