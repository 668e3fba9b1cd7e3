"""PDFs give paragraphs with page and box, and never pretend to be empty."""

import pytest

from tests.vault.ingest.parse.samples import (
    LEAVE,
    RULES,
    SICK,
    encrypted_pdf,
    leave_pdf,
    original,
    pdf,
    scanned_pdf,
)
from vault.domain.documents import ElementKind
from vault.ingest.parse import media, ocr
from vault.ingest.parse.failures import Failure, ReadError
from vault.ingest.parse.pdf import read_pdf


def test_paragraphs_know_their_page_and_titles_are_larger() -> None:
    reading = read_pdf(original(leave_pdf(), media.PDF))
    assert reading.pages == 2
    assert [
        (piece.kind.value, piece.text, piece.page, piece.depth) for piece in reading.pieces
    ] == [
        ("title", "Leave policy", 1, 0),
        ("paragraph", f"{LEAVE} {RULES}", 1, 0),
        ("title", "Illness", 2, 1),
        ("paragraph", SICK, 2, 0),
    ]


def test_boxes_hold_the_lines_they_belong_to() -> None:
    left, bottom, right, top = read_pdf(original(leave_pdf(), media.PDF)).pieces[1].box
    assert 70 < left < 75
    assert bottom < 667 < 680 < top
    assert right > 300


def test_items_of_a_list_are_parted() -> None:
    lines = [(11, 700 - 13 * n, f"{n}. Point number {n}") for n in range(1, 4)]
    pieces = read_pdf(original(pdf([lines]), media.PDF)).pieces
    assert [piece.text for piece in pieces] == [text for *_, text in lines]
    assert {piece.kind for piece in pieces} == {ElementKind.LIST_ITEM}


@pytest.mark.parametrize(
    ("content", "failure"),
    [
        (encrypted_pdf(), Failure.PASSWORD),
        (b"%PDF-1.4\n" + b"\0" * 900, Failure.BROKEN),
        (leave_pdf()[:200], Failure.BROKEN),
    ],
    ids=["password", "zeros", "truncated"],
)
def test_bad_files_are_refused_for_their_reason(content: bytes, failure: Failure) -> None:
    with pytest.raises(ReadError) as refused:
        read_pdf(original(content, media.PDF))
    assert refused.value.failure is failure


def test_a_scan_without_text_recognition_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert not ocr.available()
    with pytest.raises(ReadError) as refused:
        read_pdf(original(scanned_pdf("Thirty days"), media.PDF))
    assert refused.value.failure is Failure.SCAN


def test_a_blank_page_is_not_a_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    reading = read_pdf(original(pdf([[(11, 700, LEAVE)], []]), media.PDF))
    assert (reading.pages, reading.readable, reading.notes) == (2, 1.0, ())
