"""Spans of the canonical text cover exactly what the pieces said."""

from hypothesis import given
from hypothesis import strategies as st

from vault.domain.documents import ElementKind
from vault.ingest.parse.canonical import (
    assemble,
    best_title,
    clean,
    invisible_count,
    language_of,
)
from vault.ingest.parse.pieces import Piece

PIECES = st.lists(
    st.builds(
        Piece,
        st.sampled_from(ElementKind),
        st.text(max_size=60),
        page=st.none() | st.integers(1, 9),
        depth=st.integers(0, 5),
    ),
    max_size=20,
)


@given(PIECES)
def test_every_span_covers_its_element_and_nothing_is_lost(pieces: list[Piece]) -> None:
    text, elements = assemble(pieces)
    position = 0
    for element in elements:
        assert text[position : element.span.start] in ("", "\n\n")
        assert element.span.of(text) == element.span.of(text).strip()
        assert element.span.of(text)
        position = element.span.end
    assert position == len(text)
    text.encode()


@given(PIECES)
def test_assembling_again_changes_nothing(pieces: list[Piece]) -> None:
    text, elements = assemble(pieces)
    again = [Piece(element.kind, element.span.of(text)) for element in elements]
    assert assemble(again)[0] == text


def test_headings_are_the_titles_above_outermost_first() -> None:
    pieces = [
        Piece(ElementKind.TITLE, "Staff", depth=0),
        Piece(ElementKind.TITLE, "Leave", depth=1),
        Piece(ElementKind.PARAGRAPH, "Thirty days."),
        Piece(ElementKind.TITLE, "Illness", depth=1),
        Piece(ElementKind.PARAGRAPH, "Call in."),
        Piece(ElementKind.TITLE, "Pay", depth=0),
        Piece(ElementKind.PARAGRAPH, "Monthly."),
    ]
    _, elements = assemble(pieces)
    assert [element.headings for element in elements] == [
        (),
        ("Staff",),
        ("Staff", "Leave"),
        ("Staff",),
        ("Staff", "Illness"),
        (),
        ("Pay",),
    ]


def test_only_controls_go_and_other_characters_stay_as_they_are() -> None:
    assert clean("a\r\nb\x00\x07\ud800\ufffe\tc\x0cd\x1be ") == "a\nb\tc\nde"
    assert clean("e\u0301\u200bf\ufb01") == "e\u0301\u200bf\ufb01"


def test_pieces_without_a_visible_character_are_left_out() -> None:
    pieces = [Piece(ElementKind.PARAGRAPH, text) for text in (" ", "\u200b\u200b", "a")]
    assert assemble(pieces)[0] == "a"


def test_the_title_is_the_stated_one_or_the_highest_heading() -> None:
    text, elements = assemble(
        [
            Piece(ElementKind.PARAGRAPH, "Printed in March."),
            Piece(ElementKind.TITLE, "Leave\npolicy", depth=1),
        ]
    )
    assert best_title("", text, elements) == "Leave policy"
    assert best_title(" Stated\n title ", text, elements) == "Stated title"
    assert best_title("", "", ()) == ""


def test_languages_are_told_apart_and_short_text_has_none() -> None:
    assert language_of("Every employee has thirty days of paid leave in a year.") == "en"
    assert language_of("Alle Angestellten haben dreißig Tage Urlaub im Jahr.") == "de"
    assert language_of("42 / 17") == ""


def test_invisible_characters_are_counted() -> None:
    assert invisible_count("pay\u200broll \u202eevil\U000e0041") == 3
