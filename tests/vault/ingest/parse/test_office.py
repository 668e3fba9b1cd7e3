"""Word documents and presentations keep titles, lists, tables, notes and inner files."""

import io
import zipfile

import pytest

from tests.vault.ingest.parse.samples import LEAVE, RULES, SICK, original, slides, word, zipped
from vault.domain.documents import ElementKind
from vault.ingest.parse import media
from vault.ingest.parse.failures import Failure, ReadError
from vault.ingest.parse.office import read_docx, read_pptx


def test_only_marked_headings_are_titles() -> None:
    reading = read_docx(original(word(), media.DOCX))
    assert reading.title == "Leave policy"
    assert [(piece.kind.value, piece.text) for piece in reading.pieces] == [
        ("title", "Leave"),
        ("paragraph", LEAVE),
        ("title", "Illness"),
        ("list-item", SICK),
        ("table", "Grade | Days\nSenior | 35"),
    ]
    depths = [piece.depth for piece in reading.pieces if piece.kind is ElementKind.TITLE]
    assert depths == [1, 2]


def test_slides_are_pages_and_notes_are_kept() -> None:
    reading = read_pptx(original(slides(), media.PPTX))
    assert reading.pages == 2
    assert [(piece.text, piece.page) for piece in reading.pieces] == [
        ("Leave", 1),
        (LEAVE, 1),
        ("Illness", 2),
        (SICK, 2),
        (RULES, 2),
    ]


def test_embedded_documents_are_handed_on() -> None:
    source = zipfile.ZipFile(io.BytesIO(word()))
    members = {name: source.read(name) for name in source.namelist()}
    members["word/embeddings/inner.docx"] = word()
    members["word/embeddings/oleObject1.bin"] = b"x"
    reading = read_docx(original(zipped(members), media.DOCX))
    assert [file.name for file in reading.attachments] == ["inner.docx"]


def test_chunks_of_other_formats_are_handed_on_and_parts_of_the_file_itself_are_not() -> None:
    source = zipfile.ZipFile(io.BytesIO(word()))
    members = {name: source.read(name) for name in source.namelist()}
    members["word/htmlDoc.html"] = b"<p>One.</p>"
    reading = read_docx(original(zipped(members), media.DOCX))
    assert [file.name for file in reading.attachments] == ["htmlDoc.html"]


def test_a_bomb_is_refused_before_the_document_is_opened() -> None:
    members = {"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a/>'}
    with pytest.raises(ReadError) as refused:
        read_docx(original(zipped(members), media.DOCX))
    assert refused.value.failure is Failure.ENTITIES
