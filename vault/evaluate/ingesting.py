"""What taking documents in costs, beside the bare embedder on the same chunks."""

import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from vault.domain.errors import InvalidRequestError
from vault.ingest.report import IngestReport, ItemState

TakeIn = Callable[[], IngestReport]
"""Takes every document in, or finds it unchanged."""
ChunkTexts = Callable[[], Sequence[str]]
"""Reads the text of every chunk that was embedded."""


@dataclass(frozen=True, slots=True)
class IngestFigures:
    """How a set of documents was taken in.

    Attributes:
        documents: how many were taken in.
        quarantined: how many were set aside with a reason.
        characters: characters of text they hold.
        chunks: pieces they were cut into.
        seconds: wall time.
        cpu_seconds: processor time of the vault, without that of the sandboxed parser.
        chunks_per_second: by wall time.
        share_of_embedder: rate as a share of that of the bare embedder on the same chunks.
        again_seconds: wall time of doing it again with nothing changed.
        peak_mb: most memory the vault held, in MiB.
    """

    documents: int
    quarantined: int
    characters: int
    chunks: int
    seconds: float
    cpu_seconds: float
    chunks_per_second: float
    share_of_embedder: float
    again_seconds: float
    peak_mb: float

    def form(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        return asdict(self)


def measure_ingest(
    take_in: TakeIn, chunk_texts: ChunkTexts, embed: Callable[[Sequence[str]], object]
) -> IngestFigures:
    """Return what taking everything in cost, and doing so again.

    Args:
        take_in: called twice; the first time, everything is new.
        chunk_texts: called after the first.
        embed: the bare embedder, loaded already.

    Raises:
        InvalidRequestError: nothing could be taken in.
    """
    embed(["warm"])
    own, started = time.process_time(), time.perf_counter()
    report = take_in()
    seconds = time.perf_counter() - started
    own = time.process_time() - own
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    again = time.perf_counter()
    take_in()
    again = time.perf_counter() - again
    texts = chunk_texts()
    if not texts:
        raise InvalidRequestError("there is no document that can be read")
    bare = time.perf_counter()
    embed(texts)
    bare = time.perf_counter() - bare
    taken = [found for found in report.outcomes if found.state is ItemState.INGESTED]
    aside = [found for found in report.outcomes if found.state is ItemState.QUARANTINED]
    return IngestFigures(
        documents=len(taken),
        quarantined=len(aside),
        characters=sum(found.characters or 0 for found in taken),
        chunks=len(texts),
        seconds=round(seconds, 3),
        cpu_seconds=round(own, 3),
        chunks_per_second=round(len(texts) / seconds, 1),
        share_of_embedder=round(bare / seconds, 3),
        again_seconds=round(again, 3),
        peak_mb=round(peak, 1),
    )
