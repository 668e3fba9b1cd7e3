"""What a sentence commits itself to: its terms, numbers, names and negation."""

import re
from dataclasses import dataclass

from vault.answer.words import MONTHS, NEGATORS
from vault.index.analysis import analyse

_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?![\w])|(?<=[^\W\d_])\d+|\d+")
_WORD = re.compile(r"[^\W\d_][\w'\u2019-]*")
_QUOTE_MARKS = str.maketrans({"\u2019": "'"})


@dataclass(frozen=True, slots=True)
class Wording:
    """The parts of a sentence that two sentences can differ in.

    Attributes:
        terms: analysed terms of all words but the negating ones.
        numbers: digits of every number, without grouping marks.
        names: words that begin with a capital letter inside the sentence, case-folded;
            months are no names.
        opening: terms of its first word, which may or may not be a name.
        negated: whether the sentence holds an odd number of negating words.
    """

    terms: frozenset[str]
    numbers: frozenset[str]
    names: frozenset[str]
    opening: frozenset[str]
    negated: bool


def wording(text: str) -> Wording:
    """Return what ``text`` commits itself to."""
    words = [match.group().translate(_QUOTE_MARKS) for match in _WORD.finditer(text)]
    negators = [word for word in words if word.casefold() in NEGATORS]
    return Wording(
        terms=frozenset(analyse(text)).difference(analyse(" ".join(negators))),
        numbers=numbers(text),
        names=frozenset(word.casefold() for word in words[1:] if word[0].isupper()) - MONTHS,
        opening=frozenset(analyse(" ".join(words[:1]))),
        negated=len(negators) % 2 == 1,
    )


def words_in(text: str) -> frozenset[str]:
    """Return every word of ``text``, case-folded."""
    return frozenset(match.group().casefold() for match in _WORD.finditer(text))


def numbers(text: str) -> frozenset[str]:
    """Return the numbers in ``text`` in one form: ``1,500.0`` and ``1500.0`` are the same."""
    return frozenset(number_form(match.group()) for match in _NUMBER.finditer(text))


def number_form(number: str) -> str:
    """Return ``number`` without marks between thousands and without empty decimals."""
    grouped = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?", number)
    if grouped:
        head, mark, tail = number.rpartition("." if number.rfind(".") > number.rfind(",") else ",")
        if len(tail) == 3:
            head, mark, tail = number, "", ""
        number = re.sub(r"[.,]", "", head) + ("." if mark else "") + tail
    number = number.replace(",", ".")
    whole, _, decimals = number.partition(".")
    decimals = decimals.rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{decimals}" if decimals else "")
