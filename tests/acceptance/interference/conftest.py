"""The home that every pair of vaults begins as."""

import pytest

from tests.acceptance.interference import profiles
from tests.acceptance.interference.organisation import Organisation, found

PROFILES = (profiles.HUNT,)
"""Registered by now, so that the command line may name one."""


@pytest.fixture(scope="session")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    return found(tmp_path_factory.mktemp("paired") / "home")
