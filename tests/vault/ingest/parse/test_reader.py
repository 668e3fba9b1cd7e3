"""A file becomes a document with title, language, coverage and remarks."""

from types import SimpleNamespace

import kreuzberg
import pytest

from tests.vault.ingest.parse.samples import LEAVE, SICK, original, word, zipped
from vault.ingest.parse import media
from vault.ingest.parse.failures import Failure, ReadError
from vault.ingest.parse.limits import ParseLimits
from vault.ingest.parse.reader import read


def test_a_document_says_what_it_is() -> None:
    document = read(original(word(), media.DOCX, name="leave.docx")).document
    assert document.title == "Leave policy"
    assert document.media_type == media.DOCX
    assert (document.language, document.coverage) == ("en", 1.0)
    assert [element.headings for element in document.elements][-1] == ("Leave", "Illness")
    assert all(element.span.of(document.text) for element in document.elements)


def test_text_in_boxes_is_not_lost() -> None:
    parsed = read(original(word(box=f"{SICK} Boxed words count like any others."), media.DOCX))
    assert "Boxed words count" in parsed.document.text


def test_a_false_name_is_remarked() -> None:
    parsed = read(original(word(), media.DOCX, name="leave.pdf"))
    assert parsed.notes == ("the name promises a PDF, the bytes are a Word document",)


def test_invisible_characters_are_remarked_and_kept() -> None:
    parsed = read(original(f"{LEAVE}\u200b".encode(), media.TEXT))
    assert parsed.document.text.endswith("\u200b")
    assert parsed.notes == ("the text holds 1 invisible characters",)


def test_the_second_engine_reads_what_the_first_could_not() -> None:
    document = read(original(word(), media.DOCX), second_only=True).document
    assert document.engine == "kreuzberg"
    assert LEAVE in document.text


def test_nothing_to_read_is_an_error_and_never_an_empty_document() -> None:
    with pytest.raises(ReadError) as refused:
        read(original(b"<html><script>x</script></html>", media.HTML))
    assert refused.value.failure is Failure.NO_TEXT


def test_a_kind_without_a_second_engine_stays_broken() -> None:
    with pytest.raises(ReadError) as refused:
        read(original(b"text", media.TEXT), second_only=True)
    assert refused.value.failure is Failure.BROKEN


def test_files_inside_are_bounded_in_number_size_and_depth() -> None:
    content = zipped({f"{n}.txt": b"x" * 10 for n in range(5)})
    limits = ParseLimits(attachments=3, attachment_bytes=25)
    parsed = read(original(content, media.ZIP, limits=limits))
    assert len(parsed.attachments) == 2
    assert parsed.notes == ("3 files inside exceed the limits and were not read",)
    nested = read(original(content, media.ZIP), depth=3)
    assert nested.attachments == ()
    assert nested.notes == ("5 files inside are nested too deeply and were not read",)


def test_what_one_engine_alone_reads_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kreuzberg, "extract_bytes_sync", lambda *_: SimpleNamespace(content=LEAVE))
    [note] = read(original(b"x", media.DOC, name="a.doc")).notes
    assert "saving it as .docx" in note
