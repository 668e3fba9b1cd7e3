"""What an ingest or sync did, item by item."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class ItemState(StrEnum):
    """What became of one item.

    Held is what its source deleted and a legal hold keeps; moved is what it keeps elsewhere now.
    """

    INGESTED = "ingested"
    UNCHANGED = "unchanged"
    RELABELLED = "relabelled"
    MOVED = "moved"
    QUARANTINED = "quarantined"
    DELETED = "deleted"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """What became of one item, and why if it was set aside.

    Attributes:
        coverage: share of a second engine's words that the text holds, 0 to 1.
        reason: a sentence a data owner can act on, without any of the text.
        problem: slug of the problem type that set it aside.
        chunks: chunks embedded for it.
    """

    uri: str
    state: ItemState
    document_id: str | None = None
    characters: int | None = None
    coverage: float | None = None
    reason: str | None = None
    problem: str | None = None
    chunks: int = 0

    def form(self) -> dict[str, object]:
        """Return the public JSON form."""
        return {
            "document_id": self.document_id,
            "uri": self.uri,
            "state": self.state.value,
            "characters": self.characters,
            "coverage": None if self.coverage is None else round(self.coverage, 4),
            "reason": self.reason,
            "problem": self.problem,
        }


@dataclass(slots=True)
class IngestReport:
    """Counts over all items; grows while the work goes on."""

    outcomes: list[ItemOutcome] = field(default_factory=list)
    seconds: float = 0.0

    def form(self) -> dict[str, object]:
        """Return the public JSON form; relabelled and moved items count as unchanged content."""
        counts = Counter(outcome.state for outcome in self.outcomes)
        return {
            "ingested": counts[ItemState.INGESTED],
            "unchanged": sum(
                counts[state]
                for state in (ItemState.UNCHANGED, ItemState.RELABELLED, ItemState.MOVED)
            ),
            "relabelled": counts[ItemState.RELABELLED],
            "moved": counts[ItemState.MOVED],
            "quarantined": counts[ItemState.QUARANTINED],
            "deleted": counts[ItemState.DELETED],
            "held": counts[ItemState.HELD],
            "chunks": sum(outcome.chunks for outcome in self.outcomes),
            "seconds": round(self.seconds, 3),
            "documents": [outcome.form() for outcome in self.outcomes],
        }
