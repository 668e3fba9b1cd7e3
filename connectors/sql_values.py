"""Values of a database as ids, positions, versions, times and readers."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import quote, unquote
from uuid import UUID

from connectors.errors import SourceUnavailableError
from connectors.facts import EVERYONE, AclEffect, AclEntry

_KINDS = frozenset({"gid", "mail", "name", "sid", "uid"})
_LISTED = str.maketrans(",;", "\n\n")


class UnknownValueError(ValueError):
    """A value is of a kind that cannot be followed."""


def key_of(value: object) -> str:
    """Return a key as text that keeps its kind: ``n/42``, ``t/A-7`` or ``u/…``.

    Raises:
        UnknownValueError: the key is no whole number, text or UUID.
    """
    if isinstance(value, bool) or not isinstance(value, int | str | UUID):
        raise UnknownValueError("the key of a row is no whole number, text or UUID")
    kind = "n" if isinstance(value, int) else "u" if isinstance(value, UUID) else "t"
    return f"{kind}/{quote(str(value), safe='')}"


def value_of(key: str) -> int | str | UUID:
    """Return the value that ``key_of`` wrote.

    Raises:
        UnknownValueError: it wrote no such text.
    """
    kind, _, written = key.partition("/")
    shown = unquote(written)
    try:
        if kind == "n":
            return int(shown)
        if kind == "u":
            return UUID(shown)
    except ValueError as error:
        raise UnknownValueError("the item is no row") from error
    if kind != "t":
        raise UnknownValueError("the item is no row")
    return shown


def position_of(value: object) -> list[str]:
    """Return a value of the version column as it stands in a cursor.

    Raises:
        SourceUnavailableError: the value is no number, text or time.
    """
    if isinstance(value, datetime):
        return ["time", value.isoformat()]
    if isinstance(value, Decimal):
        return ["decimal", str(value)]
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise SourceUnavailableError("the version column holds no whole numbers, texts or times")
    return ["number" if isinstance(value, int) else "text", str(value)]


def position_value(position: list[str]) -> datetime | Decimal | int | str:
    """Return the value that ``position_of`` wrote."""
    kind, written = position
    if kind == "time":
        return datetime.fromisoformat(written)
    if kind == "decimal":
        return Decimal(written)
    return int(written) if kind == "number" else written


def moment_of(value: object) -> datetime | None:
    """Return a time, aware, or None where ``value`` is none; a naive one is taken as UTC."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=UTC)
    if not isinstance(value, datetime):
        return None
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value


def digest_of(values: Iterable[object]) -> str:
    """Return a token that changes with any of the values."""
    written = [_written(value) for value in values]
    return hashlib.sha256(json.dumps(written).encode()).hexdigest()


def entries_of(readers: object) -> tuple[AclEntry, ...] | None:
    """Return an entry for each reader that a row names, or None where it names none.

    Readers stand one a line, or with commas or semicolons between, or in an array. ``*`` is
    everyone; a name with ``@`` is an address; ``uid:``, ``gid:``, ``sid:``, ``mail:`` and ``name:``
    say themselves what they are.
    """
    listed: list[object]
    if isinstance(readers, str):
        listed = list(readers.translate(_LISTED).split("\n"))
    elif isinstance(readers, list | tuple):
        listed = list(readers)
    else:
        return None
    names = [str(name).strip() for name in listed if name is not None]
    return tuple(
        AclEntry(AclEffect.ALLOW, _principal(name), reads=True)
        for name in dict.fromkeys(names)
        if name
    )


def raw_of(readers: object) -> bytes:
    """Return the readers of a row as bytes for audit."""
    return json.dumps(_written(readers), ensure_ascii=False).encode()


def _principal(name: str) -> str:
    if name == "*":
        return EVERYONE
    if name.partition(":")[0] in _KINDS:
        return name
    return f"mail:{name}" if "@" in name else f"name:{name}"


def _written(value: object) -> object:
    if isinstance(value, bytes | memoryview):
        return ["bytes", hashlib.sha256(value).hexdigest()]
    if isinstance(value, list | tuple):
        return [_written(each) for each in value]
    return value if value is None or isinstance(value, bool | int | str) else repr(value)
