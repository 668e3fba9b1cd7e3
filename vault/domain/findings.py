"""What a screening found in a document."""

from dataclasses import dataclass
from enum import StrEnum

from vault.domain.documents import CharSpan


class FindingKind(StrEnum):
    """What was found: the first four and the last hold a document back, the others raise it."""

    INSTRUCTIONS = "instructions"
    HIDDEN_TEXT = "hidden-text"
    LOOKALIKES = "lookalikes"
    CREDENTIAL = "credential"
    MARKING = "marking"
    PERSONAL_DATA = "personal-data"
    DESCRIPTION = "description"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One suspicious place.

    Attributes:
        kind: what it is.
        span: where, in the canonical text.
        rule: name of the rule that found it, for those who look at it.
    """

    kind: FindingKind
    span: CharSpan
    rule: str
