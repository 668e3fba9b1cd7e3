"""Holds, schedules and erasures in any order agree with a model of twenty lines."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.vault.lifecycle.conftest import OLGA, ROBIN, RUTH, Office
from vault.domain.errors import HoldInForceError, InvalidRequestError, NotFoundError
from vault.lifecycle.holds import Matter

MATTER = Matter("Case 12", "District court", "Documents are evidence")
DAY = timedelta(days=1)
DOCUMENTS, HOLDS = 3, 2

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("hold"), st.integers(0, HOLDS - 1), st.integers(0, DOCUMENTS - 1)),
        st.tuples(st.just("release"), st.integers(0, HOLDS - 1), st.just(0)),
        st.tuples(st.just("erase"), st.just(0), st.integers(0, DOCUMENTS - 1)),
        st.tuples(st.just("wait"), st.integers(1, 40), st.just(0)),
        st.tuples(st.just("sweep"), st.just(0), st.just(0)),
    ),
    max_size=14,
)


class Model:
    """What must be true, in plain Python."""

    def __init__(self) -> None:
        self.alive = [True] * DOCUMENTS
        self.held: list[set[int]] = [set() for _ in range(HOLDS)]
        self.day = 0

    def covered(self, document: int) -> bool:
        return any(document in hold for hold in self.held)

    def due(self) -> set[int]:
        # Document n is kept for 30 * (n + 1) days.
        return {n for n in range(DOCUMENTS) if self.alive[n] and self.day >= 30 * (n + 1)}


@pytest.fixture
def case(office: Office) -> Callable[[list[tuple[str, int, int]]], None]:
    turns = iter(range(10_000))

    def run(steps: list[tuple[str, int, int]]) -> None:
        turn = next(turns)
        names = [f"{turn}-{n}" for n in range(DOCUMENTS)]
        ids = [office.keep(name, retention=f"{30 * (n + 1)}d") for n, name in enumerate(names)]
        model, placed = Model(), [[] for _ in range(HOLDS)]  # type: ignore[var-annotated]
        for act, first, second in steps:
            _apply(office, model, ids, placed, (act, first, second))
            for n, document_id in enumerate(ids):
                assert (office.state(document_id) == "current") is model.alive[n]
        for hold in [one for holds in placed for one in holds]:
            office.holds.release(hold, reason="end of case", subject=RUTH)
        for n, document_id in enumerate(ids):
            if model.alive[n]:
                office.erasure.erase(document_id, None, reason="end of case")

    return run


def _apply(
    office: Office,
    model: Model,
    ids: list[str],
    placed: list[list[str]],
    step: tuple[str, int, int],
) -> None:
    act, first, second = step
    if act == "hold" and model.alive[second]:
        hold = office.holds.place(MATTER, document_ids=[ids[second]], subject=RUTH)
        placed[first].append(hold.id)
        model.held[first].add(second)
    elif act == "release":
        for hold_id in placed[first]:
            office.holds.release(hold_id, reason="settled", subject=ROBIN)
        placed[first].clear()
        model.held[first].clear()
    elif act == "erase":
        _erase(office, model, ids, second)
    elif act == "wait":
        office.clock.forward(first * DAY)
        model.day += first
    elif act == "sweep":
        _sweep(office, model, ids)


def _erase(office: Office, model: Model, ids: list[str], document: int) -> None:
    if not model.alive[document]:
        with pytest.raises(NotFoundError):
            office.erasure.erase(ids[document], OLGA, reason="request 4")
    elif model.covered(document):
        with pytest.raises(HoldInForceError):
            office.erasure.erase(ids[document], OLGA, reason="request 4")
    else:
        office.erasure.erase(ids[document], OLGA, reason="request 4")
        model.alive[document] = False


def _sweep(office: Office, model: Model, ids: list[str]) -> None:
    listed, count = office.dispositions.due()
    assert {one.document_id for one in listed} == {ids[n] for n in model.due()}
    assert count == len(listed)
    free = {n for n in model.due() if not model.covered(n)}
    if not free:
        with pytest.raises(InvalidRequestError, match="nothing is due"):
            office.dispositions.ask(RUTH)
        return
    made = office.dispositions.ask(RUTH)
    done = office.dispositions.grant(made.id, digest=made.digest, subject=ROBIN, folder=None)
    assert {one.document_id for one in done if one.done} == {ids[n] for n in free}
    for n in free:
        model.alive[n] = False


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_a_hold_beats_retention_and_erasure_whatever_the_order(
    case: Callable[[list[tuple[str, int, int]]], None], steps: list[tuple[str, int, int]]
) -> None:
    case(steps)
