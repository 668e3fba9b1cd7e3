"""Words are what a person would call words, and nothing of a text is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.grammar import SpanGrammar, words


@given(st.text())
def test_the_words_joined_are_the_text(text: str) -> None:
    assert "".join(words(text)) == text
    assert all(words(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It cost $3.50.", ["It", " ", "cost", " ", "$3.50", "."]),
        ('He said "don\'t", twice', ["He", " ", "said", " ", '"', "don't", '"', ",", " ", "twice"]),
        ("(1,000\n m)", ["(", "1,000", "\n ", "m", ")"]),
        ("50% at -5\u00b0", ["50%", " ", "at", " ", "-5\u00b0"]),
        ("caf\u0065\u0301.", ["caf\u0065\u0301", "."]),
        ("\u201cok\u201d\u2026", ["\u201c", "ok", "\u201d", "\u2026"]),
        ("\u4f60\u597dab", ["\u4f60", "\u597d", "ab"]),
        ("...", [".", ".", "."]),
        ("", []),
    ],
)
def test_numbers_and_contractions_stay_whole(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize("texts", [(), ("",), ("fine", " \n")])
def test_a_span_of_nothing_is_refused(texts: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="text to copy"):
        SpanGrammar(texts)
