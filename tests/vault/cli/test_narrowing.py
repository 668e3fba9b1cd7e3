"""Options of a search become filters; what cannot be read is told by its option."""

from datetime import UTC, datetime
from typing import Any

import pytest

from vault.cli.narrowing import filters_of
from vault.domain.errors import InvalidRequestError
from vault.domain.labels import Classification
from vault.domain.questions import NO_FILTERS, Filters

NOTHING: dict[str, Any] = {
    "source": None,
    "collection": None,
    "type_": None,
    "at_most": None,
    "owner": None,
    "language": None,
    "after": None,
    "before": None,
    "fresh_only": False,
}


def test_nothing_said_narrows_nothing() -> None:
    assert filters_of(**NOTHING) == NO_FILTERS


def test_every_option_is_a_filter() -> None:
    said = {
        "source": "shelf",
        "collection": "rules",
        "type_": "pdf",
        "at_most": "Public",
        "owner": "olga",
        "language": "en",
        "after": "2025-03-01",
        "before": "2025-03-01T01:00:00+01:00",
        "fresh_only": True,
    }
    moment = datetime(2025, 3, 1, tzinfo=UTC)
    level = Classification.PUBLIC
    assert filters_of(**said) == Filters(
        "shelf", "rules", "pdf", level, "olga", "en", moment, moment, fresh_only=True
    )


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("after", "soon", "--modified-after must be a time"),
        ("before", "0001-01-01T00:00:00+10:00", "--modified-before must be a time"),
        ("at_most", "cosmic", "'cosmic' is unknown"),
    ],
)
def test_what_cannot_be_read_is_told(option: str, value: str, told: str) -> None:
    with pytest.raises(InvalidRequestError, match=told):
        filters_of(**(NOTHING | {option: value}))
