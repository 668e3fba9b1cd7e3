"""Whatever a model prefers, a span is a run of whole words of its text."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.base import ModelError, RegexGrammar, SpanGrammar
from models.grammar import Grammar, words
from models.llama_generator import LlamaGenerator
from models.llama_grammar import GrammarEngine
from models.llama_runtime import LlamaRuntime

pytestmark = pytest.mark.model

SENTENCES = st.lists(
    st.one_of(
        st.sampled_from(["the", "the", "bridge", "12", "3.50", "1,000", "don't", '"so"', "(x)"]),
        st.text(
            st.characters(exclude_categories=["Cs", "Cc"], max_codepoint=0x1FAFF),
            min_size=1,
            max_size=6,
        ),
    ),
    min_size=1,
    max_size=8,
).map(" ".join)


class Engine:
    """A grammar engine and the runtime whose vocabulary it knows."""

    def __init__(self, runtime: LlamaRuntime) -> None:
        self.runtime = runtime
        self.engine = GrammarEngine(runtime)

    def wander(self, grammar: Grammar, seed: int) -> tuple[str, bool]:
        """Return a text of random legal tokens, and whether it belongs to the grammar."""
        state = self.engine.start(grammar)
        draws = np.random.default_rng(seed)
        text = b""
        while not state.exhausted and len(text) < 200:
            logits = draws.normal(size=self.runtime.vocabulary_size).astype(np.float32)
            state.restrict(logits)
            token = int(np.argmax(logits))
            assert np.isfinite(logits[token])
            if self.runtime.is_end(token):
                break
            state.accept(token)
            text += self.runtime.text_of(token)
        return text.decode(), state.complete


@pytest.fixture(scope="module")
def engine(generator: LlamaGenerator) -> Engine:
    return Engine(generator._runtime)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sentences=st.lists(SENTENCES.filter(str.strip), min_size=1, max_size=2), seed=st.integers(0))
def test_any_choice_of_tokens_copies_whole_words(
    engine: Engine, sentences: list[str], seed: int
) -> None:
    text, complete = engine.wander(SpanGrammar(tuple(sentences)), seed)
    assert complete
    assert any(text in runs_of_words(sentence) for sentence in sentences)


def test_every_run_of_words_is_allowed(engine: Engine) -> None:
    for run in runs_of_words("red $3.50, blue"):
        state = engine.engine.start(SpanGrammar(("red $3.50, blue",)))
        assert not state.complete
        for token in engine.runtime.tokenise(run, markers=False):
            state.accept(token)
        assert state.complete


def test_a_number_is_never_cut(engine: Engine) -> None:
    reached = {engine.wander(SpanGrammar(("1,000.50",)), seed)[0] for seed in range(30)}
    assert reached == {"1,000.50"}


def test_a_pattern_bounds_the_text(engine: Engine) -> None:
    text, complete = engine.wander(RegexGrammar("[0-9]{4}-[0-9]{2}"), 1)
    assert complete
    assert len(text) == 7


def test_a_token_outside_the_grammar_is_an_error(engine: Engine) -> None:
    state = engine.engine.start(RegexGrammar("[0-9]{4}"))
    with pytest.raises(ModelError, match="outside the grammar"):
        state.accept(engine.runtime.tokenise("word", markers=False)[0])


def runs_of_words(sentence: str) -> set[str]:
    parts = words(sentence)
    return {
        "".join(parts[first:last])
        for first in range(len(parts))
        for last in range(first + 1, len(parts) + 1)
    }
