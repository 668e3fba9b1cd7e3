"""Tells text from binary data and decodes it without losing a character it can keep."""

import codecs

from charset_normalizer import from_bytes

_SAMPLE = 65_536
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TEXT_CONTROLS = frozenset(b"\t\n\r\f\v\b\x1b\x1a")
_CONTROLS = bytes(byte for byte in range(32) if byte not in _TEXT_CONTROLS)
_CONTROL_SHARE = 0.02


def decode(content: bytes, *, charset: str | None = None) -> str | None:
    """Return the text that ``content`` encodes, or None if it is not text.

    Args:
        content: bytes of a whole file or message part.
        charset: encoding that the container states; tried first.
    """
    for encoding in (_marked(content), charset, "utf-8", _unmarked_wide(content)):
        text = _strict(content, encoding) if encoding else None
        if text is not None and "\0" not in text:
            return text
    if is_binary(content):
        return None
    return _guess(content)


def is_binary(content: bytes) -> bool:
    """Tell whether the first bytes hold more control characters than any text does."""
    sample = content[:_SAMPLE]
    if _marked(sample) or _unmarked_wide(sample):
        return False
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return b"\0" in sample or controls > _CONTROL_SHARE * len(sample)


def _marked(content: bytes) -> str | None:
    return next((name for bom, name in _BOMS if content.startswith(bom)), None)


def _unmarked_wide(content: bytes) -> str | None:
    # Text mostly from one script has its zero bytes on one side only.
    sample = content[:4096]
    if len(sample) < 8 or b"\0" not in sample:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.4 * half and even == 0:
        return "utf-16-le"
    if even > 0.4 * half and odd == 0:
        return "utf-16-be"
    return None


def _strict(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _guess(content: bytes) -> str:
    best = from_bytes(content[:_SAMPLE]).best()
    encoding = best.encoding if best is not None else "latin-1"
    return content.decode(encoding, errors="replace")
