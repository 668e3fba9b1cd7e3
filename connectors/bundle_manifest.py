"""The manifest of a transfer bundle: one line of JSON for each item, all checked at once."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from connectors.errors import SourceRejectedError
from connectors.facts import EVERYONE, AclEffect, AclEntry

MAX_LINE_BYTES = 2**20
_FACTS = (
    "author",
    "classification",
    "created_at",
    "hold",
    "keywords",
    "language",
    "record_class",
    "title",
    "uri",
)
_TEXTS = frozenset({*_FACTS, "etag", "media_type"})
_FIELDS = _TEXTS | {
    "acl",
    "carried",
    "deleted",
    "gates",
    "modified_at",
    "path",
    "sha256",
    "size",
}
_ENTRY_FIELDS = frozenset({"effect", "inherited", "principal", "reads"})
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_PRINCIPAL = re.compile(r"(sid|uid|gid|name|group|mail|dn):\S.{0,510}")
_LONGEST_PATH = 1024
_UNSAID = datetime(1970, 1, 1, tzinfo=UTC)

AclEntries = tuple[AclEntry, ...]


@dataclass(frozen=True, slots=True)
class BundleEntry:
    """One item of a bundle.

    Attributes:
        path: its place in the bundle.
        version: digest of the whole line, so that any change of content or rights shows.
        sha256: of its bytes, in hexadecimal.
        carried: whether its bytes are in this bundle; an unchanged item may be left out.
        deleted: whether it is gone at its source; nothing else is said of it then.
        acl: ordered entries, or None where the line names none, which means nobody.
        acl_raw: the rights as the line gives them.
        facts: what else the line says of the item.
    """

    path: str
    version: str
    deleted: bool = False
    sha256: str = ""
    size: int = 0
    modified_at: datetime = _UNSAID
    carried: bool = True
    media_type: str | None = None
    acl: AclEntries | None = None
    gates: tuple[AclEntries, ...] = ()
    acl_raw: bytes = b""
    facts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def acl_hash(self) -> str:
        """A digest that changes with the item's rights."""
        return sha256(self.acl_raw).hexdigest()[:32]


def parse_manifest(content: bytes, *, max_items: int) -> Mapping[str, BundleEntry]:
    """Return the entries of a manifest by path, in its order.

    Raises:
        SourceRejectedError: a line is malformed, or two name the same place; the whole
            manifest is refused then.
    """
    entries: dict[str, BundleEntry] = {}
    folded: set[str] = set()
    for number, line in _lines(content):
        try:
            entry = _entry(line)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            reason = str(error) or type(error).__name__
            raise SourceRejectedError(f"line {number} of the manifest: {reason}") from error
        # Two spellings of one name would be one file on many file systems.
        spelling = unicodedata.normalize("NFC", entry.path)
        if spelling in folded:
            raise SourceRejectedError(f"line {number} of the manifest names a place again")
        folded.add(spelling)
        entries[entry.path] = entry
        if len(entries) > max_items:
            raise SourceRejectedError(f"the manifest lists more than {max_items} items")
    return MappingProxyType(entries)


def check_path(path: object) -> str:
    """Return ``path`` if it is a plain place below the bundle's folder of files.

    Raises:
        ValueError: it is absolute, leads out, or has parts that some system reads otherwise.
    """
    if not isinstance(path, str) or not 0 < len(path) <= _LONGEST_PATH:
        raise ValueError("the path is missing or too long")
    plain = path.isprintable() and "\\" not in path and ":" not in path.split("/")[0]
    if not plain or any(part in {"", ".", ".."} for part in path.split("/")):
        raise ValueError("the path is not a plain relative path")
    return path


def _lines(content: bytes) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(content.split(b"\n"), start=1):
        if len(line) > MAX_LINE_BYTES:
            raise SourceRejectedError(f"line {number} of the manifest is too long")
        if line.strip():
            yield number, line


def _entry(line: bytes) -> BundleEntry:
    fields = json.loads(line, object_pairs_hook=_once)
    if not isinstance(fields, dict):
        raise TypeError("it is not an object")
    unknown = sorted(fields.keys() - _FIELDS)
    if unknown:
        raise ValueError(f"unknown field {unknown[0]!r}")
    path, version = check_path(fields.get("path")), sha256(line.strip()).hexdigest()[:32]
    if _flag(fields, "deleted", default=False):
        return BundleEntry(path, version, deleted=True)
    texts = {name: _text(fields, name) for name in _TEXTS if name in fields}
    return BundleEntry(
        path=path,
        version=version,
        sha256=_matching(fields, "sha256", _SHA256),
        size=_size(fields),
        modified_at=_moment(fields),
        carried=_flag(fields, "carried", default=True),
        media_type=texts.get("media_type"),
        acl=_entries(fields["acl"]) if "acl" in fields else None,
        gates=tuple(_entries(gate) for gate in _list(fields.get("gates", []))),
        acl_raw=_rights(fields),
        facts=MappingProxyType({name: texts[name] for name in _FACTS if name in texts}),
    )


def _rights(fields: Mapping[str, Any]) -> bytes:
    rights = {name: fields[name] for name in ("acl", "gates") if name in fields}
    return json.dumps(rights, sort_keys=True, separators=(",", ":")).encode()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        # Readers differ in which of two values they take.
        raise ValueError("a field is given twice")
    return found


def _entries(given: object) -> AclEntries:
    return tuple(_acl_entry(entry) for entry in _list(given))


def _acl_entry(given: object) -> AclEntry:
    if not isinstance(given, dict) or given.keys() - _ENTRY_FIELDS:
        raise ValueError("an entry of the access list has another form")
    principal = given.get("principal")
    if principal != EVERYONE and not _fits(principal, _PRINCIPAL):
        raise ValueError(
            "a principal must be everyone or sid:, uid:, gid:, name:, group:, mail:, dn:"
        )
    return AclEntry(
        AclEffect(given["effect"]),
        str(principal),
        reads=_flag(given, "reads", default=True),
        inherited=_flag(given, "inherited", default=False),
    )


def _list(given: object) -> list[Any]:
    if not isinstance(given, list):
        raise TypeError("an access list is not a list")
    return given


def _fits(value: object, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _matching(fields: Mapping[str, Any], name: str, pattern: re.Pattern[str]) -> str:
    if not _fits(fields.get(name), pattern):
        raise ValueError(f"field {name!r} is missing or malformed")
    return str(fields[name])


def _flag(fields: Mapping[str, Any], name: str, *, default: bool) -> bool:
    value = fields.get(name, default)
    if not isinstance(value, bool):
        raise TypeError(f"field {name!r} is not true or false")
    return value


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields[name]
    if not isinstance(value, str):
        raise TypeError(f"field {name!r} is not text")
    return value


def _size(fields: Mapping[str, Any]) -> int:
    value = fields.get("size")
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError("field 'size' is missing or malformed")
    return value


def _moment(fields: Mapping[str, Any]) -> datetime:
    moment = datetime.fromisoformat(_text(fields, "modified_at"))
    if moment.utcoffset() is None:
        raise ValueError("field 'modified_at' has no time zone")
    return moment
