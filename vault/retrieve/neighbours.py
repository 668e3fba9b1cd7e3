"""Hits with the chunks around them, each authorised like the hit itself."""

from collections.abc import Sequence
from dataclasses import replace

from vault.domain.decisions import VisibleSet
from vault.domain.documents import CharSpan
from vault.domain.evidence import Neighbour, Passage, Surroundings
from vault.store.chunks import ChunkRow
from vault.store.content import ChunkContent
from vault.store.session import UnitOfWork


def with_neighbours(
    unit: UnitOfWork, passages: Sequence[Passage], visible: VisibleSet, *, count: int
) -> list[Passage]:
    """Return ``passages`` with up to ``count`` chunks of the same revision on each side.

    A chunk is given only if it is live and its label is in ``visible`` at this moment, as
    for a hit.
    """
    rows = [
        row
        for row in unit.chunks.held({passage.revision for passage in passages})
        if row.access_label_id in visible.label_ids
    ]
    places = {(row.revision_id, row.ordinal): row for row in rows}
    hits = {row.chunk_id: row for row in rows}
    near = {
        passage.chunk_id: _around(places, hits[passage.chunk_id], count)
        for passage in passages
        if passage.chunk_id in hits
    }
    wanted = {row.chunk_id: row for found in near.values() for row in found}
    content = unit.content.of_chunks(wanted.values())
    return [_carrying(passage, near.get(passage.chunk_id, ()), content) for passage in passages]


def _around(
    places: dict[tuple[str, int], ChunkRow], hit: ChunkRow, count: int
) -> tuple[ChunkRow, ...]:
    ordinals = range(hit.ordinal - count, hit.ordinal + count + 1)
    found = (places.get((hit.revision_id, ordinal)) for ordinal in ordinals)
    return tuple(row for row in found if row is not None and row.ordinal != hit.ordinal)


def _carrying(
    passage: Passage, rows: Sequence[ChunkRow], content: dict[int, ChunkContent]
) -> Passage:
    found = [
        Neighbour(CharSpan(row.start, row.end), content[row.chunk_id].text, row.page)
        for row in rows
        if row.chunk_id in content
    ]
    before = tuple(one for one in found if one.span < passage.span)
    after = tuple(one for one in found if one.span > passage.span)
    return replace(passage, surroundings=Surroundings(before, after))
