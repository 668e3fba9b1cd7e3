"""A generator is tested once, and what it showed is remembered for exactly that model."""

from collections.abc import Callable
from pathlib import Path

import pytest

from models.base import Generator
from models.errors import ModelBusyError, ModelError
from tests.vault.answer.worlds import Clock, ScriptedGenerator, WordEmbedder
from vault.answer.qualification import QUESTIONS, Qualification, questions
from vault.answer.selftest import MIN_QUESTIONS, SelfTest
from vault.store.session import Store


def right(asked: str) -> str | ModelError:
    return next((row.answer for row in questions() if row.question in asked), "")


def busy(asked: str) -> str | ModelError:
    return ModelBusyError("full")


def qualification(store: Store) -> Qualification:
    return Qualification(store, clock=Clock())


def of_other_weights(script: Callable[[str], str | ModelError]) -> ScriptedGenerator:
    found = ScriptedGenerator(script)
    found.manifest = found.manifest.model_copy(update={"files": {"weights.gguf": "1" * 64}})
    return found


def examined(store: Store, generator: Generator) -> SelfTest:
    return qualification(store).examine(generator, WordEmbedder())


def test_the_shipped_questions_are_enough_and_each_passage_holds_its_answer() -> None:
    assert len(questions()) >= MIN_QUESTIONS
    for row in questions():
        assert row.answer in row.passage
        assert row.question not in row.passage


def test_a_good_generator_passes_and_a_failing_one_does_not(store: Store) -> None:
    assert examined(store, ScriptedGenerator(right)).passed
    result = examined(store, of_other_weights(busy))
    assert (result.contained, result.passed) == (0, False)


def test_a_model_is_tested_once_whoever_asks_and_after_a_restart(store: Store) -> None:
    generator = ScriptedGenerator(right)
    assert qualification(store).known(generator) is None
    first = examined(store, generator)
    asked = len(generator.prompts)
    assert asked == first.asked == len(questions())
    assert examined(store, generator) == first
    assert qualification(store).known(generator) == first
    assert len(generator.prompts) == asked


def test_another_model_has_to_show_it_for_itself(store: Store) -> None:
    examined(store, ScriptedGenerator(right))
    assert qualification(store).known(of_other_weights(right)) is None


@pytest.mark.parametrize("what", ["__version__", "QUESTIONS"])
def test_another_release_or_other_questions_have_to_be_passed_anew(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    generator = ScriptedGenerator(right)
    assert examined(store, generator).passed
    other = tmp_path / "selftest.jsonl"
    other.write_text(f"{QUESTIONS.read_text(encoding='utf-8')}\n", encoding="utf-8")
    monkeypatch.setattr(f"vault.answer.qualification.{what}", {"QUESTIONS": other}.get(what, "9"))
    assert qualification(store).known(generator) is None
