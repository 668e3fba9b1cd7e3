"""After the warm-up nothing more is imported for common kinds."""

import subprocess
import sys
from pathlib import Path

import pytest

from vault.ingest.parse.isolation import Isolation, environment

pytestmark = pytest.mark.slow

SCRIPT = """
import sys, time
from vault.ingest.parse import media, reader, warm
from vault.ingest.parse.limits import ParseLimits
from vault.ingest.parse.pieces import Original
warm.warm_up()
before = set(sys.modules)
content = b"# Leave\\n\\nThirty days of leave.\\n"
reader.read(Original(content, "a.md", media.MARKDOWN, ParseLimits(), time.monotonic() + 9))
print(len(set(sys.modules) - before), len(__import__("os").listdir("/proc/self/task")))
"""


def test_a_warm_server_imports_nothing_more_and_has_no_threads(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        text=True,
        check=True,
        env=environment(Isolation.LIMITS, str(tmp_path)),
    )
    assert done.stdout.split() == ["0", "1"]
