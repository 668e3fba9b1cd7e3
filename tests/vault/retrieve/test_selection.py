"""What is shown: the best first, copies once, documents taking turns."""

from hypothesis import given
from hypothesis import strategies as st

from tests.vault.retrieve.worlds import Numbered
from vault.domain.evidence import total
from vault.retrieve.selection import DIVERSITY_WEIGHT, FROM_ONE_DOCUMENT, MOST_COSTS, select

COPY = "Employees receive annual leave, and a request is made two weeks before the first day."


def test_the_best_come_first_and_equal_ones_by_id() -> None:
    make = Numbered()
    low, tied, top, also = (make.passage(f"text {n}", n % 2) for n in (0, 2, 1, 3))
    assert select([also, low, top, tied], limit=3) == [top, also, low]


def test_a_copy_is_folded_into_the_better_one_and_counted() -> None:
    make = Numbered()
    first, other, copy = (
        make.passage(text, score) for text, score in ((COPY, 3), ("other words", 2), (COPY, 1))
    )
    shown = select([copy, other, first], limit=5)
    assert [(one.chunk_id, one.folded) for one in shown] == [
        (first.chunk_id, 1),
        (other.chunk_id, 0),
    ]


def test_a_near_equal_of_another_document_goes_before_the_fourth_of_one() -> None:
    make = Numbered()
    same = [make.passage(f"page {n} of one", 5 - n / 100, document="one") for n in range(5)]
    rival = make.passage("the rival", 4.9, document="two")
    shown = select([*same, rival], limit=6)
    assert [one.chunk_id for one in shown] == [1, 2, 3, rival.chunk_id, 4, 5]
    costs = [
        sum(term.contribution for term in one.terms if term.name == "diversity") for one in shown
    ]
    assert costs == [0, 0, 0, 0, -DIVERSITY_WEIGHT, -2 * DIVERSITY_WEIGHT]


def test_the_cost_of_one_document_is_bounded() -> None:
    make = Numbered()
    passages = [make.passage(f"page {n}", 1.0, document="one") for n in range(12)]
    least = min(one.score for one in select(passages, limit=12))
    assert least == round(1.0 - MOST_COSTS * DIVERSITY_WEIGHT, 6)
    assert len(select(passages, limit=12)) == 12


def test_nothing_is_shown_of_nothing() -> None:
    assert select([], limit=3) == []
    assert select([Numbered().passage("text", 1)], limit=0) == []


scores = st.lists(st.tuples(st.integers(0, 20), st.sampled_from("abc")), max_size=25)


@given(scores, st.integers(1, 12))
def test_scores_fall_and_are_what_their_terms_add_up_to(
    drawn: list[tuple[int, str]], limit: int
) -> None:
    make = Numbered()
    passages = [
        make.passage(f"passage {place}", score / 4, document=document)
        for place, (score, document) in enumerate(drawn)
    ]
    shown = select(passages, limit=limit)
    assert len(shown) == min(limit, len(passages))
    assert [one.score for one in shown] == sorted((one.score for one in shown), reverse=True)
    assert all(one.score == total(one.terms) for one in shown)
    before: dict[str, int] = {}
    for one in shown:
        costed = any(term.name == "diversity" for term in one.terms)
        assert costed == (before.get(one.document_id, 0) >= FROM_ONE_DOCUMENT)
        before[one.document_id] = before.get(one.document_id, 0) + 1
