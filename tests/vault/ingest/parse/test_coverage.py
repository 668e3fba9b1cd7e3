"""The guard notices lost text, and keeps the better of two readings."""

from tests.vault.ingest.parse.samples import LEAVE, RULES, SICK, original, pdf, word
from vault.domain.documents import ElementKind
from vault.ingest.parse import media
from vault.ingest.parse.coverage import guard, recall
from vault.ingest.parse.pieces import Original, Piece, Reading


def test_recall_counts_different_words_without_case_links_and_hyphens() -> None:
    assert recall("Paid leave", "leave LEAVE paid paid") == 1.0
    assert recall("paid", "paid leave") == 0.5
    assert recall("informal text", "infor-\nmal text https://host/a/b.png 2026") == 1.0
    assert recall("", "") == 1.0
    assert recall("", "lost") == 0.0
    assert recall("\u5e74\u5047", "\u5e74 \u5047 \u65e5 \u6570") == 0.5


def test_lost_text_is_fetched_from_the_second_engine_and_said() -> None:
    lossy = Reading((Piece(ElementKind.PARAGRAPH, LEAVE),), "first", title="T", pages=3)
    kept, coverage = guard(original(word(), media.DOCX), lossy)
    assert kept.engine == "kreuzberg"
    assert SICK in " ".join(piece.text for piece in kept.pieces)
    assert (kept.title, kept.pages, coverage) == ("T", 3, 1.0)
    assert "second one was used" in kept.notes[0]


def test_a_reading_without_text_is_never_trusted() -> None:
    kept, _ = guard(original(word(), media.DOCX), Reading((), "first"))
    assert LEAVE in " ".join(piece.text for piece in kept.pieces)


def test_a_richer_first_reading_is_kept() -> None:
    richer = [Piece(ElementKind.PARAGRAPH, f"{LEAVE} {SICK} {RULES} Leave policy Illness Senior")]
    richer.append(Piece(ElementKind.TABLE, "Grade | Days"))
    kept, coverage = guard(original(word(), media.DOCX), Reading(tuple(richer), "first"))
    assert kept.engine == "first"
    assert coverage > 0.9


def test_the_second_engine_must_be_the_better_one() -> None:
    own = " ".join(f"{letter}{other}word" for letter in "abcdefgh" for other in "abcdefgh")
    both = Reading((Piece(ElementKind.PARAGRAPH, f"{LEAVE} {own}"),), "first")
    kept, coverage = guard(original(word(), media.DOCX), both)
    assert kept == both
    assert coverage < 0.9
    small = "<p>one two</p><p>three</p>"
    few = Reading((Piece(ElementKind.PARAGRAPH, "one"),), "first")
    assert guard(original(small.encode(), media.HTML), few)[0] == few


def test_plain_kinds_are_not_read_twice() -> None:
    reading = Reading((), "text", readable=0.5)
    assert guard(original(b"lost words", media.TEXT), reading) == (reading, 0.5)


def long_reading(*, lost: frozenset[int]) -> tuple[Original, Reading]:
    """Return a PDF of sixty pages and a reading that lost what some of them say."""
    names = ["ABCDEFGHIJ"[page // 10] + "abcdefghij"[page % 10] for page in range(60)]
    lines = [[(12, 700, f"Chapter {name}lpha {name}eta {name}amma")] for name in names]
    pieces = tuple(
        Piece(ElementKind.PARAGRAPH, "Chapter" if page in lost else text, page=page)
        for page, [(_, _, text)] in enumerate(lines, start=1)
    )
    return original(pdf(lines), media.PDF), Reading(pieces, "first", pages=len(lines))


def test_of_a_long_pdf_some_pages_are_compared() -> None:
    file, reading = long_reading(lost=frozenset())
    assert guard(file, reading) == (reading, 1.0)
    # The second page is not among those compared; losing it alone goes unseen.
    file, reading = long_reading(lost=frozenset({2}))
    assert guard(file, reading) == (reading, 1.0)


def test_a_long_pdf_of_which_some_pages_lack_words_is_compared_whole() -> None:
    file, reading = long_reading(lost=frozenset(range(5, 50)))
    kept, coverage = guard(file, reading)
    assert kept.engine == "kreuzberg"
    assert coverage == 1.0
    assert "second one was used" in kept.notes[0]
