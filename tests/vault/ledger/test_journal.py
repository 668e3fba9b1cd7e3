"""What happened is written with who did it and when, in the transaction in which it happened."""

import json
from datetime import timedelta, timezone

import pytest

from tests.conftest import Clock
from vault.domain.identity import Principal, PrincipalKind, Subject
from vault.domain.labels import LOWEST
from vault.ledger.events import MAX_FACT_CHARACTERS, LoggedEvent
from vault.ledger.journal import Journal
from vault.ledger.log import Ledger
from vault.store.session import Store

ANA = Principal("ana", PrincipalKind.PERSON, LOWEST)
HELPER = Principal("helper", PrincipalKind.AGENT, LOWEST)


@pytest.fixture
def journal(ledger: Ledger, clock: Clock) -> Journal:
    return Journal(ledger, now=clock)


def noted(journal: Journal, store: Store, subject: Subject | None, **more: str) -> LoggedEvent:
    """Note one event and read it back from the entry it became."""
    with store.write() as unit:
        index = journal.note(
            unit, "document.read", subject=subject, about="d1", facts={"count": 2}, **more
        )
        assert unit.ledger.of_subject("d1")[-1] == index
        return LoggedEvent.parse(unit.ledger.leaf(index))


def test_an_event_names_who_acted(journal: Journal, store: Store) -> None:
    event = noted(journal, store, Subject(ANA))
    assert (event.type, event.actor, event.facts) == ("document.read", "user:ana", {"count": 2})
    assert (event.on_behalf_of, event.run_id) == (None, None)


def test_an_event_of_an_agent_names_the_person_too(journal: Journal, store: Store) -> None:
    event = noted(journal, store, Subject(HELPER, ANA), run_id="run-1")
    assert (event.actor, event.on_behalf_of) == ("user:helper", "user:ana")
    assert event.run_id == "run-1"


def test_whoever_acts_at_the_home_itself_is_the_operator(journal: Journal, store: Store) -> None:
    assert noted(journal, store, None).actor == "operator"


def test_the_time_is_the_clocks_in_utc(ledger: Ledger, clock: Clock, store: Store) -> None:
    paris = timezone(timedelta(hours=1))
    journal = Journal(ledger, now=lambda: clock().astimezone(paris))
    assert noted(journal, store, None).time == "2026-11-22T09:00:00Z"


def test_no_two_events_share_an_id(journal: Journal, store: Store) -> None:
    assert noted(journal, store, None).id != noted(journal, store, None).id


def test_an_event_is_gone_with_what_it_told_of(journal: Journal, store: Store) -> None:
    with pytest.raises(RuntimeError), store.write() as unit:
        journal.note(unit, "document.read", subject=None, about="d1", facts={})
        raise RuntimeError
    with store.read() as unit:
        assert unit.ledger.size() == 0


def test_content_is_refused_and_nothing_is_written(journal: Journal, store: Store) -> None:
    content = "x" * (MAX_FACT_CHARACTERS + 1)
    with store.write() as unit:
        with pytest.raises(ValueError, match="commit to it"):
            journal.note(unit, "document.read", subject=None, about="d1", facts={"text": content})
        assert unit.ledger.size() == 0


def test_facts_that_change_later_do_not_change_the_entry(journal: Journal, store: Store) -> None:
    facts: dict[str, object] = {"count": 1}
    with store.write() as unit:
        index = journal.note(unit, "document.read", subject=None, about="d1", facts=facts)
        facts["count"] = 9
        assert json.loads(unit.ledger.leaf(index))["facts"] == {"count": 1}
