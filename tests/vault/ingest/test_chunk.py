"""Chunks are verbatim, in order, within the limit, and together they are the document."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from vault.domain.documents import CharSpan, Chunk, Element, ElementKind, ParsedDocument
from vault.ingest.chunk import chunk, embedding_text
from vault.ingest.parse.canonical import assemble, best_title
from vault.ingest.parse.pieces import Piece

LIMIT = 60


def count_words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def parsed(pieces: Sequence[Piece]) -> ParsedDocument:
    text, elements = assemble(pieces)
    return ParsedDocument(text, elements, best_title("", text, elements), "text/plain", "test", 1.0)


def chunks(*pieces: tuple[str, str, int] | tuple[str, str]) -> tuple[Chunk, ...]:
    made = [
        Piece(ElementKind(kind), text, depth=depth[0] if depth else 0)
        for kind, text, *depth in pieces
    ]
    return chunk(parsed(made), count_tokens=count_words, max_tokens=LIMIT)


def words(number: int, start: int = 0) -> str:
    return " ".join(f"w{n}" for n in range(start, start + number))


WORDS = st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12))
PIECES = st.lists(
    st.builds(
        Piece,
        st.sampled_from(ElementKind),
        st.one_of(
            WORDS.map(" ".join),
            st.lists(st.sampled_from(["one", "two.", "three\n", "x" * 90]), max_size=150).map(
                " ".join
            ),
        ),
        page=st.none() | st.integers(1, 3),
        depth=st.integers(0, 3),
    ),
    max_size=12,
)


@given(PIECES)
def test_chunks_are_the_document_and_nothing_else(pieces: list[Piece]) -> None:
    document = parsed(pieces)
    position = 0
    made = chunk(document, count_tokens=count_words, max_tokens=LIMIT)
    for number, one in enumerate(made):
        assert one.ordinal == number
        assert one.text == document.text[one.span.start : one.span.end]
        assert one.text.strip()
        assert one.span.start >= position
        assert not document.text[position : one.span.start].strip()
        position = one.span.end
    assert not document.text[position:].strip()


@given(PIECES)
def test_what_the_embedder_sees_fits_it(pieces: list[Piece]) -> None:
    document = parsed(pieces)
    made = chunk(document, count_tokens=count_words, max_tokens=LIMIT)
    assert max(count_words([embedding_text(one, document.title) for one in made]), default=0) <= (
        LIMIT
    )


@given(PIECES)
def test_tokens_are_counted_at_most_twice(pieces: list[Piece]) -> None:
    calls: list[int] = []

    def counting(texts: Sequence[str]) -> list[int]:
        calls.append(len(texts))
        return count_words(texts)

    chunk(parsed(pieces), count_tokens=counting, max_tokens=LIMIT)
    assert len(calls) <= 2


def test_headings_stand_in_the_first_chunk_below_them() -> None:
    found = chunks(
        ("title", "Staff", 0),
        ("title", "Leave", 1),
        ("paragraph", "Thirty days."),
        ("title", "Illness", 1),
        ("paragraph", "Call in."),
    )
    assert [(one.text, one.headings) for one in found] == [
        ("Staff\n\nLeave\n\nThirty days.", ("Staff", "Leave")),
        ("Illness\n\nCall in.", ("Staff", "Illness")),
    ]


def test_a_heading_alone_is_a_chunk_only_of_a_document_without_text() -> None:
    assert [one.text for one in chunks(("title", "Staff"))] == ["Staff"]
    found = chunks(("paragraph", "Thirty days."), ("title", "Annex"))
    assert [one.text for one in found] == ["Thirty days.\n\nAnnex"]


def test_a_long_first_sentence_leaves_room_for_its_headings() -> None:
    found = chunks(("title", words(20)), ("paragraph", words(58)))
    assert found[0].text.startswith(words(20) + "\n\nw0")


def test_whole_elements_are_kept_together_where_they_fit() -> None:
    found = chunks(("paragraph", words(30)), ("paragraph", words(40)), ("paragraph", words(5)))
    assert [one.text for one in found] == [words(30), f"{words(40)}\n\n{words(5)}"]


def test_long_elements_are_cut_at_sentences() -> None:
    text = " ".join(f"{words(19, n)}." for n in range(6))
    found = chunks(("paragraph", text))
    assert [len(one.text.split()) for one in found] == [57, 57]
    assert all(one.text.endswith(".") for one in found)


def test_overlong_sentences_are_cut_at_words_and_overlong_words_anywhere() -> None:
    found = chunks(("paragraph", words(130) + " " + "x" * 2_000))
    assert [len(one.text.split()) for one in found][:2] == [60, 60]
    assert max(len(one.text) for one in found) <= 12 * LIMIT


def test_tables_are_cut_at_rows() -> None:
    found = chunks(("table", "\n".join(f"{n} | {words(8)}" for n in range(12))))
    assert all(one.text.split(" | ")[0].isdigit() for one in found)
    assert len(found) == 2


def test_a_small_tail_joins_the_chunk_before_it() -> None:
    found = chunks(("paragraph", words(45)), ("paragraph", words(5)))
    assert len(found) == 1


def test_text_that_no_element_covers_is_still_in_a_chunk() -> None:
    document = ParsedDocument(
        "before\n\nmiddle\n\nafter",
        (Element(ElementKind.PARAGRAPH, CharSpan(8, 14)),),
        "",
        "text/plain",
        "test",
        1.0,
    )
    (found,) = chunk(document, count_tokens=count_words)
    assert found.text == document.text


def test_the_embedder_sees_title_and_headings_once_and_briefly() -> None:
    one = Chunk(0, CharSpan(0, 5), "Leave\n\nThirty days.", ("Staff", "Leave"))
    assert embedding_text(one, "Handbook") == "Handbook > Staff\nLeave\n\nThirty days."
    assert embedding_text(one, "Staff") == "Staff\nLeave\n\nThirty days."
    deep = Chunk(0, CharSpan(0, 1), "x", tuple(words(20, n) for n in range(5)))
    prefix, _, text = embedding_text(deep, "Handbook").partition("\n")
    assert text == "x"
    assert prefix.startswith("Handbook > ")
    assert len(prefix) <= 120
    assert embedding_text(Chunk(0, CharSpan(0, 1), "x"), "") == "x"


def test_a_title_of_the_owner_counts_against_the_limit() -> None:
    document = parsed([Piece(ElementKind.PARAGRAPH, words(200))])
    made = chunk(document, count_tokens=count_words, max_tokens=LIMIT, title="a b c d e")
    seen = [embedding_text(one, "a b c d e") for one in made]
    assert max(count_words(seen)) <= LIMIT
