"""A request comes back as it was made, and one verdict is all it takes."""

from dataclasses import replace
from datetime import timedelta

from tests.conftest import Clock
from vault.domain.requests import Request, Verdict
from vault.store.session import Store


def request(name: str, clock: Clock, kind: str = "disposition") -> Request:
    end = clock() + timedelta(days=1)
    return Request(name, kind, {"records": [1]}, "sha256:1", "user:ruth", clock(), end)


def test_a_request_comes_back_as_it_was_made(store: Store, clock: Clock) -> None:
    made = request("r1", clock)
    with store.write() as unit:
        unit.requests.add(made)
    with store.read() as unit:
        assert unit.requests.get("r1") == made
        assert unit.requests.get("r2") is None


def test_only_the_first_verdict_is_kept(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        unit.requests.add(request("r1", clock))
        assert unit.requests.decide("r1", Verdict.REFUSED, by="user:robin", now=clock())
        assert not unit.requests.decide("r1", Verdict.GRANTED, by="user:rosa", now=clock())
        assert unit.requests.get("r1") == replace(
            request("r1", clock),
            verdict=Verdict.REFUSED,
            decided_by="user:robin",
            decided_at=clock(),
        )


def test_requests_are_listed_by_kind_newest_first(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        for name in ("old", "new", "decided"):
            unit.requests.add(request(name, clock))
            clock.forward(timedelta(minutes=1))
        unit.requests.add(request("other", clock, "release"))
        unit.requests.decide("decided", Verdict.GRANTED, by="user:robin", now=clock())
    with store.read() as unit:
        found = unit.requests.all(kind="disposition", waiting=True)
        assert [one.id for one in found] == ["new", "old"]
        assert len(unit.requests.all(kind="disposition", waiting=False)) == 3
