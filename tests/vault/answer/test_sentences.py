"""Sentences are exact pieces of the text, cut where a reader would cut them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault.answer.sentences import MAX_SENTENCE, sentences

PIECES = st.sampled_from(
    [
        "Dr. Adler", "§ 12 Abs. 3", "3.5 %", "No. 7", "e.g. this", "U.S. law", "5,000.25", "Ok.",
        "The rule holds", "applies", "when", "Ärzte", "東京は首都です。", "नियम लागू है।", "yes?",
        "\n", "\n\n", "\r\n", "\t", "- ", "1. ", "| a | b |", "# Title", "...", "!", ". ", "🙂",
        "\u2028", "\ud800", "\x00", "e\u0301", "```", "----", ":", "x" * 700,
    ]
)  # fmt: skip
TABLE = "| Grade | Rate |\n|---|---|\n| Senior | 120 |"
TEXTS = st.one_of(st.text(max_size=400), st.lists(PIECES, max_size=40).map(" ".join))


def split(text: str, *headings: str) -> list[str]:
    return [sentence.span.of(text) for sentence in sentences(text, headings)]


@given(TEXTS)
def test_sentences_are_trimmed_ordered_pieces_that_do_not_overlap(text: str) -> None:
    last = 0
    for sentence in sentences(text):
        piece = sentence.span.of(text)
        assert last <= sentence.span.start < sentence.span.end <= len(text)
        assert piece == piece.strip()
        assert len(piece) <= MAX_SENTENCE
        last = sentence.span.end


@given(
    st.lists(st.from_regex(r"[A-Z][a-z]{6,12} [a-z]{5,9}", fullmatch=True), min_size=1, max_size=8)
)
def test_every_plain_sentence_is_found(words: list[str]) -> None:
    expected = [f"{one} here." for one in words]
    assert split(" ".join(expected)) == expected


@given(st.integers(1, 10**7), st.integers(0, 99), st.text("abc ", max_size=700))
def test_no_number_is_cut(whole: int, decimals: int, filler: str) -> None:
    number = f"{whole:,}.{decimals:02}"
    text = f"{filler} The fee is {number} a year. It is due in May."
    assert any(number in piece for piece in split(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See Dr. Adler in room 4. He signs it.", ["See Dr. Adler in room 4.", "He signs it."]),
        ("Per § 12 Abs. 2 S. 1 it ends. Go home.", ["Per § 12 Abs. 2 S. 1 it ends.", "Go home."]),
        ("Rule No. 5 of the U.S. Army holds.", ["Rule No. 5 of the U.S. Army holds."]),
        ("J. K. Adler wrote it. Read it all.", ["J. K. Adler wrote it.", "Read it all."]),
        ("It needs vitamin C. The dose is 5 mg.", ["It needs vitamin C.", "The dose is 5 mg."]),
        ("Am 3. Mai 2020 begann es. Es endete.", ["Am 3. Mai 2020 begann es.", "Es endete."]),
        ("It ended in 2019. Nobody came.", ["It ended in 2019.", "Nobody came."]),
        ('He said "Go away now." Then he left.', ['He said "Go away now."', "Then he left."]),
        ("第一条规定如下。第二条另有规定。", ["第一条规定如下。", "第二条另有规定。"]),
    ],
)  # fmt: skip
def test_stops_that_end_sentences_are_told_from_those_that_do_not(
    text: str, expected: list[str]
) -> None:
    assert split(text) == expected


def test_a_short_reply_stays_with_what_it_is_about() -> None:
    assert split("No. Only the owner may sign.") == ["No. Only the owner may sign."]


def test_items_rows_and_lines_are_sentences_without_their_marks() -> None:
    text = f"Bring:\n- a badge\n2. two photos\n\n{TABLE}\n\nPhone: 4411\nFax: 4412"
    assert split(text) == [
        "Bring:", "a badge", "two photos", "Senior | 120", "Phone: 4411", "Fax: 4412",
    ]  # fmt: skip


def test_headings_are_context_and_never_sentences() -> None:
    text = (
        "# Leave\n\nStaff get 28 days.\n\n4.2 Carrying over\n\nUp to five days.\n\n"
        "SICKNESS RULES\nCall by nine."
    )
    found = sentences(text)
    assert [(one.span.of(text), one.context) for one in found] == [
        ("Staff get 28 days.", ("Leave",)),
        ("Up to five days.", ("4.2 Carrying over",)),
        ("Call by nine.", ("SICKNESS RULES",)),
    ]


def test_a_line_that_repeats_the_heading_path_is_a_heading() -> None:
    assert split("Travel costs\nTrains are second class.", "Travel costs") == [
        "Trains are second class."
    ]


def test_an_item_knows_its_lead_in_and_a_row_its_columns() -> None:
    text = f"To open one, check that:\n- The client is verified.\n\n{TABLE}"
    contexts = {one.span.of(text): one.context for one in sentences(text)}
    assert contexts["The client is verified."] == ("To open one, check that:",)
    assert contexts["Senior | 120"][-1] == "Grade | Rate"


def test_a_line_broken_by_the_page_width_is_one_sentence() -> None:
    text = "The quick survey of the northern depots was\nfinished in March of that year."
    assert split(text) == [text]


def test_a_question_is_marked_and_leads_its_answer() -> None:
    text = "How long may I keep a book? Books are lent for three weeks."
    question, answer = sentences(text)
    assert question.asks
    assert not answer.asks
    assert answer.context == ("How long may I keep a book?",)
