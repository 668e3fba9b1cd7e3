"""Books are read in the order of their spine."""

import pytest

from tests.vault.ingest.parse.samples import LEAVE, SICK, epub, original, zipped
from vault.ingest.parse import media
from vault.ingest.parse.epub import read_epub
from vault.ingest.parse.failures import Failure, ReadError


def test_chapters_follow_the_spine() -> None:
    reading = read_epub(original(epub(), media.EPUB))
    assert reading.title == "Staff book"
    assert [piece.text for piece in reading.pieces] == ["Illness", SICK, "Leave", LEAVE]


@pytest.mark.parametrize(
    ("members", "failure"),
    [
        ({"META-INF/container.xml": "<container/>"}, Failure.BROKEN),
        ({"META-INF/encryption.xml": "<a>chapter.xhtml</a>"}, Failure.PASSWORD),
    ],
)
def test_bad_books_are_refused(members: dict[str, str], failure: Failure) -> None:
    with pytest.raises(ReadError) as refused:
        read_epub(original(zipped(members), media.EPUB))
    assert refused.value.failure is failure
