"""Notion exports: the pages and files of a workspace, for the audience that settings name."""

import mimetypes
import re
from functools import partial
from types import MappingProxyType
from urllib.parse import quote

from connectors.exports.archive import Archive, read
from connectors.exports.audience import AudienceConnector
from connectors.exports.export import Export, ExportItem

_ID = re.compile(r" [0-9a-f]{32}(?=\.|_all\.|$)", re.ASCII)
_MARKDOWN = {".md": "text/markdown"}


class NotionConnector(AudienceConnector):
    """Reads every page and file of a Markdown and CSV, or HTML, export.

    The export says nothing of who may read a page, and its times are those of the export.
    """

    def read_export(self, archive: Archive) -> Export:
        """Return the pages and files of an export."""
        items = {
            item.id: item
            for item in (self._item(archive, name) for name in archive.files)
            if item is not None
        }
        return Export(MappingProxyType(items))

    def _item(self, archive: Archive, name: str) -> ExportItem | None:
        last = name.rsplit("/", 1)[-1]
        if last.startswith("."):
            return None
        shown = _ID.sub("", last)
        # A page without a title keeps the id for a name.
        shown = last if shown.startswith(".") or not shown else shown
        suffix = shown[shown.rfind(".") :] if "." in shown else ""
        return ExportItem(
            id=f"notion://{self.source_id}/{quote(name)}",
            name=shown,
            version=archive.files[name].token,
            read=partial(read, archive, name, max_bytes=self._max_bytes),
            modified_at=archive.files[name].modified_at,
            rights=self.rights,
            size=archive.files[name].size,
            media_type=_MARKDOWN.get(suffix) or mimetypes.guess_type(shown)[0],
            facts=MappingProxyType({"title": shown.removesuffix(suffix)}),
        )
