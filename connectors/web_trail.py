"""Which pages a crawl has still to ask for, and which it has met under another address."""

from collections import deque
from collections.abc import Mapping

from connectors.web_memory import Remembered


class Trail:
    """Pages in the order of their distance from the beginning, each once.

    Args:
        starts: addresses to begin with.
        depth: links to follow from one of them.
    """

    def __init__(self, starts: tuple[str, ...], *, depth: int) -> None:
        self._depth = depth
        self._waiting = deque((url, 0) for url in dict.fromkeys(starts))
        self._met = set(starts)
        self._aliases: dict[str, str] = {}

    def next(self) -> tuple[str, int] | None:
        """Return the next address to ask for, and its distance; None when all were met."""
        return self._waiting.popleft() if self._waiting else None

    def take(self, step: tuple[str, int], url: str, page: Remembered) -> bool:
        """Note where a page leads, and tell whether it is one of its own.

        It is none if it was moved to an address that is met anyway, or gives another one as its
        own. Pages that name one another in a circle would all be none; the last of them is one.

        Args:
            step: the address that was asked for, and its distance.
            url: the address that answered.
            page: what was found there.
        """
        asked, distance = step
        moved_to_met = url != asked and url in self._met
        self._met.add(url)
        alias = bool(page.canonical) and not _leads_back(self._aliases, url, page.canonical)
        if alias:
            self._aliases[url] = page.canonical
        if not moved_to_met and distance < self._depth:
            for link in page.links:
                self._add(link, distance + 1)
        if alias:
            self._add(page.canonical, distance)
        return not alias and not moved_to_met

    def _add(self, url: str, distance: int) -> None:
        if url not in self._met:
            self._met.add(url)
            self._waiting.append((url, max(distance, 1)))


def _leads_back(aliases: Mapping[str, str], url: str, target: str) -> bool:
    step: str | None = target
    while step is not None and step != url:
        step = aliases.get(step)
    return step == url
