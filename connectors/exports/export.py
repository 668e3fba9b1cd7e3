"""What every export is to the vault: items with rights, people, and nothing that changes."""

import json
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from connectors.base import Health
from connectors.errors import SourceError, SourceRejectedError, SourceUnavailableError
from connectors.exports.archive import Archive, fingerprint, open_archive
from connectors.facts import (
    AclEffect,
    AclEntry,
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

Entries = tuple[AclEntry, ...]


def allow(*principals: str) -> Entries:
    """Return entries that let each principal read."""
    return tuple(AclEntry(AclEffect.ALLOW, principal, reads=True) for principal in principals)


def deny(*principals: str) -> Entries:
    """Return entries that keep each principal from reading."""
    return tuple(AclEntry(AclEffect.DENY, principal, reads=True) for principal in principals)


@dataclass(frozen=True, slots=True)
class Rights:
    """Who may read an item: entries as in a RawAcl, None for nobody, and gates."""

    entries: Entries | None
    gates: tuple[Entries, ...] = ()

    @property
    def raw(self) -> bytes:
        """The rights as bytes that are the same for the same rights."""
        return json.dumps([_forms(self.entries), [_forms(gate) for gate in self.gates]]).encode()


NOBODY = Rights(None)


@dataclass(frozen=True, slots=True)
class ExportItem:
    """One document of an export.

    Attributes:
        id: stable name, the same from export to export.
        name: file name or title.
        version: changes with the bytes.
        read: returns the bytes.
    """

    id: str
    name: str
    version: str
    read: Callable[[], bytes]
    modified_at: datetime
    rights: Rights
    size: int | None = None
    media_type: str | None = None
    facts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def full_version(self) -> str:
        """A token that changes with bytes, rights and facts."""
        facts = json.dumps(dict(self.facts), sort_keys=True)
        return _digest(self.version.encode(), self.rights.raw, facts.encode())


@dataclass(frozen=True, slots=True)
class Export:
    """All that one export holds.

    Attributes:
        items: by id.
        missing: what it names and does not hold.
    """

    items: Mapping[str, ExportItem]
    missing: Sequence[Failure] = ()
    principals: Sequence[SourcePrincipal] = ()
    memberships: Sequence[Membership] = ()


class ExportSettings(Protocol):
    """What the settings of every kind of export have."""

    @property
    def path(self) -> Path:
        """The zip archive, or the folder it was unpacked to."""
        ...

    @property
    def max_bytes(self) -> int:
        """Larger items are rejected."""
        ...


class ExportConnector:
    """Follows one export; a later one takes its place under the same path.

    Args:
        source_id: stable name of this source.
        config: where the export is.
    """

    def __init__(self, *, source_id: str, config: ExportSettings) -> None:
        self.source_id = source_id
        self._path = config.path
        self._max_bytes = config.max_bytes
        self._last: tuple[tuple[object, ...], Export] | None = None

    @abstractmethod
    def read_export(self, archive: Archive) -> Export:
        """Return what the export at hand holds.

        Raises:
            SourceRejectedError: it is not an export of this kind, or damaged.
        """

    def check(self) -> Health:
        """Tell whether the export is there and can be read."""
        try:
            found = self._export()
        except SourceError as error:
            return Health(ok=False, detail=str(error))
        return Health(ok=True, detail=f"the export holds {len(found.items)} items")

    def scan(self, cursor: Cursor | None) -> Iterator[Item | Tombstone | Failure | Cursor]:
        """Yield every item, what is missing as failures, then a cursor that counts them."""
        found = self._listed(cursor)
        yield from found.missing
        for item in found.items.values():
            if item.size is not None and item.size > self._max_bytes:
                reason = f"the file is larger than {self._max_bytes} bytes"
                yield Failure(item.id, reason, retry=False)
            else:
                yield Item(item.id, item.id, item.full_version, item.name, item.size)
        yield Cursor(json.dumps({"items": len(found.items)}))

    def list_ids(self, cursor: Cursor | None) -> Iterator[SlimItem]:
        """Yield every item of the export."""
        for item in self._listed(cursor).items.values():
            yield SlimItem(item.id, item.full_version, _digest(item.rights.raw))

    def acl(self, ids: Iterable[str]) -> Iterator[RawAcl]:
        """Yield the rights that are in the export; what it does not say has no reader."""
        items = self._export().items
        for each in ids:
            rights = items[each].rights if each in items else NOBODY
            yield RawAcl(each, rights.raw, rights.entries, rights.gates)

    def principals(
        self,
        cursor: Cursor | None,  # noqa: ARG002 - the seam's shape
    ) -> Iterator[SourcePrincipal | Membership | Tombstone | Cursor]:
        """Yield the people, groups and memberships that are in the export."""
        found = self._export()
        yield from found.principals
        yield from found.memberships

    def open(self, id: str, version: str) -> SourceContent:  # noqa: A002, ARG002 - the seam's shape
        """Return the bytes of one item."""
        held = self._last[1].items.get(id) if self._last is not None else None
        item = held or self._export().items.get(id)
        if item is None:
            raise SourceRejectedError(f"the item is not in the export of {self.source_id!r}")
        # What is known to be too large is not read into memory to find out.
        content = item.read() if (item.size or 0) <= self._max_bytes else None
        if content is None or len(content) > self._max_bytes:
            raise SourceRejectedError(f"the item is larger than {self._max_bytes} bytes")
        self._check_unchanged()
        return SourceContent(
            content=content,
            version=item.full_version,
            media_type=item.media_type,
            modified_at=item.modified_at,
            facts=item.facts,
        )

    def can_read(self, id: str, principal: str) -> bool | None:  # noqa: A002, ARG002
        """Return None: an export answers no questions."""
        return None

    def _listed(self, cursor: Cursor | None) -> Export:
        found = self._export()
        before = json.loads(cursor.value).get("items", 0) if cursor is not None else 0
        if before and not found.items:
            raise SourceUnavailableError(f"the export of {self.source_id!r} holds nothing at all")
        return found

    def _check_unchanged(self) -> None:
        """Keep the bytes of one export from going out under the rights of another."""
        if self._last is None or self._last[0] != fingerprint(self._path):
            self._last = None
            raise SourceUnavailableError(f"the export of {self.source_id!r} changed while read")

    def _export(self) -> Export:
        now = fingerprint(self._path)
        if self._last is None or self._last[0] != now:
            try:
                self._last = now, self.read_export(open_archive(self._path))
            except SourceRejectedError as error:
                raise SourceUnavailableError(f"source {self.source_id!r}: {error}") from error
        return self._last[1]


def _forms(entries: Entries | None) -> list[list[object]] | None:
    if entries is None:
        return None
    return [[entry.effect.value, entry.principal, entry.reads] for entry in entries]


def _digest(*parts: bytes) -> str:
    whole = sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big") + part)
    return whole.hexdigest()[:32]
