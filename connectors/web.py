"""An intranet site as a source: pages that are reached from a few addresses, and no others."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_network
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from connectors.base import AclSupport, Capabilities, Health
from connectors.errors import ConnectorConfigError, SourceRejectedError, SourceUnavailableError
from connectors.facts import (
    Cursor,
    Failure,
    Item,
    Membership,
    RawAcl,
    SlimItem,
    SourceContent,
    SourcePrincipal,
    Tombstone,
)
from connectors.web_client import Answer, Manners, WebClient
from connectors.web_crawl import Bounds, Crawl, Page, Trouble
from connectors.web_memory import Remembered, read, written
from connectors.web_robots import Robots
from connectors.web_urls import Scope, canonical

_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
_PAGES_BETWEEN_CURSORS = 200


@dataclass(frozen=True, slots=True)
class WebConfig:
    """What to follow.

    Attributes:
        prefixes: how the addresses of all pages begin, such as
            ``https://intranet.example/handbook/``; nothing else is ever asked for, but each
            site's ``robots.txt``. One a line as text.
        start: addresses to begin with; none for the prefixes themselves.
        networks: address ranges that the hosts have to lie in.
        ca_file: certificates to trust instead of the system's.
        authorization_file: file with the value of the ``Authorization`` header; sent over TLS only.
        max_depth: links to follow from an address to begin with.
        max_pages: pages to ask for in one crawl.
        max_bytes: larger pages are rejected.
        max_total_bytes: ceiling for one crawl.
        per_second: requests a second; 0 for as many as the server takes.
        page_seconds: ceiling for one page.
    """

    prefixes: tuple[str, ...]
    start: tuple[str, ...] = ()
    networks: tuple[str, ...] = _PRIVATE
    ca_file: Path | None = None
    authorization_file: Path | None = None
    max_depth: int = 20
    max_pages: int = 10_000
    max_bytes: int = 64 * 2**20
    max_total_bytes: int = 4 * 2**30
    per_second: int = 5
    page_seconds: int = 60

    def __post_init__(self) -> None:
        """Refuse a configuration that leads nowhere or elsewhere."""
        scope = Scope(self.prefixes)
        for url in self.starts():
            if not scope.holds(url):
                raise ConnectorConfigError("a start of connector 'web' lies outside its prefixes")
        for network in self.networks:
            try:
                ip_network(network)
            except ValueError as error:
                raise ConnectorConfigError(f"connector 'web': {network!r} is no network") from error

    def starts(self) -> tuple[str, ...]:
        """Return the addresses to begin with, in canonical writing."""
        found = [canonical(url) for url in self.start or self.prefixes]
        if None in found:
            raise ConnectorConfigError("a start of connector 'web' is no address of a page")
        return tuple(url for url in found if url is not None)


class WebConnector:
    """Follows the pages of a site by their links; readers are mapped.

    Args:
        source_id: stable name of this source.
        config: what to follow.
        client: asks for pages; None for one over the network.
    """

    config_type: ClassVar[type] = WebConfig
    capabilities: ClassVar[Capabilities] = Capabilities(acl=AclSupport.MAPPED, delta=True)

    def __init__(
        self, *, source_id: str, config: WebConfig, client: WebClient | None = None
    ) -> None:
        self.source_id = source_id
        self._config = config
        self._scope = Scope(config.prefixes)
        self._client = client or WebClient(
            Manners(
                networks=config.networks,
                ca_file=config.ca_file,
                authorization_file=config.authorization_file,
                per_second=config.per_second,
                page_seconds=config.page_seconds,
            )
        )
        self._last: tuple[str, Answer] | None = None
        self._swept: dict[str, str] | None = None

    def check(self) -> Health:
        """Tell whether the first page can be read."""
        start = self._config.starts()[0]
        try:
            found = self._crawl().page(start, None)
        except SourceUnavailableError as error:
            return Health(ok=False, detail=str(error))
        if isinstance(found, Trouble):
            return Health(ok=False, detail=found.reason)
        return Health(ok=True, detail="the first page can be read")

    def scan(self, cursor: Cursor | None) -> Iterator[Item | Tombstone | Failure | Cursor]:
        """Yield every page; of those that ``cursor`` remembers, only changed ones are read."""
        known = self._known(cursor)
        met: dict[str, Remembered] = {}
        items: dict[str, str] = {}
        complete = True
        self._swept = None
        for found in self._crawl().pages(self._config.starts(), known):
            if isinstance(found, Trouble):
                complete = complete and not found.passing
                yield Failure(found.url, found.reason, retry=found.passing)
                continue
            met[found.url] = found.known
            items[found.url] = found.known.version
            yield self._item(found)
            if len(items) % _PAGES_BETWEEN_CURSORS == 0:
                yield self._cursor(known | met, len(items))
        self._swept = items if complete else None
        yield self._cursor(met if complete else known | met, len(items))

    def list_ids(self, cursor: Cursor | None) -> Iterator[SlimItem]:
        """Yield every page that can be reached; a page that may come back fails the sweep.

        Right after a complete scan, what the scan met is told again.
        """
        swept, self._swept = self._swept, None
        if swept is None:
            swept = {}
            for found in self._crawl().pages(self._config.starts(), self._known(cursor)):
                if isinstance(found, Page):
                    swept[found.url] = found.known.version
                elif found.passing:
                    raise SourceUnavailableError(f"source {self.source_id!r}: {found.reason}")
        yield from (SlimItem(url, version) for url, version in swept.items())

    def acl(self, ids: Iterable[str]) -> Iterator[RawAcl]:
        """Yield no entries for any item: its readers come from the data owner."""
        for item in ids:
            yield RawAcl(item, b"", None)

    def principals(
        self,
        cursor: Cursor | None,  # noqa: ARG002 - the seam's shape
    ) -> Iterator[SourcePrincipal | Membership | Tombstone | Cursor]:
        """Yield nothing: a site tells no crawler who may read it."""
        yield from ()

    def open(self, id: str, version: str) -> SourceContent:  # noqa: A002 - the seam's word
        """Return one page, asked for anew unless the scan has just read it."""
        if canonical(id) != id or not self._scope.holds(id):
            raise SourceRejectedError(f"the item is outside source {self.source_id!r}")
        if self._last is not None and self._last[0] == id + version:
            return _content(self._last[1], version)
        found = self._crawl().page(id, None)
        if isinstance(found, Page) and found.url == id and found.answer is not None:
            return _content(found.answer, found.known.version)
        reason = found.reason if isinstance(found, Trouble) else "the page has moved"
        if isinstance(found, Trouble) and not found.passing:
            raise SourceRejectedError(reason)
        raise SourceUnavailableError(reason)

    def can_read(self, id: str, principal: str) -> bool | None:  # noqa: A002, ARG002
        """Return None: a site tells no crawler who may read it."""
        return None

    def _crawl(self) -> Crawl:
        config = self._config
        bounds = Bounds(
            config.max_depth, config.max_pages, config.max_bytes, config.max_total_bytes
        )
        robots: dict[str, Robots] = {}
        return Crawl(self._client, self._scope, bounds, robots=robots)

    def _item(self, found: Page) -> Item:
        version = found.known.version
        if found.answer is not None:
            self._last = (found.url + version, found.answer)
        name = unquote(urlsplit(found.url).path.rstrip("/").rpartition("/")[2]) or "index"
        return Item(found.url, found.url, version, name, found.known.size)

    def _known(self, cursor: Cursor | None) -> dict[str, Remembered]:
        return {} if cursor is None else read(json.loads(cursor.value).get("pages", ""))

    def _cursor(self, pages: dict[str, Remembered], count: int) -> Cursor:
        return Cursor(json.dumps({"items": count, "pages": written(pages)}))


def _content(answer: Answer, version: str) -> SourceContent:
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    return SourceContent(
        content=answer.body or b"",
        version=version,
        media_type=kind or None,
        modified_at=_moment(answer.headers.get("last-modified", "")),
    )


def _moment(written_at: str) -> datetime:
    """Return the time a header gives, or now where it gives none."""
    try:
        found = parsedate_to_datetime(written_at)
    except ValueError:
        return datetime.now(UTC)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
