"""The index as plain arrays: what a generation stores, and what compaction rebuilds from."""

from collections.abc import Mapping
from dataclasses import asdict, astuple
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vault.index.cells import Cells
from vault.index.codec import FlatCodec
from vault.index.columns import Column
from vault.index.dense import DenseIndex
from vault.index.lexical import LexicalIndex
from vault.index.planner import USUAL_EFFORT, Effort
from vault.index.postings import Postings
from vault.index.segments import LabelSegment, SegmentRows, assemble
from vault.index.statistics import Bm25, Table
from vault.index.upkeep import Counters

Arrays = Mapping[str, NDArray[Any]]

COUNTERS = tuple(asdict(Counters()))
SEGMENT_COLUMNS = ("label_id", "rows", "cells", "groups", *COUNTERS)
DENSE_TYPES = {
    "vectors": ("<f4", 2),
    "row_chunks": ("<i8", 1),
    "row_cells": ("<i8", 1),
    "segments": ("<i8", 2),
    "fine": ("<f4", 2),
    "fine_groups": ("<i8", 1),
    "coarse": ("<f4", 2),
}
LEXICAL_TYPES = {
    "document_chunks": ("<i8", 1),
    "document_labels": ("<i8", 1),
    "document_lengths": ("<i4", 1),
    "posting_starts": ("<i8", 1),
    "posting_documents": ("<i4", 1),
    "posting_counts": ("<u2", 1),
    "vocabulary": ("|u1", 1),
}
TYPES = DENSE_TYPES | LEXICAL_TYPES
"""Element type and number of axes of every array of a generation."""


class ArchiveError(Exception):
    """Arrays do not fit together, so no index can be made of them."""


def dense_arrays(index: DenseIndex) -> dict[str, NDArray[Any]]:
    """Return the live rows with their cells, label after label, oldest first within each."""
    ordered = [index.segments[label_id] for label_id in sorted(index.segments)]
    rows = [segment.live_rows() for segment in ordered]
    width = (0, index.dimension)
    numbers = _joined([part.numbers for part in rows], np.empty(0, np.int64))
    return {
        "vectors": _joined([part.vectors for part in rows], np.empty(width, np.float32)),
        "row_chunks": index.chunk_ids.values[numbers],
        "row_cells": _joined([part.cells for part in rows], np.empty(0, np.int64)),
        "segments": np.array([_segment_row(segment) for segment in ordered], np.int64).reshape(
            -1, len(SEGMENT_COLUMNS)
        ),
        "fine": _joined([s.cells.fine for s in ordered], np.empty(width, np.float32)),
        "fine_groups": _joined([s.cells.groups for s in ordered], np.empty(0, np.int64)),
        "coarse": _joined([s.cells.coarse for s in ordered], np.empty(width, np.float32)),
    }


def dense_index(arrays: Arrays, dimension: int, *, effort: Effort = USUAL_EFFORT) -> DenseIndex:
    """Return the index that ``dense_arrays`` described, behaving exactly as that one.

    Raises:
        ArchiveError: the arrays do not fit together.
    """
    codec = FlatCodec(dimension)
    table = arrays["segments"]
    _check_dense(arrays, dimension)
    segments: dict[int, LabelSegment] = {}
    row = cell = group = 0
    for entry in table.tolist():
        label_id, rows, cells, groups, *counts = entry
        span, inner = slice(row, row + rows), slice(cell, cell + cells)
        segments[label_id] = assemble(
            codec,
            label_id,
            Cells(
                arrays["coarse"][group : group + groups],
                arrays["fine"][inner],
                arrays["fine_groups"][inner],
            ),
            SegmentRows(
                np.arange(row, row + rows), arrays["vectors"][span], arrays["row_cells"][span]
            ),
            Counters(*counts),
        )
        row, cell, group = row + rows, cell + cells, group + groups
    return DenseIndex(codec, segments, Column(arrays["row_chunks"]), effort=effort)


def lexical_arrays(index: LexicalIndex) -> dict[str, NDArray[Any]]:
    """Return the live documents and the postings that name them."""
    whole = index.compacted()
    empty = Postings({}, np.zeros(1, np.int64), np.empty(0, np.int32), np.empty(0, np.uint16))
    postings = whole.parts[0] if whole.parts else empty
    return {
        "document_chunks": whole.table.chunk_ids.values,
        "document_labels": whole.table.label_ids.values,
        "document_lengths": whole.table.lengths.values,
        "posting_starts": postings.starts,
        "posting_documents": postings.documents,
        "posting_counts": postings.counts,
        "vocabulary": np.frombuffer("\n".join(postings.terms).encode(), np.uint8),
    }


def lexical_index(arrays: Arrays, *, scoring: Bm25) -> LexicalIndex:
    """Return the index that ``lexical_arrays`` described.

    Raises:
        ArchiveError: the arrays do not fit together.
    """
    text = arrays["vocabulary"].tobytes().decode()
    terms = {term: place for place, term in enumerate(text.split("\n") if text else ())}
    starts, documents = arrays["posting_starts"], arrays["posting_documents"]
    chunks = arrays["document_chunks"]
    _require(len(starts) == len(terms) + 1)
    _require(int(starts[0]) == 0 and int(starts[-1]) == len(documents))
    _require(bool((np.diff(starts) > 0).all()) and _within(documents, 0, len(chunks)))
    _require(len(arrays["posting_counts"]) == len(documents))
    _require(len(arrays["document_labels"]) == len(arrays["document_lengths"]) == len(chunks))
    table = Table(
        Column(chunks),
        Column(arrays["document_labels"]),
        Column(arrays["document_lengths"]),
        Column(np.ones(len(chunks), np.bool_)),
    )
    parts = (Postings(terms, starts, documents, arrays["posting_counts"]),) if terms else ()
    return LexicalIndex(table, parts, scoring=scoring)


def _segment_row(segment: LabelSegment) -> tuple[int, ...]:
    cells = segment.cells
    sizes = (segment.live, len(cells.fine), len(cells.coarse))
    return (segment.label_id, *sizes, *astuple(segment.counters))


def _check_dense(arrays: Arrays, dimension: int) -> None:
    table = arrays["segments"]
    _require(table.shape[1] == len(SEGMENT_COLUMNS) and bool((table[:, 1:4] > 0).all()))
    rows, cells, groups = (int(total) for total in table[:, 1:4].sum(axis=0))
    _require(
        len(arrays["vectors"]) == len(arrays["row_chunks"]) == len(arrays["row_cells"]) == rows
    )
    _require(len(arrays["fine"]) == len(arrays["fine_groups"]) == cells)
    _require(len(arrays["coarse"]) == groups)
    _require(all(arrays[name].shape[1] == dimension for name in ("vectors", "fine", "coarse")))
    # A number outside its label's range would make FAISS write where it must not.
    limits = np.repeat(table[:, 2], table[:, 1])
    _require(bool(((arrays["row_cells"] >= -1) & (arrays["row_cells"] < limits)).all()))
    limits = np.repeat(table[:, 3], table[:, 2])
    _require(bool(((arrays["fine_groups"] >= 0) & (arrays["fine_groups"] < limits)).all()))


def _joined(parts: list[NDArray[Any]], empty: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate(parts) if parts else empty


def _within(values: NDArray[Any], low: int, high: int) -> bool:
    return bool(((values >= low) & (values < high)).all())


def _require(holds: bool) -> None:  # noqa: FBT001 - the condition is the whole point
    if not holds:
        raise ArchiveError("the arrays of the generation do not fit together")
