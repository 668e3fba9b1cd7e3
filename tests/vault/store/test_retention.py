"""Every change of a rule moves the dates that follow from it, at once."""

from datetime import timedelta

import pytest

from tests.conftest import Clock
from tests.vault.store.rows import shelve
from vault.domain.documents import DocumentState
from vault.domain.errors import InvalidRequestError
from vault.domain.holds import LegalHold
from vault.domain.records import Governance
from vault.domain.retention import Disposition, RetentionRule
from vault.store.session import Store

DAY = timedelta(days=1)
MINUTES = RetentionRule("minutes", "created", "10d", Disposition.DESTROY, "Statute 4")


def kept(store: Store, clock: Clock, name: str, governance: Governance) -> None:
    shelve(store, name, clock())
    with store.write() as unit:
        unit.documents.govern(name, governance)
        unit.retention.schedule([name])


def due(store: Store, clock: Clock) -> list[str]:
    with store.read() as unit:
        found = [one.document_id for one in unit.retention.due(clock(), limit=10)]
        assert unit.retention.count_due(clock()) == len(found)
        return found


def test_the_longest_overdue_comes_first(store: Store, clock: Clock) -> None:
    kept(store, clock, "late", Governance("olga", "3d"))
    kept(store, clock, "later", Governance("olga", "2d"))
    kept(store, clock, "never", Governance("olga"))
    clock.forward(2 * DAY)
    assert due(store, clock) == ["later"]
    clock.forward(DAY)
    assert due(store, clock) == ["later", "late"]


def test_changing_a_class_moves_its_documents(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        unit.retention.define(MINUTES)
    kept(store, clock, "a", Governance("olga", record_class="minutes"))
    clock.forward(10 * DAY)
    assert due(store, clock) == ["a"]
    longer = RetentionRule("minutes", "created", "20d", Disposition.TRANSFER, "Statute 4")
    with store.write() as unit:
        unit.retention.define(longer)
        assert unit.retention.rules() == {"minutes": longer}
    assert due(store, clock) == []
    clock.forward(10 * DAY)
    with store.read() as unit:
        found = unit.retention.due_record("a", clock())
        assert unit.retention.due_record("b", clock()) is None
    assert found is not None
    assert (found.disposition, found.record_class, found.held) == (
        Disposition.TRANSFER,
        "minutes",
        False,
    )


def test_an_event_starts_the_period_and_a_later_word_replaces_it(
    store: Store, clock: Clock
) -> None:
    with store.write() as unit:
        unit.retention.define(
            RetentionRule("contract", "event:ended", "5d", Disposition.REVIEW, "Code 195")
        )
    kept(store, clock, "a", Governance("olga", record_class="contract"))
    with store.write() as unit:
        unit.retention.note_event("a", "ended", clock())
        unit.retention.note_event("a", "ended", clock() + DAY)
    clock.forward(5 * DAY)
    assert due(store, clock) == []
    clock.forward(DAY)
    assert due(store, clock) == ["a"]


def test_a_hold_on_the_document_or_its_parent_is_told(store: Store, clock: Clock) -> None:
    for name in ("mail", "attached"):
        kept(store, clock, name, Governance("olga", "1d"))
    with store.write() as unit:
        unit.documents.change("attached", parent_id="mail")
        unit.holds.add(LegalHold("h1", "c", "a", "r", None, "user:ruth", clock()))
        unit.holds.cover("h1", ["mail"], since=clock())
    clock.forward(DAY)
    with store.read() as unit:
        assert {one.document_id: one.held for one in unit.retention.due(clock(), limit=9)} == {
            "mail": True,
            "attached": True,
        }


@pytest.mark.parametrize("state", DocumentState)
def test_whatever_still_has_content_is_due(
    store: Store, clock: Clock, state: DocumentState
) -> None:
    kept(store, clock, "a", Governance("olga", "1d"))
    with store.write() as unit:
        unit.documents.change("a", state=state.value)
    clock.forward(DAY)
    assert due(store, clock) == ([] if state is DocumentState.ERASED else ["a"])


def test_a_class_that_does_not_exist_is_refused(store: Store, clock: Clock) -> None:
    shelve(store, "a", clock())
    with store.write() as unit:
        unit.documents.govern("a", Governance("olga", record_class="fictional"))
        with pytest.raises(InvalidRequestError, match="no record class fictional"):
            unit.retention.schedule(["a"])
