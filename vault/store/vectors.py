"""Vectors of revisions beside each other, by the model that made them, and whose are in use."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, and_, delete, func, select

from models.base import space_of
from vault.domain.errors import ModelUnavailableError
from vault.domain.layout import VECTORS
from vault.store.blobs import Blobs
from vault.store.documents import LIVE
from vault.store.schema import blob, document, revision

IN_USE = "embedder_space"
BEFORE = "embedder_space_before"


class EmbedderSwitchedError(ModelUnavailableError):
    """The home went over to another embedder while this one's vectors were under way."""


class VectorsMissingError(ModelUnavailableError):
    """Some live document has no vectors of the model that was asked for."""


class Facts(Protocol):
    """Facts about the home itself, read and set in the same transaction."""

    def fact(self, name: str) -> str | None:
        """Return one fact, or None."""
        ...

    def set_fact(self, name: str, value: str) -> None:
        """Set one fact."""
        ...


@dataclass(frozen=True, slots=True)
class OpenedVectors:
    """Vectors of one space.

    Attributes:
        rows: bytes of the (n, d) little-endian float32 rows of each revision that can be opened.
        foreign: revisions that have no vectors of this space at all.
    """

    rows: Mapping[str, bytes]
    foreign: tuple[str, ...]


class Vectors:
    """Every revision's vectors, at most one set a space.

    A space is what one model makes, whatever runs it: vectors of one space compare, vectors
    of two never do. What computed a set is in its stamp, the embedder's fingerprint.

    Args:
        connection: the transaction.
        blobs: sealed content.
        facts: facts about the home.
    """

    def __init__(self, connection: Connection, blobs: Blobs, *, facts: Facts) -> None:
        self._connection = connection
        self._blobs = blobs
        self._facts = facts

    def in_use(self) -> str | None:
        """Return the space that searches and new documents use, None before the first vector."""
        said = self._facts.fact(IN_USE)
        return said if said is not None else self._first_found()

    def before(self) -> str | None:
        """Return the space that was in use before the last change, or None."""
        return self._facts.fact(BEFORE) or None

    def use(self, space: str) -> None:
        """Let searches and new documents use ``space`` from the end of this transaction on."""
        now = self.in_use()
        if now != space:
            self._facts.set_fact(BEFORE, now or "")
            self._facts.set_fact(IN_USE, space)

    def admit(self, stamp: str) -> None:
        """Return only if vectors under ``stamp`` are of the space in use, now or from now on.

        Raises:
            EmbedderSwitchedError: another space is in use; its embedder must make the vectors.
        """
        space, used = space_of(stamp), self.in_use()
        if used is None:
            self._facts.set_fact(IN_USE, space)
        elif used != space:
            raise EmbedderSwitchedError(
                "the home went over to another embedder meanwhile; try again"
            )

    def put(
        self, revision_id: str, rows: NDArray[np.float32], *, key: tuple[str, bytes], stamp: str
    ) -> None:
        """Seal the vectors of a revision's chunks beside those of other models.

        Args:
            revision_id: has no vectors of this space yet.
            rows: (n, d), one unit-norm row a chunk.
            key: id and bytes of the document's data key.
            stamp: fingerprint of the embedder that made them.
        """
        body = np.ascontiguousarray(rows, dtype="<f4").tobytes()
        self._blobs.put(revision_id, _kind(space_of(stamp)), body, key=key, stamp=stamp)

    def opened(self, revision_ids: Collection[str], space: str) -> OpenedVectors:
        """Return the vectors of these revisions in ``space``."""
        found = self._connection.execute(
            select(blob.c.owner_id, blob.c.kind).where(
                blob.c.owner_id.in_(list(revision_ids)), _of(space)
            )
        ).all()
        kinds = {row.kind for row in found}
        rows = {
            sealed.owner_id: body
            for kind in sorted(kinds)
            for sealed, body in self._blobs.opened({row.owner_id for row in found}, kind)
            if space_of(sealed.stamp) == space
        }
        foreign = set(revision_ids) - {row.owner_id for row in found}
        return OpenedVectors(rows, tuple(sorted(foreign)))

    def lacking(
        self, space: str, *, limit: int, among: Iterable[str] | None = None
    ) -> Sequence[str]:
        """Return revisions of live documents without vectors of ``space``, oldest first.

        Args:
            space: the space.
            limit: most revisions to return.
            among: look only at these revisions.
        """
        query = (
            select(revision.c.id)
            .join(document, document.c.revision_id == revision.c.id)
            .join(blob, and_(blob.c.owner_id == revision.c.id, _of(space)), isouter=True)
            .where(*_searchable(), blob.c.owner_id.is_(None))
            .order_by(revision.c.first_chunk)
            .limit(limit)
        )
        if among is not None:
            query = query.where(revision.c.id.in_(list(among)))
        return [row.id for row in self._connection.execute(query)]

    def covered(self, space: str) -> tuple[int, int]:
        """Return how many chunks of live documents have vectors of ``space``, and how many are."""
        total = func.coalesce(func.sum(revision.c.chunk_count), 0)
        live = (
            select(total)
            .select_from(revision)
            .join(document, document.c.revision_id == revision.c.id)
            .where(*_searchable())
        )
        having = live.join(blob, and_(blob.c.owner_id == revision.c.id, _of(space)))
        run = self._connection.execute
        return int(run(having).scalar_one()), int(run(live).scalar_one())

    def stamps(self) -> Mapping[str, int]:
        """Return how many revisions, live or not, have vectors under each stamp."""
        rows = self._connection.execute(
            select(blob.c.stamp, func.count()).where(_vectors()).group_by(blob.c.stamp)
        )
        return {row[0]: int(row[1]) for row in rows}

    def forget(self, space: str) -> int:
        """Delete every vector of ``space``; return of how many revisions."""
        gone = self._connection.execute(delete(blob).where(_of(space))).rowcount
        if self.before() == space:
            self._facts.set_fact(BEFORE, "")
        return int(gone)

    def _first_found(self) -> str | None:
        stamp = self._connection.execute(select(blob.c.stamp).where(_vectors()).limit(1)).scalar()
        return None if stamp is None else space_of(stamp)


def _kind(space: str) -> str:
    return f"{VECTORS}:{hashlib.sha256(space.encode()).hexdigest()[:8]}"


def _vectors() -> ColumnElement[bool]:
    return blob.c.kind.startswith(VECTORS, autoescape=True)


def _of(space: str) -> ColumnElement[bool]:
    # The plain kind is what the first homes wrote, before vectors could lie beside each other.
    exact = blob.c.kind.in_([VECTORS, _kind(space)])
    return and_(exact, (blob.c.stamp == space) | blob.c.stamp.startswith(f"{space}+"))


def _searchable() -> tuple[ColumnElement[bool], ...]:
    return document.c.state.in_(LIVE), revision.c.first_chunk.is_not(None)
