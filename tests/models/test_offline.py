"""Importing the package shuts every hub client's way out, whatever the environment says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from models import OFFLINE_ENVIRONMENT

REPOSITORY = Path(__file__).parents[2]


@pytest.mark.parametrize("before", ["0", "1"])
def test_the_switches_win_over_the_environment(before: str) -> None:
    program = "import models, os; print(os.environ['HF_HUB_OFFLINE'], os.environ['DO_NOT_TRACK'])"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=REPOSITORY,
        env=os.environ | {"HF_HUB_OFFLINE": before, "DO_NOT_TRACK": before},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["1", "1"]


def test_the_hub_client_believes_that_it_is_offline() -> None:
    from huggingface_hub import constants  # noqa: PLC0415  (after the switches)

    assert constants.HF_HUB_OFFLINE
    assert constants.HF_HUB_DISABLE_TELEMETRY
    assert {key: os.environ[key] for key in OFFLINE_ENVIRONMENT} == OFFLINE_ENVIRONMENT
