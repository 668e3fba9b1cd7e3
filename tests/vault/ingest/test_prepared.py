"""What is known of a document before it is kept: its title, its times and its digest."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from vault.domain.description import Description
from vault.domain.documents import CharSpan, Chunk, DocumentState, ParsedDocument
from vault.domain.records import Governance
from vault.ingest.intake import Intake, access_label
from vault.ingest.prepared import LONGEST_TITLE, Prepared, digest_of

AT_SOURCE = datetime(2026, 3, 1, tzinfo=UTC)
BY_OWNER = datetime(2025, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def prepared(*, uri: str = "file:///a/leave.md", parsed: str = "", **intake: object) -> Prepared:
    access = access_label(collection="papers", classification="internal", readers=["user:olga"])
    return Prepared(
        uri=uri,
        version="1",
        digest=digest_of(b"x"),
        modified_at=AT_SOURCE,
        intake=Intake("shelf", access, Governance("olga")).with_changes(**intake),
        parsed=ParsedDocument("x", (), parsed, "text/plain", "plain", 1.0),
        chunks=(Chunk(0, CharSpan(0, 1), "x"),),
        vectors=np.ones((1, 1), dtype=np.float32),
        parent_id="parent",
    )


@pytest.mark.parametrize(
    ("stated", "parsed", "uri", "title"),
    [
        ("Leave", "Other", "file:///x.md", "Leave"),
        (None, "Leave policy", "file:///x.md", "Leave policy"),
        (None, "", "file:///rules/x.md", "x.md"),
        (" \n", "\t", "file:///x.md", "x.md"),
        ("One\nline\tonly ", "", "file:///x.md", "One line only"),
        (None, "", "file:///", ""),
    ],
)
def test_the_owners_title_comes_first_then_the_parsers_then_the_name(
    stated: str | None, parsed: str, uri: str, title: str
) -> None:
    assert prepared(uri=uri, parsed=parsed, title=stated).title == title


def test_no_title_is_longer_than_the_limit() -> None:
    assert len(prepared(title="word " * 9_000).title) <= LONGEST_TITLE


def test_the_owners_date_counts_before_the_sources() -> None:
    assert prepared().changed_at == AT_SOURCE
    assert prepared(modified_at=BY_OWNER).changed_at == BY_OWNER


def test_a_document_begins_current_with_no_revision() -> None:
    kept = prepared(parsed="Leave", modified_at=BY_OWNER).document(
        "d1", label_id=7, key_id="k1", now=NOW
    )
    found = kept.document
    assert (found.id, found.source_id, found.uri) == ("d1", "shelf", "file:///a/leave.md")
    assert (found.state, found.revision, found.title) == (DocumentState.CURRENT, None, "Leave")
    assert (found.captured_at, found.modified_at) == (NOW, BY_OWNER)
    assert (kept.access_label_id, kept.key_id, kept.parent_id) == (7, "k1", "parent")


def test_a_digest_names_its_algorithm() -> None:
    assert digest_of(b"abc") == "sha256:" + hashlib.sha256(b"abc").hexdigest()


def test_what_is_sealed_beside_the_text_is_only_what_there_is() -> None:
    assert prepared().blobs() == {}
    described = replace(prepared(), description=Description("Leave"), sketch=b"s")
    assert described.blobs() == {
        "description": Description("Leave").to_bytes(),
        "sketch": b"s",
    }
