"""Filters read out of the plain words of a query, by code and against visible values only."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from vault.domain.questions import Filters
from vault.index.analysis import analyse
from vault.retrieve import phrases
from vault.retrieve.dates import LONGEST, Period, read_date
from vault.store.filters import Facets

_TOKEN = re.compile(r"[^\s,;?!()\"\u00bf\u00a1]+")
_OPERATOR = re.compile(
    r"(?<!\S)(source|collection|type|owner|language|lang|after|before):(?:\"([^\"]+)\"|(\S+))", re.I
)
_BREAKS = re.compile(r"[-_./\s]+")
_LONGEST_NAME = 4
"""Most words of a source's, a collection's or an owner's name."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A query without the words that were taken as filters, and those filters."""

    words: str
    filters: Filters


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Match:
    """The last words of a run as filters.

    Attributes:
        count: how many words.
        explicit: whether it names documents, so that it counts in sentences too.
        weak: whether it counts only in the company of another one.
    """

    count: int
    filters: Mapping[str, object]
    explicit: bool
    weak: bool = False


class Interpreter:
    """Reads filters out of queries of one subject.

    A word becomes a filter only in few, closed forms: in a list of key words at its end
    ("leave policy in pdf from Finance since March 2025"), in a sentence where it names
    documents ("… in the PDF files", "… in the Finance collection"), or as an operator
    (``type:pdf``). A name counts only if a document the subject may read has it.

    Args:
        facets: gives the values that documents the subject may read have; asked only when
            a query has a form that could be a filter.
        now: the time that "last month" is counted from.
    """

    def __init__(self, facets: Callable[[], Facets], *, now: datetime) -> None:
        self._facets = facets
        self._now = now
        self._rules = (self._date, self._type, self._place, self._owner, self._language)

    def read(self, text: str, given: Filters) -> Reading:
        """Return what ``text`` says of filters that the caller has not ``given`` already.

        The words of a filter leave the query only if something to search for remains.
        """
        found: dict[str, object] = dict(given.given)
        words = self._operators(text, found)
        words = self._phrases(words, found)
        new = {name: value for name, value in found.items() if name not in given.given}
        kept = words if new and analyse(words) else text
        return Reading(kept, replace(Filters(), **new))  # type: ignore[arg-type]

    def _operators(self, text: str, found: dict[str, object]) -> str:
        def taken(match: re.Match[str]) -> str:
            name, value = match[1].casefold(), match[2] or match[3]
            filters = self._operator(name, value)
            return match[0] if filters is None or not _fits(filters, found) else ""

        return " ".join(_OPERATOR.sub(taken, text).split())

    def _operator(self, name: str, value: str) -> Mapping[str, object] | None:
        if name in {"after", "before"}:
            period = read_date([value.casefold()], now=self._now)
            edge = phrases.Edge.FROM_START if name == "after" else phrases.Edge.TO_START
            return None if period is None else _edge(edge, period)
        facets = self._facets()
        values = {
            "source": facets.sources,
            "collection": facets.collections,
            "type": facets.types,
            "owner": facets.owners,
        }.get(name, facets.languages)
        known = {_folded(visible): visible for visible in values}.get(_folded(value))
        field = "language" if name == "lang" else name
        return None if known is None else {field: known}

    def _phrases(self, text: str, found: dict[str, object]) -> str:
        """Take filters off the end of key words, and out of sentences where they are explicit."""
        tokens = [
            _Token(match[0].rstrip(".:").casefold(), match.start(), match.end())
            for match in _TOKEN.finditer(text)
        ]
        sentence = text.endswith(("?", ".")) or any(one.word in phrases.SENTENCE for one in tokens)
        if sentence and any(one.word in phrases.MAKING for one in tokens):
            return text
        words = [one.word for one in tokens]
        taken, matches = self._taken(words, found.keys(), sentence=sentence)
        if all(match.weak for match in matches):
            return text
        for match in matches:
            found.update(match.filters)
        return _without(text, [tokens[place] for place in taken])

    def _taken(
        self, words: Sequence[str], known: Iterable[str], *, sentence: bool
    ) -> tuple[list[int], list[_Match]]:
        """Return the places of the words that are filters, and the filters, last first.

        What is ``known`` already, or was said further right, is no filter again.
        """
        places: list[int] = []
        matches: list[_Match] = []
        seen = set(known)
        end = len(words)
        while end > 0:
            match = self._match(words[:end], bare=not sentence)
            if match is not None and seen.isdisjoint(match.filters):
                matches.append(match)
                seen.update(match.filters)
                places.extend(range(end - match.count, end))
                end -= match.count
            elif sentence:
                end -= 1
            else:
                break
        return sorted(places), matches

    def _match(self, words: Sequence[str], *, bare: bool) -> _Match | None:
        found = (rule(words) for rule in self._rules)
        return next((match for match in found if match and (bare or match.explicit)), None)

    def _date(self, words: Sequence[str]) -> _Match | None:
        """``since March 2025``, after ``documents`` or ``changed`` or on its own."""
        for length in range(min(LONGEST, len(words)), 0, -1):
            period = read_date(words[-length:], now=self._now)
            if period is None:
                continue
            before = words[:-length]
            before = before[: len(before) - _run(before, phrases.ARTICLES)]
            for opening, edge in phrases.EDGES.items():
                if tuple(before[-len(opening) :]) == opening:
                    count = len(words) - len(before) + len(opening)
                    changed = _stretch(words[:-count], phrases.CHANGED)
                    noun = words[: len(words) - count - changed][-1:]
                    explicit = bool(noun) and noun[0] in phrases.DOCUMENTS
                    weak = length == 1 and words[-1].isdigit() and not (explicit or changed)
                    return _Match(count + changed + explicit, _edge(edge, period), explicit, weak)
        return None

    def _type(self, words: Sequence[str]) -> _Match | None:
        """``in pdf``, ``pdf only``, ``in the PDF files``."""
        closing = _run(words, phrases.ONLY) or _run(words, phrases.DOCUMENTS)
        family = phrases.TYPES.get(words[-closing - 1]) if len(words) > closing else None
        if family is None:
            return None
        opening = _opening(words[: -closing - 1], phrases.INSIDE | phrases.ONLY | {"als", "as"})
        if not opening and not closing:
            return None
        if family not in self._facets().types:
            return None
        only = bool(closing) and words[-1] in phrases.ONLY
        named = bool(closing) and bool(opening)
        return _Match(opening + 1 + closing, {"type": family}, only or named)

    def _place(self, words: Sequence[str]) -> _Match | None:
        """``from Finance``, ``in the Finance collection``, ``in collection Finance``."""
        # A collection may itself be called "papers", so such a last word is tried as a name too.
        closed = _run(words, phrases.PLACES | phrases.DOCUMENTS)
        found = (self._named_place(words, closing) for closing in sorted({0, closed}))
        return next((match for match in found if match is not None), None)

    def _named_place(self, words: Sequence[str], closing: int) -> _Match | None:
        for length, name in _names(words[: len(words) - closing]):
            before = words[: len(words) - closing - length]
            noun = _run(before, phrases.PLACES)
            explicit = bool(closing or noun)
            openers = phrases.INSIDE if explicit else phrases.OUT_OF
            opening = _opening(before[: len(before) - noun], openers)
            if opening and (filters := self._placed(name)):
                return _Match(opening + noun + length + closing, filters, explicit)
        return None

    def _placed(self, name: str) -> Mapping[str, object] | None:
        facets = self._facets()
        for field, values in (("collection", facets.collections), ("source", facets.sources)):
            known = {_folded(value): value for value in values}.get(name)
            if known is not None:
                return {field: known}
        return None

    def _owner(self, words: Sequence[str]) -> _Match | None:
        """``by Olga``, ``owned by Olga``."""
        for length, name in _names(words):
            before = words[:-length]
            owned = next(
                (len(form) for form in phrases.OWNED if tuple(before[-len(form) :]) == form), 0
            )
            count = owned or _run(before, phrases.BY)
            if not count:
                continue
            known = {_folded(owner): owner for owner in self._facets().owners}.get(name)
            if known is not None:
                return _Match(count + length, {"owner": known}, bool(owned))
        return None

    def _language(self, words: Sequence[str]) -> _Match | None:
        """``in German``, and in a sentence ``documents in German``."""
        code = phrases.LANGUAGES.get(words[-1])
        if code is None or not _run(words[:-1], phrases.IN_LANGUAGE):
            return None
        explicit = _run(words[:-2], phrases.DOCUMENTS)
        if code not in self._facets().languages:
            return None
        return _Match(2 + explicit, {"language": code}, bool(explicit))


