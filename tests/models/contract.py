"""What every model owes the vault, whoever wrote it; run these on any new backend.

Each function takes a loaded model and returns only if it keeps the contract.
"""

import numpy as np
import pytest

from models.base import (
    Embedder,
    FinishReason,
    Generation,
    Generator,
    Model,
    Prompt,
    PromptTooLongError,
    Purpose,
    RegexGrammar,
    Reranker,
    Role,
    SpanGrammar,
    Turn,
)

TEXTS = [
    "The bridge was built in 1932.",
    "Salary reviews happen in March, holidays in August.",
    "red",
    "",
    "Łódź, naïve café, 你好, \U0001f309 and a NUL \x00 inside",
    "blue " * 2000,
]
QUESTION = "Who built the bridge?"
SENTENCE = 'The "Harlow" company built the bridge in 1932.'


def check_embedder(embedder: Embedder) -> None:
    assert isinstance(embedder, Embedder)
    _check_identity(embedder)
    rows = embedder.embed(TEXTS)
    assert rows.shape == (len(TEXTS), embedder.dimension)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-4)
    assert embedder.embed([]).shape == (0, embedder.dimension)
    np.testing.assert_array_equal(embedder.embed(TEXTS), rows)
    alone = np.vstack([embedder.embed([text]) for text in TEXTS])
    np.testing.assert_allclose(alone, rows, atol=1e-4)
    query = embedder.embed([QUESTION], purpose=Purpose.QUERY)
    assert query.shape == (1, embedder.dimension)
    counts = embedder.count_tokens(TEXTS)
    assert len(counts) == len(TEXTS)
    assert counts[-1] >= 2000 > embedder.max_tokens


def check_reranker(reranker: Reranker) -> None:
    assert isinstance(reranker, Reranker)
    _check_identity(reranker)
    scores = reranker.score(QUESTION, TEXTS)
    assert scores.shape == (len(TEXTS),)
    assert scores.dtype == np.float32
    assert np.all(np.isfinite(scores))
    assert reranker.score(QUESTION, []).shape == (0,)
    np.testing.assert_allclose(reranker.score(QUESTION, TEXTS[::-1])[::-1], scores, atol=1e-4)


def check_generator(generator: Generator) -> None:
    assert isinstance(generator, Generator)
    _check_identity(generator)
    _check_determinism(generator)
    _check_grammars(generator)
    _check_release(generator)
    with pytest.raises(PromptTooLongError):
        ask(generator, QUESTION, max_tokens=generator.context_tokens)
    assert generator.count_tokens(["", "a b c"])[0] == 0
    assert generator.count_tokens(["a b c"])[0] >= 3


def ask(
    generator: Generator,
    question: str,
    *,
    max_tokens: int = 8,
    grammar: SpanGrammar | RegexGrammar | None = None,
    scope: str = "contract",
) -> Generation:
    prompt = Prompt("You answer from the passage.", (Turn(Role.USER, question),))
    return generator.generate(prompt, max_tokens=max_tokens, grammar=grammar, prefix_scope=scope)


def read(generation: Generation) -> str:
    with generation as pieces:
        return "".join(pieces)


def _check_identity(model: Model) -> None:
    assert model.manifest.digest in model.fingerprint
    assert model.backend in model.fingerprint


def _check_determinism(generator: Generator) -> None:
    texts = []
    for _ in range(2):
        generator.reset()
        with ask(generator, QUESTION) as generation:
            texts.append("".join(generation))
        assert generation.usage.evaluated_tokens == generation.usage.input_tokens > 0
        assert 0 <= generation.usage.output_tokens <= 8
    assert texts[0] == texts[1]


def _check_grammars(generator: Generator) -> None:
    with ask(generator, SENTENCE, grammar=SpanGrammar((SENTENCE,)), max_tokens=6) as generation:
        span = "".join(generation)
    assert span
    assert span in SENTENCE
    number = read(ask(generator, SENTENCE, grammar=RegexGrammar("[0-9]{4}")))
    assert len(number) == 4
    assert number.isdecimal()


def _check_release(generator: Generator) -> None:
    with ask(generator, "Count to one hundred.", max_tokens=64) as generation:
        next(generation)
    assert generation.finish_reason is FinishReason.CANCELLED
    assert next(generation, None) is None
    with ask(generator, "Count to one hundred.", max_tokens=2) as generation:
        assert len(list(generation)) <= 2
    assert generation.finish_reason in {FinishReason.LENGTH, FinishReason.STOP}
