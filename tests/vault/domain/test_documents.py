"""Spans count code points, and the words that are stored and sent never change."""

from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime, timedelta

import pytest

from vault.domain.documents import (
    CharSpan,
    Chunk,
    Document,
    DocumentState,
    Element,
    ElementKind,
    ParsedDocument,
    Revision,
)
from vault.domain.labels import LOWEST, AccessLabel
from vault.domain.records import Governance

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "covered"),
    [
        pytest.param(CharSpan(0, 1), "H", id="the end is left out"),
        pytest.param(CharSpan(6, 7), "🌴", id="beyond the basic plane is one code point"),
        pytest.param(CharSpan(7, 9), "e\u0301", id="a combining mark is a code point of its own"),
        pytest.param(CharSpan(3, 3), "", id="an empty span"),
        pytest.param(CharSpan(0, 9), "Hello 🌴e\u0301", id="all of it"),
    ],
)
def test_a_span_covers_code_points(span: CharSpan, covered: str) -> None:
    assert span.of("Hello 🌴e\u0301") == covered


def test_spans_are_ordered_by_where_they_start_and_then_end() -> None:
    assert sorted([CharSpan(5, 9), CharSpan(0, 9), CharSpan(0, 2)]) == [
        CharSpan(0, 2),
        CharSpan(0, 9),
        CharSpan(5, 9),
    ]


def test_stored_words_stay_what_they_are() -> None:
    assert {state.value for state in DocumentState} == {
        "current",
        "superseded",
        "quarantined",
        "deleted",
        "erased",
    }
    assert {kind.value for kind in ElementKind} == {
        "title",
        "paragraph",
        "list-item",
        "table",
        "code",
        "header",
        "other",
    }


def test_a_format_without_pages_boxes_or_a_language_needs_none() -> None:
    element = Element(ElementKind.PARAGRAPH, CharSpan(0, 4))
    parsed = ParsedDocument("text", (element,), "", "text/plain", "plain", 1.0)
    assert (element.page, element.headings, element.box) == (None, (), None)
    assert (parsed.pages, parsed.language) == (None, "")
    assert Chunk(0, CharSpan(0, 4), "text") == Chunk(0, CharSpan(0, 4), "text", (), None)


def test_a_document_is_unread_and_replaced_by_nothing_at_first() -> None:
    found = Document(
        id="d",
        source_id="s",
        uri="file:///d",
        title="D",
        media_type="text/plain",
        state=DocumentState.CURRENT,
        access=AccessLabel("c", LOWEST, frozenset()),
        governance=Governance("olga"),
        captured_at=NOW,
        modified_at=NOW,
    )
    assert found.revision is None
    assert found.superseded_by is None


def test_a_text_holds_since_its_last_change_or_its_owners_word() -> None:
    changed = Document(
        id="d",
        source_id="s",
        uri="file:///d",
        title="D",
        media_type="text/plain",
        state=DocumentState.CURRENT,
        access=AccessLabel("c", LOWEST, frozenset()),
        governance=Governance("olga"),
        captured_at=NOW,
        modified_at=NOW,
    )
    day = timedelta(days=1)
    assert changed.confirmed_at == NOW
    assert replace(changed, verified_at=NOW + day).confirmed_at == NOW + day
    assert replace(changed, verified_at=NOW - day).confirmed_at == NOW


def test_a_revision_never_changes() -> None:
    revision = Revision(
        id="r",
        document_id="d",
        number=1,
        digest="sha256:ab",
        text_digest="sha256:cd",
        captured_at=NOW,
        modified_at=NOW,
        characters=4,
        chunk_count=1,
        engine="plain",
        coverage=1.0,
    )
    with pytest.raises(FrozenInstanceError):
        setattr(revision, "digest", "sha256:00")  # noqa: B010 - what may not happen
