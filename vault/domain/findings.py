"""What a screening found in a text, and how grave each kind is."""

from dataclasses import dataclass
from enum import StrEnum

from vault.domain.documents import CharSpan


class FindingKind(StrEnum):
    """What makes a text suspicious."""

    INSTRUCTIONS = "instructions"
    HIDDEN_TEXT = "hidden-text"
    LOOKALIKES = "lookalikes"
    CREDENTIAL = "credential"


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
