"""One reply in the making, token by token."""

import codecs
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from models.base import FinishReason, Usage
from models.llama_grammar import GrammarState
from models.llama_runtime import LlamaRuntime


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next token is chosen.

    Args:
        temperature: 0 takes the likeliest token; above, tokens are drawn.
        seed: decides the draws.
    """

    temperature: float
    seed: int


class LlamaGeneration:
    """Writes a reply while it is iterated, and gives the model back when it ends.

    Under a grammar, text is held back until it belongs to the grammar, so that a reply cut
    by its length still does.

    Args:
        runtime: the model, whose window holds a beginning of ``prompt`` or nothing.
        prompt: tokens of the prompt.
        max_tokens: longest reply.
        sampling: how tokens are chosen.
        grammar: what the reply must belong to, or None.
        release: called once, when the generation ends.
    """

    _finish: FinishReason | None = FinishReason.CANCELLED

    def __init__(
        self,
        runtime: LlamaRuntime,
        prompt: list[int],
        *,
        max_tokens: int,
        sampling: Sampling,
        grammar: GrammarState | None,
        release: Callable[[], None],
    ) -> None:
        self._runtime = runtime
        self._max_tokens = max_tokens
        self._temperature = sampling.temperature
        self._draws = np.random.default_rng(sampling.seed)
        self._grammar = grammar
        self._release = release
        self._input_tokens = len(prompt)
        self._todo = prompt[len(runtime.window) :]
        self._evaluated_tokens = len(self._todo)
        self._output_tokens = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = ""
        # From here on the model is held and must be given back.
        self._finish = None

    @property
    def usage(self) -> Usage:
        """Tokens so far."""
        return Usage(self._input_tokens, self._evaluated_tokens, self._output_tokens)

    @property
    def finish_reason(self) -> FinishReason | None:
        """Why the reply ended, or None while it goes on."""
        return self._finish

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        """Return the next piece of text.

        Raises:
            ModelError: the model failed; it is free for the next caller.
        """
        while self._finish is None:
            ended = True
            try:
                piece = self._step()
                ended = False
            finally:
                if ended:
                    self.close()
            if piece:
                return piece
        raise StopIteration

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """Stop writing and give the model to the next caller; closing twice is fine."""
        if self._finish is None:
            self._end(FinishReason.CANCELLED)

    def _step(self) -> str:
        self._runtime.evaluate(self._todo)
        token = self._choose()
        if token is None:
            return self._end(FinishReason.STOP)
        self._output_tokens += 1
        self._todo = [token]
        self._held += self._decoder.decode(self._runtime.text_of(token))
        if self._grammar is not None:
            self._grammar.accept(token)
            if self._grammar.exhausted:
                return self._end(FinishReason.STOP)
        if self._output_tokens == self._max_tokens:
            return self._end(FinishReason.LENGTH)
        return self._flush()

    def _choose(self) -> int | None:
        logits = self._runtime.logits()
        if self._grammar is not None:
            self._grammar.restrict(logits)
        best = int(np.argmax(logits))
        if not np.isfinite(logits[best]):
            return None
        token = best if self._temperature == 0 else self._draw(logits)
        return None if self._runtime.is_end(token) else token

    def _draw(self, logits: NDArray[np.float32]) -> int:
        weights = np.exp((logits - logits.max()) / self._temperature, dtype=np.float64)
        return int(self._draws.choice(weights.size, p=weights / weights.sum()))

    def _flush(self) -> str:
        if self._grammar is not None and not self._grammar.complete:
            return ""
        text, self._held = self._held, ""
        return text

    def _end(self, reason: FinishReason) -> str:
        self._finish = reason
        try:
            if self._grammar is None:
                self._held += self._decoder.decode(b"", final=True)
            return self._flush()
        finally:
            self._release()
