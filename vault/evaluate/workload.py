"""What a comparison of engines is run on: vectors under labels, queries, and visible shares."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SHARES = (0.001, 0.01, 0.1, 0.5, 1.0)
"""Fractions of all rows that the readers of a comparison may see."""
_MOST = 1.15
_ENOUGH = 0.9
_VECTORS, _LABELS, _QUERIES, _VISIBLE = "vectors.npy", "labels.npy", "queries.npy", "visible.json"


@dataclass(frozen=True, slots=True)
class VisibleShare:
    """What one reader may see: whole labels that hold about a share of all rows.

    Attributes:
        share: the fraction that was aimed at, above 0 and at most 1.
        labels: numbers of the visible labels, rising; at least one.
    """

    share: float
    labels: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Workload:
    """Rows, queries and readers, the same for every engine; rows lie in a file.

    Attributes:
        folder: where it is kept.
        labels: (n,) int64, the label number of each row, 0 to the number of labels.
        queries: (q, d) float32, unit-norm.
        visible: the readers.
    """

    folder: Path
    labels: NDArray[np.int64]
    queries: NDArray[np.float32]
    visible: tuple[VisibleShare, ...]

    @property
    def size(self) -> int:
        """Number of rows."""
        return len(self.labels)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self.queries.shape[1])

    def vectors(self, *, in_memory: bool = False) -> NDArray[np.float32]:
        """Return the rows, (n, d) float32 and unit-norm, mapped from the file or read whole."""
        path = self.folder / _VECTORS
        found: NDArray[np.float32] = np.load(path, None if in_memory else "r", allow_pickle=False)
        return found

    def mask(self, visible: VisibleShare) -> NDArray[np.bool_]:
        """Return which rows a reader may see: (n,) bool."""
        open_labels = np.zeros(int(self.labels.max()) + 1, np.bool_)
        open_labels[list(visible.labels)] = True
        return open_labels[self.labels]

    def save(self) -> None:
        """Write everything but the rows, which are in the folder already."""
        np.save(self.folder / _LABELS, self.labels)
        np.save(self.folder / _QUERIES, self.queries)
        form = [{"share": found.share, "labels": found.labels} for found in self.visible]
        (self.folder / _VISIBLE).write_text(json.dumps(form), encoding="ascii")

    @classmethod
    def load(cls, folder: Path) -> "Workload":
        """Return what ``save`` wrote into ``folder``."""
        form = json.loads((folder / _VISIBLE).read_text(encoding="ascii"))
        return cls(
            folder,
            np.load(folder / _LABELS, allow_pickle=False),
            np.load(folder / _QUERIES, allow_pickle=False),
            tuple(VisibleShare(each["share"], tuple(each["labels"])) for each in form),
        )


def row_file(folder: Path, *, rows: int, dimension: int) -> NDArray[np.float32]:
    """Return a new, writable file of rows in ``folder``: (rows, dimension) float32."""
    made: NDArray[np.float32] = np.lib.format.open_memmap(
        folder / _VECTORS, "w+", np.float32, (rows, dimension)
    )
    return made


def visible_shares(
    labels: NDArray[np.int64], shares: Iterable[float] = SHARES, *, seed: int = 5
) -> tuple[VisibleShare, ...]:
    """Return a reader for each share, who may see labels drawn at random.

    Nothing ties what a reader may see to what is asked, so a strict reader's rows often lie
    far from the query, as they do in use.
    """
    counts = np.bincount(labels)
    return tuple(VisibleShare(share, _drawn(counts, share, seed)) for share in shares)


def _drawn(counts: NDArray[np.int64], share: float, seed: int) -> tuple[int, ...]:
    if share >= 1:
        return tuple(range(len(counts)))
    wanted = share * int(counts.sum())
    held, drawn = 0, []
    for label in np.random.default_rng(seed).permutation(len(counts)).tolist():
        if held + counts[label] <= _MOST * wanted:
            drawn.append(label)
            held += int(counts[label])
        if held >= _ENOUGH * wanted:
            break
    return tuple(sorted(drawn)) or (int(np.argmin(counts)),)
