"""A hold query says at least one thing, and covers what fulfils all that it says."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from vault.domain.documents import Document, DocumentState
from vault.domain.errors import InvalidRequestError
from vault.domain.holds import LONGEST_REASON, HoldQuery, LegalHold, check_words
from vault.domain.labels import AccessLabel, Classification, Label
from vault.domain.records import Governance

MOMENT = datetime(2026, 11, 22, tzinfo=UTC)
ACCESS = AccessLabel("papers", Label(Classification.INTERNAL), frozenset(), frozenset())
DOCUMENT = Document(
    id="d1",
    source_id="shelf",
    uri="file:///contracts/a.txt",
    title="Lease of Wing B",
    media_type="text/plain",
    state=DocumentState.CURRENT,
    access=ACCESS,
    governance=Governance("olga"),
    captured_at=MOMENT,
    modified_at=MOMENT,
)


@pytest.mark.parametrize(
    ("query", "covered"),
    [
        (HoldQuery(collection="papers"), True),
        (HoldQuery(collection="paper"), False),
        (HoldQuery(source="shelf", owner="olga"), True),
        (HoldQuery(source="shelf", owner="otto"), False),
        (HoldQuery(uri_prefix="file:///contracts/"), True),
        (HoldQuery(uri_prefix="file:///invoices/"), False),
        (HoldQuery(title_contains="LEASE of wing"), True),
        (HoldQuery(title_contains="Wing C"), False),
    ],
)
def test_a_query_covers_what_fulfils_every_condition(query: HoldQuery, *, covered: bool) -> None:
    assert query.matches(DOCUMENT) is covered


def test_a_query_that_says_nothing_is_refused() -> None:
    for conditions in ({}, {"collection": ""}):
        with pytest.raises(InvalidRequestError, match="at least one condition"):
            HoldQuery(**conditions)


def test_a_hold_is_in_force_until_it_is_released() -> None:
    hold = LegalHold("h1", "Case 12", "court", "why", None, "user:ruth", MOMENT)
    assert hold.in_force
    assert not replace(hold, released_by="user:robin", released_at=MOMENT).in_force


def test_words_that_are_kept_say_something_and_are_bounded() -> None:
    check_words(reason="x" * LONGEST_REASON)
    for words in ("", "  ", "x" * (LONGEST_REASON + 1)):
        with pytest.raises(InvalidRequestError, match="reason"):
            check_words(reason=words)
