"""What is stale or to be reviewed is listed, the most cited first."""

from datetime import timedelta

from tests.conftest import Clock
from tests.vault.store.rows import shelve
from vault.domain.documents import DocumentState
from vault.domain.records import Governance
from vault.store.runs import RunRecord
from vault.store.session import Store

DAY = timedelta(days=1)


def kept(store: Store, clock: Clock, name: str, governance: Governance) -> None:
    shelve(store, name, clock())
    with store.write() as unit:
        unit.documents.govern(name, governance)
        unit.retention.schedule([name])


def test_citations_decide_the_order_and_the_limit_holds(store: Store, clock: Clock) -> None:
    kept(store, clock, "a", Governance("olga", fresh_for="1d"))
    kept(store, clock, "b", Governance("olga", review_every="1d"))
    kept(store, clock, "c", Governance("otto", fresh_for="9d"))
    with store.write() as unit:
        for number in (1, 2):
            run = RunRecord(f"r{number}", "answer", "ann", None, number, "running", "key", clock())
            unit.runs.start(run)
            unit.runs.end(run.id, state="succeeded", now=clock(), evidence=["b"])
    clock.forward(2 * DAY)
    with store.read() as unit:
        found = unit.freshness.overdue(clock(), owner=None, limit=9)
        assert [(one.document_id, one.cited) for one in found] == [("b", 2), ("a", 0)]
        assert [one.stale_at is None for one in found] == [True, False]
        assert len(unit.freshness.overdue(clock(), owner=None, limit=1)) == 1
        assert unit.freshness.overdue(clock(), owner="otto", limit=9) == []


def test_what_is_not_live_is_nobodys_work(store: Store, clock: Clock) -> None:
    kept(store, clock, "a", Governance("olga", fresh_for="1d"))
    with store.write() as unit:
        unit.documents.change("a", state=DocumentState.DELETED.value)
    clock.forward(2 * DAY)
    with store.read() as unit:
        assert unit.freshness.overdue(clock(), owner=None, limit=9) == []
