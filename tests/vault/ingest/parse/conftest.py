"""One sandbox for all tests that need one: it takes seconds to start."""

from collections.abc import Iterator

import pytest

from vault.ingest.parse.sandbox import Parser


@pytest.fixture(scope="session")
def parser() -> Iterator[Parser]:
    with Parser(workers=2) as running:
        yield running
