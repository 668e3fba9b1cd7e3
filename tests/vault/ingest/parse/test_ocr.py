"""Text in images is recognised by a program that may be missing."""

import stat
from pathlib import Path

import pytest

from tests.vault.ingest.parse.samples import original, picture, scanned_pdf
from vault.ingest.parse import media, ocr
from vault.ingest.parse.failures import Failure, ReadError
from vault.ingest.parse.limits import ParseLimits
from vault.ingest.parse.pdf import read_pdf

STAND_IN = """#!/bin/sh
if [ "$1" = --list-langs ]; then printf 'List\\nosd\\nfra\\neng\\n'; exit 0; fi
[ -s "$1" ] && [ "$3$4" = "-leng+fra" ] && printf 'Thirty days\\n\\nof leave\\f'
"""


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that answers as the real one does, so that no test depends on it."""
    program = tmp_path / "tesseract"
    program.write_text(STAND_IN)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    ocr._languages.cache_clear()


@pytest.mark.usefixtures("stand_in")
def test_blocks_of_an_image_are_paragraphs() -> None:
    reading = ocr.read_image(original(picture("Thirty days"), media.PNG))
    assert [(piece.text, piece.page) for piece in reading.pieces] == [
        ("Thirty days", 1),
        ("of leave", 1),
    ]


@pytest.mark.usefixtures("stand_in")
def test_pages_without_text_are_recognised() -> None:
    reading = read_pdf(original(scanned_pdf("Thirty days"), media.PDF))
    assert [piece.text for piece in reading.pieces] == ["Thirty days", "of leave"]
    assert reading.engine == "pypdfium2+tesseract"
    assert reading.readable == 1.0


@pytest.mark.parametrize(
    ("content", "failure"),
    [
        (picture("x")[:200], Failure.BROKEN),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 50, Failure.BROKEN),
        (picture("x"), Failure.PIXELS),
    ],
)
@pytest.mark.usefixtures("stand_in")
def test_bad_images_are_refused(content: bytes, failure: Failure) -> None:
    limits = ParseLimits(pixels=1_000 if failure is Failure.PIXELS else 10**8)
    with pytest.raises(ReadError) as refused:
        ocr.read_image(original(content, media.PNG, limits=limits))
    assert refused.value.failure is failure


def test_without_the_program_an_image_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ReadError) as refused:
        ocr.read_image(original(picture("x"), media.PNG))
    assert refused.value.failure is Failure.SCAN


def test_huge_pages_are_rendered_small() -> None:
    assert ocr.scale_for(612, 792, pixels=10**8) == pytest.approx(200 / 72)
    scale = ocr.scale_for(14_400, 14_400, pixels=10**8)
    assert (14_400 * scale) ** 2 <= 16_000_001
