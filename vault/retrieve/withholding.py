"""Which rights of sources were last seen too long ago to count, so that nobody reads by them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from vault.domain.labels import Classification
from vault.store.session import UnitOfWork


@dataclass(frozen=True, slots=True)
class StaleSource:
    """A source whose rights were last seen too long ago.

    Attributes:
        seen_at: when that was; None is never.
        labels: how many labels are withheld.
    """

    source_id: str
    seen_at: datetime | None
    labels: int


class Withholding:
    """Compares when a source's rights were seen with how old they may be.

    Args:
        ages: most time since the rights were seen, by classification; others have no limit.
        now: the clock.
    """

    def __init__(
        self, ages: Mapping[Classification, timedelta], *, now: Callable[[], datetime]
    ) -> None:
        self._ages = dict(ages)
        self._now = now

    def labels(self, unit: UnitOfWork) -> frozenset[int]:
        """Return the ids of the labels by which nobody may read now."""
        return frozenset(label for _, _, label in self._stale(unit))

    def sources(self, unit: UnitOfWork) -> list[StaleSource]:
        """Return the sources with labels that are withheld, by name."""
        found: dict[str, tuple[datetime | None, int]] = {}
        for source_id, seen_at, _ in self._stale(unit):
            found[source_id] = (seen_at, found.get(source_id, (None, 0))[1] + 1)
        return [StaleSource(name, *found[name]) for name in sorted(found)]

    def _stale(self, unit: UnitOfWork) -> list[tuple[str, datetime | None, int]]:
        if not self._ages:
            return []
        now = self._now()
        stale = []
        for found in unit.rights.ages(now - min(self._ages.values())):
            limit = self._ages.get(Classification(found.classification))
            if limit is None:
                continue
            if found.rights_at is None or now - found.rights_at > limit:
                stale.append((found.source_id, found.rights_at, found.label_id))
        return stale
