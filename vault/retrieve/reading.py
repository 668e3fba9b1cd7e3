"""From ranked chunk ids to passages: every hit is joined to the store again, and authorised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from vault.domain.decisions import VisibleSet
from vault.domain.documents import CharSpan, Document
from vault.domain.evidence import Passage, total
from vault.domain.records import is_fresh
from vault.retrieve.fusion import Fused
from vault.retrieve.moments import Moment
from vault.retrieve.standing import Standing
from vault.store.chunks import ChunkRow
from vault.store.content import ChunkContent
from vault.store.documents import LIVE, KeptDocument
from vault.store.session import UnitOfWork


@dataclass(frozen=True, slots=True)
class TimeScope:
    """The time that counts for a question, and which texts count at it.

    Attributes:
        now: the moment at which texts hold or do not, and are fresh or are not.
        moment: the past state that is asked about; None for the present one.
        expired: whether text counts that does not hold at ``now``.
    """

    now: datetime
    moment: Moment | None = None
    expired: bool = False

    def out_of_force(self, kept: Mapping[str, KeptDocument]) -> frozenset[str]:
        """Return those of these documents whose text does not hold, if that matters."""
        if self.expired:
            return frozenset()
        return frozenset(
            found for found, one in kept.items() if not one.document.validity.holds(self.now)
        )

    def links(self, kept: Mapping[str, KeptDocument]) -> dict[str, str | None]:
        """Return what had replaced each document by the time that counts."""
        if self.moment is None:
            return {found: one.document.superseded_by for found, one in kept.items()}
        texts = self.moment.texts
        return {found: texts[found].superseded_by for found in kept if found in texts}

    def as_then(self, found: Document) -> Document:
        """Return a document with the text it had at the time that counts."""
        then = None if self.moment is None else self.moment.texts.get(found.id)
        if then is None or found.revision is None or found.revision.id == then.revision_id:
            return found
        revision = replace(found.revision, id=then.revision_id, digest=then.digest)
        return replace(found, revision=revision, modified_at=then.modified_at, verified_at=None)


class PassageReader:
    """Reads the passages behind ranked chunks, within one transaction and one VisibleSet.

    Args:
        unit: the store, which has the last word on every hit.
        visible: what the subject may read.
        scope: the time that counts, and which texts do.
        standing: how documents rank beside their words.
    """

    def __init__(
        self, unit: UnitOfWork, visible: VisibleSet, scope: TimeScope, *, standing: Standing
    ) -> None:
        self._unit = unit
        self._visible = visible
        self._scope = scope
        self._standing = standing

    def read(self, hits: Sequence[Fused]) -> list[Passage]:
        """Return the passages of those ``hits`` that are live and visible, in their order.

        A document that gives way to another one that the subject may read is left out, and
        so is one whose text no longer holds, or does not yet, unless the scope has it.
        """
        rows = self._permitted(self._rows([hit.chunk_id for hit in hits]))
        kept = self._unit.documents.many({row.document_id for row in rows.values()})
        replaced = self._replaced(kept) | self._scope.out_of_force(kept)
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
        rows = self._permitted(self._rows(chunk_ids))
        content = self._unit.content.of_chunks(rows.values())
        return [content[found].text for found in chunk_ids if found in content]

    def _rows(self, chunk_ids: Sequence[int]) -> Mapping[int, ChunkRow]:
        then = self._scope.moment
        if then is None:
            return self._unit.chunks.live(chunk_ids)
        return {
            found: row
            for found, row in self._unit.chunks.among(chunk_ids).items()
            if row.revision_id in then.revisions
        }

    def _permitted(self, rows: Mapping[int, ChunkRow]) -> dict[int, ChunkRow]:
        return {
            chunk_id: row
            for chunk_id, row in rows.items()
            if row.access_label_id in self._visible.label_ids
        }

    def _passage(
        self, kept: KeptDocument, row: ChunkRow, content: ChunkContent, hit: Fused
    ) -> Passage:
        found = self._scope.as_then(kept.document)
        now = self._scope.now
        fresh = is_fresh(found.governance, modified_at=found.confirmed_at, now=now)
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
            owner=found.governance.owner,
            verified_at=found.confirmed_at,
            valid_until=found.validity.ends,
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
            found: newer for found, newer in self._scope.links(kept).items() if newer is not None
        }
        successors = self._unit.documents.many(set(links.values()))
        return frozenset(
            older
            for older, newer in links.items()
            if newer in successors
            and successors[newer].access_label_id in self._visible.label_ids
            and successors[newer].document.state.value in LIVE
        )
