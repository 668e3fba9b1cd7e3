"""Models that need no weights, and a count of the work that a request causes."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

import numpy as np

from models.base import FinishReason, ModelKind, ModelManifest, Prompt, Purpose, Usage
from models.grammar import Grammar
from vault.index.analysis import analyse
from vault.store.keys import KeyRing

DIMENSION = 48
_WORDS = re.compile(r"\w+")


@dataclass
class Meter:
    """What was done since the last reading; two honest vaults do the same for the same reader.

    Attributes:
        embedded: texts that the embedder read.
        evaluated: tokens that the generator read anew.
        opened: data keys that were unwrapped, one for each document whose text was read.
    """

    embedded: list[str] = field(default_factory=list)
    evaluated: int = 0
    opened: int = 0

    def reading(self) -> tuple[tuple[str, ...], int, int]:
        """Return the work so far and begin again."""
        done = tuple(self.embedded), self.evaluated, self.opened
        self.embedded, self.evaluated, self.opened = [], 0, 0
        return done


class CountingKeyRing(KeyRing):
    """A key ring that counts the keys it opens."""

    meter: Meter

    def open(self, key_ids: Iterable[str]) -> Mapping[str, bytes]:
        opened = super().open(key_ids)
        self.meter.opened += len(opened)
        return opened


def _manifest(kind: ModelKind, **sizes: object) -> ModelManifest:
    return ModelManifest(
        name="plain",
        kind=kind,
        backend="plain",
        revision="1",
        licence="Apache-2.0",
        source="this test",
        files={"weights": "0" * 64},
        **sizes,
    )


class PlainEmbedder:
    """Texts that share terms are near each other; a row depends on its own text alone."""

    backend = "plain"
    dimension = DIMENSION
    max_tokens = 64

    def __init__(self, meter: Meter, *, fingerprint: str = "plain/1") -> None:
        self.fingerprint = fingerprint
        self.manifest = _manifest(ModelKind.EMBEDDER, dimension=DIMENSION, max_tokens=64)
        self._meter = meter
        self._rows: dict[str, np.ndarray] = {}

    def embed(self, texts: Sequence[str], *, purpose: Purpose = Purpose.PASSAGE) -> np.ndarray:
        self._meter.embedded.extend(texts)
        rows = np.array([self._row(text) for text in texts]).reshape(-1, DIMENSION)
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(_WORDS.findall(text)) for text in texts]

    def _row(self, text: str) -> np.ndarray:
        row = np.full(DIMENSION, 1e-3)
        for term in analyse(text):
            if term not in self._rows:
                seed = int.from_bytes(sha256(term.encode()).digest()[:4], "big")
                self._rows[term] = np.random.default_rng(seed).standard_normal(DIMENSION)
            row += self._rows[term]
        return row


class PlainGeneration:
    """One reply in one piece."""

    def __init__(self, text: str, usage: Usage) -> None:
        self._pieces = iter([text])
        self.usage = usage
        self.finish_reason: FinishReason | None = FinishReason.STOP

    def __enter__(self) -> "PlainGeneration":
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        return next(self._pieces)

    def close(self) -> None:
        self._pieces = iter(())


class PlainGenerator:
    """Copies two words out of the text it is shown.

    Each scope keeps the prompt it saw last, as a real one keeps its window, and reads anew
    only what differs from it.
    """

    backend = "plain"
    fingerprint = "plain/1"
    context_tokens = 4096

    def __init__(self, meter: Meter) -> None:
        self.manifest = _manifest(ModelKind.GENERATOR, context_tokens=4096, chat_template="chatml")
        self._meter = meter
        self._windows: dict[str, list[str]] = {}

    def generate(
        self,
        prompt: Prompt,
        *,
        max_tokens: int,
        prefix_scope: str,
        grammar: Grammar | None = None,
        seed: int = 0,
    ) -> PlainGeneration:
        said = " ".join([prompt.system, *(turn.text for turn in prompt.turns)])
        tokens = _WORDS.findall(said)
        window = self._windows.get(prefix_scope, [])
        shared = next(
            (n for n, pair in enumerate(zip(tokens, window, strict=False)) if len(set(pair)) > 1),
            min(len(tokens), len(window)),
        )
        self._windows[prefix_scope] = tokens
        self._meter.evaluated += len(tokens) - shared
        text = prompt.turns[-1].text.split("\n")[0]
        reply = " ".join(text.split()[3:5])
        return PlainGeneration(reply, Usage(len(tokens), len(tokens) - shared, 2))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(_WORDS.findall(text)) for text in texts]

    def reset(self) -> None:
        self._windows.clear()
