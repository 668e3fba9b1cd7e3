"""Access lists that getfacl prints become the bytes the kernel keeps, each under its own name."""

import os
import subprocess
from pathlib import Path

import pytest

from connectors.getfacl import command_for, parse
from connectors.posix import Protection, Right, UnknownAclError, entries_of

LIST = bytes.fromhex(
    "02000000"
    "01000600ffffffff"
    "02000400e9030000"
    "04000400ffffffff"
    "08000000d1070000"
    "10000400ffffffff"
    "20000000ffffffff"
)


@pytest.mark.parametrize("name", ["a.txt", "a b'c.txt", "back\\slash", "line\nbreak", "\udcff"])
def test_the_real_tool_is_understood_whatever_the_name(tmp_path: Path, name: str) -> None:
    path, other = tmp_path / name, tmp_path / "other"
    for each in (path, other):
        each.write_text("x")
    os.setxattr(path, "system.posix_acl_access", LIST)
    paths = [os.fsencode(path), bytes(tmp_path / "gone"), bytes(other)]
    output = subprocess.run(
        ["/bin/sh", "-c", command_for(paths)], capture_output=True, check=False
    ).stdout
    found = parse(output)
    assert set(found) == {paths[0], paths[2]}
    assert found[paths[0]] == LIST


def test_no_list_means_what_the_mode_bits_mean() -> None:
    [acl] = parse(
        b"# file: /a\n# owner: 1\n# group: 2\nuser::rw-\ngroup::r--\nother::---\n\n"
    ).values()
    for right in Right:
        assert entries_of(Protection(0o640, 1, 2, acl), right) == entries_of(
            Protection(0o640, 1, 2), right
        )


@pytest.mark.parametrize(
    "output",
    [
        b"user::rw-\n",
        b"# file: /a\nuser:alice:rw-\n",
        b"# file: /a\nmask:7:rw-\n",
        b"# file: /a\neveryone@:rw-\n",
        b"getfacl: not found\n",
    ],
)
def test_what_is_not_understood_is_not_guessed(output: bytes) -> None:
    with pytest.raises(UnknownAclError):
        parse(output)


def test_nothing_is_nothing() -> None:
    assert parse(b"") == {}
