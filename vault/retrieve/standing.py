"""What a document's standing adds to the score of its passages: small, bounded and named."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from vault.domain.evidence import ScoreTerm

FRESHNESS_WEIGHT = 0.1
"""What a passage loses once its owner no longer counts it as fresh, in fused deviations."""
AUTHORITY_WEIGHT = 0.25
"""What the highest rank of a source or collection adds."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How fresh and how authoritative documents count.

    Attributes:
        ranks: rank of a source or a collection by its id, 0 to 1; what is not named has 0.
    """

    ranks: Mapping[str, float] = field(default_factory=dict)

    @property
    def most(self) -> float:
        """The most that standing can add to any score; it can also take away."""
        return AUTHORITY_WEIGHT * max(self.ranks.values(), default=0.0)

    def terms(self, *, fresh: bool, source: str, collection: str) -> tuple[ScoreTerm, ...]:
        """Return the terms of a document; a term that adds nothing is left out."""
        found = []
        if not fresh:
            found.append(ScoreTerm("freshness", FRESHNESS_WEIGHT, -1.0))
        rank = max(self.ranks.get(source, 0.0), self.ranks.get(collection, 0.0))
        if rank:
            found.append(ScoreTerm("authority", AUTHORITY_WEIGHT, rank))
        return tuple(found)
