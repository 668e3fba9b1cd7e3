"""pgvector: a graph inside PostgreSQL, with an index on the label, as its planner sees fit."""

import importlib.util
import os
import subprocess
import time
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray

from vault.domain.errors import VaultError
from vault.evaluate.engine import LIMIT, Search
from vault.evaluate.workload import VisibleShare, Workload

_BLOCK = 5_000
_OWNER = "comparison"
_START_SECONDS = 60.0
_SESSION = (
    "SET jit = off",
    "SET max_parallel_workers_per_gather = 0",
    "SET max_parallel_maintenance_workers = 0",
    "SET work_mem = '256MB'",
    "SET maintenance_work_mem = '2GB'",
    "SET hnsw.iterative_scan = relaxed_order",
)
_ANOTHER_NUMBER = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"]
_SERVER = ("listen_addresses=", "shared_buffers=1GB", "fsync=off", "max_wal_size=8GB")


class PostgresEngine:
    """A server of its own behind a socket file; the work is that of one backend process.

    Args:
        workload: rows; label and vector are columns, and both are indexed.
        folder: where the server keeps everything.
    """

    knob = "ef_search"
    settings = (40, 100, 200, 400)
    usual = 100
    worker: int | None

    def __init__(self, workload: Workload, folder: Path) -> None:
        self._workload = workload
        self._server = _started(folder)
        self._connection: Any = _connected(folder)
        for statement in ("CREATE EXTENSION vector", *_SESSION):
            self._connection.execute(statement)
        self._effort = 0
        self.worker = int(self._connection.execute("SELECT pg_backend_pid()").fetchone()[0])

    def fill(self) -> None:
        """Copy every row and build both indexes."""
        self._connection.execute(
            "CREATE TABLE item (id int PRIMARY KEY, label int, "
            f"vector vector({self._workload.dimension}))"
        )
        rows, labels = self._workload.vectors(), self._workload.labels.tolist()
        with self._connection.cursor().copy("COPY item FROM STDIN") as copy:
            for start in range(0, self._workload.size, _BLOCK):
                lines = (
                    f"{number}\t{labels[number]}\t{_written(row)}\n"
                    for number, row in enumerate(rows[start : start + _BLOCK], start=start)
                )
                copy.write("".join(lines))
        self._connection.execute("CREATE INDEX ON item (label)")
        self._connection.execute(
            "CREATE INDEX ON item USING hnsw (vector vector_ip_ops) "
            "WITH (m = 16, ef_construction = 80)"
        )
        self._connection.execute("ANALYZE item")

    def search(self, visible: VisibleShare, setting: int) -> Search:
        """Return a search that goes on until enough visible rows are found."""
        labels = ",".join(map(str, visible.labels))
        statement = (
            f"SELECT id FROM item WHERE label = ANY('{{{labels}}}'::int[]) "  # noqa: S608 - numbers
            f"ORDER BY vector <#> %s::vector LIMIT {LIMIT}"
        )

        def search(query: NDArray[np.float32]) -> list[int]:
            if self._effort != setting:
                self._connection.execute(f"SET hnsw.ef_search = {setting}")
                self._effort = setting
            found = self._connection.execute(statement, (_written(query),), prepare=False)
            return [number for (number,) in found.fetchall()]

        return search

    def close(self) -> None:
        """Stop the server."""
        self._connection.close()
        self._server.terminate()
        self._server.wait(timeout=_START_SECONDS)


def _written(row: NDArray[np.float32]) -> str:
    return f"[{','.join(map('{:.7g}'.format, row.tolist()))}]"


def _started(folder: Path) -> "subprocess.Popen[bytes]":
    """Return a running server whose files and socket lie in ``folder``."""
    found = importlib.util.find_spec("pgserver")
    if found is None or found.origin is None:
        raise VaultError("the PostgreSQL programs are missing")
    programs = Path(found.origin).parent / "pginstall" / "bin"
    # PostgreSQL refuses to run as root; a user namespace gives it another number.
    unprivileged = os.geteuid() != 0
    drop = (
        [] if unprivileged else ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"]
    )
    data = str(folder / "data")
    made = [programs / "initdb", "-D", data, "-U", _OWNER, "--auth=trust", "--encoding=UTF8"]
    with (folder / "log").open("wb") as log:
        subprocess.run(  # noqa: S603 - the extra's own program
            [*drop, *map(str, made)], check=True, stdout=log, stderr=log
        )
        options = [part for option in _SERVER for part in ("-c", option)]
        return subprocess.Popen(  # noqa: S603 - the extra's own program
            [*drop, str(programs / "postgres"), "-D", data, "-k", str(folder), *options],
            stdout=log,
            stderr=log,
        )


def _connected(folder: Path) -> Any:  # noqa: ANN401 - psycopg
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            return psycopg.connect(f"host={folder} user={_OWNER} dbname=postgres", autocommit=True)
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise VaultError("PostgreSQL did not start") from error
            time.sleep(0.1)
