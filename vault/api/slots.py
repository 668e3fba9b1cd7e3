"""A bound on the answers under way, in all and for each principal."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from vault.domain.errors import LimitExceededError


class AnswerSlots:
    """Lets in so many answers at once and turns away the rest, who may come again.

    One principal never gets every slot, so that nobody can shut the others out.

    Args:
        total: most answers at once.
    """

    def __init__(self, total: int) -> None:
        self._total = total
        self._each = max(1, (total + 1) // 2)
        self._taken: Counter[str] = Counter()
        self._lock = Lock()

    @contextmanager
    def hold(self, principal_id: str) -> Iterator[None]:
        """Hold a slot for the length of a block.

        Raises:
            LimitExceededError: all are taken, or as many as one principal may have.
        """
        with self._lock:
            if self._taken.total() >= self._total or self._taken[principal_id] >= self._each:
                raise LimitExceededError("too many questions are being answered; try again soon")
            self._taken[principal_id] += 1
        try:
            yield
        finally:
            with self._lock:
                self._taken[principal_id] -= 1
                if not self._taken[principal_id]:
                    del self._taken[principal_id]
