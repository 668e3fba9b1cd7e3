"""Chroma: a graph, with a metadata filter resolved to a set of ids before the walk."""

from pathlib import Path
from typing import Any

import chromadb
import numpy as np
from chromadb.config import Settings
from numpy.typing import NDArray

from vault.evaluate.engine import LIMIT, Search
from vault.evaluate.workload import VisibleShare, Workload

_BLOCK = 2_000
_NEIGHBOURS, _EFFORT = 16, 100


class ChromaEngine:
    """A persistent collection; its search effort is fixed when it is made.

    Args:
        workload: rows; the label is a metadata integer.
        folder: where the collection lies.
    """

    knob = ""
    settings = (0,)
    usual = 0
    worker: int | None = None

    def __init__(self, workload: Workload, folder: Path) -> None:
        self._workload = workload
        client = chromadb.PersistentClient(
            str(folder / "chroma"), Settings(anonymized_telemetry=False)
        )
        graph = {
            "space": "ip",
            "ef_construction": _EFFORT,
            "max_neighbors": _NEIGHBOURS,
            "ef_search": _EFFORT,
            "num_threads": 1,
        }
        self._rows: Any = client.create_collection(
            "rows", configuration={"hnsw": graph}, embedding_function=None
        )

    def fill(self) -> None:
        """Insert every row."""
        rows, labels = self._workload.vectors(), self._workload.labels.tolist()
        for start in range(0, self._workload.size, _BLOCK):
            block = np.asarray(rows[start : start + _BLOCK])
            numbers = range(start, start + len(block))
            self._rows.add(
                ids=[str(number) for number in numbers],
                embeddings=block,
                metadatas=[{"label": labels[number]} for number in numbers],
            )

    def search(self, visible: VisibleShare, setting: int) -> Search:  # noqa: ARG002 - no knob
        """Return a search among the rows whose label is any of the visible ones."""
        among = {"label": {"$in": list(visible.labels)}}

        def search(query: NDArray[np.float32]) -> list[int]:
            found = self._rows.query(
                query_embeddings=query[None], n_results=LIMIT, where=among, include=[]
            )
            return [int(name) for name in found["ids"][0]]

        return search

    def close(self) -> None:
        """Release nothing: the files go with the folder."""
