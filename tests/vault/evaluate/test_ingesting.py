"""An ingest is measured twice over, and beside the embedder alone."""

from collections.abc import Sequence

import pytest

from vault.domain.errors import InvalidRequestError
from vault.evaluate.ingesting import measure_ingest
from vault.ingest.report import IngestReport, ItemOutcome, ItemState

FIRST = IngestReport(
    [
        ItemOutcome("file:///a", ItemState.INGESTED, characters=120, chunks=2),
        ItemOutcome("file:///b", ItemState.INGESTED, characters=80, chunks=1),
        ItemOutcome("file:///c", ItemState.QUARANTINED, reason="damaged"),
    ]
)
AGAIN = IngestReport([ItemOutcome("file:///a", ItemState.UNCHANGED)])


def test_documents_chunks_and_what_was_set_aside_are_counted() -> None:
    reports = [FIRST, AGAIN]
    embedded: list[Sequence[str]] = []
    figures = measure_ingest(lambda: reports.pop(0), lambda: ["x", "y", "z"], embedded.append)
    assert not reports
    assert embedded == [["warm"], ["x", "y", "z"]]
    assert (figures.documents, figures.quarantined) == (2, 1)
    assert (figures.characters, figures.chunks) == (200, 3)
    assert figures.chunks_per_second > 0
    assert figures.peak_mb > 1
    assert set(figures.form()) >= {"seconds", "share_of_embedder", "again_seconds"}


def test_nothing_to_measure_is_a_problem() -> None:
    with pytest.raises(InvalidRequestError, match="no document"):
        measure_ingest(IngestReport, list, lambda texts: None)
