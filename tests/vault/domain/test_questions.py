"""Options say nothing unless something is said."""

from datetime import UTC, datetime

from vault.domain.labels import Classification
from vault.domain.questions import NO_FILTERS, PLAIN, Filters, Rerank


def test_plain_options_narrow_nothing_and_reread_nothing() -> None:
    assert PLAIN.filters.given == {}
    assert PLAIN.rerank is Rerank.NONE
    assert PLAIN.interpret
    assert not PLAIN.exact
    assert PLAIN.context == 0


def test_given_names_exactly_what_narrows() -> None:
    moment = datetime(2025, 3, 1, tzinfo=UTC)
    filters = Filters(owner="olga", modified_after=moment, fresh_only=True)
    assert filters.given == {"owner": "olga", "modified_after": moment, "fresh_only": True}
    assert NO_FILTERS.given == {}


def test_the_lowest_classification_is_a_filter_too() -> None:
    filters = Filters(classification_at_most=Classification.PUBLIC)
    assert filters.given == {"classification_at_most": Classification.PUBLIC}
