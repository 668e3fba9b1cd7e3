"""What the vault may ask of a model: three protocols and the values that cross them.

This is the one module of the package that a caller imports; ``models.registry`` loads.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from models.errors import (
    ModelBusyError,
    ModelDigestError,
    ModelError,
    ModelInvalidError,
    ModelMissingError,
    PromptTooLongError,
)
from models.grammar import Grammar, RegexGrammar, SpanGrammar
from models.manifest import ModelKind, ModelManifest
from models.prompt import Prompt, Role, Turn

__all__ = [
    "Embedder",
    "FinishReason",
    "Generation",
    "Generator",
    "Grammar",
    "Model",
    "ModelBusyError",
    "ModelDigestError",
    "ModelError",
    "ModelInvalidError",
    "ModelKind",
    "ModelManifest",
    "ModelMissingError",
    "Prompt",
    "PromptTooLongError",
    "Purpose",
    "RegexGrammar",
    "Reranker",
    "Role",
    "SpanGrammar",
    "Turn",
    "Usage",
    "space_of",
]


class Purpose(StrEnum):
    """Why a text is embedded; some models put different words before each kind."""

    PASSAGE = "passage"
    QUERY = "query"


class FinishReason(StrEnum):
    """Why a generation ended."""

    STOP = "stop"
    LENGTH = "length"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Usage:
    """What one generation cost, in tokens.

    ``evaluated_tokens`` counts the prompt tokens that were computed; the rest of
    ``input_tokens`` were still in the window from the previous prompt of the same scope.
    """

    input_tokens: int
    evaluated_tokens: int
    output_tokens: int


def space_of(fingerprint: str) -> str:
    """Return the space of an embedder's vectors: its model, without what runs it.

    Backends of one model are used only while they agree with the reference to a cosine of
    ``models.probe.LEAST_COSINE``, so their vectors compare; those of two models never do.
    """
    return fingerprint.partition("+")[0]


@runtime_checkable
class Model(Protocol):
    """What every loaded model says about itself."""

    manifest: ModelManifest
    backend: str
    """Runtime and precision, such as ``sentence-transformers/fp32``."""
    fingerprint: str
    """Manifest digest, a plus sign and the backend: exactly what made a result."""


@runtime_checkable
class Embedder(Model, Protocol):
    """Turns texts into directions that can be compared by dot product."""

    dimension: int
    max_tokens: int

    def embed(
        self, texts: Sequence[str], *, purpose: Purpose = Purpose.PASSAGE
    ) -> NDArray[np.float32]:
        """Return one row per text: (n, dimension) float32, rows unit-norm.

        Words beyond ``max_tokens`` do not count; the caller cuts its texts to fit.

        Raises:
            ModelError: the model produced something that is not a unit vector.
        """
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the tokens of each text as ``embed`` would see it, uncut."""
        ...


@runtime_checkable
class Reranker(Model, Protocol):
    """Scores passages against one question; higher is better, the scale is the model's own."""

    def score(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """Return one finite score per passage: (n,) float32.

        Raises:
            ModelError: the model produced a score that is not a number.
        """
        ...


@runtime_checkable
class Generation(Protocol):
    """A reply as it is written: pieces of text, then what it cost.

    It holds the model until it is exhausted or closed, so use it in a ``with`` block.
    """

    def __iter__(self) -> Iterator[str]:
        """Return the generation itself."""
        ...

    def __next__(self) -> str:
        """Return the next piece of text."""
        ...

    def __enter__(self) -> Self:
        """Return the generation itself."""
        ...

    def __exit__(self, *exc_info: object) -> None:
        """Close the generation."""
        ...

    def close(self) -> None:
        """Stop writing and give the model to the next caller; closing twice is fine."""
        ...

    @property
    def usage(self) -> Usage:
        """Tokens so far; final once the generation is exhausted or closed."""
        ...

    @property
    def finish_reason(self) -> FinishReason | None:
        """Why the reply ended, or None while it goes on."""
        ...


@runtime_checkable
class Generator(Model, Protocol):
    """Writes a reply to a prompt, one caller at a time."""

    context_tokens: int

    def generate(
        self,
        prompt: Prompt,
        *,
        max_tokens: int,
        prefix_scope: str,
        grammar: Grammar | None = None,
        seed: int = 0,
    ) -> Generation:
        """Wait for the model, then start a reply of at most ``max_tokens`` tokens.

        Args:
            prompt: the turns so far; their text is data and cannot open a turn.
            max_tokens: longest reply, in tokens.
            prefix_scope: work on a shared beginning is kept only between prompts of the
                same scope, so that no reader's timing depends on what another may read.
            grammar: when given, all text produced belongs to it.
            seed: decides every draw when the model samples; greedy decoding draws nothing.

        Raises:
            ModelBusyError: the waiting line is full, or the wait was too long.
            PromptTooLongError: prompt and reply do not fit ``context_tokens``.
        """
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the tokens of each text on its own, read as plain text."""
        ...

    def reset(self) -> None:
        """Forget every earlier prompt; the next one is computed in full."""
        ...
