"""A served vault is looked after at intervals, and a round that fails is not the last."""

import logging
from pathlib import Path
from threading import Event

import pytest

from tests.vault.homes import home
from vault.api.upkeep import Upkeep
from vault.domain.errors import ModelUnavailableError


class Rounds:
    """Counts rounds; the first one fails."""

    def __init__(self) -> None:
        self.count = 0
        self.second = Event()

    def keep_up(self) -> None:
        self.count += 1
        if self.count == 1:
            raise ModelUnavailableError("the embedder is not there")
        self.second.set()


def test_a_round_that_fails_is_told_and_the_next_one_comes(
    caplog: pytest.LogCaptureFixture,
) -> None:
    rounds = Rounds()
    with caplog.at_level(logging.WARNING), Upkeep(rounds, seconds=0.01):  # type: ignore[arg-type]
        assert rounds.second.wait(timeout=30)
    done = rounds.count
    assert "upkeep_failed" in caplog.messages
    assert rounds.count == done


def test_a_real_home_is_kept_up(tmp_path: Path) -> None:
    with home(tmp_path) as vault, Upkeep(vault, seconds=3600):
        vault.keep_up()
        assert vault.follower.accelerate(share=1.0) == 0
