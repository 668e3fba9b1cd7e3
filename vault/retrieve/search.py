"""From a question to passages: permission first, then two searches, then fusion."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from models.base import Embedder, Purpose
from vault.domain.decisions import VisibleSet
from vault.domain.documents import CharSpan
from vault.domain.errors import InvalidRequestError
from vault.domain.evidence import Passage, Retrieval, RetrievalSignals
from vault.domain.identity import Subject
from vault.domain.records import is_fresh
from vault.index.follower import IndexFollower
from vault.index.index import VaultIndex
from vault.index.ranked import Ranked
from vault.retrieve.fusion import Fused, fuse
from vault.retrieve.permissions import Permissions
from vault.store.content import ChunkContent
from vault.store.documents import ChunkRow, KeptDocument
from vault.store.session import Store, UnitOfWork

DEPTH = 100
"""Length of each ranked list before fusion."""
SIGNALS = 5
"""How many of the best scores the answer gate sees."""
SPARE = 3
"""Candidates read per hit wanted, so that folding leaves enough."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one subject's search found, and the rights it was done under."""

    retrieval: Retrieval
    visible: VisibleSet
    policy_digest: str
    sequence: int


class Retriever:
    """Searches on behalf of one subject at a time.

    Args:
        store: the database, which has the last word on every hit.
        follower: the index.
        embedder: gives the loaded embedder.
        permissions: makes VisibleSets.
        now: the clock.
        max_question: longest question, in characters.
    """

    def __init__(
        self,
        store: Store,
        *,
        follower: Callable[[], IndexFollower],
        embedder: Callable[[], Embedder],
        permissions: Permissions,
        now: Callable[[], datetime],
        max_question: int,
    ) -> None:
        self._store = store
        self._follower = follower
        self._embedder = embedder
        self._permissions = permissions
        self._now = now
        self._max_question = max_question

    def find(self, question: str, subject: Subject, *, limit: int) -> Found:
        """Return the best passages for a question among those the subject may read.

        Args:
            question: plain words; control characters are taken as spaces.
            subject: who asks, and for whom.
            limit: most passages to return.

        Raises:
            InvalidRequestError: the question is empty or too long.
            ModelUnavailableError: the embedder cannot be loaded.
        """
        asked = self.cleaned(question)
        vector = self._embedder().embed([asked], purpose=Purpose.QUERY)[0]
        with self._store.read() as unit:
            visible = self._permissions.visible(unit, subject)
            index = self._follower().current(unit)
            dense = index.dense(vector, visible, DEPTH)
            lexical = index.lexical(asked, visible, DEPTH)
            fused = fuse(dense, lexical)
            passages = self._passages(unit, fused, visible, limit=limit)
            signals = _signals(index, asked, visible, dense, lexical)
        return Found(
            Retrieval(asked, tuple(passages), signals),
            visible,
            visible.policy_digest,
            index.applied_sequence,
        )

    def cleaned(self, question: str) -> str:
        """Return the question without control characters and outer white space.

        Raises:
            InvalidRequestError: nothing is left, or it is too long.
        """
        if len(question) > self._max_question:
            raise InvalidRequestError(
                f"the question has {len(question)} characters; at most {self._max_question} fit"
            )
        asked = " ".join(
            "".join(
                " " if unicodedata.category(letter) in {"Cc", "Cs"} else letter
                for letter in question
            ).split()
        )
        if not any(letter.isalnum() for letter in asked):
            raise InvalidRequestError("the question is empty")
        return asked

    def _passages(
        self, unit: UnitOfWork, fused: Iterable[Fused], visible: VisibleSet, *, limit: int
    ) -> list[Passage]:
        ranked = list(fused)
        passages: list[Passage] = []
        seen: set[str] = set()
        step = limit * SPARE
        for start in range(0, len(ranked), step):
            for passage in self._read(unit, ranked[start : start + step], visible):
                if len(passages) == limit:
                    return passages
                # The same words from two places are one piece of evidence.
                folded = " ".join(passage.text.split()).casefold()
                if folded not in seen:
                    seen.add(folded)
                    passages.append(passage)
        return passages

    def _read(
        self, unit: UnitOfWork, ranked: list[Fused], visible: VisibleSet
    ) -> Iterable[Passage]:
        rows = unit.documents.live_chunks(hit.chunk_id for hit in ranked)
        rows = {
            chunk_id: row
            for chunk_id, row in rows.items()
            if row.access_label_id in visible.label_ids
        }
        kept = unit.documents.many({row.document_id for row in rows.values()})
        successors = _visible_successors(unit, kept, visible)
        content = unit.content.of_chunks(rows.values())
        for hit in ranked:
            row, text = rows.get(hit.chunk_id), content.get(hit.chunk_id)
            if row is not None and text is not None and row.document_id not in successors:
                yield self._passage(kept[row.document_id], row, text, hit)

    def _passage(
        self, kept: KeptDocument, row: ChunkRow, content: ChunkContent, hit: Fused
    ) -> Passage:
        found = kept.document
        revision = found.revision
        return Passage(
            chunk_id=row.chunk_id,
            document_id=found.id,
            revision=row.revision_id,
            digest=revision.digest if revision is not None else "",
            title=found.title,
            uri=found.uri,
            span=CharSpan(row.start, row.end),
            text=content.text,
            label=found.access.label,
            modified_at=found.modified_at,
            fresh=is_fresh(found.governance, modified_at=found.modified_at, now=self._now()),
            page=row.page,
            headings=content.headings,
            score=hit.score,
            scores=hit.scores,
        )


def _visible_successors(
    unit: UnitOfWork, kept: Mapping[str, KeptDocument], visible: VisibleSet
) -> dict[str, str]:
    """Return, for each document that gives way to one the subject may read, that one's id.

    A successor the subject may not read does not exist for it, so the older text stays.
    """
    links = {
        found.document.id: found.document.superseded_by
        for found in kept.values()
        if found.document.superseded_by is not None
    }
    successors = unit.documents.many(set(links.values()))
    return {
        older: newer
        for older, newer in links.items()
        if newer in successors
        and successors[newer].access_label_id in visible.label_ids
        and successors[newer].document.state.value == "current"
    }


def _signals(
    index: VaultIndex, asked: str, visible: VisibleSet, dense: Ranked, lexical: Ranked
) -> RetrievalSignals:
    return RetrievalSignals(
        visible_chunks=index.visible_count(visible),
        term_weights=index.term_weights(asked, visible),
        dense_top=tuple(float(score) for score in dense.scores[:SIGNALS]),
        lexical_top=tuple(float(score) for score in lexical.scores[:SIGNALS]),
        dense_ids=tuple(int(found) for found in dense.chunk_ids[:SIGNALS]),
        lexical_ids=tuple(int(found) for found in lexical.chunk_ids[:SIGNALS]),
    )
