"""Data about persons that can be told from other text: by a check digit, or by a strict form."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

import phonenumbers
from stdnum import iban, luhn
from stdnum.ch import ssn as swiss
from stdnum.de import idnr
from stdnum.es import dni
from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.it import codicefiscale
from stdnum.nl import bsn
from stdnum.us import ssn

from vault.domain.documents import CharSpan
from vault.domain.findings import Finding, FindingKind
from vault.ingest.screen.places import folded, places

NEAR = 60
"""Characters before a number within which its name must stand, where its check is weak."""
_CARD = re.compile(
    r"(?:4\d{12}(?:\d{3})?|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|6(?:011|5\d\d)\d{12})"
)
_SEPARATORS = re.compile(r"[ .\-]")


class Kind(NamedTuple):
    """A kind of number.

    Attributes:
        pattern: what it looks like.
        valid: checks what was found, without its separators.
        names: words of which one must stand just before it; none for a check that is enough.
    """

    pattern: re.Pattern[str]
    valid: Callable[[str], bool]
    names: tuple[str, ...] = ()


def _card(digits: str) -> bool:
    return bool(_CARD.fullmatch(digits)) and bool(luhn.is_valid(digits)) and len(set(digits)) > 1


NUMBERS = {
    "iban": Kind(
        re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"), iban.is_valid
    ),
    "payment-card": Kind(re.compile(r"(?<![\w.\-])(?:\d[ \-]?){12,15}\d(?![\w\-])"), _card),
    "us-social-security": Kind(re.compile(r"(?<![\w\-])\d{3}-\d{2}-\d{4}(?![\w\-])"), ssn.is_valid),
    "uk-health-service": Kind(
        re.compile(r"(?<!\w)\d{3}[ \-]?\d{3}[ \-]?\d{4}(?!\w)"), nhs.is_valid, ("nhs",)
    ),
    "german-tax-id": Kind(
        re.compile(r"(?<!\w)\d{2} ?\d{3} ?\d{3} ?\d{3}(?!\w)"),
        idnr.is_valid,
        ("steuer", "idnr", "tax id"),
    ),
    "french-social-security": Kind(
        re.compile(r"(?<!\w)[12] ?\d{2} ?\d{2} ?\d[\dAB] ?\d{3} ?\d{3} ?\d{2}(?!\w)"), nir.is_valid
    ),
    "swiss-social-security": Kind(
        re.compile(r"(?<!\w)756\.\d{4}\.\d{4}\.\d{2}(?!\w)"), swiss.is_valid
    ),
    "italian-tax-code": Kind(
        re.compile(r"\b[A-Z]{6}\d{2}[ABCDEHLMPRST]\d{2}[A-Z]\d{3}[A-Z]\b"), codicefiscale.is_valid
    ),
    "spanish-identity": Kind(
        re.compile(r"(?<!\w)\d{8}-?[A-HJ-NP-TV-Z](?!\w)"), dni.is_valid, ("dni", "nif", "identidad")
    ),
    "dutch-citizen-number": Kind(
        re.compile(r"(?<!\w)\d{9}(?!\w)"), bsn.is_valid, ("bsn", "burgerservice", "sofinummer")
    ),
}
"""Numbers by name. A check that one number in ten passes by chance needs its name beside it."""
_EMAIL = re.compile(
    r"(?<![\w.+\-])[\w.+\-]{1,64}@(?!example\.)(?:[A-Za-z0-9\-]{1,63}\.){1,4}[A-Za-z]{2,12}\b"
)
_PHONE = re.compile(r"(?<![\w+])\+\d[\d ()./\-]{6,18}\d(?!\w)")
_LONGEST_NAME, _LONGEST_REST = 65, 80
_RUN = re.compile(r"[A-Z]*\d\w*(?:[ .\-]{0,2}(?:[A-Z]*\d\w*|[A-Z]{4}\b))+")
_FEWEST = 9
"""Characters of the shortest number whose check is enough."""
_AROUND = 12


def personal(text: str) -> Iterator[Finding]:
    """Yield what belongs to a person: numbers that pass their check, addresses, telephones.

    Source:
        ISO 13616 (IBAN), ISO/IEC 7812 (cards), and the issuers' check digits as
        ``python-stdnum`` has them; ITU-T E.164 as ``phonenumbers`` has it.
    """
    yield from (_found(match, "email") for match in _around(text, "@", _EMAIL))
    for match in _around(text, "+", _PHONE):
        if _rings(match[0]):
            yield _found(match, "telephone")
    yield from _numbers(text)


def _numbers(text: str) -> Iterator[Finding]:
    named = {name: kind for name, kind in NUMBERS.items() if kind.names}
    lower = folded(text)
    for name, kind in named.items():
        for match in _near(text, kind, places(lower, kind.names)):
            yield from _checked(match, name, kind)
    for run in _RUN.finditer(text):
        if run.end() - run.start() < _FEWEST:
            continue
        for name, kind in NUMBERS.items():
            if name not in named:
                for match in kind.pattern.finditer(text, run.start(), run.end() + _AROUND):
                    yield from _checked(match, name, kind)


def _checked(match: re.Match[str], name: str, kind: Kind) -> Iterator[Finding]:
    if kind.valid(_SEPARATORS.sub("", match[0])):
        yield _found(match, name)


def _near(text: str, kind: Kind, named: list[int]) -> Iterator[re.Match[str]]:
    end = 0
    for place in named:
        match = kind.pattern.search(text, max(end, place), place + NEAR)
        if match is not None:
            end = match.end()
            yield match


def _around(text: str, sign: str, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Yield matches of a pattern that holds ``sign`` once, looking only where it stands."""
    end = 0
    for place in places(text, (sign,)):
        match = pattern.search(text, max(end, place - _LONGEST_NAME), place + _LONGEST_REST)
        if match is not None:
            end = match.end()
            yield match


@cache
def _region_free(number: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return False


def _rings(number: str) -> bool:
    return _region_free("+" + re.sub(r"\D", "", number))


def _found(match: re.Match[str], rule: str) -> Finding:
    return Finding(FindingKind.PERSONAL_DATA, CharSpan(*match.span()), rule)
