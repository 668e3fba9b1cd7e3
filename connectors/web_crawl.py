"""Goes through the pages of a site, from link to link, as far as it is allowed to."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from connectors.errors import SourceUnavailableError
from connectors.web_client import Answer, WebClient
from connectors.web_links import Links, links_of
from connectors.web_memory import Remembered
from connectors.web_robots import MAX_BYTES, Robots, parse_robots
from connectors.web_trail import Trail
from connectors.web_urls import Scope, address_of, canonical

_HTML = ("text/html", "application/xhtml+xml")
_MOVED = frozenset({301, 302, 303, 307, 308})
_MOST_HOPS = 5
_GONE = frozenset({404, 410})
_SHUT = frozenset({401, 403})
_OK, _UNCHANGED = 200, 304


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where a crawl ends.

    Attributes:
        depth: links to follow from a page to start with.
        pages: pages to ask for.
        page_bytes: ceiling for one page.
        total_bytes: ceiling for all pages that are read.
    """

    depth: int
    pages: int
    page_bytes: int
    total_bytes: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was met and can be read.

    Attributes:
        answer: what the server said, or None where it said that nothing changed.
    """

    url: str
    known: Remembered
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class Trouble:
    """A page that cannot be read.

    Attributes:
        passing: whether it may be read later; until then nothing is known of it.
    """

    url: str
    reason: str
    passing: bool


class Crawl:
    """Meets each page inside a scope once.

    Args:
        client: asks for pages.
        scope: the addresses that belong to the source.
        bounds: where to end.
        robots: rules of the sites, by origin; filled as sites are met.
    """

    def __init__(
        self, client: WebClient, scope: Scope, bounds: Bounds, *, robots: dict[str, Robots]
    ) -> None:
        self._client = client
        self._scope = scope
        self._bounds = bounds
        self._robots = robots

    def pages(
        self, starts: tuple[str, ...], known: Mapping[str, Remembered]
    ) -> Iterator[Page | Trouble]:
        """Yield every page that can be reached from ``starts``.

        Args:
            starts: canonical addresses.
            known: what an earlier crawl remembers.

        Raises:
            SourceUnavailableError: a page to start with cannot be read, or a site cannot be asked
                what it lets crawlers read.
        """
        trail, taken, asked = Trail(starts, depth=self._bounds.depth), 0, 0
        while (step := trail.next()) is not None:
            url, depth = step
            if asked == self._bounds.pages or taken > self._bounds.total_bytes:
                reason = "the site is larger than the crawl may be"
                yield Trouble(starts[0] + "#beyond", reason, passing=True)
                return
            if not self._may_ask(url):
                if depth == 0:
                    raise SourceUnavailableError("the site asks crawlers to leave the start alone")
                continue
            asked += 1
            found = self.page(url, known.get(url))
            if isinstance(found, Trouble):
                if depth == 0:
                    reason = f"a page to start with cannot be read: {found.reason}"
                    raise SourceUnavailableError(reason)
                yield found
                continue
            taken += 0 if found.answer is None else found.known.size
            if trail.take(step, found.url, found.known):
                yield found

    def page(self, url: str, known: Remembered | None) -> Page | Trouble:
        """Return the page at ``url``, wherever inside the scope it has moved to.

        Raises:
            SourceUnavailableError: its site may not be dialled.
        """
        asked = url
        for _ in range(_MOST_HOPS + 1):
            conditions = known.conditions() if known is not None and asked == url else {}
            try:
                answer = self._client.get(
                    asked, max_bytes=self._bounds.page_bytes, headers=conditions
                )
            except SourceUnavailableError as error:
                return Trouble(url, str(error), passing=True)
            if answer.status == _UNCHANGED and known is not None and conditions:
                return Page(url, known, None)
            if answer.status not in _MOVED:
                return self._judged(url, asked, answer)
            target = canonical(answer.headers.get("location", ""), base=asked)
            if target is None or not self._scope.holds(target) or not self._may_ask(target):
                return Trouble(url, "the page leads outside the source", passing=False)
            asked = target
        return Trouble(url, "the page is moved on too often", passing=False)

    def _judged(self, url: str, asked: str, answer: Answer) -> Page | Trouble:
        if answer.status == _OK and answer.body is not None:
            return Page(asked, self._remembered(asked, answer, answer.body), answer)
        if answer.status == _OK:
            return Trouble(url, answer.refused, passing=False)
        if answer.status in _GONE:
            return Trouble(url, "the page is not there", passing=False)
        if answer.status in _SHUT:
            return Trouble(url, "the page may not be read with these credentials", passing=False)
        return Trouble(url, f"the server answers {answer.status}", passing=True)

    def _remembered(self, url: str, answer: Answer, body: bytes) -> Remembered:
        links = Links((), None)
        kind, _, more = answer.headers.get("content-type", "").partition(";")
        if kind.strip().lower() in _HTML:
            _, named, charset = more.partition("charset=")
            charset = charset.split(";")[0].strip(" \"'")
            links = links_of(body, url=url, charset=charset if named and charset else None)
        own = links.canonical or ""
        return Remembered(
            version=hashlib.sha256(body).hexdigest(),
            etag=answer.headers.get("etag", ""),
            modified=answer.headers.get("last-modified", ""),
            size=len(body),
            links=tuple(link for link in links.pages if self._scope.holds(link)),
            canonical=own if own != url and self._scope.holds(own) else "",
        )

    def _may_ask(self, url: str) -> bool:
        address = address_of(url)
        if address.origin not in self._robots:
            self._robots[address.origin] = self._asked_robots(address.origin)
        return self._robots[address.origin].allows(address.target)

    def _asked_robots(self, origin: str) -> Robots:
        """Return a site's rules; a site that cannot tell them may not be crawled now.

        Source:
            RFC 9309, section 2.3.1.
        """
        url = f"{origin}/robots.txt"
        for _ in range(_MOST_HOPS + 1):
            answer = self._client.get(url, max_bytes=MAX_BYTES)
            if answer.status not in _MOVED:
                break
            target = canonical(answer.headers.get("location", ""), base=url)
            if target is None or address_of(target).origin not in self._scope.origins:
                return Robots()
            url = target
        else:
            return Robots()
        if answer.status == _OK and answer.body is not None:
            return parse_robots(answer.body.decode("utf-8", "replace"))
        if 400 <= answer.status < 500:
            return Robots()
        raise SourceUnavailableError("the site cannot tell what crawlers may read")
