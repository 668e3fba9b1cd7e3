"""Two vaults that differ only in what a reader may not know are the same vault to that reader.

``pytest --hypothesis-profile=hunt tests/acceptance/interference`` looks for longer, from
another seed each time.
"""

import pytest
from hypothesis.stateful import run_state_machine_as_test

from tests.acceptance.interference.machine import machine
from tests.acceptance.interference.organisation import Organisation
from tests.acceptance.interference.profiles import chosen

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]


def test_no_byte_and_no_work_tells_one_vault_from_the_other(organisation: Organisation) -> None:
    run_state_machine_as_test(machine(organisation), settings=chosen())
