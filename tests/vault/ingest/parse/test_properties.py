"""What a file says about itself is found in every format that has it, and breaks no reading."""

import io
import zipfile
from datetime import UTC, datetime

import docx
import openpyxl
import pptx
import pypdfium2 as pdfium
import pytest

from vault.ingest.parse import media
from vault.ingest.parse.limits import ParseLimits
from vault.ingest.parse.pieces import Original
from vault.ingest.parse.properties import LONGEST, NAMES, READERS, properties_of

MOMENT = datetime(2025, 3, 4, 5, 6, 7, tzinfo=UTC)
CORE = {"created_at": "2025-03-04T05:06:07+00:00", "modified_at": "2025-03-04T05:06:07+00:00"}


def found_in(content: bytes, media_type: str) -> dict[str, str]:
    return dict(properties_of(Original(content, "a", media_type, ParseLimits(), 0.0)))


def zipped(**members: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return target.getvalue()


@pytest.mark.parametrize("kind", ["docx", "pptx", "xlsx"])
def test_office_files_tell_author_times_and_keywords(kind: str) -> None:
    target = io.BytesIO()
    if kind == "xlsx":
        book = openpyxl.Workbook()
        book.properties.creator, book.properties.keywords = "Ann Lee", "pump, water"
        book.properties.created = MOMENT.replace(tzinfo=None)
        book.save(target)
    else:
        document = docx.Document() if kind == "docx" else pptx.Presentation()
        stated = document.core_properties
        stated.author, stated.keywords = "Ann Lee", "pump, water"
        stated.created = stated.modified = MOMENT.replace(tzinfo=None)
        document.save(target)
    found = found_in(target.getvalue(), media.BY_EXTENSION[kind])
    assert (found["author"], found["keywords"]) == ("Ann Lee", "pump, water")
    assert found["created_at"] == CORE["created_at"]


def test_open_documents_tell_the_same() -> None:
    meta = (
        '<o:document-meta xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:m="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><o:meta>'
        "<m:initial-creator>Ann Lee</m:initial-creator><m:keyword>pump</m:keyword>"
        "<m:creation-date>2025-03-04T05:06:07</m:creation-date>"
        "<dc:date>2025-03-04T05:06:07</dc:date><dc:language>de-CH</dc:language>"
        "</o:meta></o:document-meta>"
    )
    expected = {"author": "Ann Lee", **CORE, "language": "de-CH", "keywords": "pump"}
    assert found_in(zipped(meta_xml=meta), media.ODT) == expected
    assert found_in(meta.encode(), media.ODT) == expected


def test_books_pages_mails_and_notes_tell_theirs() -> None:
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
        "<dc:creator>Ann Lee</dc:creator><dc:language>en</dc:language></metadata></package>"
    )
    book = zipped(**{"book.opf": package})
    assert found_in(book, media.EPUB) == {"author": "Ann Lee", "language": "en"}
    page = (
        b'<html lang="de"><head><meta name="author" content="Ann Lee">'
        b'<meta property="article:published_time" content="2025-03-04T05:06:07Z">'
        b'<meta name="keywords" content="pump"></head><body>x</body></html>'
    )
    assert found_in(page, media.HTML) == {
        "author": "Ann Lee",
        "created_at": CORE["created_at"],
        "language": "de",
        "keywords": "pump",
    }
    mail = b"From: Ann <ann@plant.org>\nDate: Tue, 04 Mar 2025 06:06:07 +0100\n\nHello\n"
    assert found_in(mail, media.EML) == {
        "author": "Ann <ann@plant.org>",
        "created_at": CORE["created_at"],
    }
    notes = b"---\nauthor: Ann Lee\ndate: 2025-03-04\ntags: [pump, water]\ncolour: red\n---\n# A\n"
    assert found_in(notes, media.MARKDOWN)["author"] == "Ann Lee"
    assert found_in(b"# A\nauthor: Ann\n", media.MARKDOWN) == {}


def test_rich_text_tells_its_author_and_day() -> None:
    text = rb"{\rtf1{\info{\author Ann Lee}{\creatim\yr2025\mo3\dy4\hr5}{\revtim\yr2025\mo3\dy5}}x}"
    assert found_in(text, media.RTF) == {
        "author": "Ann Lee",
        "created_at": "2025-03-04T00:00:00+00:00",
        "modified_at": "2025-03-05T00:00:00+00:00",
    }


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("D:20250304050607Z", "2025-03-04T05:06:07+00:00"),
        ("D:20250304060607+01'00'", "2025-03-04T05:06:07+00:00"),
        ("D:2025", "2025-01-01T00:00:00+00:00"),
        ("D:20251399", None),
        ("yesterday", None),
    ],
)
def test_dates_of_pdf_files_are_read(
    monkeypatch: pytest.MonkeyPatch, written: str, meant: str | None
) -> None:
    document = pdfium.PdfDocument.new()
    document.new_page(100, 100)
    target = io.BytesIO()
    document.save(target)
    stated = {"CreationDate": written, "Author": "Ann Lee"}
    monkeypatch.setattr(pdfium.PdfDocument, "get_metadata_dict", lambda *_, **__: stated)
    found = found_in(target.getvalue(), media.PDF)
    assert (found.get("created_at"), found["author"]) == (meant, "Ann Lee")


@pytest.mark.parametrize("media_type", sorted(READERS))
def test_broken_properties_are_left_out(media_type: str) -> None:
    for content in (b"", b"not at all", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        assert found_in(content, media_type).keys() <= set(NAMES)
    assert found_in(b"text", media.TEXT) == {}


def test_what_was_found_before_the_break_is_kept_and_bounded() -> None:
    broken = b"From: " + b"a" * 9_000 + b"\nDate: no day at all\n\nHello\n"
    found = found_in(broken, media.EML)
    assert found == {"author": "a" * LONGEST}


def test_times_without_a_zone_are_taken_for_utc_and_bad_ones_left_out() -> None:
    page = b'<html><meta name="dc.date" content="%s"></html>'
    assert found_in(page % b"2025-03-04", media.HTML) == {"created_at": "2025-03-04T00:00:00+00:00"}
    assert found_in(page % b"soon", media.HTML) == {}
