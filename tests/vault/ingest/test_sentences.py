"""Sentences, lines and words are cut without losing a visible character."""

from hypothesis import given
from hypothesis import strategies as st

from vault.domain.documents import CharSpan, ElementKind
from vault.ingest.sentences import sentence_spans, slices, word_spans


def sentences(text: str, kind: ElementKind = ElementKind.PARAGRAPH) -> list[str]:
    return [span.of(text) for span in sentence_spans(text, CharSpan(0, len(text)), kind)]


def test_sentences_end_at_stops() -> None:
    assert sentences('It ends here. "Does it?" Yes!\nSo (we think.) Good') == [
        "It ends here.",
        '"Does it?"',
        "Yes!",
        "So (we think.)",
        "Good",
    ]
    assert sentences("\u7b2c\u4e00\u53e5\u3002\u7b2c\u4e8c\u53e5\u3002") == [
        "\u7b2c\u4e00\u53e5\u3002",
        "\u7b2c\u4e8c\u53e5\u3002",
    ]


def test_numbers_and_wrapped_lines_are_not_ends() -> None:
    assert sentences("Pay 3.5 percent\nof the sum.") == ["Pay 3.5 percent\nof the sum."]


def test_tables_and_code_end_at_lines() -> None:
    assert sentences("a. b | c\n\nd | e", ElementKind.TABLE) == ["a. b | c", "d | e"]


@given(st.text(max_size=200), st.sampled_from(ElementKind), st.integers(1, 7))
def test_no_visible_character_is_lost(text: str, kind: ElementKind, size: int) -> None:
    whole = CharSpan(0, len(text))
    for spans in (
        list(sentence_spans(text, whole, kind)),
        list(word_spans(text, whole)),
        list(slices(whole, size)),
    ):
        position = 0
        for span in spans:
            assert not text[position : span.start].strip()
            assert span.start < span.end
            position = span.end
        assert not text[position:].strip()
