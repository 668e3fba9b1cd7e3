"""A question is cleaned once, and refused if nothing can be searched."""

import pytest

from vault.domain.errors import InvalidRequestError
from vault.retrieve.questions import clean


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("  How much\tleave?\n", "How much leave?"),
        ("annual\x00leave", "annual leave"),
        ("an\u200bnual le\u00adave\ufeff", "annual leave"),
        ("leave\u2028policy", "leave policy"),
        (
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),
        ("\ud800leave", "leave"),
    ],
)
def test_only_what_can_be_seen_is_kept(sent: str, kept: str) -> None:
    assert clean(sent, longest=100).text == kept


@pytest.mark.parametrize("empty", ["", " \n\t", "?!\u2026", "\x00\x01", "\u200b\u200b"])
def test_nothing_to_search_is_refused(empty: str) -> None:
    with pytest.raises(InvalidRequestError, match="empty"):
        clean(empty, longest=100)


def test_too_long_a_question_is_refused_by_its_length_alone() -> None:
    assert clean("a" * 100, longest=100).text == "a" * 100
    with pytest.raises(InvalidRequestError, match="101 characters; at most 100"):
        clean("a" * 101, longest=100)
