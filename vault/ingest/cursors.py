"""How far a scan has come: a cursor is good once all that was offered before it is settled."""

from collections import deque


class CursorTrail:
    """Follows what a scan offers and what became of it."""

    def __init__(self) -> None:
        self._open: dict[str, list[int]] = {}
        self._settled: set[int] = set()
        self._offered = 0
        self._done = 0
        self._waiting: deque[tuple[int, str]] = deque()

    def offer(self, name: str) -> None:
        """Note that an item was offered; it is open until it is settled."""
        self._offered += 1
        self._open.setdefault(name, []).append(self._offered)

    def settle(self, name: str) -> None:
        """Note what became of an item; names that were never offered make no difference."""
        numbers = self._open.get(name)
        if not numbers:
            return
        self._settled.add(numbers.pop(0))
        if not numbers:
            del self._open[name]
        while self._done + 1 in self._settled:
            self._done += 1
            self._settled.remove(self._done)

    def reach(self, cursor: str) -> None:
        """Note that the scan gave a cursor that covers all that was offered so far."""
        self._waiting.append((self._offered, cursor))

    def good(self) -> str | None:
        """Return the furthest cursor that became good since the last call, or None."""
        found = None
        while self._waiting and self._waiting[0][0] <= self._done:
            found = self._waiting.popleft()[1]
        return found
