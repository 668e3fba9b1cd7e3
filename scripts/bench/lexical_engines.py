"""Lexical engines behind one call: the terms of a question and what may be seen give ids.

All engines index the same terms and leave out the same chunks. Only the vault's own counts
its statistics on the visible chunks; the others rank by statistics of everything.
"""

import sqlite3
from collections.abc import Callable, Sequence

import bm25s
import numpy as np
import tantivy
from lexical_corpus import Workload

from vault.domain.decisions import VisibleSet
from vault.index.analysis import analyse
from vault.index.lexical import LexicalIndex

Search = Callable[[str, VisibleSet, int], Sequence[int]]
BATCH = 10_000


def strongroom(work: Workload) -> Search:
    """Return search over the vault's own postings."""
    index = LexicalIndex.empty()
    for start in range(0, len(work.texts), BATCH):
        texts = work.texts[start : start + BATCH]
        numbers = np.arange(start, start + len(texts))
        index = index.added(numbers, work.labels[numbers], texts)
    index = index.compacted()

    def search(question: str, visible: VisibleSet, limit: int) -> Sequence[int]:
        return index.search(question, visible, limit).chunk_ids.tolist()

    return search


def tantivy_filter(work: Workload) -> Search:
    """Return search over a tantivy index with a term-set filter on the label."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("body", tokenizer_name="whitespace", index_option="freq")
    builder.add_integer_field("chunk", stored=True, fast=True)
    builder.add_integer_field("label", indexed=True)
    schema = builder.build()
    index = tantivy.Index(schema)
    writer = index.writer(heap_size=500_000_000, num_threads=1)
    for chunk, (text, label) in enumerate(zip(work.texts, work.labels.tolist(), strict=True)):
        document = tantivy.Document()
        document.add_text("body", " ".join(analyse(text)))
        document.add_integer("chunk", chunk)
        document.add_integer("label", label)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    must, should = tantivy.Occur.Must, tantivy.Occur.Should
    filters: dict[str, tantivy.Query] = {}

    def search(question: str, visible: VisibleSet, limit: int) -> Sequence[int]:
        if visible.key not in filters:
            held = tantivy.Query.term_set_query(schema, "label", sorted(visible.label_ids))
            filters[visible.key] = tantivy.Query.const_score_query(held, 0.0)
        terms = [
            (should, tantivy.Query.term_query(schema, "body", term, index_option="freq"))
            for term in dict.fromkeys(analyse(question))
        ]
        asked = tantivy.Query.boolean_query(terms)
        if len(visible.label_ids) < len(set_of_labels):
            asked = tantivy.Query.boolean_query([(must, asked), (must, filters[visible.key])])
        hits = searcher.search(asked, limit).hits
        return [searcher.doc(address)["chunk"][0] for _, address in hits]

    set_of_labels = set(work.labels.tolist())
    return search


def fts5_join(work: Workload) -> Search:
    """Return search over SQLite FTS5, joined to a table of the visible labels."""
    database = sqlite3.connect(":memory:")
    database.executescript(
        "CREATE VIRTUAL TABLE passage USING fts5(body, content='');"
        "CREATE TABLE owner (id INTEGER PRIMARY KEY, label INTEGER);"
        "CREATE TABLE seen (key TEXT, label INTEGER, PRIMARY KEY (key, label)) WITHOUT ROWID;"
    )
    bodies = ((n, " ".join(analyse(text))) for n, text in enumerate(work.texts))
    database.executemany("INSERT INTO passage (rowid, body) VALUES (?, ?)", bodies)
    database.executemany("INSERT INTO owner VALUES (?, ?)", enumerate(work.labels.tolist()))
    database.execute("INSERT INTO passage (passage) VALUES ('optimize')")
    known: set[str] = set()

    def search(question: str, visible: VisibleSet, limit: int) -> Sequence[int]:
        if visible.key not in known:
            known.add(visible.key)
            pairs = ((visible.key, label) for label in visible.label_ids)
            database.executemany("INSERT INTO seen VALUES (?, ?)", pairs)
        asked = " OR ".join(f'"{term}"' for term in dict.fromkeys(analyse(question)))
        found = database.execute(
            "SELECT passage.rowid FROM passage JOIN owner ON owner.id = passage.rowid"
            " WHERE passage MATCH ? AND EXISTS (SELECT 1 FROM seen"
            " WHERE seen.key = ? AND seen.label = owner.label) ORDER BY rank LIMIT ?",
            (asked, visible.key, limit),
        )
        return [row[0] for row in found] if asked else []

    return search


def bm25s_mask(work: Workload) -> Search:
    """Return search over bm25s with the hidden chunks weighted zero."""
    index = bm25s.BM25()
    index.index([analyse(text) for text in work.texts], show_progress=False)
    masks: dict[str, np.ndarray] = {}

    def search(question: str, visible: VisibleSet, limit: int) -> Sequence[int]:
        if visible.key not in masks:
            seen = np.isin(work.labels, list(visible.label_ids))
            masks[visible.key] = seen.astype(np.float32)
        found, scores = index.retrieve(
            [analyse(question)],
            k=limit,
            weight_mask=masks[visible.key],
            show_progress=False,
            n_threads=0,
        )
        return [int(n) for n, score in zip(found[0], scores[0], strict=True) if score > 0]

    return search


ENGINES: dict[str, Callable[[Workload], Search]] = {
    "strongroom": strongroom,
    "tantivy": tantivy_filter,
    "sqlite-fts5": fts5_join,
    "bm25s": bm25s_mask,
}
