"""Numbers with what they count, so that only like is compared with like."""

import re
from dataclasses import dataclass

from vault.answer.wording import number_form
from vault.answer.words import MONTHS
from vault.index.analysis import analyse

_QUANTITY = re.compile(
    r"(?P<money>[£$€¥]|\b(?:GBP|USD|EUR|CHF)\s?)?\s?"
    r"(?P<number>(?<![\w.,:-])(?:\d{1,2}:\d{2}\b|\d+(?:[.,]\d+)*))"
    r"(?:[\s-]?(?P<unit>%|[£$€¥]|°|[^\W\d_]+))?"
)
_YEAR = re.compile(r"(?:1[89]|20|21)\d\d")
_SIGNS = frozenset("%£$€¥°")


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number of a sentence.

    Attributes:
        kind: what it counts: a currency, a sign, the term of a unit, ``time``, ``date``,
            ``year``, or nothing.
        value: one form per value, so that ``1,500`` and ``1500`` are equal.
        text: number and unit as they were written.
    """

    kind: str
    value: str
    text: str


def quantities(text: str) -> tuple[Quantity, ...]:
    """Return the numbers of ``text`` in order."""
    return tuple(_quantity(match) for match in _QUANTITY.finditer(text))


def without_quantities(text: str) -> str:
    """Return ``text`` without its numbers and without the months of its dates."""
    return _QUANTITY.sub(lambda match: f" {'' if _is_date(match) else match['unit'] or ''} ", text)


def _quantity(match: re.Match[str]) -> Quantity:
    number, unit = match["number"], match["unit"] or ""
    money = (match["money"] or "").strip()
    if money:
        return Quantity(money, number_form(number), money + number)
    if ":" in number:
        return Quantity("time", number, number)
    value = number_form(number)
    if _is_date(match):
        return Quantity("date", f"{value} {unit.casefold()}", f"{number} {unit}")
    if _YEAR.fullmatch(number):
        return Quantity("year", value, number)
    kind = unit if unit in _SIGNS else next(iter(analyse(unit)), "")
    return Quantity(kind, value, " ".join(match.group().split()) if kind else number)


def _is_date(match: re.Match[str]) -> bool:
    return (match["unit"] or "").casefold() in MONTHS
