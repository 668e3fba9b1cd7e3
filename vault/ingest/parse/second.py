"""The second engine: another opinion on what a file says, and a reader of old formats."""

import kreuzberg

from vault.ingest.parse import media
from vault.ingest.parse.failures import Failure, ReadError
from vault.ingest.parse.markup import markdown_reading
from vault.ingest.parse.pieces import Original, Reading

ENGINE = "kreuzberg"
READS = frozenset(
    {media.MSG, media.EML, media.RTF, media.DOC, media.PPT, media.XLS, media.XLSB}
) | frozenset(kind.name for kind in media.SUPPORTED.values() if kind.guarded)
"""Kinds whose text the second engine finds when the first reader fails."""


def plain_text(original: Original) -> str:
    """Return the text the second engine finds, or an empty string if it refuses the file."""
    try:
        return _extract(original, "plain")
    except kreuzberg.KreuzbergError:
        return ""


def read_second(original: Original) -> Reading:
    """Return the pieces the second engine finds, with its headings and tables.

    Raises:
        ReadError: the second engine refuses the file too.
    """
    try:
        text = _extract(original, "markdown")
    except kreuzberg.KreuzbergError as error:
        locked = "password" in str(error).lower() or "encrypt" in str(error).lower()
        raise ReadError(Failure.PASSWORD if locked else Failure.BROKEN) from error
    return Reading(markdown_reading(text).pieces, ENGINE)


def _extract(original: Original, output: str) -> str:
    config = kreuzberg.ExtractionConfig(
        use_cache=False, output_format=output, enable_quality_processing=False
    )
    return kreuzberg.extract_bytes_sync(original.content, original.media_type, config).content
