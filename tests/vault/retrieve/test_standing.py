"""Standing adds little, by name, and nothing where nothing is known."""

import pytest

from vault.domain.evidence import total
from vault.retrieve.standing import AUTHORITY_WEIGHT, FRESHNESS_WEIGHT, Standing

RANKED = Standing({"policies": 1.0, "wiki": 0.2})


def added(
    standing: Standing, *, fresh: bool = True, source: str = "", collection: str = ""
) -> float:
    return total(standing.terms(fresh=fresh, source=source, collection=collection))


def test_a_fresh_document_without_a_rank_has_no_term() -> None:
    assert Standing().terms(fresh=True, source="wiki", collection="rules") == ()
    assert RANKED.terms(fresh=True, source="share", collection="rules") == ()
    assert Standing().most == 0


def test_a_stale_document_loses_a_little() -> None:
    assert added(Standing(), fresh=False) == -FRESHNESS_WEIGHT


@pytest.mark.parametrize(
    ("source", "collection", "rank"),
    [("policies", "x", 1.0), ("x", "wiki", 0.2), ("wiki", "policies", 1.0)],
)
def test_the_higher_rank_of_source_and_collection_counts(
    source: str, collection: str, rank: float
) -> None:
    assert added(RANKED, source=source, collection=collection) == AUTHORITY_WEIGHT * rank


def test_no_document_gains_more_than_the_most() -> None:
    assert RANKED.most == added(RANKED, source="policies", collection="policies")
    assert added(RANKED, fresh=False, source="policies") < RANKED.most
