"""The engines that dense search is measured against, and our own."""

from dataclasses import replace

import faiss
import numpy as np
from numpy.typing import NDArray
from vectors_measure import LIMIT, Search

from vault.domain.decisions import VisibleSet
from vault.index.dense import DenseIndex

CELLS = 4096
_CANDIDATES = 40
_TRAINING_SHARE = 40


def flat_bitmap(flat: faiss.IndexFlatIP, visible: NDArray[np.bool_]) -> Search:
    """Return exact search of all rows behind a bitmap."""
    parameters = faiss.SearchParameters(sel=_bitmap(visible))

    def search(query: NDArray[np.float32]) -> NDArray[np.int64]:
        _, ids = flat.search(query[None], LIMIT, params=parameters)
        return ids[0][ids[0] >= 0]

    return search


def train_ivf(vectors: NDArray[np.float32], cells: int = CELLS) -> faiss.IndexIVF:
    """Return an IVF-SQ8 trained on all rows, those that a reader may not see among them."""
    dimension = vectors.shape[1]
    quantizer = faiss.IndexFlatIP(dimension)
    kind = faiss.ScalarQuantizer.QT_8bit
    metric = faiss.METRIC_INNER_PRODUCT
    index = faiss.IndexIVFScalarQuantizer(quantizer, dimension, cells, kind, metric)
    index.cp.niter, index.cp.spherical = 6, True
    index.cp.max_points_per_centroid = _TRAINING_SHARE
    rows = np.random.default_rng(0).choice(
        len(vectors), min(len(vectors), _TRAINING_SHARE * cells), replace=False
    )
    index.train(vectors[rows])
    index.add(vectors)
    return index


def ivf_bitmap(
    index: faiss.IndexIVF, vectors: NDArray[np.float32], visible: NDArray[np.bool_], probes: int
) -> Search:
    """Return search of the nearest cells of everything behind a bitmap, scored by the rows."""
    parameters = faiss.SearchParametersIVF(sel=_bitmap(visible), nprobe=probes)

    def search(query: NDArray[np.float32]) -> NDArray[np.int64]:
        _, ids = index.search(query[None], _CANDIDATES, params=parameters)
        found = ids[0][ids[0] >= 0]
        return found[np.argsort(-(vectors[found] @ query), kind="stable")[:LIMIT]]

    return search


def strongroom(index: DenseIndex, seen: VisibleSet) -> Search:
    """Return our search under ``seen``."""

    def search(query: NDArray[np.float32]) -> NDArray[np.int64]:
        return index.search(query, seen, LIMIT).chunk_ids

    return search


def with_union(index: DenseIndex, seen: VisibleSet) -> DenseIndex | None:
    """Return the index after it made the union for ``seen``, or None if it needs none."""
    union = index.make_union(seen)
    if union is None or index.visible_count(seen) <= index.effort.exact_rows:
        return None
    return replace(index.with_union(union, index))


def _bitmap(visible: NDArray[np.bool_]) -> faiss.IDSelectorBitmap:
    return faiss.IDSelectorBitmap(np.packbits(visible, bitorder="little"))
