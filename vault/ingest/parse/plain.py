"""Plain text and the light markup that is best read as text."""

import json
import re
from collections.abc import Iterator

from vault.domain.documents import ElementKind
from vault.ingest.parse import media
from vault.ingest.parse.encoding import decode
from vault.ingest.parse.failures import Failure, ReadError
from vault.ingest.parse.pieces import Original, Piece, Reading

_BLOCK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_UNDERLINE = re.compile(r"([=\-~^\"'*+#.`:_])\1{2,}")
_ORG_TITLE = re.compile(r"(\*{1,8})\s+(\S.*)")
_NUMBERED = re.compile(r"(\d{1,3}(?:\.\d{1,3}){0,4})\.?\s+(\S.*)")
_ITEM = re.compile(r"(?:[-*+•‣◦]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+\S")
_LONGEST_TITLE = 100


def text_of(original: Original) -> str:
    """Return the decoded text of ``original`` with plain line ends.

    Raises:
        ReadError: the bytes are not text.
    """
    text = decode(original.content)
    if text is None:
        raise ReadError(Failure.BROKEN)
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def read_text(original: Original) -> Reading:
    """Return the blocks between empty lines; underlined, capital or numbered lines are titles."""
    ranks: list[str] = []
    org = original.media_type == media.ORG
    blocks = _BLOCK.split(text_of(original))
    pieces = [piece for block in blocks for piece in _block(block.strip("\n"), ranks, org=org)]
    return Reading(tuple(pieces), "text")


def read_json(original: Original) -> Reading:
    """Return one line a value, ``path: value``; text that is not JSON is given as it stands."""
    text = text_of(original)
    sources = text.splitlines() if original.media_type == media.NDJSON else [text]
    try:
        records = [json.loads(source) for source in sources if source.strip()]
    except (ValueError, RecursionError):
        return read_text(original)
    pieces = tuple(
        Piece(ElementKind.CODE, "\n".join(_values(record, "")) or "{}") for record in records
    )
    return Reading(pieces, "json")


def _values(value: object, path: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _values(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from _values(inner, f"{path}[{position}]")
    else:
        text = value if isinstance(value, str) else json.dumps(value)
        yield f"{path}: {text}" if path else text


def _block(block: str, ranks: list[str], *, org: bool) -> Iterator[Piece]:
    lines = block.split("\n")
    if org and (match := _ORG_TITLE.fullmatch(lines[0])):
        yield Piece(ElementKind.TITLE, match[2], depth=len(match[1]) - 1)
        lines = lines[1:]
    elif (title := _underlined(lines, ranks)) is not None:
        yield title[0]
        lines = lines[title[1] :]
    rest = "\n".join(lines).strip("\n")
    if not rest.strip():
        return
    if len(lines) == 1 and (depth := _title_depth(rest.strip())) is not None:
        yield Piece(ElementKind.TITLE, rest, depth=depth)
    elif _ITEM.match(rest.lstrip()):
        yield Piece(ElementKind.LIST_ITEM, rest)
    else:
        yield Piece(ElementKind.PARAGRAPH, rest)


def _underlined(lines: list[str], ranks: list[str]) -> tuple[Piece, int] | None:
    over = len(lines) > 2 and _UNDERLINE.fullmatch(lines[0].strip()) is not None
    start = 1 if over else 0
    if len(lines) < start + 2:
        return None
    text, line = lines[start].strip(), lines[start + 1].strip()
    if not text or len(text) > _LONGEST_TITLE or not _UNDERLINE.fullmatch(line):
        return None
    if len(line) < len(text) // 2 or not any(character.isalpha() for character in text):
        return None
    style = line[0] + ("^" if over else "")
    if style not in ranks:
        ranks.append(style)
    return Piece(ElementKind.TITLE, text, depth=ranks.index(style)), start + 2


def _title_depth(line: str) -> int | None:
    letters = sum(character.isalpha() for character in line)
    if len(line) > _LONGEST_TITLE or letters < 3 or line[-1] in ".,;:!?":
        return None
    numbered = _NUMBERED.fullmatch(line)
    if numbered and numbered[2][0].isupper():
        return numbered[1].count(".") + 1
    return 0 if line.isupper() and letters > len(line) // 2 else None
