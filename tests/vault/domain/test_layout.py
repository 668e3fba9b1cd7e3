"""A layout comes back from its bytes as it went in; anything else fails loudly."""

import json

import pytest

from vault.domain.documents import CharSpan, Chunk, Element, ElementKind, ParsedDocument
from vault.domain.layout import LAYOUT, TEXT, VECTORS, Layout

SALT = bytes(range(32))
PARSED = ParsedDocument(
    text="Straße 1\n\nBody",
    elements=(
        Element(ElementKind.TITLE, CharSpan(0, 8), 1, (), (0.5, 1.0, 2.0, 3.25)),
        Element(ElementKind.PARAGRAPH, CharSpan(10, 14), headings=("Straße 1",)),
    ),
    title="Straße 1",
    media_type="application/pdf",
    engine="pdf",
    coverage=1.0,
)
CHUNKS = (
    Chunk(0, CharSpan(0, 8), "Straße 1"),
    Chunk(1, CharSpan(10, 14), "Body", ("Straße 1",), 1),
)


def test_a_layout_takes_headings_by_chunk_and_elements_by_place() -> None:
    layout = Layout.of(PARSED, CHUNKS, salt=SALT)
    assert layout.salt == SALT
    assert layout.headings == ((), ("Straße 1",))
    assert layout.elements == (
        ("title", 0, 8, 1, (0.5, 1.0, 2.0, 3.25)),
        ("paragraph", 10, 14, None, None),
    )


def test_a_layout_comes_back_from_its_bytes() -> None:
    layout = Layout.of(PARSED, CHUNKS, salt=SALT)
    again = Layout.from_bytes(layout.to_bytes())
    assert (again.salt, again.headings) == (layout.salt, layout.headings)
    assert again.elements == tuple(
        (kind, start, end, page, None if box is None else list(box))  # type: ignore[call-overload]
        for kind, start, end, page, box in layout.elements
    )
    assert again.to_bytes() == layout.to_bytes()


def test_a_text_without_chunks_has_an_empty_layout() -> None:
    empty = Layout(SALT, ())
    assert Layout.from_bytes(empty.to_bytes()) == empty


def test_headings_are_kept_as_they_are_written() -> None:
    assert "Straße" in Layout(SALT, (("Straße",),)).to_bytes().decode()


@pytest.mark.parametrize("missing", ["salt", "headings", "elements"])
def test_bytes_that_lack_a_part_are_no_layout(missing: str) -> None:
    form = json.loads(Layout(SALT, ()).to_bytes())
    del form[missing]
    with pytest.raises(KeyError, match=missing):
        Layout.from_bytes(json.dumps(form).encode())


def test_the_three_kinds_of_content_are_kept_apart() -> None:
    assert len({TEXT, LAYOUT, VECTORS}) == 3
