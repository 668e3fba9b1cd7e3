"""Hostile files meet a wall; ordinary ones come back whole."""

import gzip
import json
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.vault.ingest.parse import samples
from tests.vault.ingest.parse.samples import LEAVE
from vault.domain.errors import DocumentTooLargeError, UnsupportedDocumentError
from vault.ingest.parse.isolation import Isolation, command, environment, installed
from vault.ingest.parse.limits import ParseLimits
from vault.ingest.parse.result import Attachment, Parsed
from vault.ingest.parse.sandbox import Parser

pytestmark = pytest.mark.slow

ISOLATIONS = [found for found in Isolation if installed() or found is not Isolation.BUBBLEWRAP]
SLOW = f"<p>{LEAVE}</p>".encode() * 60_000


def huge_png() -> bytes:
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0)
    parts = [b"\x89PNG\r\n\x1a\n"]
    for kind, body in ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 99)), (b"IEND", b"")):
        crc = zlib.crc32(kind + body)
        parts += [struct.pack(">I", len(body)), kind, body, struct.pack(">I", crc)]
    return b"".join(parts)


def test_ordinary_files_come_back_whole(parser: Parser) -> None:
    for content, name in (
        (samples.word(), "a.docx"),
        (samples.slides(), "a.pptx"),
        (samples.workbook({"S": [["Rule"], [LEAVE]]}), "a.xlsx"),
        (samples.leave_pdf(), "a.pdf"),
        (samples.epub(), "a.epub"),
        (f"# Leave\n\n{LEAVE}".encode(), "a.md"),
        (f"<p>{LEAVE}</p>".encode(), "a.html"),
        (f"{{\\rtf1 {LEAVE}\\par}}".encode(), "a.rtf"),
    ):
        document = parser.parse(content, name=name).document
        assert LEAVE in document.text, name
        assert document.coverage > 0.9


def test_files_inside_come_back_with_their_bytes(parser: Parser) -> None:
    content = samples.zipped({"a.txt": b"one", "b/c.bin": bytes(range(256))})
    assert parser.parse(content, name="a.zip").attachments == (
        Attachment("a.txt", b"one"),
        Attachment("b/c.bin", bytes(range(256))),
    )


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "a.pdf", "the file is empty"),
        (samples.encrypted_pdf(), "a.pdf", "the PDF is protected by a password"),
        (samples.leave_pdf()[:200], "a.pdf", "the PDF is damaged and cannot be read"),
        (b"MZ\x90\0" + bytes(range(256)), "a.pdf", "the file is not a PDF although its name says"),
        (b"MZ\x90\0" + bytes(range(256)), "a.exe", "files of this kind cannot be read"),
        (samples.word()[:3_000], "a.docx", "the file is damaged and cannot be read"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "a.xml", "the file defines XML entities"),
        (b"<div>" * 100_000, "a.html", "the HTML page holds no text that can be read"),
    ],
)
def test_what_cannot_be_read_says_why(
    parser: Parser, content: bytes, name: str, message: str
) -> None:
    with pytest.raises(UnsupportedDocumentError, match=f"^{message}"):
        parser.parse(content, name=name)


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (
            samples.zipped(
                {"[Content_Types].xml": "<a/>", "word/document.xml": b"\0" * 90_000_000}
            ),
            "a.docx",
            "the archive expands to more than",
        ),
        (huge_png(), "a.png", "the image has more than 100 million pixels"),
    ],
)
def test_bombs_are_too_large(parser: Parser, content: bytes, name: str, message: str) -> None:
    with pytest.raises(DocumentTooLargeError, match=f"^{message}"):
        parser.parse(content, name=name)


def test_a_file_above_the_limit_is_never_sent() -> None:
    with (
        Parser(limits=ParseLimits(content_bytes=2**20)) as small,
        pytest.raises(DocumentTooLargeError, match="larger than 1 MiB"),
    ):
        small.parse(b"x" * (2**20 + 1), name="a.txt")
    assert small._worker is None


def test_a_closed_parser_starts_again() -> None:
    with Parser(isolation=Isolation.LIMITS) as running:
        for _ in range(2):
            assert running.parse(b"again", name="a.txt").document.text == "again"
            running.close()


def test_outcomes_of_many_come_in_order(parser: Parser) -> None:
    files = [Attachment(f"{n}.txt", f"Text number {n}.".encode()) for n in range(12)]
    files.insert(5, Attachment("empty.txt", b""))
    outcomes = list(parser.parse_many(files))
    texts = [outcome.document.text for outcome in outcomes if isinstance(outcome, Parsed)]
    assert texts == [f"Text number {n}." for n in range(12)]
    assert isinstance(outcomes[5], UnsupportedDocumentError)


@pytest.fixture(params=ISOLATIONS)
def walled(request: pytest.FixtureRequest) -> Iterator[Parser]:
    with Parser(isolation=request.param, limits=ParseLimits(seconds=20)) as running:
        assert running.isolation is request.param
        yield running


