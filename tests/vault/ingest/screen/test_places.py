"""Places are those of the text itself, whatever its letters become in lower case."""

from vault.ingest.screen.places import folded, lines_with, places


def test_places_of_words_rise_and_overlap() -> None:
    assert places("abab ab", ("ab", "b a")) == [0, 2, 3, 5]
    assert places("", ("ab",)) == []


def test_a_letter_that_becomes_two_moves_no_place() -> None:
    text = "\u0130stanbul SECRET"
    assert len(folded(text)) == len(text)
    assert folded(text).index("secret") == text.index("SECRET")
    assert folded("GEHEIM") == "geheim"


def test_a_line_comes_once_and_a_long_one_never() -> None:
    text = "one secret secret\nnothing\nlast SECRET"
    assert list(lines_with(text, folded(text), ("secret",))) == [
        (0, "one secret secret"),
        (26, "last SECRET"),
    ]
    prose = "secret " * 40
    assert list(lines_with(prose, prose, ("secret",))) == []
