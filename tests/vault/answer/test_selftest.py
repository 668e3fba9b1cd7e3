"""Writing freely is earned on questions with known answers."""

import json
from pathlib import Path

import pytest

from models.errors import ModelBusyError, ModelError
from models.manifest import load
from tests.vault.answer.worlds import Clock, ScriptedGenerator, WordEmbedder
from vault.answer.selftest import SelfTest, SelfTestRow, self_test
from vault.answer.span import Writer
from vault.answer.vectors import SentenceVectors

ROWS = [
    SelfTestRow(
        passage=f"The shed was painted green. Gate {n} opens at {n} o'clock in summer.",
        question=f"When does gate {n} open in summer?",
        answer=f"{n} o'clock",
    )
    for n in range(1, 13)
]


def outcome(script: object) -> SelfTest:
    writer = Writer(ScriptedGenerator(script), Clock())
    return self_test(writer, SentenceVectors(WordEmbedder()), ROWS)


def right(asked: str) -> str:
    number = asked.rsplit("gate ", 1)[1].split()[0]
    return f"{number} o'clock"


def test_a_generator_that_finds_the_answers_passes() -> None:
    result = outcome(right)
    assert (result.asked, result.contained, result.passed) == (12, 12, True)


def test_code_picks_the_sentence_so_the_generator_sees_only_that_one() -> None:
    generator = ScriptedGenerator(right)
    self_test(Writer(generator, Clock()), SentenceVectors(WordEmbedder()), ROWS[:1])
    assert "Gate 1 opens" in generator.prompts[0].turns[-1].text
    assert "painted" not in generator.prompts[0].turns[-1].text


@pytest.mark.parametrize(
    "said", ["in summer", "", "9 o'clock sharp", ModelBusyError("full")], ids=str
)
def test_a_generator_that_does_not_find_them_fails(said: str | ModelError) -> None:
    assert not outcome(lambda _: said).passed


def test_copying_the_sentence_is_not_answering() -> None:
    def copy(asked: str) -> str:
        return asked.removeprefix("Text: ").split("\n", 1)[0]

    assert outcome(copy).contained == 0


@pytest.mark.parametrize(
    ("asked", "contained", "passed"),
    [(100, 80, True), (100, 79, False), (9, 9, False), (0, 0, False)],
)
def test_the_bar_is_a_share_of_enough_questions(asked: int, contained: int, passed: bool) -> None:
    assert SelfTest(asked, contained).passed is passed


@pytest.mark.model
@pytest.mark.slow
def test_the_starter_generator_has_not_earned_it(models_dir: Path) -> None:
    from models.llama_generator import LlamaGenerator  # noqa: PLC0415  (loads a native library)
    from models.sentence_transformers_embedder import (  # noqa: PLC0415  (as above)
        SentenceTransformersEmbedder,
    )

    written, read = models_dir / "smollm2-135m-instruct", models_dir / "all-minilm-l6-v2"
    generator = LlamaGenerator(written, load(written), threads=1)
    embedder = SentenceTransformersEmbedder(read, load(read), threads=1)
    shipped = Path(__file__).parents[3] / "vault" / "sample" / "selftest.jsonl"
    rows = [SelfTestRow(**json.loads(line)) for line in shipped.read_text().splitlines()]
    result = self_test(Writer(generator, Clock()), SentenceVectors(embedder), rows)
    assert result.asked == 30
    assert not result.passed
