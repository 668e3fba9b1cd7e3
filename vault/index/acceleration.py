"""Makes the unions of labels that readers would profit from, beside everything else."""

from vault.domain.decisions import VisibleSet
from vault.index.index import VaultIndex

USUAL_SHARE = 1.0
"""Rows that unions may hold, as a share of all rows: as much memory again as labels take."""


def accelerate(index: VaultIndex, *, share: float = USUAL_SHARE) -> int:
    """Make the unions that searches since the last call would have used; return how many.

    To be called now and then, off the way of any request: a union of a million rows
    takes minutes. Searches and changes go on meanwhile.

    Args:
        index: gets the unions.
        share: rows that all unions together may hold, as a share of the index; 0 for none.
    """
    dense = index.snapshot().dense
    idle = dense.demand.idle(dense.unions)
    if idle:
        index.change_dense(lambda newest: newest.without_unions(idle))
    due = dense.demand.due()
    return sum(_has_room(index, seen, share) and _make_union(index, seen) for seen in due)


def _make_union(index: VaultIndex, visible: VisibleSet) -> bool:
    source = index.snapshot().dense
    union = source.make_union(visible)
    if union is None:
        return False
    index.change_dense(lambda newest: newest.with_union(union, source))
    return True


def _has_room(index: VaultIndex, visible: VisibleSet, share: float) -> bool:
    """Tell whether a union for ``visible`` fits beside those that serve other readers."""
    dense = index.snapshot().dense
    others = (union for union in dense.unions if not union.serves(visible))
    held = sum(union.segment.counters.live for union in others)
    return held + dense.visible_count(visible) <= share * len(index)
