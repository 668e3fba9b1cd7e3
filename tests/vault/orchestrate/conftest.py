"""Fixtures for whatever works with runs."""

import pytest

from tests.conftest import Clock
from tests.vault.orchestrate.bureau import Bureau
from vault.store.session import Store


@pytest.fixture
def bureau(store: Store, clock: Clock) -> Bureau:
    """An empty store with people in it, and all that governs agents."""
    made = Bureau(store, clock)
    made.enter()
    return made
