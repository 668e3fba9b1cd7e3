"""HTML, Markdown and XML as readings."""

import pytest

from tests.vault.ingest.parse.samples import LEAVE, original
from vault.ingest.parse import media
from vault.ingest.parse.failures import Failure, ReadError
from vault.ingest.parse.markup import parse_xml, read_html, read_markdown, read_xml


def test_a_page_states_its_title_and_its_encoding() -> None:
    page = "<html><head><meta charset='iso-8859-2'><title>Za&#380; x</title></head><p>Zażółć"
    reading = read_html(original(page.encode("iso-8859-2"), media.HTML))
    assert reading.title == "Zaż x"
    assert [piece.text for piece in reading.pieces] == ["Zażółć"]


def test_an_xml_declaration_does_not_stop_a_page() -> None:
    page = f'<?xml version="1.0" encoding="utf-8"?>\n<html><body><p>{LEAVE}</p></body></html>'
    (piece,) = read_html(original(page.encode(), media.HTML)).pieces
    assert piece.text == LEAVE


def test_markdown_keeps_headings_code_and_tables() -> None:
    text = "---\ntitle: 'Leave'\nx: y\n---\n# One\n\n## Two\n\n* a\n"
    text += "\n```\nc_d\n```\n\n|A|B|\n|-|-|\n|1|2|\n"
    reading = read_markdown(original(text.encode(), media.MARKDOWN))
    assert reading.title == "Leave"
    assert [(piece.kind.value, piece.text, piece.depth) for piece in reading.pieces] == [
        ("title", "One", 0),
        ("title", "Two", 1),
        ("list-item", "a", 0),
        ("code", "c_d\n", 0),
        ("table", "A | B\n1 | 2", 0),
    ]


def test_a_rule_at_the_start_is_not_front_matter() -> None:
    reading = read_markdown(original(b"---\nWords\n---\nMore", media.MARKDOWN))
    assert "Words" in " ".join(piece.text for piece in reading.pieces)


def test_xml_gives_names_and_text() -> None:
    content = b"<a note='two words' id='1'><b>x</b> tail<!-- no --></a>"
    (piece,) = read_xml(original(content, media.XML)).pieces
    assert piece.text == "note: two words\nb: x\ntail"


@pytest.mark.parametrize(
    ("content", "failure"),
    [
        (b"<a>", Failure.BROKEN),
        (b'<!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>', Failure.ENTITIES),
        (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>', Failure.ENTITIES),
    ],
)
def test_bad_xml_is_refused(content: bytes, failure: Failure) -> None:
    with pytest.raises(ReadError) as refused:
        read_xml(original(content, media.XML))
    assert refused.value.failure is failure


def test_nothing_outside_the_bytes_is_ever_loaded() -> None:
    root = parse_xml(b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>')
    assert "".join(root.itertext()) in ("", "&b;")
