"""How far an agent may go by itself: earned, perishable, and the least of every ceiling."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from vault.domain.errors import InvalidRequestError


class Autonomy(IntEnum):
    """Levels of autonomy, least first.

    Source:
        Feng et al., "Levels of Autonomy for AI Agents" (2025), for the roles that people keep.
    """

    A0 = 0
    A1 = 1
    A2 = 2
    A3 = 3
    A4 = 4
    A5 = 5

    @property
    def words(self) -> str:
        """What an agent at this level may do."""
        return _WORDS[self]

    @classmethod
    def of(cls, word: str) -> "Autonomy":
        """Return the level named ``word``.

        Raises:
            InvalidRequestError: no level has that name.
        """
        try:
            return cls[word.strip().upper()]
        except KeyError:
            raise InvalidRequestError(f"autonomy {word!r} is unknown; choose A0 to A5") from None


_WORDS = {
    Autonomy.A0: "answer",
    Autonomy.A1: "draft",
    Autonomy.A2: "read with tools",
    Autonomy.A3: "act, each act approved",
    Autonomy.A4: "act within its mandate",
    Autonomy.A5: "start by itself",
}


@dataclass(frozen=True, slots=True)
class Level:
    """The level that holds for one call, and why it is not higher.

    Attributes:
        effective: the least of all ceilings.
        charter: what the charter allows.
        lowered_by: name and ceiling of everything that allows less than the charter.
    """

    effective: Autonomy
    charter: Autonomy
    lowered_by: tuple[tuple[str, Autonomy], ...] = ()

    def form(self) -> dict[str, object]:
        """Return the level as JSON."""
        return {
            "effective": self.effective.name,
            "charter": self.charter.name,
            "lowered_by": {name: ceiling.name for name, ceiling in self.lowered_by},
        }


def effective_level(charter: Autonomy, ceilings: Mapping[str, Autonomy]) -> Level:
    """Return the least of the charter's level and every ceiling, with what lowered it."""
    lowered = tuple(
        sorted(
            ((name, ceiling) for name, ceiling in ceilings.items() if ceiling < charter),
            key=lambda found: (found[1], found[0]),
        )
    )
    return Level(min((charter, *ceilings.values())), charter, lowered)
