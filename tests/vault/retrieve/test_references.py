"""Follow-up questions say what they point to; questions that stand alone are left alone."""

from collections.abc import Mapping

import pytest

from vault.index.analysis import analyse
from vault.retrieve.references import CARRIED, rewrite

FIRST = "How many days of annual leave do nurses receive?"


def weightless(text: str) -> Mapping[str, float]:
    return {}


@pytest.mark.parametrize(
    "question",
    [
        "And doctors?",
        "What about part-time staff?",
        "When does it expire?",
        "How many do they get?",
        "Why?",
        "Who approves it?",
        "Und für Ärzte?",
        "Wann verfällt er?",
        "¿Y los médicos?",
        "Et pour les médecins ?",
    ],
)
def test_a_question_that_points_back_carries_what_it_points_to(question: str) -> None:
    found = rewrite(question, [FIRST], weightless)
    assert found is not None
    assert found.startswith(question.rstrip(" ?"))
    assert {"annual", "leave", "nurses"} <= set(found.split())


@pytest.mark.parametrize(
    "question",
    [
        "Who approves travel expenses above 500 euros?",
        "How do I reset my VPN password?",
        "What is NASUWT?",
        "Where did Tesla live for much of his life?",
        "What is insulin, and where is it produced?",
        "How many lemurs are there in Madagascar?",
    ],
)
def test_a_question_that_stands_alone_is_left_alone(question: str) -> None:
    assert rewrite(question, [FIRST], weightless) is None


def test_nothing_is_carried_without_a_conversation() -> None:
    assert rewrite("When does it expire?", [], weightless) is None


def test_a_chain_of_follow_ups_reaches_back_to_its_subject() -> None:
    found = rewrite("Who approves it?", [FIRST, "And doctors?"], weightless)
    assert found is not None
    assert {"doctors", "annual", "leave"} <= set(found.split())


def test_the_words_that_weigh_most_are_carried_in_their_own_order() -> None:
    def weights(text: str) -> Mapping[str, float]:
        rare = {"midwives": 5.0, "ward": 4.0, "night": 3.5, "allowance": 3.0}
        return {
            term: next((weight for word, weight in rare.items() if analyse(word) == [term]), 1.0)
            for term in analyse(text)
        }

    earlier = "Which standard night allowance is paid monthly on the ward to midwives?"
    found = rewrite("When does it end?", [earlier], weights)
    assert found == "When does it end night allowance ward midwives"
    assert len(found.split()) - 4 == CARRIED


def test_a_word_that_nothing_visible_holds_still_counts() -> None:
    found = rewrite("And why?", ["Is Halyard a common word?"], lambda text: {"common": 0.1})
    assert found is not None
    assert "Halyard" in found
