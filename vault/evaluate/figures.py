"""What a comparison of engines comes to, counted query by query."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from vault.evaluate.truth import Expected


@dataclass(frozen=True, slots=True)
class Row:
    """What one engine did under one visible share.

    Attributes:
        engine: its name.
        size: number of rows it holds.
        visible: the fraction of them that was visible, as aimed at.
        recall: share of the right rows among those that should have come back.
        short: queries that brought back fewer rows than were visible and asked for.
        cpu_ms_p50: median processor time of a query, in milliseconds, of all threads.
        cpu_ms_p99: the same for the slowest of a hundred.
        memory_mb: by how much the engine made its process grow, in MiB.
        setting: value of the engine's knob, with its name; empty if it has none.
        visible_rows: number of rows that were visible.
        queries: queries it answered.
        forbidden: rows it brought back that were not visible.
        build_seconds: wall time it took to be filled, in seconds.
    """

    engine: str
    size: int
    visible: float
    recall: float
    short: int
    cpu_ms_p50: float
    cpu_ms_p99: float
    memory_mb: float
    setting: str
    visible_rows: int
    queries: int
    forbidden: int
    build_seconds: float

    def form(self) -> dict[str, Any]:
        """Return the row as plain values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A whole comparison.

    Attributes:
        rows: every engine at its usual setting, by engine and rising share.
        curves: every engine at every setting, if that was asked for; else the same rows.
    """

    rows: tuple[Row, ...]
    curves: tuple[Row, ...]

    @property
    def forbidden(self) -> int:
        """How many rows came back that their reader may not see; anything but 0 is a leak."""
        return sum(row.forbidden for row in self.curves)


@dataclass(slots=True)
class Tally:
    """What one engine at one setting has done so far under one visible share.

    Attributes:
        hits: right rows that came back.
        wanted: rows that should have come back.
        short: queries that brought back fewer rows than they should.
        forbidden: rows that came back and were not visible.
        seconds: processor time of each query, in seconds.
    """

    hits: int = 0
    wanted: int = 0
    short: int = 0
    forbidden: int = 0
    seconds: list[float] = field(default_factory=list)

    def count(self, found: Sequence[int], expected: Expected, mask: Sequence[bool]) -> None:
        """Count what one query brought back.

        Args:
            found: row numbers, best first.
            expected: the right answer.
            mask: which rows the reader may see.
        """
        self.hits += expected.hits(found)
        self.wanted += expected.count
        self.short += len(set(found)) < expected.count
        self.forbidden += sum(not mask[row] for row in found)

    def milliseconds(self, percentile: int) -> float:
        """Return a percentile of the processor time of a query, in milliseconds."""
        return round(float(np.percentile(self.seconds, percentile)) * 1e3, 4)
