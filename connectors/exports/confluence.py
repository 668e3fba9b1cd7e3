"""Confluence XML exports: pages with the view restrictions of their whole line of parents."""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar
from urllib.parse import quote

from connectors.base import AclSupport, Capabilities
from connectors.errors import SourceRejectedError
from connectors.exports.archive import Archive, read, reading
from connectors.exports.confluence_objects import Dump, Page, moment_of
from connectors.exports.confluence_rights import rights_of
from connectors.exports.export import Export, ExportConnector, ExportItem
from connectors.exports.records import records
from connectors.facts import Failure

ENTITIES = "entities.xml"
_PAGE = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head>'
    "<body><h1>{title}</h1>{body}</body></html>"
)
_ENTITIES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))


@dataclass(frozen=True, slots=True)
class ConfluenceConfig:
    """Which export to take in.

    Attributes:
        path: zip archive of an XML space or site export, or its folder.
        max_bytes: larger pages and attachments are rejected.
        max_dump_bytes: a larger dump of entities is rejected.
        max_text_bytes: pages whose texts, packed, need more memory than this are rejected.
    """

    path: Path
    max_bytes: int = 256 * 2**20
    max_dump_bytes: int = 16 * 2**30
    max_text_bytes: int = 2**30


class ConfluenceConnector(ExportConnector):
    """Reads the current pages, blog posts and attachments of an XML export.

    A page may be read by whom the space lets view it, unless it or a page above it restricts
    viewing to others; who belongs to a group is in exports of a whole site only.

    Args:
        source_id: stable name of this source.
        config: which export.
    """

    config_type: ClassVar[type] = ConfluenceConfig
    capabilities: ClassVar[Capabilities] = Capabilities(acl=AclSupport.NATIVE, principals=True)

    def __init__(self, *, source_id: str, config: ConfluenceConfig) -> None:
        super().__init__(source_id=source_id, config=config)
        self._config = config

    def read_export(self, archive: Archive) -> Export:
        """Return the pages and attachments of an export."""
        dump, bodies = self._dump(archive)
        items: dict[str, ExportItem] = {}
        missing: list[Failure] = []
        for page in dump.pages.values():
            if not page.current:
                continue
            item = self._page(page, dump, bodies.get(page.id, b""))
            items[item.id] = item
        for attached in self._attachments(archive, dump):
            if isinstance(attached, Failure):
                missing.append(attached)
            else:
                items[attached.id] = attached
        return Export(
            MappingProxyType(items), missing, dump.people.principals(), dump.people.memberships
        )

    def _dump(self, archive: Archive) -> tuple[Dump, Mapping[str, bytes]]:
        dump, bodies, room = Dump(), {}, self._config.max_text_bytes
        with reading(), archive.stream(ENTITIES) as stream:
            for record in records(stream, max_bytes=self._config.max_dump_bytes):
                found = dump.take(record)
                if found is None:
                    continue
                content_id, body = found
                packed = zlib.compress(body.encode(), level=1)
                room -= len(packed)
                if room < 0:
                    raise SourceRejectedError("the texts of the export need too much memory")
                bodies[content_id] = packed
        return dump, bodies

    def _page(self, page: Page, dump: Dump, packed: bytes) -> ExportItem:
        facts = {"title": page.title, "author": dump.people.name(page.author)}
        return ExportItem(
            id=self._id(dump, page, page.id),
            name=f"{page.title}.html",
            version=f"{page.version}-{zlib.crc32(packed)}-{page.modified}",
            read=partial(_html, page.title, packed),
            modified_at=moment_of(page.modified),
            rights=rights_of(page, dump),
            media_type="text/html",
            facts=MappingProxyType({name: value for name, value in facts.items() if value}),
        )

    def _attachments(self, archive: Archive, dump: Dump) -> Iterator[ExportItem | Failure]:
        for found in dump.attachments:
            page = dump.pages.get(found.page)
            if page is None or not page.current:
                continue
            item = self._id(dump, page, f"{page.id}/{found.id}")
            name = f"attachments/{page.id}/{found.id}/{found.version}"
            if name not in archive.files:
                yield Failure(item, "the export does not hold this attachment", retry=False)
                continue
            yield ExportItem(
                id=item,
                name=found.title,
                version=archive.files[name].token,
                read=partial(read, archive, name, max_bytes=self._max_bytes),
                modified_at=moment_of(found.modified),
                rights=rights_of(page, dump),
                size=archive.files[name].size,
                media_type=found.media_type,
                facts=MappingProxyType({"title": found.title}),
            )

    def _id(self, dump: Dump, page: Page, local: str) -> str:
        space = quote(dump.spaces.get(page.space, page.space), safe="")
        return f"confluence://{self.source_id}/{space}/{local}"


def _html(title: str, packed: bytes) -> bytes:
    body = zlib.decompress(packed).decode() if packed else ""
    for plain, escaped in _ENTITIES:
        title = title.replace(plain, escaped)
    return _PAGE.format(title=title, body=body).encode()
