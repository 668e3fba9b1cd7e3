"""The child process answers line by line and counts its own time and memory."""

import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from vault.evaluate.contestant import Contestant, processor_clock, resident_mb, serve
from vault.evaluate.engine import ENGINES
from vault.evaluate.truth import nearest
from vault.evaluate.workload import Workload

FLAT = ENGINES["faiss-flat-bitmap"].maker


def test_what_is_found_comes_with_the_seconds_of_each_query(
    workload: Workload, tmp_path: Path
) -> None:
    contestant = Contestant(FLAT, workload, tmp_path)
    form = contestant.measure(place=2, setting=0, first=3, last=7)
    expected = nearest(workload, 10, advance=lambda done, of: None)[2][3:7]
    assert [answer.hits(found) for answer, found in zip(expected, form["found"], strict=True)] == [
        answer.count for answer in expected
    ]
    assert len(form["seconds"]) == 4
    assert min(form["seconds"]) >= 0


def test_the_clock_of_this_process_goes_on_while_it_works() -> None:
    clock = processor_clock(None)
    before = clock()
    sum(number * number for number in range(200_000))
    assert clock() > before


def test_the_clock_of_another_process_counts_that_process_alone() -> None:
    busy = "import sys; print(1, flush=True); [sum(range(10**5)) for _ in iter(int, 1)]"
    with subprocess.Popen([sys.executable, "-c", busy], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        clock = processor_clock(process.pid)
        before, deadline = clock(), time.monotonic() + 30
        while clock() <= before and time.monotonic() < deadline:
            time.sleep(0.01)
        after, own = clock(), time.process_time()
        process.kill()
    assert after > before
    assert after != own


def test_memory_grows_with_what_is_held() -> None:
    before = resident_mb(os.getpid())
    held = b"\x01" * (64 * 2**20)
    assert resident_mb(os.getpid()) >= before + 32
    assert len(held) == 64 * 2**20


def test_requests_and_replies_are_lines_of_json(workload: Workload, tmp_path: Path) -> None:
    asked = [{"place": 4, "setting": 0, "first": 0, "last": 2}, {"memory": True}]
    requests = io.StringIO("".join(json.dumps(form) + "\n" for form in asked))
    replies = io.StringIO()
    serve(FLAT, tmp_path, workload.folder, requests=requests, replies=replies)
    ready, measured, memory = map(json.loads, replies.getvalue().splitlines())
    assert (ready["knob"], ready["settings"], ready["usual"]) == ("", [0], 0)
    assert [len(found) for found in measured["found"]] == [10, 10]
    assert isinstance(memory["memory_mb"], float)
