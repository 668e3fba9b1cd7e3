"""Grammars enforced token by token with llguidance."""

import json
from typing import Any

import llguidance
import numpy as np
from numpy.typing import NDArray

from models.errors import ModelError
from models.grammar import Grammar, RegexGrammar, words
from models.llama_runtime import LlamaRuntime


class GrammarEngine:
    """Knows one vocabulary and compiles grammars for it.

    Args:
        runtime: the loaded model; building the table takes a quarter of a second.
    """

    def __init__(self, runtime: LlamaRuntime) -> None:
        from llguidance.llamacpp import (  # noqa: PLC0415  (imports the native runtime)
            lltokenizer_from_vocab,
        )

        self._ends = [n for n in range(runtime.vocabulary_size) if runtime.is_end(n)]
        self._tokenizer = lltokenizer_from_vocab(
            runtime.vocabulary, n_vocab=runtime.vocabulary_size, eos_token=self._ends
        )

    def start(self, grammar: Grammar) -> "GrammarState":
        """Return the state before the first token of a text of ``grammar``.

        Raises:
            ModelError: the grammar does not compile.
        """
        matcher = llguidance.LLMatcher(self._tokenizer, _source(grammar))
        if matcher.is_error():
            raise ModelError("the grammar does not compile")
        return GrammarState(matcher, ends=self._ends)


class GrammarState:
    """How far a text has come within its grammar; a text never ends before its first token.

    Args:
        matcher: llguidance's matcher at the beginning.
        ends: tokens that end a turn.
    """

    def __init__(self, matcher: Any, *, ends: list[int]) -> None:  # noqa: ANN401  (native class)
        self._matcher = matcher
        self._ends = ends
        self._started = False

    @property
    def complete(self) -> bool:
        """Whether the text so far belongs to the grammar."""
        return self._started and bool(self._matcher.is_accepting())

    @property
    def exhausted(self) -> bool:
        """Whether nothing can follow."""
        return bool(self._matcher.is_stopped())

    def restrict(self, logits: NDArray[np.float32]) -> None:
        """Put every token that may not come next at minus infinity.

        Args:
            logits: scores of all tokens, changed in place.
        """
        mask = np.frombuffer(self._matcher.compute_bitmask(), dtype=np.uint8)
        allowed = np.unpackbits(mask, bitorder="little")[: logits.size].astype(bool)
        logits[: allowed.size][~allowed] = -np.inf
        logits[allowed.size :] = -np.inf
        if not self._started:
            logits[self._ends] = -np.inf

    def accept(self, token: int) -> None:
        """Take ``token`` as the next one.

        Raises:
            ModelError: the grammar does not allow it here.
        """
        if not self._matcher.consume_token(token):
            raise ModelError("a token outside the grammar was chosen")
        self._started = True


def _source(grammar: Grammar) -> str:
    if isinstance(grammar, RegexGrammar):
        return llguidance.LLMatcher.grammar_from_regex(grammar.pattern)
    rules = [f"span{n}: %regex {_run_of_words(text)}" for n, text in enumerate(grammar.texts)]
    start = "start: " + " | ".join(f"span{n}" for n in range(len(rules)))
    return llguidance.LLMatcher.grammar_from_lark("\n".join([start, *rules]))


def _run_of_words(text: str) -> str:
    return json.dumps({"substring_chunks": words(text)}, ensure_ascii=False)
