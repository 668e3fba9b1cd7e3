"""Files of runs are kept once, sealed, under their label, and dropped when their time is over."""

from datetime import timedelta

import pytest

from tests.conftest import Clock
from tests.vault.store.test_approvals import begin
from vault.domain.errors import NotFoundError
from vault.domain.labels import Classification, Label
from vault.store.run_artifacts import RunArtifact, new_id
from vault.store.session import Store


def made(clock: Clock, **changes: object) -> RunArtifact:
    given: dict[str, object] = {
        "id": new_id(),
        "run_id": "r1",
        "name": "found.txt",
        "digest": "sha256:1",
        "media_type": "text/plain",
        "bytes": 5,
        "label": Label(Classification.SECRET, frozenset({"hr"})),
        "made_at": clock(),
        **changes,
    }
    return RunArtifact(**given)


def test_a_file_comes_back_with_its_label_and_is_kept_once(store: Store, clock: Clock) -> None:
    key = store.keys.new(collection="runs", now=clock())
    first = made(clock)
    with store.write() as unit:
        begin(unit, clock)
        unit.artifacts.add(first, b"hello", key=key)
        unit.artifacts.add(made(clock), b"hello", key=key)
        unit.artifacts.add(made(clock, name="again.txt"), b"hello", key=key)
        found = unit.artifacts.of_run("r1")
        assert {each.name for each in found} == {"found.txt", "again.txt"}
        assert first in found
        assert unit.artifacts.content(first) == b"hello"


def test_a_file_is_gone_with_its_key_and_when_its_time_is_over(store: Store, clock: Clock) -> None:
    key = store.keys.new(collection="runs", now=clock())
    kept, due = made(clock), made(clock, name="due", keep_until=clock() + timedelta(days=1))
    with store.write() as unit:
        begin(unit, clock)
        for each in (kept, due):
            unit.artifacts.add(each, b"hello", key=key)
    clock.forward(timedelta(days=1))
    with store.write() as unit:
        assert unit.artifacts.drop_due(now=clock()) == 1
        assert unit.artifacts.of_run("r1") == [kept]
        with pytest.raises(NotFoundError):
            unit.artifacts.content(due)
    store.keys.destroy([key[0]], now=clock())
    with store.read() as unit, pytest.raises(NotFoundError):
        unit.artifacts.content(kept)
