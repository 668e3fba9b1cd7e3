"""From ranked chunk ids to passages: every hit is joined to the store again, and authorised."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from vault.domain.decisions import VisibleSet
from vault.domain.documents import CharSpan
from vault.domain.evidence import Passage, total
from vault.domain.records import is_fresh
from vault.retrieve.fusion import Fused
from vault.retrieve.standing import Standing
from vault.store.chunks import ChunkRow
from vault.store.content import ChunkContent
from vault.store.documents import LIVE, KeptDocument
from vault.store.session import UnitOfWork


class PassageReader:
    """Reads the passages behind ranked chunks, within one transaction and one VisibleSet.

    Args:
        unit: the store, which has the last word on every hit.
        visible: what the subject may read.
        standing: how documents rank beside their words.
        now: the time that freshness is counted from.
    """

    def __init__(
        self, unit: UnitOfWork, visible: VisibleSet, *, standing: Standing, now: datetime
    ) -> None:
        self._unit = unit
        self._visible = visible
        self._standing = standing
        self._now = now

    def read(self, hits: Sequence[Fused]) -> list[Passage]:
        """Return the passages of those ``hits`` that are live and visible, in their order.

        A document that gives way to another one that the subject may read is left out.
        """
        rows = self._permitted(self._unit.chunks.live(hit.chunk_id for hit in hits))
        kept = self._unit.documents.many({row.document_id for row in rows.values()})
        replaced = self._replaced(kept)
        content = self._unit.content.of_chunks(rows.values())
        return [
            self._passage(kept[row.document_id], row, content[hit.chunk_id], hit)
            for hit in hits
            if (row := rows.get(hit.chunk_id)) is not None
            and hit.chunk_id in content
            and row.document_id not in replaced
        ]

    def texts(self, chunk_ids: Sequence[int]) -> list[str]:
        """Return the texts of those of these chunks that are live and visible."""
        rows = self._permitted(self._unit.chunks.live(chunk_ids))
        content = self._unit.content.of_chunks(rows.values())
        return [content[found].text for found in chunk_ids if found in content]

    def _permitted(self, rows: Mapping[int, ChunkRow]) -> dict[int, ChunkRow]:
        return {
            chunk_id: row
            for chunk_id, row in rows.items()
            if row.access_label_id in self._visible.label_ids
        }

    def _passage(
        self, kept: KeptDocument, row: ChunkRow, content: ChunkContent, hit: Fused
    ) -> Passage:
        found = kept.document
        fresh = is_fresh(found.governance, modified_at=found.confirmed_at, now=self._now)
        terms = hit.terms + self._standing.terms(
            fresh=fresh, source=found.source_id, collection=found.access.collection
        )
        return Passage(
            chunk_id=row.chunk_id,
            document_id=found.id,
            revision=row.revision_id,
            digest=found.revision.digest if found.revision is not None else "",
            title=found.title,
            uri=found.uri,
            span=CharSpan(row.start, row.end),
            text=content.text,
            label=found.access.label,
            modified_at=found.modified_at,
            fresh=fresh,
            page=row.page,
            headings=content.headings,
            score=total(terms),
            scores=hit.scores,
            terms=terms,
        )

    def _replaced(self, kept: Mapping[str, KeptDocument]) -> frozenset[str]:
        """Return the documents that give way to one the subject may read.

        A successor the subject may not read does not exist for it, so the older text stays.
        One that was replaced itself still replaces, lest an unreadable newer text show.
        """
        links = {
            found.document.id: found.document.superseded_by
            for found in kept.values()
            if found.document.superseded_by is not None
        }
        successors = self._unit.documents.many(set(links.values()))
        return frozenset(
            older
            for older, newer in links.items()
            if newer in successors
            and successors[newer].access_label_id in self._visible.label_ids
            and successors[newer].document.state.value in LIVE
        )
