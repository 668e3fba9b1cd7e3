"""Every known way to leak is found by the same machine that finds nothing in the vault itself."""

import pytest

from tests.acceptance.interference.machine import machine
from tests.acceptance.interference.organisation import Organisation
from tests.acceptance.interference.pair import InterferenceError
from tests.acceptance.interference.walks import CASES, CLOSED, Case, Walk

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_leak_is_found(case: Case, organisation: Organisation) -> None:
    walker = machine(organisation, case.leak())()
    try:
        with pytest.raises(InterferenceError, match=case.seen_in):
            for step in case.steps:
                step(walker)
    finally:
        walker.close()


HONEST = {name: case.steps for name, case in CASES.items()} | dict(CLOSED)


@pytest.mark.parametrize("steps", HONEST.values(), ids=HONEST)
def test_the_walk_finds_nothing_in_the_vault_itself(
    steps: tuple[Walk, ...], organisation: Organisation
) -> None:
    walker = machine(organisation)()
    try:
        for step in steps:
            step(walker)
    finally:
        walker.close()