def test_a_killed_worker_is_replaced_and_the_file_is_read_again(walled: Parser) -> None:
    walled.parse(b"warm", name="a.txt")
    before = walled._running().process
    with ThreadPoolExecutor(1) as pool:
        outcome = pool.submit(walled.parse, SLOW, name="a.html")
        time.sleep(0.4)
        assert not outcome.done()
        before.kill()
        assert outcome.result().document.text.startswith(LEAVE)
    assert walled._running().process.pid != before.pid
    assert walled.isolation is walled._wanted


def test_no_isolation_is_ever_given_up_silently(monkeypatch: pytest.MonkeyPatch) -> None:
    with Parser() as running:
        first, process = running.isolation, running._running().process
        process.kill()
        # Asking again for the running one would start another, which never ends.
        process.wait()
        monkeypatch.setenv("PATH", "")
        assert running._ladder() == (first,)


def test_reading_ends_in_time(tmp_path: Path) -> None:
    with Parser(limits=ParseLimits(seconds=0.5)) as hasty:
        hasty.parse(b"warm", name="a.txt")
        started = time.monotonic()
        with pytest.raises(UnsupportedDocumentError, match=r"parsing took longer than 0\.5 s"):
            hasty.parse(SLOW * 3, name="a.html")
        assert time.monotonic() - started < 3
        assert hasty.parse(b"still here", name="a.txt").document.text == "still here"


def test_memory_is_bounded() -> None:
    content = gzip.compress(b"\0" * 400_000_000, compresslevel=1)
    limits = ParseLimits(memory_bytes=900 * 2**20, archive_ratio=10_000)
    with (
        Parser(limits=limits) as small,
        pytest.raises(DocumentTooLargeError, match="needed more than 900 MiB of memory"),
    ):
        small.parse(content, name="a.gz")


PARENT = """
import sys, time
from vault.ingest.parse.isolation import Isolation
from vault.ingest.parse.sandbox import Parser
running = Parser(isolation=Isolation(sys.argv[1]))
running.parse(b"warm", name="a.txt")
print(running._running().process.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("isolation", ISOLATIONS)
def test_the_worker_dies_with_the_vault(isolation: Isolation) -> None:
    vault = subprocess.Popen(
        [sys.executable, "-c", PARENT, isolation.value], stdout=subprocess.PIPE, text=True
    )
    with vault:
        assert vault.stdout is not None
        worker = Path("/proc") / vault.stdout.readline().strip() / "stat"
        assert worker.exists()
        vault.kill()
    deadline = time.monotonic() + 10
    while worker.exists() and worker.read_text().rpartition(")")[2].split()[0] != "Z":
        assert time.monotonic() < deadline
        time.sleep(0.05)


WALL = """
import json, os, socket, sys
from pathlib import Path
from vault.ingest.parse.isolation import Isolation, isolate

def refused(action):
    try:
        action()
    except OSError:
        return True
    return False

reached = isolate(Isolation(sys.argv[1]))
home, port = Path(sys.argv[2]), int(sys.argv[3])
print(json.dumps({
    "isolation": reached.value,
    "network": refused(lambda: socket.create_connection(("127.0.0.1", port), 2)),
    "write": refused(lambda: Path("/usr/own.txt").write_text("x"))
        and refused(lambda: Path("/own.txt").write_text("x")),
    "home": refused(lambda: (home / "key").read_text()),
    "passwords": refused(lambda: Path("/etc/passwd").read_text()),
    "processes": sum(name.isdigit() for name in os.listdir("/proc")),
}))
"""


def probe(isolation: Isolation, home: Path, port: int) -> dict[str, object]:
    line = command(isolation, seconds=60, hidden=[home])
    program = line[: line.index(sys.executable) + 1]
    done = subprocess.run(
        [*program, "-c", WALL, isolation.value, str(home), str(port)],
        capture_output=True,
        text=True,
        check=True,
        env=environment(isolation, str(home)),
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "key").write_text("secret")
    return tmp_path


@pytest.fixture
def port() -> Iterator[int]:
    """A port that answers, served by another process: sockets are off in this one."""
    script = "import socket; s = socket.create_server(('127.0.0.1', 0)); "
    script += "print(s.getsockname()[1], flush=True); s.accept(); input()"
    server = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    )
    with server:
        assert server.stdout is not None
        yield int(server.stdout.readline())
        server.kill()


@pytest.mark.parametrize("isolation", [i for i in ISOLATIONS if i is not Isolation.LIMITS])
def test_there_is_no_network_inside(isolation: Isolation, home: Path, port: int) -> None:
    found = probe(isolation, home, port)
    assert found["isolation"] == isolation.value
    assert found["network"]


def test_without_a_wall_the_probe_reaches_the_network(home: Path, port: int) -> None:
    assert not probe(Isolation.LIMITS, home, port)["network"]


@pytest.mark.parametrize("isolation", [i for i in ISOLATIONS if i is Isolation.BUBBLEWRAP])
def test_programs_are_all_there_is_inside(isolation: Isolation, home: Path, port: int) -> None:
    found = probe(isolation, home, port)
    assert found["write"]
    assert found["home"]
    assert found["passwords"]
    assert found["processes"] in (1, 2)
