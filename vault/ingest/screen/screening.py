"""All screens over one text, and what a person who looks at it is shown."""

from collections.abc import Iterator
from itertools import chain

from vault.domain.documents import CharSpan
from vault.domain.findings import Finding
from vault.ingest.screen.characters import hidden_text, lookalikes
from vault.ingest.screen.instructions import instructions
from vault.ingest.screen.secrets import secrets

MOST_FINDINGS = 50
"""Findings that are kept for one text; a person has seen enough by then."""
AROUND = 60
"""Characters shown on either side of a finding."""


def screen(text: str) -> list[Finding]:
    """Return what is suspicious in a text, in the order of the text."""
    found = chain(instructions(text), hidden_text(text), lookalikes(text), secrets(text))
    return sorted(found, key=lambda finding: finding.span)[:MOST_FINDINGS]


def excerpt(text: str, span: CharSpan) -> str:
    """Return the neighbourhood of a finding, with everything in it made visible."""
    around = text[max(0, span.start - AROUND) : span.end + AROUND]
    return "".join(_visible(around))


def _visible(text: str) -> Iterator[str]:
    for letter in text:
        yield letter if letter.isprintable() else f"<U+{ord(letter):04X}>"
