"""Servers that several rooms of connector tests share, each started once."""

from collections.abc import Iterator

import pytest

from tests.connectors.servers.samba import Domain, samba_domain


@pytest.fixture(scope="session")
def domain() -> Iterator[Domain]:
    """An Active Directory domain with shares."""
    with samba_domain() as running:
        yield running
