"""One process follows a source at a time."""

import multiprocessing
from pathlib import Path

import pytest

from vault.domain.errors import HomeUnavailableError
from vault.ingest.turns import Turns


def test_a_second_follower_is_turned_away_until_the_first_is_done(tmp_path: Path) -> None:
    turns = Turns(tmp_path / "following")
    with turns.take("shelf"):
        with turns.take("attic"):
            pass
        with pytest.raises(HomeUnavailableError, match="another process"), turns.take("shelf"):
            pass
    with turns.take("shelf"):
        pass


def _hold(folder: Path, held: "multiprocessing.synchronize.Event") -> None:
    with Turns(folder).take("shelf"):
        held.set()
        multiprocessing.Event().wait()


def test_a_turn_ends_with_its_process(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    held = context.Event()
    child = context.Process(target=_hold, args=(tmp_path / "following", held))
    child.start()
    assert held.wait(60)
    with pytest.raises(HomeUnavailableError), Turns(tmp_path / "following").take("shelf"):
        pass
    child.kill()
    child.join()
    with Turns(tmp_path / "following").take("shelf"):
        pass


def test_a_home_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeUnavailableError), Turns(tmp_path / "file" / "x").take("shelf"):
        pass
