"""Whenever the process is killed, no act is lost and none happens twice."""

from pathlib import Path

import pytest
from numpy.random import default_rng

from tests.conftest import Clock, StoreFiles
from tests.vault.orchestrate.kills import kill_runs
from vault.store.session import Store

KILLS = 50


@pytest.mark.slow
def test_no_act_is_lost_and_none_happens_twice(
    store: Store, empty_store: StoreFiles, clock: Clock, tmp_path: Path
) -> None:
    store.close()
    files = StoreFiles(
        tmp_path / "vault.db", tmp_path / "keys.db", empty_store.database_key, empty_store.keys_key
    )
    tally = kill_runs(files, clock, tmp_path / "effects", kills=KILLS, random=default_rng(7))
    assert tally.kills >= KILLS
    assert (tally.doubled, tally.lost) == ([], [])