def _fits(filters: Mapping[str, object], found: dict[str, object]) -> bool:
    """Add ``filters`` to what was found unless one is there already; tell which it was."""
    if filters.keys() & found.keys():
        return False
    found.update(filters)
    return True


def _edge(edge: phrases.Edge, period: Period) -> Mapping[str, object]:
    return {
        phrases.Edge.FROM_START: {"modified_after": period.start},
        phrases.Edge.FROM_END: {"modified_after": period.end},
        phrases.Edge.TO_START: {"modified_before": period.start},
        phrases.Edge.TO_END: {"modified_before": period.end},
    }[edge]


def _names(words: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the last words as a name, the longest run first, with their number."""
    for length in range(min(_LONGEST_NAME, len(words) - 1), 0, -1):
        yield length, _folded(" ".join(words[-length:]))


def _run(words: Sequence[str], among: frozenset[str]) -> int:
    """Return 1 if the last word is ``among`` these, else 0."""
    return int(bool(words) and words[-1] in among)


def _stretch(words: Sequence[str], among: frozenset[str]) -> int:
    """Return how many of the last words in a row are ``among`` these."""
    count = 0
    while _run(words[: len(words) - count], among):
        count += 1
    return count


def _opening(words: Sequence[str], among: frozenset[str]) -> int:
    """Return how many words the preposition and its article at the end are, 0 if none."""
    article = _run(words, phrases.ARTICLES)
    if article and _run(words[:-1], among):
        return 2
    return _run(words, among)


def _folded(name: str) -> str:
    return " ".join(_BREAKS.sub(" ", name.casefold()).split())


def _without(text: str, taken: Sequence[_Token]) -> str:
    for token in reversed(taken):
        text = text[: token.start] + text[token.end :]
    return re.sub(r"\s+([,;?!.])", r"\1", " ".join(text.split())).strip(" ,;")
