"""Signed bundles of files with their rights: the way across an air gap."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from connectors.base import AclSupport, Capabilities, Health
from connectors.bundle_files import BundleFiles, files_of, fingerprint
from connectors.bundle_manifest import BundleEntry, parse_manifest
from connectors.bundle_memory import BundleMemory, Known
from connectors.bundle_note import MAX_NOTE_BYTES, BundleNote, open_note, parse_key
from connectors.errors import SourceError, SourceRejectedError, SourceUnavailableError
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

NOTE = "manifest.note"
MANIFEST = "manifest.jsonl"
FOLDER = "files"


@dataclass(frozen=True, slots=True)
class BundleConfig:
    """Which bundle to take in, and whose signature it must carry.

    Attributes:
        path: a folder, or a tar archive that is not compressed; a later bundle of the same
            name takes its place there.
        key: the maker's public key, ``NAME+ID+BASE64``.
        name: the name the bundle must carry; any, where empty.
        max_bytes: larger files are rejected.
        max_manifest_bytes: a larger manifest is rejected.
        max_items: a longer manifest is rejected.
    """

    path: Path
    key: str
    name: str = ""
    max_bytes: int = 256 * 2**20
    max_manifest_bytes: int = 256 * 2**20
    max_items: int = 1_000_000

    def __post_init__(self) -> None:
        """Refuse a key that is none."""
        parse_key(self.key)


@dataclass(frozen=True, slots=True)
class _Opened:
    fingerprint: tuple[int, ...]
    note: BundleNote
    entries: Mapping[str, BundleEntry]
    files: BundleFiles


class BundleConnector:
    """Reads a bundle whose manifest its maker signed; nothing is read before that is checked.

    Args:
        source_id: stable name of this source.
        config: which bundle, and whose.
    """

    config_type: ClassVar[type] = BundleConfig
    capabilities: ClassVar[Capabilities] = Capabilities(acl=AclSupport.NATIVE, tombstones=True)

    def __init__(self, *, source_id: str, config: BundleConfig) -> None:
        self.source_id = source_id
        self._config = config
        self._key = parse_key(config.key)
        self._last: _Opened | None = None

    def check(self) -> Health:
        """Tell whether the bundle is there and carries its maker's signature."""
        try:
            opened = self._opened()
        except SourceError as error:
            return Health(ok=False, detail=str(error))
        listed = sum(1 for entry in opened.entries.values() if not entry.deleted)
        return Health(
            ok=True,
            detail=f"bundle {opened.note.sequence} of {opened.note.name} lists {listed} items",
        )

    def scan(self, cursor: Cursor | None) -> Iterator[Item | Tombstone | Failure | Cursor]:
        """Yield every item and every deletion the manifest names, then where this got to."""
        opened, before = self._listing(cursor)
        for entry in opened.entries.values():
            if entry.deleted:
                yield Tombstone(self._id(entry))
            elif entry.size > self._config.max_bytes:
                reason = f"the file is larger than {self._config.max_bytes} bytes"
                yield Failure(self._id(entry), reason, retry=False)
            else:
                name, item = entry.path.rsplit("/", 1)[-1], self._id(entry)
                yield Item(item, item, entry.version, name, entry.size)
        known = self._known(opened, before)
        yield BundleMemory(opened.note.sequence, opened.note.manifest_digest, known).cursor()

    def list_ids(self, cursor: Cursor | None) -> Iterator[SlimItem]:
        """Yield every item; what a partial bundle does not list is as earlier ones said."""
        known = self._known(*self._listing(cursor))
        if known is None:
            raise SourceUnavailableError(
                "a partial bundle came for a source with too many items; a complete one is needed"
            )
        for item, (version, rights) in known.items():
            yield SlimItem(item, version, rights)

    def acl(self, ids: Iterable[str]) -> Iterator[RawAcl]:
        """Yield the rights that the manifest gives; an item without any has no reader."""
        entries = self._opened().entries
        for item in ids:
            entry = entries.get(item)
            if entry is None or entry.deleted:
                yield RawAcl(item, b"", None)
            else:
                yield RawAcl(item, entry.acl_raw, entry.acl, entry.gates)

    def principals(
        self,
        cursor: Cursor | None,  # noqa: ARG002 - the seam's shape
    ) -> Iterator[SourcePrincipal | Membership | Tombstone | Cursor]:
        """Yield nothing: a bundle names principals and leaves who they are to a directory."""
        yield from ()

    def open(self, id: str, version: str) -> SourceContent:  # noqa: A002, ARG002 - the seam's shape
        """Return the bytes of one item, which are those whose digest was signed."""
        opened = self._opened()
        entry = opened.entries.get(id)
        if entry is None or entry.deleted:
            raise SourceRejectedError(f"the item is not in the bundle of {self.source_id!r}")
        if not entry.carried:
            raise SourceUnavailableError("this bundle lists the item and does not carry it")
        content = opened.files.read(f"{FOLDER}/{entry.path}", max_bytes=self._config.max_bytes)
        if len(content) != entry.size or sha256(content).hexdigest() != entry.sha256:
            raise SourceRejectedError("the file is not the one whose digest was signed")
        return SourceContent(
            content=content,
            version=entry.version,
            media_type=entry.media_type,
            modified_at=entry.modified_at,
            facts=entry.facts,
        )

    def can_read(self, id: str, principal: str) -> bool | None:  # noqa: A002, ARG002
        """Return None: the source is on the other side."""
        return None

    def _id(self, entry: BundleEntry) -> str:
        return f"bundle://{self.source_id}/{quote(entry.path)}"

    def _listing(self, cursor: Cursor | None) -> tuple[_Opened, BundleMemory]:
        opened, before = self._opened(), BundleMemory.of(cursor)
        note = opened.note
        before.demand_later(sequence=note.sequence, digest=note.manifest_digest)
        return opened, before

    def _known(self, opened: _Opened, before: BundleMemory) -> Known | None:
        """Return all there is, as this bundle and, if it is partial, earlier ones say."""
        if opened.note.complete:
            known: dict[str, tuple[str, str]] = {}
        elif before.known is None:
            return None
        else:
            known = dict(before.known)
        for item, entry in opened.entries.items():
            if entry.deleted:
                known.pop(item, None)
            else:
                known[item] = entry.version, entry.acl_hash
        return known

    def _opened(self) -> _Opened:
        path = self._config.path
        if path.is_dir():
            now = fingerprint(path / NOTE) + fingerprint(path / MANIFEST)
        else:
            now = fingerprint(path)
        if self._last is None or self._last.fingerprint != now:
            try:
                self._last = self._verified(now)
            except SourceRejectedError as error:
                # A bundle that cannot be trusted says nothing of its items, bad or good.
                raise SourceUnavailableError(f"source {self.source_id!r}: {error}") from error
        return self._last

    def _verified(self, now: tuple[int, ...]) -> _Opened:
        files = files_of(self._config.path)
        note = open_note(files.read(NOTE, max_bytes=MAX_NOTE_BYTES), self._key)
        if self._config.name not in ("", note.name):
            raise SourceRejectedError(f"the bundle is of {note.name!r}, not of the named source")
        manifest = files.read(MANIFEST, max_bytes=self._config.max_manifest_bytes)
        if sha256(manifest).hexdigest() != note.manifest_digest:
            raise SourceRejectedError("the manifest is not the one that was signed")
        entries = parse_manifest(manifest, max_items=self._config.max_items)
        named = {self._id(entry): entry for entry in entries.values()}
        return _Opened(now, note, named, files)
