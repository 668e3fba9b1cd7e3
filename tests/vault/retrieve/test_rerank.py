"""A second reading adds one named term; the order follows from it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from models.base import ModelError, Purpose, Reranker
from models.registry import load_reranker
from tests.models import tiny
from tests.vault.retrieve.worlds import Numbered
from vault.domain.errors import ModelUnavailableError
from vault.domain.evidence import Passage, total
from vault.domain.questions import Rerank
from vault.retrieve.rerank import WEIGHTS, Rerankers, maxsim
from vault.retrieve.selection import select

RED, BLUE = np.array([1, 0], np.float32), np.array([0, 1], np.float32)
Vectors = list[np.ndarray]


@dataclass
class Coloured:
    """Every word is red or blue; a question asks for red."""

    def token_vectors(self, texts: Sequence[str], *, purpose: Purpose = Purpose.PASSAGE) -> Vectors:
        if purpose is Purpose.QUERY:
            return [RED[None]]
        return [
            np.stack([RED if word == "red" else BLUE for word in text.split()]) for text in texts
        ]


def nothing() -> None:
    return None


def passages(*texts: str) -> list[Passage]:
    make = Numbered()
    return [make.passage(text, 1 - place / 100) for place, text in enumerate(texts)]


def test_no_second_reading_changes_nothing() -> None:
    found = passages("blue", "red")
    assert Rerankers(lambda: None, nothing).reread(Rerank.NONE, "red", found) == found


def test_a_text_is_as_near_as_its_best_words() -> None:
    assert maxsim(np.stack([RED, BLUE]), np.stack([BLUE, RED])) == 1
    assert maxsim(np.stack([RED, BLUE]), BLUE[None]) == 0.5
    assert maxsim(RED[None], BLUE[None]) == 0
    assert maxsim(np.empty((0, 2), np.float32), BLUE[None]) == 0
    assert maxsim(RED[None], np.empty((0, 2), np.float32)) == 0


def test_the_nearest_words_win_and_say_so() -> None:
    read = Rerankers(Coloured, nothing).reread(Rerank.MAXSIM, "red", passages("blue", "red red"))
    assert [one.text for one in select(read, limit=2)] == ["red red", "blue"]
    for one in read:
        term = one.terms[-1]
        assert (term.name, term.weight) == ("maxsim", WEIGHTS[Rerank.MAXSIM])
        assert one.scores["maxsim"] == term.raw
        assert one.score == total(one.terms)


def test_candidates_that_are_all_alike_keep_their_scores() -> None:
    read = Rerankers(Coloured, nothing).reread(Rerank.MAXSIM, "red", passages("blue", "blue blue"))
    assert [one.score for one in read] == [1.0, 0.99]
    assert Rerankers(Coloured, nothing).reread(Rerank.MAXSIM, "red", []) == []


@pytest.mark.parametrize("kind", [Rerank.MAXSIM, Rerank.CROSS_ENCODER])
def test_a_second_reading_without_its_model_is_told(kind: Rerank) -> None:
    with pytest.raises(ModelUnavailableError):
        Rerankers(lambda: None, nothing).reread(kind, "red", passages("red"))


class Broken:
    """A cross-encoder that makes no numbers."""

    def score(self, question: str, passages: Sequence[str]) -> np.ndarray:
        raise ModelError("made a score that is no number")


def test_a_model_that_fails_is_told_as_a_model_that_is_not_there() -> None:
    broken: Callable[[], Reranker] = Broken  # type: ignore[assignment]
    with pytest.raises(ModelUnavailableError, match="no number"):
        Rerankers(lambda: None, broken).reread(Rerank.CROSS_ENCODER, "red", passages("red"))


def test_a_cross_encoder_of_the_operators_own_decides_the_order(tmp_path: Path) -> None:
    tiny.write_reranker(tmp_path / "tiny")
    model = load_reranker(tmp_path / "tiny", threads=1)
    texts = ["the red bridge", "a blue holiday salary", "who built it", "salary"]
    measured = model.score("who built the bridge", texts)
    read = Rerankers(lambda: None, lambda: model).reread(
        Rerank.CROSS_ENCODER, "who built the bridge", passages(*texts)
    )
    assert [one.scores["cross_encoder"] for one in read] == pytest.approx(measured.tolist())
    best = texts[int(measured.argmax())]
    assert select(read, limit=1)[0].text == best
