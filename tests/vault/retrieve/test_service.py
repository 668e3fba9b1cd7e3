"""What a search found leaves only after the ledger knows of it."""

from collections.abc import Iterator

import pytest

from tests.vault.homes import home, subject
from tests.vault.retrieve.worlds import keep
from vault.api.schemas import SearchOut
from vault.bootstrap import Vault
from vault.domain.errors import InvalidRequestError, NotFoundError
from vault.domain.evidence import SCORE_DIGITS
from vault.domain.questions import EarlierTurn, Filters, SearchOptions

LEAVE = "Employees receive 25 days of annual leave."


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    with home(tmp_path_factory.mktemp("service")) as found:
        keep(found, "A page on hiring.", LEAVE, "A page on pay.", title="Handbook")
        yield found


def search(vault: Vault, question: str = "annual leave", **options: object) -> dict[str, object]:
    chosen = SearchOptions(**options)  # type: ignore[arg-type]
    return vault.searches.search(question, subject(vault), limit=5, options=chosen)


def state_of(vault: Vault, run_id: object) -> str:
    with vault.store.read() as unit:
        record = unit.runs.get(str(run_id))
    assert record is not None
    return record.state


def test_a_search_has_the_form_it_promises(vault: Vault) -> None:
    found = search(vault, explain=True, context=1)
    assert SearchOut.model_validate(found).model_dump(by_alias=True) == found
    assert state_of(vault, found["run_id"]) == "succeeded"


def test_a_hit_explains_itself_and_carries_its_context_when_asked(vault: Vault) -> None:
    hit = search(vault, explain=True, context=1)["hits"][0]  # type: ignore[index]
    assert hit["text"] == LEAVE
    terms = hit["explanation"]["terms"]
    assert round(sum(term["contribution"] for term in terms), SCORE_DIGITS) == hit["score"]
    assert [one["text"] for one in hit["context"]["before"]] == ["A page on hiring."]
    plain = search(vault)["hits"][0]  # type: ignore[index]
    assert (plain["explanation"], plain["context"]) == (None, None)


def test_the_query_is_shown_as_it_was_asked_and_what_was_made_of_it_beside(vault: Vault) -> None:
    found = search(vault, "annual  leave from rules")
    assert found["query"] == "annual leave from rules"
    assert found["understood"] == {"filters": {"collection": "rules"}, "words": "annual leave"}


def test_a_filter_that_nothing_meets_is_an_ordinary_empty_search(vault: Vault) -> None:
    found = search(vault, filters=Filters(source="nowhere"))
    assert found["hits"] == []
    assert state_of(vault, found["run_id"]) == "succeeded"


@pytest.mark.parametrize("limit", [0, -1, 51])
def test_a_limit_out_of_range_is_refused_and_is_no_run(vault: Vault, limit: int) -> None:
    with pytest.raises(InvalidRequestError, match="limit must be between 1 and 50"):
        vault.searches.search("leave", subject(vault), limit=limit)


def test_a_search_that_fails_ends_its_run(vault: Vault) -> None:
    before = search(vault)
    with pytest.raises(NotFoundError):
        search(vault, conversation=(EarlierTurn("leave?", "no-such-run"),))
    after = search(vault)
    assert after["ledger"]["index"] == before["ledger"]["index"] + 2  # type: ignore[index]
