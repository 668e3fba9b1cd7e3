"""Public question sets in BEIR layout, and their embeddings, cached beside the caller's choice."""

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

PIECES_PER_PASSAGE = 254
"""Word pieces of one passage: what the embedder reads, less its two marker tokens."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """One question set: documents, questions and graded judgements.

    Attributes:
        documents: id to title and text, in file order.
        questions: id to text, only those that have a judgement.
        judgements: question id to document id to grade.
    """

    name: str
    documents: dict[str, str]
    questions: dict[str, str]
    judgements: dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class EmbeddedCorpus:
    """A corpus with one unit vector per passage and per question.

    Attributes:
        owners: for each passage, the position of its document.
        passages: (n, d) float32.
        questions: (q, d) float32, in the order of ``corpus.questions``.
    """

    corpus: Corpus
    owners: NDArray[np.int64]
    passages: NDArray[np.float32]
    questions: NDArray[np.float32]


class TextEmbedder(Protocol):
    """What embedding a corpus needs from a model."""

    def split(self, text: str) -> list[str]:
        """Cut ``text`` into pieces the model reads whole."""
        ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit row per text."""
        ...


def load_corpus(folder: Path) -> Corpus:
    """Return the question set that lies in ``folder``."""
    with (folder / "qrels" / "test.tsv").open(encoding="utf-8") as file:
        graded = list(csv.reader(file, delimiter="\t"))[1:]
    judgements: dict[str, dict[str, int]] = {}
    for question, document, grade in graded:
        judgements.setdefault(question, {})[document] = int(grade)
    documents = {
        row["_id"]: f"{row.get('title') or ''}\n{row['text']}".strip()
        for row in _rows(folder / "corpus.jsonl")
    }
    questions = {
        row["_id"]: row["text"]
        for row in _rows(folder / "queries.jsonl")
        if row["_id"] in judgements
    }
    return Corpus(folder.name, documents, questions, judgements)


def embed_corpus(corpus: Corpus, embedder: TextEmbedder, cache: Path) -> EmbeddedCorpus:
    """Return ``corpus`` with its vectors, computed once and then read from ``cache``."""
    path = cache / f"{corpus.name}.npz"
    if not path.exists():
        pieces = [embedder.split(text) for text in corpus.documents.values()]
        owners = np.repeat(np.arange(len(pieces)), [len(piece) for piece in pieces])
        flat = [text for piece in pieces for text in piece]
        passages = embedder.embed(flat)
        questions = embedder.embed(list(corpus.questions.values()))
        cache.mkdir(parents=True, exist_ok=True)
        np.savez(path, owners=owners, passages=passages, questions=questions)
    with np.load(path, allow_pickle=False) as arrays:
        return EmbeddedCorpus(corpus, arrays["owners"], arrays["passages"], arrays["questions"])


class SentenceEmbedder:
    """A sentence-transformers model in a local folder, used as it stands."""

    def __init__(self, folder: Path) -> None:
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - heavy, optional

        self._model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)

    def split(self, text: str) -> list[str]:
        """Cut after at most 254 word pieces; the first line opens every further piece."""
        head, _, body = text.partition("\n")
        room = max(64, PIECES_PER_PASSAGE - len(self._offsets(head)))
        starts = [start for start, _ in self._offsets(body)[::room]]
        if len(starts) < 2:
            return [text]
        ends = [*starts[1:], len(body)]
        return [f"{head}\n{body[a:b]}" for a, b in zip(starts, ends, strict=True)]

    def _offsets(self, text: str) -> list[tuple[int, int]]:
        pieces = self._model.tokenizer(
            text, truncation=False, add_special_tokens=False, return_offsets_mapping=True
        )
        return list(pieces["offset_mapping"])

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit row per text."""
        rows = self._model.encode(
            list(texts), batch_size=32, normalize_embeddings=True, show_progress_bar=False
        )
        return np.ascontiguousarray(rows, dtype=np.float32)


def _rows(path: Path) -> Iterable[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
