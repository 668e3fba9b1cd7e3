"""Passages, a store, an embedder and a generator that tests write themselves."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from math import log

import numpy as np

from models.base import FinishReason, Purpose, Usage
from models.errors import ModelError
from models.grammar import Grammar
from models.manifest import ModelKind, ModelManifest
from models.prompt import Prompt
from vault.answer.fit import Logistic
from vault.answer.gate import Bands, Gate
from vault.answer.signals import FEATURES
from vault.domain.documents import CharSpan
from vault.domain.errors import NotFoundError
from vault.domain.evidence import Passage, Retrieval, RetrievalSignals
from vault.domain.labels import Classification, Label
from vault.index.analysis import analyse

INTERNAL = Label(Classification.INTERNAL)
CAPTURED = datetime(2026, 5, 1, tzinfo=UTC)
DIMENSION = 256


class WordEmbedder:
    """Texts that share terms are near each other, and nothing else is."""

    fingerprint = "words/1"

    def __init__(self) -> None:
        self.calls: list[tuple[str, ...]] = []

    def embed(self, texts: Sequence[str], *, purpose: Purpose = Purpose.PASSAGE) -> np.ndarray:
        self.calls.append(tuple(texts))
        rows = np.array([self._row(text) for text in texts], dtype=np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def _row(self, text: str) -> np.ndarray:
        row = np.full(DIMENSION, 1e-3)
        for term in analyse(text):
            seed = int.from_bytes(sha256(term.encode()).digest()[:4], "big")
            row += np.random.default_rng(seed).standard_normal(DIMENSION)
        return row


@dataclass
class Source:
    """A store of revisions: what it does not hold, or hides, is not found."""

    texts: dict[str, str] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    reads: list[tuple[str, CharSpan]] = field(default_factory=list)

    def __call__(self, document_id: str, revision: str, span: CharSpan) -> str:
        self.reads.append((document_id, span))
        if document_id in self.hidden or document_id not in self.texts:
            raise NotFoundError("no such document")
        return span.of(self.texts[document_id])


def passage(text: str, *, document: str = "d1", before: str = "", **changes: object) -> Passage:
    """A passage that stands after ``before`` in its document."""
    number = int.from_bytes(
        sha256(f"{document}{text}".encode("utf-8", "replace")).digest()[:4], "big"
    )
    start = len(before)
    plain = Passage(
        chunk_id=number,
        document_id=document,
        revision=f"{document}-r1",
        digest="sha256:" + "0" * 64,
        title="",
        uri=f"file:///{document}",
        span=CharSpan(start, start + len(text)),
        text=text,
        label=INTERNAL,
        modified_at=CAPTURED,
        fresh=True,
    )
    return replace(plain, **changes)


def source(*passages: Passage) -> Source:
    """The store that these passages came from."""
    texts: dict[str, str] = {}
    for one in passages:
        known = texts.get(one.document_id, "").ljust(one.span.end)
        texts[one.document_id] = known[: one.span.start] + one.text + known[one.span.end :]
    return Source(texts)


def retrieval(question: str, *passages: Passage, visible: int = 50) -> Retrieval:
    """What a search would say that returned exactly these passages."""
    held = [set(analyse(f"{one.title} {one.text}")) for one in passages]
    weights = {}
    for term in dict.fromkeys(analyse(question)):
        count = sum(term in terms for terms in held)
        weights[term] = log(1 + (visible - count + 0.5) / (count + 0.5))
    lexical = [sum(weights[term] for term in weights if term in terms) for terms in held]
    if passages:
        rows = WordEmbedder().embed([question, *(one.text for one in passages)])
        dense = [float(value) for value in rows[1:] @ rows[0]]
    else:
        dense = []
    by_dense = sorted(range(len(passages)), key=lambda n: -dense[n])
    by_lexical = sorted(range(len(passages)), key=lambda n: -lexical[n])
    signals = RetrievalSignals(
        visible_chunks=visible,
        term_weights=weights,
        dense_top=tuple(dense[n] for n in by_dense),
        lexical_top=tuple(lexical[n] for n in by_lexical),
        dense_ids=tuple(passages[n].chunk_id for n in by_dense),
        lexical_ids=tuple(passages[n].chunk_id for n in by_lexical),
    )
    return Retrieval(question, passages, signals)


def gate_saying(log_odds: float) -> Gate:
    """A gate that gives every question the same chance."""
    zeros, ones = np.zeros(len(FEATURES)), np.ones(len(FEATURES))
    return Gate(Logistic(zeros, ones, zeros, log_odds), Bands(answer=0.5, related=0.2))


@dataclass
class Clock:
    """A clock that goes on by itself at each look."""

    step: float = 0.0
    now: float = 0.0

    def __call__(self) -> float:
        self.now += self.step
        return self.now


class ScriptedGeneration:
    """A reply that was written beforehand."""

    finish_reason = FinishReason.STOP

    def __init__(self, text: str) -> None:
        self._pieces = iter([text[at : at + 4] for at in range(0, len(text), 4)])
        self.usage = Usage(input_tokens=40, evaluated_tokens=40, output_tokens=len(text) // 4)
        self.closed = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        return next(self._pieces)

    def __enter__(self) -> "ScriptedGeneration":
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        self.closed = True


class ScriptedGenerator:
    """Replies with what ``script`` makes of the last turn; an error in it is raised."""

    backend = "scripted"
    fingerprint = "scripted/1"
    context_tokens = 2048

    def __init__(self, script: Callable[[str], str | ModelError]) -> None:
        self.manifest = ModelManifest(
            name="scripted",
            kind=ModelKind.GENERATOR,
            backend="scripted",
            revision="1",
            licence="Apache-2.0",
            source="this test",
            context_tokens=2048,
            chat_template="chatml",
            files={"weights.gguf": "0" * 64},
        )
        self._script = script
        self.prompts: list[Prompt] = []
        self.scopes: list[str] = []
        self.grammars: list[Grammar | None] = []
        self.replies: list[ScriptedGeneration] = []

    def generate(
        self,
        prompt: Prompt,
        *,
        max_tokens: int,
        prefix_scope: str,
        grammar: Grammar | None = None,
        seed: int = 0,
    ) -> ScriptedGeneration:
        self.prompts.append(prompt)
        self.scopes.append(prefix_scope)
        self.grammars.append(grammar)
        said = self._script(prompt.turns[-1].text)
        if isinstance(said, ModelError):
            raise said
        self.replies.append(ScriptedGeneration(said))
        return self.replies[-1]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text) // 4 for text in texts]

    def reset(self) -> None:
        self.prompts.clear()


def texts_of(spans: Iterable[CharSpan], text: str) -> list[str]:
    return [span.of(text) for span in spans]
