"""sqlite-vec: an exact scan inside SQLite, with the label as a column of the scanned table."""

from pathlib import Path

import numpy as np
import sqlite_vec
from numpy.typing import NDArray
from sqlcipher3 import dbapi2 as sqlite

from vault.evaluate.engine import LIMIT, Search
from vault.evaluate.workload import VisibleShare, Workload

_BLOCK = 20_000
_CACHE_KIB = 2**21


class SqliteEngine:
    """A ``vec0`` table in a plain file; it has no index, so there is no knob.

    Args:
        workload: rows; the label is a metadata column.
        folder: where the file lies.
    """

    knob = ""
    settings = (0,)
    usual = 0
    worker: int | None = None

    def __init__(self, workload: Workload, folder: Path) -> None:
        self._workload = workload
        self._connection = sqlite.connect(str(folder / "rows.db"), isolation_level=None)
        self._connection.enable_load_extension(True)  # noqa: FBT003 - the driver's way
        sqlite_vec.load(self._connection)
        self._connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        self._connection.execute(
            "CREATE VIRTUAL TABLE row USING vec0(label integer, "
            f"vector float[{workload.dimension}] distance_metric=cosine)"
        )

    def fill(self) -> None:
        """Insert every row, in transactions of 20,000."""
        rows, labels = self._workload.vectors(), self._workload.labels.tolist()
        for start in range(0, self._workload.size, _BLOCK):
            block = np.asarray(rows[start : start + _BLOCK])
            self._connection.execute("BEGIN")
            self._connection.executemany(
                "INSERT INTO row (rowid, label, vector) VALUES (?, ?, ?)",
                (
                    (number, labels[number], row.tobytes())
                    for number, row in enumerate(block, start=start)
                ),
            )
            self._connection.execute("COMMIT")

    def search(self, visible: VisibleShare, setting: int) -> Search:  # noqa: ARG002 - no knob
        """Return a search among the rows whose label is any of the visible ones."""
        labels = ",".join(map(str, visible.labels))
        statement = (
            f"SELECT rowid FROM row WHERE vector MATCH ? AND k = {LIMIT} "  # noqa: S608 - numbers
            f"AND label IN ({labels}) ORDER BY distance"
        )

        def search(query: NDArray[np.float32]) -> list[int]:
            found = self._connection.execute(statement, (query.tobytes(),))
            return [number for (number,) in found]

        return search

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
