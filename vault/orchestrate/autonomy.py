"""Computes how far an agent may go right now, and what keeps it from going further."""

from collections.abc import Callable

from vault.domain.assets import AssetState, AssetVersion
from vault.domain.autonomy import Autonomy, Level, effective_level
from vault.domain.charters import Charter
from vault.domain.identity import PrincipalKind
from vault.store.session import UnitOfWork

_STAGES = {AssetState.ACTIVE: Autonomy.A5, AssetState.APPROVED: Autonomy.A3}
"""A pilot acts only under approval; what was stopped or never approved does nothing but answer."""

Gate = Callable[[UnitOfWork, AssetVersion], Autonomy]
"""A further ceiling, such as the one that valid evaluations or the boundary give."""


class Ladder:
    """Knows the ceilings of agents.

    Args:
        gates: further ceilings by name.
    """

    def __init__(self, gates: dict[str, Gate] | None = None) -> None:
        self._gates = dict(gates or {})

    def level(self, unit: UnitOfWork, version: AssetVersion, charter: Charter) -> Level:
        """Return the level that holds for a call decided in this transaction."""
        now = unit.assets.get(version.kind, version.name, version.number) or version
        ceilings = {
            "stage": _STAGES.get(now.state, Autonomy.A0),
            "owners": _owners(unit, charter),
            "breaker": Autonomy.A5 if unit.postings.breaker(charter.name) is None else Autonomy.A0,
            **{name: gate(unit, now) for name, gate in self._gates.items()},
        }
        return effective_level(charter.autonomy, ceilings)


def _owners(unit: UnitOfWork, charter: Charter) -> Autonomy:
    """Return the ceiling that the owners give: without one who answers, nothing is acted on."""
    kinds = unit.principals.kinds(charter.owners.values())
    gone = {
        role for role, name in charter.owners.items() if kinds.get(name) is not PrincipalKind.PERSON
    }
    if "business" in gone or "business" not in charter.owners:
        return Autonomy.A1
    return Autonomy.A2 if gone else Autonomy.A5
