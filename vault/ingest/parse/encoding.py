"""Tells text from binary data and decodes it without losing a character it can keep."""

import codecs
import unicodedata

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
_LETTER_CONTROLS = bytes(_TEXT_CONTROLS).decode("ascii")
_NO_LETTERS = frozenset({"Cc", "Cn", "Co", "Cs"})
"""Controls, and code points that stand for nothing or for something private."""
_CONTROL_SHARE = 0.02
_ODD_SHARE = 0.2
_WESTERN = frozenset(
    "\u00e4\u00f6\u00fc\u00c4\u00d6\u00dc\u00df\u00e0\u00e1\u00e2\u00e3\u00e5\u00e7\u00e8\u00e9\u00ea\u00eb"
    "\u00ec\u00ed\u00ee\u00ef\u00f1\u00f2\u00f3\u00f4\u00f5\u00f8\u00f9\u00fa\u00fb\u00c0\u00c1\u00c5\u00c7"
    "\u00c8\u00c9\u00d1\u00d3\u00d8\u00da\u00a0\u00a3\u00a7\u00a9\u00ab\u00ae\u00b0\u00b7\u00bb\u00d7"
    "\u2013\u2014\u2018\u2019\u201a\u201c\u201d\u201e\u2022\u2026\u20ac\u2122"
)


def decode(content: bytes, *, charset: str | None = None) -> str | None:
    """Return the text that ``content`` encodes, or None if it is not text.

    Args:
        content: bytes of a whole file or message part.
        charset: encoding that the container states; tried first.
    """
    if is_binary(content):
        return None
    for encoding in (_marked(content), charset, "utf-8", _unmarked_wide(content)):
        text = _strict(content, encoding) if encoding else None
        if text is not None and "\0" not in text:
            return text
    return _guess(content)


def is_binary(content: bytes) -> bool:
    """Tell whether the first bytes hold more control characters than any text does.

    A byte order mark, or zero bytes on one side only, are a claim to be wide text; many
    binary files make it by chance, so what the claim decodes to is looked at too.
    """
    sample = content[:_SAMPLE]
    claimed = _marked(sample) or _unmarked_wide(sample)
    if claimed is not None:
        return not _reads_as_text(sample, claimed)
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return b"\0" in sample or controls > _CONTROL_SHARE * len(sample)


def _reads_as_text(sample: bytes, encoding: str) -> bool:
    # A sample may end inside a character, which the decoder then waits for.
    text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(sample)
    broken = text.count("\ufffd")
    odd = sum(unicodedata.category(letter) in _NO_LETTERS for letter in text)
    odd -= sum(map(text.count, _LETTER_CONTROLS))
    return odd <= _CONTROL_SHARE * len(text) and broken <= _ODD_SHARE * len(text)


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
    western = _strict(content, "cp1252")
    if western is not None and _is_western(western):
        return western
    best = from_bytes(content[:_SAMPLE]).best()
    encoding = best.encoding if best is not None else "latin-1"
    return content.decode(encoding, errors="replace")


def _is_western(text: str) -> bool:
    """Tell whether a Western reading makes sense: few odd letters, and only common ones.

    Short texts hold too little for statistics, which then find Asian scripts in umlauts.
    """
    odd = [character for character in text if not character.isascii()]
    return len(odd) < _ODD_SHARE * len(text) and set(odd) <= _WESTERN
