"""A query taken apart: its terms, and what it names exactly."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from vault.index.analysis import analyse, exact

LARGEST_QUERY_TERMS = 256
"""Distinct terms of a query that count; the rest of an overlong question is ignored."""
MOST_EXACT = 8
"""Quoted phrases and identifiers of one query that are looked for as such."""
LONGEST_LOOKUP = 32
"""Distinct terms beyond which a query tells a story, and what it quotes is no order to look."""

Wanted = tuple[tuple[str, int], ...]
"""Terms with their distances from the first of them, in words."""

_QUOTED = re.compile(
    '"([^"]+)"|[\u201c\u201d\u201e]([^\u201c\u201d\u201e]+)[\u201c\u201d]'
    "|\u00ab([^\u00ab\u00bb]+)\u00bb|[\u300c\u300e]([^\u300c-\u300f]+)[\u300d\u300f]"
)
_QUOTE = re.compile('["\u201c\u201d\u201e\u00ab\u300c\u300e]')
_SIGN = re.compile(r"\d|@|\w\.\w")
_SUFFIXES = (
    "pdf|docx?|xlsx?|pptx?|od[tsp]|txt|md|rtf|csv|tsv|json|xml|html?|eml|msg|mbox|zip|tar|gz|png"
    "|jpe?g|tiff?|log|conf|cfg|ini|toml|ya?ml|py|js|ts|sql|sh|c|h|cpp|java|rs|go"
)
_IDENTIFIER = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # an e-mail address
    rf"|[\w-]+(?:\.[\w-]+)*\.(?:{_SUFFIXES})\b"  # the name of a file
    r"|(?<=\u00a7)\s*\d+(?:\.\d+)*"  # the number of a section
    r"|\b\d+(?:\.\d+){2,}\b"  # a version, an address or a deep section
    r"|\b(?=[\w/-]*\d)[A-Za-z][A-Za-z0-9]*(?:[-_/][A-Za-z0-9]+)+\b",  # CVE-2024-1234, HR-204
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Question:
    """What a query asks of the lexical index.

    Attributes:
        terms: its terms, with how often each is asked.
        exact: what it quotes or names; texts that hold these stand first.
    """

    terms: Mapping[str, int]
    exact: tuple[Wanted, ...]


def question(query: str) -> Question:
    """Return ``query`` taken apart.

    Words between quotation marks are looked for side by side and in that order, though in any
    inflection. E-mail addresses, file names, section numbers after their sign, numbers with two
    points or more, and codes of letters and digits are looked for as if they were quoted. A query
    of very many words is taken for a text of its own, whose quotations are not looked for.
    """
    asked = Counter(analyse(query)[: 4 * LARGEST_QUERY_TERMS])
    terms = dict(list(asked.items())[:LARGEST_QUERY_TERMS])
    if len(terms) > LONGEST_LOOKUP:
        return Question(terms, ())
    wanted = dict.fromkeys(found for named in _named(query) if (found := exact(named)))
    return Question(terms, tuple(wanted)[:MOST_EXACT])


def _named(query: str) -> Iterator[str]:
    # Most queries have none of the signs, and looking for one sign is much cheaper.
    if _QUOTE.search(query):
        for match in _QUOTED.finditer(query):
            yield next(filter(None, match.groups()), "")
        query = _QUOTED.sub(" ", query)
    if _SIGN.search(query):
        for match in _IDENTIFIER.finditer(query):
            yield match[0]
