"""Cuts a parsed document into chunks that an embedder sees whole."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from vault.domain.documents import CharSpan, Chunk, Element, ElementKind, ParsedDocument
from vault.ingest.sentences import sentence_spans, slices, word_spans

MAX_TOKENS = 254
"""Word pieces an embedder of 256 positions sees, its two marks apart."""

_TARGET_SHARE = 0.7
_SMALL_SHARE = 0.15
_CHARACTERS_PER_TOKEN = 12
_PREFIX_CHARACTERS = 120
_HEADING_CHARACTERS = 60
_HEADING_LINES = 8
_SEPARATOR = " > "

CountTokens = Callable[[Sequence[str]], list[int]]
"""Number of word pieces in each text, the embedder's own marks left out."""


@dataclass(frozen=True, slots=True)
class _Atom:
    """A span that is not cut any further, and what it costs in word pieces."""

    span: CharSpan
    cost: int
    number: int
    element: Element

    @property
    def is_title(self) -> bool:
        return self.element.kind is ElementKind.TITLE


def embedding_text(chunk: Chunk, title: str) -> str:
    """Return what the embedder sees: title and headings on one line, then the chunk's text.

    Headings that the text itself begins with are not repeated.
    """
    begun = {_short(line) for line in chunk.text.split("\n")[:_HEADING_LINES]}
    parts = [part for part in _prefix(title, chunk.headings) if part not in begun]
    return f"{_SEPARATOR.join(parts)}\n{chunk.text}" if parts else chunk.text


