"""The lexical half as plain arrays: what a generation stores."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vault.index.arrays import Arrays, require, within
from vault.index.columns import Column
from vault.index.lexical import LexicalIndex
from vault.index.postings import Postings, post
from vault.index.statistics import Bm25, Table
from vault.index.vocabulary import Vocabulary

LEXICAL_TYPES = {
    "document_chunks": ("<i8", 1),
    "document_labels": ("<i8", 1),
    "document_lengths": ("<i4", 1),
    "posting_starts": ("<i8", 1),
    "posting_documents": ("<i4", 1),
    "posting_counts": ("|u1", 1),
    "position_starts": ("<i8", 1),
    "positions": ("|u1", 1),
    "vocabulary": ("|u1", 1),
}
"""Element type and number of axes of every array of the lexical half."""


def lexical_arrays(index: LexicalIndex) -> dict[str, NDArray[Any]]:
    """Return the live documents and the postings that name them."""
    whole = index.compacted()
    postings = whole.parts[0] if whole.parts else post([], first=0)
    return {
        "document_chunks": whole.table.chunk_ids.values,
        "document_labels": whole.table.label_ids.values,
        "document_lengths": whole.table.lengths.values,
        "posting_starts": postings.starts,
        "posting_documents": postings.documents,
        "posting_counts": postings.counts,
        "position_starts": postings.position_starts,
        "positions": postings.positions,
        "vocabulary": postings.terms.text,
    }


def lexical_index(arrays: Arrays, *, scoring: Bm25) -> LexicalIndex:
    """Return the index that ``lexical_arrays`` described.

    Raises:
        ArchiveError: the arrays do not fit together.
    """
    chunks = arrays["document_chunks"]
    require(len(arrays["document_labels"]) == len(arrays["document_lengths"]) == len(chunks))
    postings = _postings(arrays)
    require(within(postings.documents, 0, len(chunks)))
    table = Table(
        Column(chunks),
        Column(arrays["document_labels"]),
        Column(arrays["document_lengths"]),
        Column(np.ones(len(chunks), np.bool_)),
    )
    return LexicalIndex(table, (postings,) if len(postings.terms) else (), scoring=scoring)


def _postings(arrays: Arrays) -> Postings:
    text, counts = arrays["vocabulary"], arrays["posting_counts"]
    require(not len(text) or int(text[-1]) == ord("\n"))
    postings = Postings(
        Vocabulary(text),
        arrays["posting_starts"],
        arrays["position_starts"],
        arrays["posting_documents"],
        counts,
        arrays["positions"],
    )
    starts = postings.starts
    require(len(starts) == len(postings.terms) + 1 and postings.terms.rising())
    require(int(starts[0]) == 0 and int(starts[-1]) == len(postings.documents) == len(counts))
    require(bool((np.diff(starts) > 0).all()))
    # Every posting counts at least one, so the sums also tell where its positions lie.
    require(bool((counts > 0).all()))
    sums = np.add.reduceat(counts, starts[:-1], dtype=np.int64) if len(counts) else starts[:0]
    expected = np.concatenate([[0], np.cumsum(sums)])
    require(np.array_equal(expected, postings.position_starts))
    require(len(postings.positions) == int(expected[-1]))
    return postings
