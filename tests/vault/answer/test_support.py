"""A free sentence stands only on what its quotes say."""

import numpy as np
import pytest

from tests.vault.answer.worlds import DIMENSION, WordEmbedder, passage
from vault.answer.support import SupportCheck
from vault.answer.vectors import SentenceVectors
from vault.domain.evidence import Citation

QUOTES = (
    "Porters in Harrow get 28 days of paid leave each year.",
    "Leave is requested from the rota clerk before the end of May.",
    "Visitors may not park in the inner yard.",
)


def check(embedder: WordEmbedder | None = None, **options: object) -> SupportCheck:
    citations = []
    for n, quote in enumerate(QUOTES, start=1):
        held = passage(quote, document=str(n))
        citations.append(Citation(n=n, passage=held, span=held.span, quote=quote))
    return SupportCheck(citations, SentenceVectors(embedder or WordEmbedder()), **options)


@pytest.mark.parametrize(
    ("sentence", "carriers"),
    [
        ("Porters in Harrow get 28 days of paid leave.", (1,)),
        ("Leave is requested from the rota clerk.", (2,)),
        ("Porters get 28 days of leave, requested from the rota clerk.", (1, 2)),
        ("Visitors may not park in the yard.", (3,)),
    ],
)
def test_a_supported_sentence_names_the_fewest_quotes_that_carry_it(
    sentence: str, carriers: tuple[int, ...]
) -> None:
    assert check().carriers(sentence) == carriers


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("Porters in Harrow get 30 days of paid leave.", id="a new number"),
        pytest.param("Porters in Oxford get 28 days of paid leave each year.", id="a new name"),
        pytest.param("Wardens get 28 days of paid leave each year.", id="a new subject first"),
        pytest.param("Porters in Harrow do not get 28 days of paid leave.", id="a new negation"),
        pytest.param("Visitors may park in the inner yard.", id="a lost negation"),
        pytest.param(
            "Porters may not request leave from the rota clerk before May.",
            id="a negation borrowed from another quote",
        ),
        pytest.param("Porters enjoy generous benefits and flexible hours.", id="foreign words"),
        pytest.param("It is so.", id="nothing said"),
        pytest.param("", id="nothing"),
    ],
)
def test_an_unsupported_sentence_is_refused(sentence: str) -> None:
    assert check().carriers(sentence) == ()


class Strangers(WordEmbedder):
    """No two texts are alike."""

    def _row(self, text: str) -> np.ndarray:
        return super()._row(f"{text} only {len(text)}") if text in QUOTES else np.eye(DIMENSION)[0]


def test_a_sentence_unlike_every_quote_is_refused_though_its_words_are_there() -> None:
    sentence = "Porters in Harrow get 28 days of paid leave."
    assert check(Strangers()).carriers(sentence) == ()


def test_an_entailment_model_has_the_last_word() -> None:
    asked: list[tuple[str, str]] = []

    def never(quotes: str, sentence: str) -> float:
        asked.append((quotes, sentence))
        return 0.1

    sentence = "Porters in Harrow get 28 days of paid leave."
    assert check(entails=never).carriers(sentence) == ()
    assert asked == [(QUOTES[0], sentence)]
    assert check(entails=lambda _quotes, _sentence: 0.9).carriers(sentence) == (1,)
