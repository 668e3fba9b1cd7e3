"""Questions whose answers are known to stand in some chunks of this home."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vault.domain.documents import CharSpan, ElementKind
from vault.domain.errors import InvalidRequestError
from vault.ingest.sentences import sentence_spans
from vault.store.chunks import ChunkRow
from vault.store.session import Store, UnitOfWork

REVISIONS_AT_ONCE = 200
LARGEST_FILE_BYTES = 16 * 2**20
_LEAST_WORDS = 5
_MOST_WORDS = 30
_WORD_LETTERS = 4
_LEAST_LETTERS = 20


@dataclass(frozen=True, slots=True)
class KnownItem:
    """A question whose answer is known to be in some chunks."""

    question: str
    chunk_ids: frozenset[int]


def drawn(store: Store, *, count: int, seed: int = 0) -> list[KnownItem]:
    """Return questions made from sentences of ``count`` live chunks, drawn by ``seed``.

    A question is every second longer word of one sentence: enough to know the place by, and
    not its words in a row. The chunk that the sentence stands in is what must be found.
    """
    draw = np.random.default_rng(seed)
    with store.read() as unit:
        revisions = [found for found, _ in unit.revisions.live()]
        chosen = [revisions[place] for place in draw.permutation(len(revisions))[:count]]
        items: list[KnownItem] = []
        for start in range(0, len(chosen), REVISIONS_AT_ONCE):
            rows = unit.chunks.of(chosen[start : start + REVISIONS_AT_ONCE])
            items.extend(_asked(unit, rows, draw, most=max(1, count // max(1, len(chosen)))))
    return items[:count]


def read_questions(store: Store, path: Path) -> list[KnownItem]:
    """Return the questions of a file: one JSON object a line with ``question`` and ``document``.

    ``document`` is an id, or the end of an address; any chunk of that document counts as
    found. Other members are left alone, as are lines whose document is not held.

    Raises:
        InvalidRequestError: the file cannot be read, or a line is not such an object.
    """
    try:
        if path.stat().st_size > LARGEST_FILE_BYTES:
            raise InvalidRequestError("the question file is too large")
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        asked = [(str(line["question"]), str(line.get("document") or "")) for line in lines]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidRequestError(
            "each line of the question file is a JSON object with question and document"
        ) from error
    with store.read() as unit:
        chunks = _chunks_by_document(unit)
    return [
        KnownItem(question, frozenset().union(*(chunks[name] for name in named)))
        for question, wanted in asked
        if wanted and (named := [name for name in chunks if _names(name, wanted)])
    ]


def live_chunks(unit: UnitOfWork) -> Iterator[Sequence[ChunkRow]]:
    """Yield the chunks of every live document, those of one revision together."""
    revisions = [found for found, _ in unit.revisions.live()]
    for start in range(0, len(revisions), REVISIONS_AT_ONCE):
        yield unit.chunks.of(revisions[start : start + REVISIONS_AT_ONCE])


def _names(name: tuple[str, str], wanted: str) -> bool:
    document_id, uri = name
    return wanted == document_id or uri == wanted or uri.endswith(("/" + wanted, ":" + wanted))


def _chunks_by_document(unit: UnitOfWork) -> dict[tuple[str, str], frozenset[int]]:
    found: dict[tuple[str, str], set[int]] = {}
    for rows in live_chunks(unit):
        kept = unit.documents.many({row.document_id for row in rows})
        for row in rows:
            name = (row.document_id, kept[row.document_id].document.uri)
            found.setdefault(name, set()).add(row.chunk_id)
    return {name: frozenset(ids) for name, ids in found.items()}


def _asked(
    unit: UnitOfWork, rows: Sequence[ChunkRow], draw: np.random.Generator, *, most: int
) -> Iterator[KnownItem]:
    content = unit.content.of_chunks(rows)
    by_revision: dict[str, list[int]] = {}
    for row in rows:
        if row.chunk_id in content:
            by_revision.setdefault(row.revision_id, []).append(row.chunk_id)
    for chunk_ids in by_revision.values():
        for place in draw.permutation(len(chunk_ids))[:most]:
            chunk_id = chunk_ids[int(place)]
            usable = [*_questions(content[chunk_id].text)]
            if usable:
                yield KnownItem(usable[int(draw.integers(len(usable)))], frozenset({chunk_id}))


def _questions(text: str) -> Iterator[str]:
    for span in sentence_spans(text, CharSpan(0, len(text)), ElementKind.PARAGRAPH):
        sentence = span.of(text)
        words = sentence.split()
        if _LEAST_WORDS <= len(words) <= _MOST_WORDS:
            telling = [word.strip(".,;:()\"'") for word in words if len(word) >= _WORD_LETTERS]
            yield " ".join(telling[::2])
        elif len(words) < _LEAST_WORDS and len(sentence) >= _LEAST_LETTERS * len(words):
            # A script without spaces: the middle of the sentence stands for it.
            yield sentence[len(sentence) // 4 : 3 * len(sentence) // 4]
