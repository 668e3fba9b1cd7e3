"""The process that reads a file is bounded, and answers each request once."""

import multiprocessing
import subprocess
import sys
from multiprocessing import Pipe
from pathlib import Path

import pytest

from tests.vault.ingest.parse.samples import LEAVE
from vault.ingest.parse.child import serve
from vault.ingest.parse.failures import Failure
from vault.ingest.parse.limits import ParseLimits
from vault.ingest.parse.wire import Reply, Request, decode_reply, encode_request

pytestmark = pytest.mark.slow

LIMITS = """
import resource
from vault.ingest.parse.child import restrict
from vault.ingest.parse.limits import ParseLimits
restrict(ParseLimits(seconds=7.5))
kinds = (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_CORE, resource.RLIMIT_NOFILE)
print(*(resource.getrlimit(kind)[1] for kind in kinds))
print(open("/proc/self/status").read().split("NoNewPrivs:")[1].split()[0])
"""


def served(content: bytes, name: str, scratch: Path, limits: ParseLimits) -> Reply:
    """Answer in a process of its own: the limits cannot be lifted again."""
    ours, theirs = Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=serve, args=(theirs, str(scratch))
    )
    process.start()
    theirs.close()
    ours.send_bytes(encode_request(Request(name, None, False, 0, limits)))
    ours.send_bytes(content)
    reply = decode_reply(ours.recv_bytes(), limits)
    process.join()
    return reply


def test_a_process_gives_up_rights_for_good() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIMITS], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [str(3 * 2**30), "8", "0", "64", "1"]


def test_a_request_is_answered(tmp_path: Path) -> None:
    reply = served(LEAVE.encode(), "a.txt", tmp_path, ParseLimits())
    assert reply.document is not None
    assert reply.document.text == LEAVE


@pytest.mark.parametrize(
    ("content", "limits", "failure"),
    [
        (b"", ParseLimits(), Failure.EMPTY),
        (LEAVE.encode(), ParseLimits(text_bytes=100), Failure.OUTPUT),
    ],
)
def test_refusals_are_answers(
    content: bytes, limits: ParseLimits, failure: Failure, tmp_path: Path
) -> None:
    assert served(content, "a.txt", tmp_path, limits).failure is failure
    assert list(tmp_path.iterdir()) == []
