"""Google Takeout exports: mails and files of one person, for the audience that settings name."""

import mimetypes
import weakref
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from types import MappingProxyType
from typing import IO
from urllib.parse import quote

from connectors.errors import SourceUnavailableError
from connectors.exports.archive import Archive, read, reading
from connectors.exports.audience import AudienceConfig, AudienceConnector
from connectors.exports.export import Export, ExportItem
from connectors.exports.mailbox import Message, messages
from connectors.messages import describe

_MAILBOX = ".mbox"
_OVERVIEW = "archive_browser.html"
_MAIL = "message/rfc822"
_UNSAID = datetime(1970, 1, 1, tzinfo=UTC)


class TakeoutConnector(AudienceConnector):
    """Reads every mail of the mailboxes in an export, and every other file of it.

    Args:
        source_id: stable name of this source.
        config: which export, and for whom.
    """

    def __init__(self, *, source_id: str, config: AudienceConfig) -> None:
        super().__init__(source_id=source_id, config=config)
        self._streams: dict[str, IO[bytes]] = {}
        self._closing = ExitStack()
        weakref.finalize(self, self._closing.close)

    def read_export(self, archive: Archive) -> Export:
        """Return the mails and files of an export."""
        self._closing.close()
        self._streams.clear()
        items: dict[str, ExportItem] = {}
        for name in archive.files:
            if name.endswith(_MAILBOX):
                items.update((mail.id, mail) for mail in self._mails(archive, name))
            elif name.rsplit("/", 1)[-1] != _OVERVIEW:
                item = self._file(archive, name)
                items[item.id] = item
        return Export(MappingProxyType(items))

    def _file(self, archive: Archive, name: str) -> ExportItem:
        found, shown = archive.files[name], name.rsplit("/", 1)[-1]
        return ExportItem(
            id=f"takeout://{self.source_id}/{quote(name)}",
            name=shown,
            version=found.token,
            read=partial(read, archive, name, max_bytes=self._max_bytes),
            modified_at=found.modified_at,
            rights=self.rights,
            size=found.size,
            media_type=mimetypes.guess_type(shown)[0],
        )

    def _mails(self, archive: Archive, name: str) -> Iterator[ExportItem]:
        seen: dict[str, int] = {}
        with reading(), archive.stream(name) as stream:
            for message in messages(stream):
                # The same mail twice in a mailbox is one mail, and its second copy another.
                copy = seen[message.digest] = seen.get(message.digest, 0) + 1
                yield self._mail(archive, name, message, copy)

    def _mail(self, archive: Archive, name: str, message: Message, copy: int) -> ExportItem:
        suffix = "" if copy == 1 else f"-{copy}"
        described = describe(message.head)
        return ExportItem(
            id=f"takeout://{self.source_id}/{quote(name)}/{message.digest}{suffix}",
            name=described.name,
            version=message.digest,
            read=partial(self._bytes, archive, name, message),
            modified_at=described.sent_at or _UNSAID,
            rights=self.rights,
            size=message.length,
            media_type=_MAIL,
            facts=MappingProxyType(described.facts),
        )

    def _bytes(self, archive: Archive, name: str, message: Message) -> bytes:
        """Return one mail, going forward in a packed mailbox for as long as mails are in order."""
        with reading():
            if name not in self._streams:
                self._streams[name] = self._closing.enter_context(archive.stream(name))
            stream = self._streams[name]
            stream.seek(message.offset)
            content = stream.read(message.length)
        if sha256(content).hexdigest() != message.digest:
            raise SourceUnavailableError("a mailbox of the export changed while it was read")
        return content
