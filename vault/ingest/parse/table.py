"""Comma and tab separated values."""

import csv

from vault.ingest.parse import media
from vault.ingest.parse.encoding import decode
from vault.ingest.parse.failures import Failure, ReadError
from vault.ingest.parse.pieces import Original, Reading
from vault.ingest.parse.rows import record_pieces

_SAMPLE = 16_384
_FIELD_BYTES = 2**24


def read_csv(original: Original) -> Reading:
    """Return the rows, each value beside its column's name where there are names."""
    text = decode(original.content)
    if text is None:
        raise ReadError(Failure.BROKEN)
    csv.field_size_limit(_FIELD_BYTES)
    lines = text.removeprefix("\ufeff").splitlines(keepends=True)
    rows = csv.reader(lines, _dialect(text, original.media_type))
    try:
        return Reading(tuple(record_pieces(rows)), "csv")
    except csv.Error as error:
        raise ReadError(Failure.BROKEN) from error


def _dialect(text: str, media_type: str) -> type[csv.Dialect]:
    if media_type == media.TSV:
        return csv.excel_tab
    try:
        return csv.Sniffer().sniff(text[:_SAMPLE], delimiters=",;\t|")
    except csv.Error:
        return csv.excel
