"""Bytes decide what a file is; its name only helps between kinds of text."""

import pytest

from tests.vault.ingest.parse import samples
from vault.ingest.parse import media
from vault.ingest.parse.failures import Failure, ReadError
from vault.ingest.parse.limits import ParseLimits
from vault.ingest.parse.sniff import detect, promised

MAIL = b"From: a@example.org\nTo: b@example.org\nSubject: Leave\n\nBody\n"
ODD_PROGRAM = b"MZ" + b"\x00\x01" * 300
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00" + bytes(range(256)) * 4


def kind(content: bytes, name: str = "file", claimed: str | None = None) -> str:
    return detect(content, name=name, claimed=claimed, limits=ParseLimits())


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (samples.leave_pdf(), "a.docx", media.PDF),
        (samples.word(), "a.pdf", media.DOCX),
        (samples.slides(), "a", media.PPTX),
        (samples.workbook({"S": [["a"]]}), "a.zip", media.XLSX),
        (samples.odt(""), "a", media.ODT),
        (samples.epub(), "a", media.EPUB),
        (samples.zipped({"a.txt": "x"}), "a", media.ZIP),
        (samples.zipped({"mimetype": "application/x-own"}), "a.zip", media.ZIP),
        (samples.zipped({"[Content_Types].xml": "<Types/>"}), "a.zip", media.ZIP),
        (samples.picture("x"), "a.txt", media.PNG),
        (b"{\\rtf1 x}", "a.doc", media.RTF),
        (b"<!DOCTYPE html><html><p>x</p></html>", "a.docx", media.HTML),
        (b"<?xml version='1.0'?><a>x</a>", "a", media.XML),
        (MAIL, "a", media.EML),
        (b"From a@example.org Mon Jan 1\n" + MAIL, "a", media.MBOX),
        (b"Subject: x\n\nBody with <html> in it", "a.eml", media.EML),
        (b"# Title", "a.md", media.MARKDOWN),
        (b"a,b\n1,2\n", "a.csv", media.CSV),
        (b"plain words", "a.pdf", media.TEXT),
        ("w\u00f6rter".encode("utf-16"), "a.txt", media.TEXT),
    ],
)
def test_the_bytes_decide(content: bytes, name: str, expected: str) -> None:
    assert kind(content, name) == expected


def test_a_claim_counts_only_between_kinds_of_text() -> None:
    assert kind(b"a,b\n1,2\n", claimed=media.CSV) == media.CSV
    assert kind(samples.leave_pdf(), claimed=media.CSV) == media.PDF


@pytest.mark.parametrize(
    ("content", "name", "failure"),
    [
        (b"", "a.pdf", Failure.EMPTY),
        (b" \r\n\t", "a.txt", Failure.EMPTY),
        (b"\0" * 500, "a.pdf", Failure.MISMATCH),
        (PROGRAM, "a.pdf", Failure.MISMATCH),
        (PROGRAM, "a.exe", Failure.UNSUPPORTED),
        (ODD_PROGRAM, "setup.exe", Failure.UNSUPPORTED),
        (ODD_PROGRAM, "letter.txt", Failure.MISMATCH),
        (b"\x7fELF\x02\x01\x01\x00" + b"\0\x3e" * 90, "tool", Failure.UNSUPPORTED),
        (samples.zipped({"[Content_Types].xml": "<Types/>"}), "a.vsdx", Failure.FOREIGN),
        (samples.zipped({"Index/Document.iwa": "x"}), "a.pages", Failure.FOREIGN),
        (samples.zipped({"mimetype": "application/x-own"}), "a", Failure.FOREIGN),
        (b"7z\xbc\xaf\x27\x1c" + b"\0" * 99, "a.7z", Failure.PACKED),
        (b"Rar!\x1a\x07" + b"\0" * 99, "a.rar", Failure.PACKED),
        (b"!BDN" + b"\0" * 99, "a.pst", Failure.MAIL_STORE),
        (b"HWP Document File V3.00", "a.hwp", Failure.FOREIGN),
        (b"\0\0\0\x18ftypheic" + b"\0" * 99, "a.heic", Failure.PICTURE),
        (b"\0\0\0\x18ftypisom" + b"\0" * 99, "a.mp4", Failure.SOUND),
        (b"ID3\4" + b"\0" * 99, "a.mp3", Failure.SOUND),
        (
            b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03" + b"\0" * 99,
            "a.p7m",
            Failure.SEALED_MAIL,
        ),
        (samples.word()[:900], "a.docx", Failure.BROKEN),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.doc", Failure.BROKEN),
    ],
)
def test_what_cannot_be_read_is_refused_for_its_reason(
    content: bytes, name: str, failure: Failure
) -> None:
    with pytest.raises(ReadError) as refused:
        kind(content, name)
    assert refused.value.failure is failure


def test_extensions_promise_a_kind_in_any_case() -> None:
    assert promised("Report.PDF") == media.PDF
    assert promised("archive.tar.gz") == media.GZIP
    assert promised("README") is None
