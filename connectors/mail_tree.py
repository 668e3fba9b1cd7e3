"""Mail in files as a source: mbox files, Maildirs and trees of single messages."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from connectors.base import AclSupport, Capabilities, Health
from connectors.errors import SourceRejectedError, SourceUnavailableError
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
from connectors.mail_listing import MailListing, State
from connectors.mail_places import places
from connectors.messages import describe, digest_of, id_of


@dataclass(frozen=True, slots=True)
class MailTreeConfig:
    """What to follow.

    Attributes:
        root: an mbox file, a Maildir, or a folder of any of them and of ``.eml`` files, such
            as an unpacked export of a mail account.
        max_bytes: larger messages are rejected.
    """

    root: Path
    max_bytes: int = 64 * 2**20


class MailTreeConnector:
    """Follows messages, one item each, wherever below the root they are filed.

    The same message in two places is one item. A mailbox that only grew is read from where it
    ended; one that did not change is not read by a scan at all. Readers are mapped.

    Args:
        source_id: stable name of this source.
        config: what to follow.
    """

    config_type: ClassVar[type] = MailTreeConfig
    capabilities: ClassVar[Capabilities] = Capabilities(acl=AclSupport.MAPPED, delta=True)

    def __init__(self, *, source_id: str, config: MailTreeConfig) -> None:
        self.source_id = source_id
        # The tree may be reached through links, nothing in it may.
        self._root = Path(config.root).resolve()
        self._listing = MailListing(self._root, max_bytes=config.max_bytes)

    def check(self) -> Health:
        """Tell whether there is mail at the root."""
        try:
            next(places(self._root), None)
        except SourceUnavailableError as error:
            return Health(ok=False, detail=str(error))
        return Health(ok=True, detail="the mail can be listed")

    def scan(self, cursor: Cursor | None) -> Iterator[Item | Tombstone | Failure | Cursor]:
        """Yield each message that is new since ``cursor``, and cursors to go on from.

        Raises:
            SourceUnavailableError: the mail is gone, or suddenly empty.
        """
        before = State.of(cursor)
        state = before
        for found in self._listing.since(before):
            if isinstance(found, State):
                state = found
                yield state.cursor()
            elif isinstance(found, Failure):
                yield found
            else:
                name = describe(found.content).name
                yield Item(found.id, found.id, found.version, name, len(found.content))
        self._demand_some(state.messages, before)

    def list_ids(self, cursor: Cursor | None) -> Iterator[SlimItem]:
        """Yield each message; what cannot be read makes the sweep fail.

        Raises:
            SourceUnavailableError: the listing is not complete, or suddenly empty.
        """
        count = 0
        for found in self._listing.since(State()):
            if isinstance(found, Failure):
                if found.retry:
                    raise SourceUnavailableError(f"source {self.source_id!r}: {found.reason}")
            elif not isinstance(found, State):
                count += 1
                yield SlimItem(found.id, found.version)
        self._demand_some(count, State.of(cursor))

    def acl(self, ids: Iterable[str]) -> Iterator[RawAcl]:
        """Yield no entries for any message: its readers come from the data owner."""
        for item in ids:
            yield RawAcl(item, b"", None)

    def principals(
        self,
        cursor: Cursor | None,  # noqa: ARG002 - the seam's shape
    ) -> Iterator[SourcePrincipal | Membership | Tombstone | Cursor]:
        """Yield nothing: files of mail know no people."""
        yield from ()

    def open(self, id: str, version: str) -> SourceContent:  # noqa: A002, ARG002 - the seam's shape
        """Return one message; where it was moved, it is looked for everywhere."""
        if not id.startswith("mid:"):
            raise SourceRejectedError("the item is not a message")
        content = self._listing.find(id)
        if content is None or id_of(content) != id:
            raise SourceUnavailableError("the message is not there at the moment")
        described = describe(content)
        return SourceContent(
            content=content,
            version=digest_of(content),
            media_type="message/rfc822",
            modified_at=described.sent_at or datetime.fromtimestamp(0, UTC),
            facts=described.facts,
        )

    def can_read(self, id: str, principal: str) -> bool | None:  # noqa: A002, ARG002
        """Return None: files of mail know no people."""
        return None

    def _demand_some(self, count: int, before: State) -> None:
        if before.messages and not count:
            raise SourceUnavailableError(f"source {self.source_id!r} lists no messages at all")
