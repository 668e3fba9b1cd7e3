"""A document is shown with its rules and its revision, and without its readers."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from vault.domain.documents import Document, DocumentState, Revision
from vault.domain.labels import AccessLabel, Classification, Label
from vault.domain.records import Governance
from vault.lifecycle.forms import document_form, revision_form
from vault.store.documents import KeptDocument

MOMENT = datetime(2026, 11, 1, 12, 30, tzinfo=UTC)
REVISION = Revision(
    id="r1",
    document_id="d1",
    number=3,
    digest="sha256:aa",
    text_digest="sha256:bb",
    captured_at=MOMENT,
    modified_at=MOMENT,
    characters=40,
    chunk_count=2,
    engine="plain",
    coverage=0.987654,
    pages=None,
    language="en",
)
DOCUMENT = Document(
    id="d1",
    source_id="shelf",
    uri="file:///leave.md",
    title="Leave",
    media_type="text/markdown",
    state=DocumentState.CURRENT,
    access=AccessLabel(
        "rules",
        Label(Classification.SECRET, frozenset({"deal", "aim"})),
        frozenset({"group:staff"}),
        frozenset({"user:bo"}),
    ),
    governance=Governance("olga", retention="7y", fresh_for="30d"),
    captured_at=MOMENT,
    modified_at=MOMENT,
    revision=REVISION,
)


def kept(document: Document) -> KeptDocument:
    return KeptDocument(document, access_label_id=7, key_id="k1", version="v1")


def test_a_document_has_exactly_the_promised_members() -> None:
    assert document_form(kept(DOCUMENT), now=MOMENT) == {
        "document_id": "d1",
        "title": "Leave",
        "uri": "file:///leave.md",
        "source": "shelf",
        "media_type": "text/markdown",
        "state": "current",
        "collection": "rules",
        "label": {"classification": "secret", "compartments": ["aim", "deal"]},
        "owner": "olga",
        "retention": "7y",
        "review_every": None,
        "fresh_for": "30d",
        "record_class": None,
        "valid_from": None,
        "valid_until": None,
        "expired": False,
        "captured_at": "2026-11-01T12:30:00Z",
        "modified_at": "2026-11-01T12:30:00Z",
        "verified_at": None,
        "fresh": True,
        "superseded_by": None,
        "revision": revision_form(REVISION),
    }


def test_who_else_may_read_and_where_the_key_is_stay_inside() -> None:
    said = json.dumps(document_form(kept(DOCUMENT), now=MOMENT))
    for hidden in ("staff", "user:bo", "k1", "v1"):
        assert hidden not in said


def test_a_document_ages() -> None:
    for days, fresh in ((30, True), (31, False)):
        form = document_form(kept(DOCUMENT), now=MOMENT + timedelta(days=days))
        assert form["fresh"] is fresh


def test_a_document_without_text_says_so() -> None:
    assert document_form(kept(replace(DOCUMENT, revision=None)), now=MOMENT)["revision"] is None


def test_a_revision_has_exactly_the_promised_members() -> None:
    assert revision_form(REVISION) == {
        "revision": "r1",
        "number": 3,
        "digest": "sha256:aa",
        "text_digest": "sha256:bb",
        "captured_at": "2026-11-01T12:30:00Z",
        "modified_at": "2026-11-01T12:30:00Z",
        "characters": 40,
        "chunks": 2,
        "pages": None,
        "language": "en",
        "engine": "plain",
        "coverage": 0.9877,
    }
