"""What a crawl remembers of pages, so that the next one asks only whether they changed."""

import base64
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_MOST_BYTES = 256 * 2**20


@dataclass(frozen=True, slots=True)
class Remembered:
    """A page as it was met.

    Attributes:
        version: hash of its bytes.
        etag: the server's own token, or empty.
        modified: the server's ``Last-Modified``, as it wrote it, or empty.
        size: bytes.
        links: where it leads, inside the source.
        canonical: the address it gives as its own, where that is another one, or empty.
    """

    version: str
    etag: str
    modified: str
    size: int
    links: tuple[str, ...] = ()
    canonical: str = ""

    def conditions(self) -> dict[str, str]:
        """Return the headers that ask for the page only if it changed.

        Source:
            RFC 9110, section 13.1.
        """
        headers = {"If-None-Match": self.etag} if self.etag else {}
        if self.modified:
            headers["If-Modified-Since"] = self.modified
        return headers


def written(pages: Mapping[str, Remembered]) -> str:
    """Return pages as text that is fit for a cursor."""
    numbers: dict[str, int] = {}

    def number(url: str) -> int:
        return numbers.setdefault(url, len(numbers))

    rows = [
        [
            number(url), page.version, page.etag, page.modified, page.size,
            [number(link) for link in page.links], page.canonical,
        ]
        for url, page in pages.items()
    ]  # fmt: skip
    text = json.dumps([list(numbers), rows], separators=(",", ":"))
    return base64.b85encode(zlib.compress(text.encode(), 6)).decode()


def read(text: str) -> dict[str, Remembered]:
    """Return the pages that ``written`` wrote; nothing where it wrote no such text."""
    try:
        plain = zlib.decompressobj().decompress(base64.b85decode(text), _MOST_BYTES)
        urls, rows = json.loads(plain)
        return {urls[row[0]]: _page(urls, row) for row in rows}
    except (zlib.error, ValueError, IndexError, TypeError):
        # What is forgotten is asked for anew.
        return {}


def _page(urls: list[str], row: list[object]) -> Remembered:
    _, version, etag, modified, size, links, own = row
    numbers = links if isinstance(links, Iterable) else ()
    return Remembered(
        str(version), str(etag), str(modified), int(str(size)),
        tuple(urls[int(str(number))] for number in numbers), str(own),
    )  # fmt: skip
