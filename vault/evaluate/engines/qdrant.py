"""Qdrant Edge: a graph with a payload index on the label; its planner picks the way."""

from pathlib import Path
from typing import Any

import numpy as np
import qdrant_edge
from numpy.typing import NDArray

from vault.evaluate.engine import LIMIT, Search
from vault.evaluate.workload import VisibleShare, Workload

_BLOCK = 2_000
_NEIGHBOURS, _BUILD_EFFORT, _SCAN_BELOW_KB = 16, 100, 10_000


class QdrantEngine:
    """One shard in one segment, optimised before it is asked.

    Args:
        workload: rows; the label is an indexed integer.
        folder: where the shard lies.
    """

    knob = "hnsw_ef"
    settings = (32, 64, 128, 256)
    usual = 128
    worker: int | None = None

    def __init__(self, workload: Workload, folder: Path) -> None:
        self._workload = workload
        parameters = qdrant_edge.EdgeVectorParams(
            size=workload.dimension, distance=qdrant_edge.Distance.Dot
        )
        graph = qdrant_edge.HnswIndexConfig(
            _NEIGHBOURS, _BUILD_EFFORT, _SCAN_BELOW_KB, max_indexing_threads=1
        )
        configuration = qdrant_edge.EdgeConfig(
            vectors={"": parameters},
            hnsw_config=graph,
            optimizers=qdrant_edge.EdgeOptimizersConfig(
                default_segment_number=1, indexing_threshold=_SCAN_BELOW_KB
            ),
            max_search_threads=1,
        )
        place = folder / "shard"
        place.mkdir()
        self._shard: Any = qdrant_edge.EdgeShard.create(str(place), configuration)

    def fill(self) -> None:
        """Insert every row and build the graph."""
        update = qdrant_edge.UpdateOperation
        integer = qdrant_edge.PayloadSchemaType.Integer
        self._shard.update(update.create_field_index("label", integer))
        rows, labels = self._workload.vectors(), self._workload.labels.tolist()
        for start in range(0, self._workload.size, _BLOCK):
            points = [
                qdrant_edge.Point(start + place, row, {"label": labels[start + place]})
                for place, row in enumerate(rows[start : start + _BLOCK].tolist())
            ]
            self._shard.update(update.upsert_points(points))
        self._shard.flush()
        self._shard.optimize()

    def search(self, visible: VisibleShare, setting: int) -> Search:
        """Return a search among the rows whose label is any of the visible ones."""
        label = qdrant_edge.FieldCondition(
            key="label", match=qdrant_edge.MatchAny(list(visible.labels))
        )
        among = qdrant_edge.Filter(must=[label])
        parameters = qdrant_edge.SearchParams(hnsw_ef=setting)

        def search(query: NDArray[np.float32]) -> list[int]:
            request = qdrant_edge.QueryRequest(
                limit=LIMIT,
                query=qdrant_edge.Query.Nearest(query.tolist()),
                filter=among,
                with_payload=False,
                with_vector=False,
                params=parameters,
            )
            return [point.id for point in self._shard.query(request)]

        return search

    def close(self) -> None:
        """Close the shard."""
        self._shard.close()