def chunk(
    parsed: ParsedDocument,
    *,
    count_tokens: CountTokens,
    max_tokens: int = MAX_TOKENS,
    title: str | None = None,
) -> tuple[Chunk, ...]:
    """Return the chunks of a document: in order, without overlap, and no text left out.

    A chunk holds consecutive elements under one heading path, about 70 % of the limit; the
    headings themselves stand in the first chunk below them. Elements are cut at sentences
    or lines, overlong sentences at words. ``count_tokens`` is called once, and a second
    time only if a sentence is longer than a chunk.

    Args:
        parsed: the document.
        count_tokens: counts word pieces of many texts at once.
        max_tokens: limit for ``embedding_text``, in word pieces.
        title: title the embedder will be given, if not the parser's own.
    """
    elements = list(_without_gaps(parsed))
    shown = parsed.title if title is None else title
    paths = list(dict.fromkeys(element.headings for element in elements))
    spans = [
        (number, element, span)
        for number, element in enumerate(elements)
        for span in sentence_spans(parsed.text, element.span, element.kind)
    ]
    counts = count_tokens(
        [_SEPARATOR.join(_prefix(shown, path)) for path in paths]
        + [span.of(parsed.text) for *_, span in spans]
    )
    limits = {
        path: max(max_tokens - count, max_tokens // 4)
        for path, count in zip(paths, counts, strict=False)
    }
    atoms = [
        _Atom(span, _cost(span, count), number, element)
        for (number, element, span), count in zip(spans, counts[len(paths) :], strict=True)
    ]
    groups: list[list[_Atom]] = []
    for section in _sections(_fitting(parsed.text, atoms, limits, count_tokens)):
        groups += _packed(section, limits[_path(section)])
    return tuple(_chunks(parsed.text, groups))


def _chunks(text: str, groups: Iterable[Sequence[_Atom]]) -> Iterator[Chunk]:
    for ordinal, group in enumerate(groups):
        span = CharSpan(group[0].span.start, group[-1].span.end)
        yield Chunk(ordinal, span, span.of(text), _path(group), group[0].element.page)


def _without_gaps(parsed: ParsedDocument) -> Iterator[Element]:
    """Yield the elements, and one more for any text between them that no element covers."""
    position = 0
    for element in parsed.elements:
        yield from _gap(parsed.text, position, element.span.start)
        yield element
        position = element.span.end
    yield from _gap(parsed.text, position, len(parsed.text))


def _gap(text: str, start: int, end: int) -> Iterator[Element]:
    if text[start:end].strip():
        yield Element(ElementKind.OTHER, CharSpan(start, end))


def _cost(span: CharSpan, count: int) -> int:
    # A word piece model counts a long string of rubbish as one unknown word.
    return max(count, (span.end - span.start) // _CHARACTERS_PER_TOKEN, 1)


def _fitting(
    text: str,
    atoms: Sequence[_Atom],
    limits: dict[tuple[str, ...], int],
    count_tokens: CountTokens,
) -> list[_Atom]:
    """Return the atoms, those that no chunk could hold cut at words."""
    rooms = list(_rooms(atoms, limits))
    words = {
        position: list(word_spans(text, atom.span))
        for position, (atom, room) in enumerate(zip(atoms, rooms, strict=True))
        if atom.cost > room
    }
    if not words:
        return list(atoms)
    counts = iter(count_tokens([word.of(text) for spans in words.values() for word in spans]))
    fitting: list[_Atom] = []
    for position, atom in enumerate(atoms):
        if position not in words:
            fitting.append(atom)
            continue
        costs = [(word, _cost(word, next(counts))) for word in words[position]]
        for span, cost in _runs(costs, rooms[position]):
            fitting.append(_Atom(span, cost, atom.number, atom.element))
    return fitting


def _rooms(atoms: Sequence[_Atom], limits: dict[tuple[str, ...], int]) -> Iterator[int]:
    """Yield the most each atom may cost, so that the titles above it fit beside it."""
    titles = 0
    for atom in atoms:
        limit = limits[atom.element.headings]
        yield limit - titles if titles <= limit // 2 else limit
        titles = titles + atom.cost if atom.is_title else 0


def _runs(words: Sequence[tuple[CharSpan, int]], room: int) -> Iterator[tuple[CharSpan, int]]:
    """Yield stretches of consecutive words that each cost at most ``room``."""
    start, end, total = -1, -1, 0
    for word, cost in words:
        parts = [(word, cost)]
        if cost > room:
            parts = [(part, part.end - part.start) for part in slices(word, room)]
        for part, price in parts:
            if total and total + price > room:
                yield CharSpan(start, end), total
                total = 0
            start, end, total = (start if total else part.start), part.end, total + price
    if total:
        yield CharSpan(start, end), total


def _sections(atoms: Iterable[_Atom]) -> list[list[_Atom]]:
    """Return runs of atoms under one heading path, each after the titles that lead to it."""
    sections: list[list[_Atom]] = []
    leading = True
    for atom in atoms:
        follows = bool(sections) and (
            leading if atom.is_title else leading or _path(sections[-1]) == atom.element.headings
        )
        if follows:
            sections[-1].append(atom)
        else:
            sections.append([atom])
        leading = atom.is_title
    if leading and len(sections) > 1:
        sections[-2:] = [sections[-2] + sections[-1]]
    return sections


def _path(atoms: Sequence[_Atom]) -> tuple[str, ...]:
    body = next((atom for atom in atoms if not atom.is_title), atoms[-1])
    return body.element.headings


def _packed(section: Sequence[_Atom], limit: int) -> list[list[_Atom]]:
    """Return the section as groups that fit ``limit``, elements kept whole where they can be."""
    target = limit * _TARGET_SHARE
    groups: list[list[_Atom]] = [[]]
    for _, run in groupby(section, key=lambda atom: atom.number):
        element = list(run)
        held, wanted = _total(groups[-1]), _total(element)
        has_body = any(not atom.is_title for atom in groups[-1])
        if has_body and (held >= target or (held + wanted > limit and _apart(held, wanted, limit))):
            groups.append([])
        for atom in element:
            if groups[-1] and _total(groups[-1]) + atom.cost > limit:
                groups.append([])
            groups[-1].append(atom)
    if len(groups) > 1:
        last = _total(groups[-1])
        if last <= limit * _SMALL_SHARE and _total(groups[-2]) + last <= limit:
            groups[-2:] = [groups[-2] + groups[-1]]
    return groups


def _apart(held: int, wanted: int, limit: int) -> bool:
    """Tell whether an element should start a new chunk and not fill the present one."""
    return wanted <= limit or held >= limit // 2


def _total(atoms: Iterable[_Atom]) -> int:
    return sum(atom.cost for atom in atoms)


def _prefix(title: str, headings: Sequence[str]) -> list[str]:
    """Return title and headings, shortened; headings in the middle give way first."""
    parts = list(dict.fromkeys(filter(None, map(_short, (title, *headings)))))
    while len(parts) > 2 and len(_SEPARATOR.join(parts)) > _PREFIX_CHARACTERS:
        del parts[1]
    return parts


def _short(text: str) -> str:
    return " ".join(text.split())[:_HEADING_CHARACTERS].rstrip()
