"""The sandbox in a few seconds: what comes back, what is refused, and a new start."""

import pytest

from tests.vault.ingest.parse import samples
from tests.vault.ingest.parse.samples import LEAVE
from vault.domain.errors import DocumentTooLargeError, UnsupportedDocumentError
from vault.ingest.parse.isolation import Isolation
from vault.ingest.parse.limits import ParseLimits
from vault.ingest.parse.result import Attachment, Parsed
from vault.ingest.parse.sandbox import Parser


def test_files_come_back_and_hostile_ones_are_refused(parser: Parser) -> None:
    assert parser.isolation in Isolation
    found = parser.parse(samples.zipped({"a.txt": LEAVE}), name="a.zip")
    assert found.attachments == (Attachment("a.txt", LEAVE.encode()),)
    with pytest.raises(UnsupportedDocumentError, match="damaged"):
        parser.parse(samples.word()[:900], name="a.docx")
    files = [Attachment("a.md", f"# Leave\n\n{LEAVE}".encode()), Attachment("b.txt", b"")]
    good, bad = parser.parse_many(files)
    assert isinstance(good, Parsed)
    assert LEAVE in good.document.text
    assert isinstance(bad, UnsupportedDocumentError)


def test_a_file_above_the_limit_never_enters_and_a_closed_sandbox_starts_again() -> None:
    limits = ParseLimits(content_bytes=1_000)
    with Parser(limits=limits, isolation=Isolation.LIMITS) as parser:
        with pytest.raises(DocumentTooLargeError):
            parser.parse(b"x" * 1_001, name="a.txt")
        parser.close()
        assert parser.parse(LEAVE.encode(), name="a.txt").document.text == LEAVE
        assert parser.isolation is Isolation.LIMITS
