"""What an engine is to a comparison, and which engines there are."""

import importlib
import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from vault.domain.errors import InvalidRequestError
from vault.evaluate.workload import VisibleShare, Workload

LIMIT = 10
"""Rows asked for by every query."""
EXTRA = "bench"

Search = Callable[[NDArray[np.float32]], Sequence[int]]
"""From a query to row numbers, best first."""


class Engine(Protocol):
    """A filled index that returns the nearest rows among those under visible labels.

    It is made from a workload and an empty folder, and then filled.

    Attributes:
        knob: name of the setting that trades recall for time; empty if there is none.
        settings: values of the knob to draw a curve of, rising; one if there is no knob.
        usual: the value a careful person would choose; one of ``settings``.
        worker: id of the process that does the work, if it is another one.
    """

    knob: str
    settings: tuple[int, ...]
    usual: int
    worker: int | None

    def fill(self) -> None:
        """Take in every row of the workload and build what speeds up searches."""
        ...

    def search(self, visible: VisibleShare, setting: int) -> Search:
        """Return a search for one reader; what can be prepared for the reader is."""
        ...

    def close(self) -> None:
        """Release what the engine holds."""
        ...


@dataclass(frozen=True, slots=True)
class EngineKind:
    """How one engine is found.

    Attributes:
        name: as asked for.
        maker: module and class that make it, joined by a colon; imported when needed alone.
        needs: libraries that are not part of the core installation.
    """

    name: str
    maker: str
    needs: tuple[str, ...] = ()

    def require(self) -> None:
        """Return only if the engine's libraries are installed.

        Raises:
            InvalidRequestError: one is missing; the message names the extra that brings it.
        """
        for library in self.needs:
            if importlib.util.find_spec(library) is None:
                raise InvalidRequestError(
                    f"the engine {self.name} needs the extra {EXTRA!r}, which is not installed; "
                    f"install it with: pip install 'strongroom[{EXTRA}]'"
                )


_ENGINES = "vault.evaluate.engines"
ENGINES: dict[str, EngineKind] = {
    kind.name: kind
    for kind in (
        EngineKind("strongroom", f"{_ENGINES}.strongroom:StrongroomEngine"),
        EngineKind("faiss-flat-bitmap", f"{_ENGINES}.faiss_flat:FlatEngine"),
        EngineKind("faiss-ivf-sq8", f"{_ENGINES}.faiss_ivf:InvertedEngine"),
        EngineKind("faiss-hnsw", f"{_ENGINES}.faiss_hnsw:GraphEngine"),
        EngineKind("qdrant-edge", f"{_ENGINES}.qdrant:QdrantEngine", ("qdrant_edge",)),
        EngineKind("lancedb", f"{_ENGINES}.lance:LanceEngine", ("lancedb", "pyarrow")),
        EngineKind("pgvector", f"{_ENGINES}.postgres:PostgresEngine", ("psycopg", "pgserver")),
        EngineKind("chroma", f"{_ENGINES}.chroma:ChromaEngine", ("chromadb",)),
        EngineKind("sqlite-vec", f"{_ENGINES}.sqlite:SqliteEngine", ("sqlite_vec",)),
    )
}
"""Every engine by name, in the order of the tables."""
USUAL_ENGINES = ("strongroom", "faiss-flat-bitmap", "faiss-ivf-sq8")
"""Engines that are compared unless others are asked for; the core installation has them."""


def engine_kinds(names: Sequence[str]) -> tuple[EngineKind, ...]:
    """Return the engines of these names, each once, ready to be made.

    Raises:
        InvalidRequestError: a name is not known, or its libraries are not installed.
    """
    for name in names:
        if name not in ENGINES:
            raise InvalidRequestError(
                f"there is no engine {name!r}; known are {', '.join(ENGINES)}"
            )
    kinds = tuple(ENGINES[name] for name in dict.fromkeys(names or USUAL_ENGINES))
    for kind in kinds:
        kind.require()
    return kinds


def make_engine(maker: str, workload: Workload, folder: Path) -> Engine:
    """Return an engine, still empty, whose files go into ``folder``.

    Args:
        maker: module and class, joined by a colon.
        workload: what it will be filled with.
        folder: an empty folder.
    """
    module, _, name = maker.partition(":")
    return cast(Engine, getattr(importlib.import_module(module), name)(workload, folder))
