"""Whether a worker died can be told from its name."""

import os
import subprocess
import sys

from vault.orchestrate.workers import worker_died, worker_name


def test_a_worker_of_this_process_lives_and_has_a_name_of_its_own() -> None:
    assert not worker_died(worker_name())
    assert worker_name() != worker_name()
    assert len(worker_name()) <= 64


def test_a_process_that_ended_is_dead_and_so_is_an_earlier_one_of_the_same_number() -> None:
    place, _, started, tail = worker_name().split("/")
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    assert worker_died(f"{place}/{child.pid}/{started}/{tail}")
    assert worker_died(f"{place}/{os.getpid()}/1/{tail}")


def test_of_a_worker_elsewhere_nobody_can_tell() -> None:
    _, process, _, tail = worker_name().split("/")
    assert not worker_died(f"elsewhere/{process}/1/{tail}")
