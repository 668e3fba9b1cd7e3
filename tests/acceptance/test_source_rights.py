"""Rights of real files and of a real directory are what a search goes by, from change to change."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.conftest import Command
from tests.connectors.servers.slapd import ADMINISTRATOR, BASE, Slapd, slapd

pytestmark = [pytest.mark.enable_socket, pytest.mark.model, pytest.mark.slow]
RULES = ["--collection", "files", "--classification", "internal", "--owner", "owner"]
PAPERS = 24
KILLS = (3.0, 6.0, 9.0)


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Slapd]:
    folder = tmp_path / "ldap"
    folder.mkdir()
    with slapd(folder) as server:
        yield server


@pytest.fixture
def share(tmp_path: Path) -> Path:
    folder = tmp_path / "share"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    return folder


def write(path: Path, text: str, *acl: str) -> None:
    path.write_text(text)
    path.chmod(0o640)
    give(path, *acl)


def give(path: Path, *acl: str) -> None:
    """Put exactly these entries besides those of the mode on a file."""
    subprocess.run(["/usr/bin/setfacl", "-b", str(path)], check=True)
    for entry in acl:
        subprocess.run(["/usr/bin/setfacl", "-m", entry, str(path)], check=True)


def found(ward: Command, words: str, person: str) -> set[str]:
    hits = json.loads(ward.well("search", words, "--as", person, "--json"))["hits"]
    return {hit["uri"].rsplit("/", 1)[-1] for hit in hits}


def follow_files(ward: Command, share: Path, *more: str) -> None:
    settings = [f"root={share}", "rights=posix", "rights_above_root=false"]
    said = [word for setting in settings for word in ("--config", setting)]
    ward.well("source", "add", "files", "--connector", "filesystem", *said, *RULES, *more)


def follow_people(ward: Command, directory: Slapd) -> None:
    settings = {
        "host": "127.0.0.1",
        "port": str(directory.port),
        "base": BASE,
        "username": ADMINISTRATOR,
        "password_file": str(directory.password_file),
        "tls": "none",
    }
    said = [word for name, value in settings.items() for word in ("--config", f"{name}={value}")]
    ward.well("source", "add", "corp", "--connector", "ldap", *said)
    ward.well("identity", "sync", "corp")


def test_a_search_goes_by_the_files_lists_and_the_directorys_groups(
    ward: Command, directory: Slapd, share: Path
) -> None:
    for name in ("alice", "carol"):
        ward.well("principal", "add", name, "--clearance", "internal")
    write(share / "plan.md", "The harbour plan asks for form H-7.", "u:6000:r")
    write(share / "rota.md", "The night rota asks for form N-3.", "g:5001:r")
    write(share / "pay.md", "The pay table asks for form P-9.", "u:6000:-", "g:5001:r")
    follow_people(ward, directory)
    follow_files(ward, share, "--identities", "corp")
    ward.well("sync", "files")
    assert found(ward, "form", "alice") == {"plan.md"}
    assert found(ward, "form", "carol") == {"rota.md", "pay.md"}
    assert found(ward, "form", "amara") == set()

    # The content is as it was; only the list changed, which moves no time of change.
    give(share / "plan.md")
    report = json.loads(ward.well("sync", "files", "--json"))
    assert report["relabelled"] == 1
    assert found(ward, "form", "alice") == set()

    directory.change(
        f"dn: cn=night,ou=groups,{BASE}\nchangetype: modify\n"
        "delete: memberUid\nmemberUid: carol\n-\n"
    )
    ward.well("identity", "sync", "--all")
    assert found(ward, "form", "carol") == set()
    types = ward.well("ledger", "verify")
    assert "every entry" in types


def test_a_sync_that_is_killed_goes_on_and_rights_hold_all_the_while(
    ward: Command, share: Path
) -> None:
    for number in range(PAPERS):
        words = " ".join(f"Rule {number}.{place} asks for form F-{number}." for place in range(60))
        write(share / f"{number:02}.md", f"# Paper {number}\n\n{words}\n")
    follow_files(ward, share)
    ward.well("identity", "map", "files", f"uid:{os.getuid()}", "user:amara")
    seen = 0
    for kill, seconds in enumerate(KILLS):
        process = ward.start("sync", "files")
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        listed = json.loads(ward.well("document", "list", "--as", "amara", "--json"))["documents"]
        assert len(listed) >= seen - kill
        assert all(document["revision"] is not None for document in listed)
        seen = len(listed)
        (share / f"{kill:02}.md").chmod(0)
    report = json.loads(ward.well("sync", "files", "--json"))
    assert report["quarantined"] == 0 or os.getuid() != 0
    readable = found(ward, "form F-0", "amara") | found(ward, "form F-1", "amara")
    assert not {f"{number:02}.md" for number in range(len(KILLS))} & readable
    documents = json.loads(ward.well("document", "list", "--as", "amara", "--json"))["documents"]
    assert len(documents) == PAPERS - len(KILLS)
    assert {document["revision"]["number"] for document in documents} == {1}
    again = json.loads(ward.well("sync", "files", "--json"))
    assert (again["ingested"], again["relabelled"]) == (0, 0)
    assert "every entry" in ward.well("ledger", "verify")
