"""One row of a database as an item: its id, version, bytes, facts and rights."""

import mimetypes
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from urllib.parse import quote

from connectors.errors import SourceRejectedError
from connectors.facts import Failure, Item, RawAcl, SlimItem, SourceContent
from connectors.sql_columns import TOO_LARGE, SqlColumns
from connectors.sql_values import (
    UnknownValueError,
    digest_of,
    entries_of,
    key_of,
    moment_of,
    raw_of,
    value_of,
)

Row = Mapping[str, object]


class SqlRows:
    """Turns rows into facts.

    Args:
        source_id: stable name of the source, the beginning of every id.
        columns: what stands where.
        media_type: what the texts are.
    """

    def __init__(self, source_id: str, columns: SqlColumns, *, media_type: str) -> None:
        self.base = f"sql:{quote(source_id, safe='')}/"
        self._columns = columns
        self._media_type = media_type
        self._suffix = mimetypes.guess_extension(media_type) or ""

    def id_of(self, row: Row) -> str:
        """Return the id of a row.

        Raises:
            UnknownValueError: its key is of a kind that cannot be followed.
        """
        return self.base + key_of(row[self._columns.id])

    def key_of(self, item: str) -> object:
        """Return the key of the row that ``item`` names.

        Raises:
            SourceRejectedError: it is no id of this source.
        """
        if not item.startswith(self.base):
            raise SourceRejectedError("the item is no row of this source")
        try:
            return value_of(item.removeprefix(self.base))
        except UnknownValueError as error:
            raise SourceRejectedError("the item is no row of this source") from error

    def item(self, row: Row) -> Item | Failure:
        """Return a row as an item, or why it is none."""
        try:
            item = self.id_of(row)
        except UnknownValueError as error:
            return Failure(self.base + "?", str(error), retry=False)
        if row.get(TOO_LARGE) is not None:
            reason = f"the text is too large: {row[TOO_LARGE]} bytes"
            return Failure(item, reason, retry=False)
        if self._columns.version and row[self._columns.version] is None:
            return Failure(item, "the row has no version", retry=False)
        title = self._text(row, self._columns.title) or str(row[self._columns.id])
        return Item(item, item, self.version(row), title + self._suffix)

    def version(self, row: Row) -> str:
        """Return a token that changes with the row and its readers."""
        if self._columns.version:
            names = [self._columns.version, self._columns.readers]
        else:
            names = [*self._columns.names(), TOO_LARGE]
        return digest_of(row.get(name) for name in names if name)[:32]

    def slim(self, row: Row) -> SlimItem | None:
        """Return what a sweep says of a row, or None where it cannot be an item."""
        try:
            item = self.id_of(row)
        except UnknownValueError:
            return None
        readers = self._columns.readers
        return SlimItem(item, self.version(row), digest_of([row[readers]]) if readers else "")

    def rights(self, item: str, row: Row | None) -> RawAcl:
        """Return the readers that a row names; a row that is not there has unknown ones."""
        readers = None if row is None else row[self._columns.readers]
        if readers is None:
            return RawAcl(item, b"", None)
        return RawAcl(item, raw_of(readers), entries_of(readers))

    def content(self, row: Row) -> SourceContent:
        """Return the bytes of a row.

        Raises:
            SourceRejectedError: there are too many, or none.
        """
        if row.get(TOO_LARGE) is not None:
            raise SourceRejectedError(f"the text is too large: {row[TOO_LARGE]} bytes")
        body = row[self._columns.text]
        if isinstance(body, str):
            # The database may hold halves of characters; they are kept from breaking the rest.
            content = body.encode("utf-8", "replace")
        elif isinstance(body, bytes | memoryview):
            content = bytes(body)
        else:
            raise SourceRejectedError("the row has no text")
        return SourceContent(
            content=content,
            version=self.version(row),
            media_type=self._media_type,
            modified_at=moment_of(row.get(self._columns.modified)) or datetime.now(UTC),
            facts=self._facts(row),
        )

    def _facts(self, row: Row) -> Mapping[str, str]:
        pairs = [("title", self._columns.title), *self._columns.facts]
        facts = {fact: self._text(row, column) for fact, column in pairs if column}
        return MappingProxyType({fact: value for fact, value in facts.items() if value})

    def _text(self, row: Row, column: str) -> str:
        value = row.get(column)
        if value is None:
            return ""
        moment = None if isinstance(value, str) else moment_of(value)
        return str(value).strip() if moment is None else moment.isoformat()
