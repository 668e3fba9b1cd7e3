"""LanceDB: a column store with a vector index, filtered before the search."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lancedb
import numpy as np
import pyarrow
from lancedb import index
from numpy.typing import NDArray

from vault.evaluate.engine import LIMIT, Search
from vault.evaluate.workload import VisibleShare, Workload

_BLOCK = 20_000
_ROWS_PER_PARTITION = 50_000
_PARTITIONS_READ = 20
_REFINE = 5


class LanceEngine:
    """A table with ``IVF_HNSW_SQ`` over the vectors and a bitmap index over the label.

    Args:
        workload: rows.
        folder: where the table lies.
    """

    knob = "ef"
    settings = (64, 128, 256, 512)
    usual = 128
    worker: int | None = None

    def __init__(self, workload: Workload, folder: Path) -> None:
        self._workload = workload
        self._database: Any = lancedb.connect(str(folder / "lance"))
        self._table: Any = None

    def fill(self) -> None:
        """Write every row and build both indexes."""
        schema = pyarrow.schema(
            [
                ("id", pyarrow.int64()),
                ("vector", pyarrow.list_(pyarrow.float32(), self._workload.dimension)),
                ("label", pyarrow.int32()),
            ]
        )
        self._table = self._database.create_table("rows", self._batches(schema), schema=schema)
        self._table.create_index("label", config=index.Bitmap())
        partitions = max(1, self._workload.size // _ROWS_PER_PARTITION)
        self._table.create_index(
            "vector", config=index.HnswSq(distance_type="dot", num_partitions=partitions)
        )

    def search(self, visible: VisibleShare, setting: int) -> Search:
        """Return a search among the visible labels, its candidates rescored."""
        among = f"label IN ({','.join(map(str, visible.labels))})"

        def search(query: NDArray[np.float32]) -> list[int]:
            asked = self._table.search(query).where(among, prefilter=True).limit(LIMIT)
            asked = asked.nprobes(_PARTITIONS_READ).refine_factor(_REFINE).ef(setting)
            found: list[int] = asked.select(["id", "_distance"]).to_arrow()["id"].to_pylist()
            return found

        return search

    def close(self) -> None:
        """Release nothing: the files go with the folder."""

    def _batches(self, schema: Any) -> Iterator[Any]:  # noqa: ANN401 - pyarrow
        rows, labels = self._workload.vectors(), self._workload.labels
        for start in range(0, self._workload.size, _BLOCK):
            block = np.ascontiguousarray(rows[start : start + _BLOCK])
            numbers = pyarrow.array(np.arange(start, start + len(block)))
            vectors = pyarrow.FixedSizeListArray.from_arrays(
                pyarrow.array(block.ravel()), self._workload.dimension
            )
            label = pyarrow.array(labels[start : start + _BLOCK].astype(np.int32))
            yield pyarrow.record_batch([numbers, vectors, label], schema=schema)
