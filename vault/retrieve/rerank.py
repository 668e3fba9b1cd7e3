"""Second readings: the best candidates scored again, and what that adds to their scores."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from models.base import ModelError, Purpose, Reranker
from vault.domain.errors import ModelUnavailableError
from vault.domain.evidence import Passage, ScoreTerm, total
from vault.domain.questions import Rerank

CANDIDATES = 30
"""Best candidates that are read again."""
WEIGHTS = {Rerank.MAXSIM: 0.1, Rerank.CROSS_ENCODER: 2.0}
"""What a deviation above the mean of the candidates adds, beside a fused score whose terms weigh
1 together: a cross-encoder mostly decides the order, token vectors have a say in it."""
_DAMPING = 1e-6


@runtime_checkable
class TokenEmbedder(Protocol):
    """What MaxSim asks of an embedder."""

    def token_vectors(
        self, texts: Sequence[str], *, purpose: Purpose = Purpose.PASSAGE
    ) -> list[NDArray[np.float32]]:
        """Return one matrix per text: (tokens, dimension) float32, rows unit-norm."""
        ...


class Rerankers:
    """The second readings this vault can do.

    Args:
        embedder: gives the loaded embedder, which may or may not show its token vectors.
        cross_encoder: gives the loaded cross-encoder, or None where none is set.
    """

    def __init__(
        self, embedder: Callable[[], object], cross_encoder: Callable[[], Reranker | None]
    ) -> None:
        self._embedder = embedder
        self._cross_encoder = cross_encoder

    def reread(self, kind: Rerank, question: str, passages: Sequence[Passage]) -> list[Passage]:
        """Return ``passages`` with the term that ``kind`` adds to each one's score.

        Raises:
            ModelUnavailableError: the model that this needs is not there, or failed.
        """
        if kind is Rerank.NONE:
            return list(passages)
        read = self._maxsim if kind is Rerank.MAXSIM else self._together
        try:
            measured = read(question, [_read(passage) for passage in passages])
        except ModelError as error:
            raise ModelUnavailableError(str(error)) from error
        deviation = float(measured.std()) if len(measured) else 0.0
        mean = float(measured.mean()) if len(measured) else 0.0
        return [
            _with(passage, kind, raw, (raw - mean) / (deviation + _DAMPING))
            for passage, raw in zip(passages, measured.tolist(), strict=True)
        ]

    def _maxsim(self, question: str, texts: Sequence[str]) -> NDArray[np.float64]:
        embedder = self._embedder()
        if not isinstance(embedder, TokenEmbedder):
            raise ModelUnavailableError("this embedder does not show its token vectors")
        asked = embedder.token_vectors([question], purpose=Purpose.QUERY)[0]
        return np.array([maxsim(asked, read) for read in embedder.token_vectors(texts)])

    def _together(self, question: str, texts: Sequence[str]) -> NDArray[np.float64]:
        model = self._cross_encoder()
        if model is None:
            raise ModelUnavailableError("no cross-encoder is set; name one as `reranker`")
        return model.score(question, texts).astype(np.float64)


def maxsim(question: NDArray[np.float32], text: NDArray[np.float32]) -> float:
    """Return the mean, over the question's tokens, of the best cosine with any token of the text.

    Args:
        question: (q, d), rows unit-norm.
        text: (t, d), rows unit-norm.

    Source:
        Khattab and Zaharia, "ColBERT", 2020, section 3.3 (late interaction).
    """
    if not len(question) or not len(text):
        return 0.0
    return float((question @ text.T).max(axis=1).mean())


def _read(passage: Passage) -> str:
    above = dict.fromkeys((passage.title, *passage.headings))
    return "\n".join((*above, passage.text))


def _with(passage: Passage, kind: Rerank, raw: float, value: float) -> Passage:
    terms = (*passage.terms, ScoreTerm(kind.value, WEIGHTS[kind], value, raw))
    return replace(
        passage, terms=terms, score=total(terms), scores={**passage.scores, kind.value: raw}
    )
