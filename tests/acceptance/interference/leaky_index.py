"""Indexes in which what a reader may not read shapes what that reader gets."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from models.base import Embedder
from tests.acceptance.interference.faults import Fault, twin
from tests.acceptance.interference.vaults import SteadyVault
from vault.domain.decisions import VisibleSet
from vault.index.cells import train_cells
from vault.index.follower import IndexFollower
from vault.index.followers import Followers
from vault.index.index import VaultIndex
from vault.index.ranked import Ranked
from vault.store.session import UnitOfWork

ALL = 10_000


class Index:
    """An index that a leak sees through; it can search as if everything were visible."""

    def __init__(self, inner: VaultIndex, labels: frozenset[int]) -> None:
        self.inner = inner
        self.labels = labels

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def everything(self, visible: VisibleSet) -> VisibleSet:
        key = ",".join(map(str, sorted(self.labels)))
        return replace(visible, label_ids=self.labels, key=key)


class GlobalFrequencies(Index):
    """Counts how rare a term is on everybody's texts, and leaves the forbidden out afterwards."""

    def lexical(self, query: str, visible: VisibleSet, limit: int, **options: Any) -> Ranked:
        mine = self.inner.lexical(query, visible, ALL, **options).chunk_ids
        ranked = self.inner.lexical(query, self.everything(visible), ALL)
        keep = np.isin(ranked.chunk_ids, mine)
        return Ranked(ranked.chunk_ids[keep][:limit], ranked.scores[keep][:limit])


class SharedCentroids(Index):
    """Looks only into the nearest of a few cells that were learned from everybody's rows."""

    def dense(self, query: Any, visible: VisibleSet, limit: int, **options: Any) -> Ranked:
        ranked = self.inner.dense(query, visible, ALL, **options)
        everything = self.inner.dense(query, self.everything(visible), ALL).chunk_ids
        rows = self.inner.vectors_of(np.sort(everything))
        cells, cell_of = train_cells(np.repeat(rows, 8, axis=0))
        nearest = np.argsort(-(cells.fine @ query))[: max(1, len(cells.fine) // 2)]
        near = np.sort(everything)[np.isin(cell_of[::8], nearest)]
        keep = np.isin(ranked.chunk_ids, near)
        return Ranked(ranked.chunk_ids[keep][:limit], ranked.scores[keep][:limit])


@dataclass
class LeakyFollower:
    """Gives out leaky indexes."""

    inner: IndexFollower
    kind: type[Index]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def current(self, unit: UnitOfWork, **options: Any) -> Index:
        return self.kind(self.inner.current(unit, **options), frozenset(unit.labels.all()))


class LeakyFollowers(Followers):
    """Gives out leaky followers."""

    kind: type[Index]

    def of(self, embedder: Embedder) -> Any:
        return LeakyFollower(super().of(embedder), self.kind)


@dataclass
class LeakyIndex(Fault):
    """Puts a leaky index under the retriever."""

    kind: type[Index]

    def spoil(self, vault: SteadyVault) -> None:
        made = twin(vault.followers, LeakyFollowers)
        made.kind = self.kind
        vault.__dict__["followers"] = made
