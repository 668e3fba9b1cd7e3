"""Access lists as ``getfacl`` prints them, turned into the bytes that the kernel keeps."""

import os
import re
import shlex
import struct
from collections.abc import Iterable, Iterator

from connectors.posix import UnknownAclError

_HEADER = struct.pack("<I", 2)
_RECORD = struct.Struct("<HHI")
_NOBODY = 0xFFFFFFFF
_TAGS = {
    ("user", False): 0x01,
    ("user", True): 0x02,
    ("group", False): 0x04,
    ("group", True): 0x08,
    ("mask", False): 0x10,
    ("other", False): 0x20,
}
_ENTRY = re.compile(rb"(user|group|mask|other):([0-9]*):([r-])([w-])([x-])$")
_ESCAPED = re.compile(rb"\\(\\|[0-7]{3})")
_FILE = b"# file: "


def command_for(paths: Iterable[bytes]) -> bytes:
    """Return the command that prints the access lists of ``paths``, each under its own name."""
    quoted = " ".join(shlex.quote(os.fsdecode(path)) for path in paths)
    return b"LC_ALL=C getfacl -a -p -n -E -- " + os.fsencode(quoted)


def parse(output: bytes) -> dict[bytes, bytes]:
    """Return the access list of each path in the kernel's form.

    Each block names its file, so that a file that could not be read leaves no other's list in
    its place.

    Raises:
        UnknownAclError: a line is none that getfacl is known to print.

    Source:
        getfacl(1); acl(5), "TEXT FORM".
    """
    found: dict[bytes, bytes] = {}
    for block in output.split(b"\n\n"):
        lines = block.strip(b"\n").split(b"\n")
        if not lines[0].startswith(_FILE):
            if any(lines):
                raise UnknownAclError("an access list does not say whose it is")
            continue
        found[_ESCAPED.sub(_unescaped, lines[0].removeprefix(_FILE))] = _HEADER + b"".join(
            _records(lines[1:])
        )
    return found


def _unescaped(code: re.Match[bytes]) -> bytes:
    return b"\\" if code[1] == b"\\" else bytes([int(code[1], 8) & 0xFF])


def _records(lines: Iterable[bytes]) -> Iterator[bytes]:
    for line in lines:
        if line.startswith(b"#"):
            continue
        matched = _ENTRY.match(line)
        if matched is None:
            raise UnknownAclError("an access list has a line of an unknown form")
        kind, number, *bits = matched.groups()
        tag = _TAGS.get((kind.decode(), bool(number)))
        if tag is None:
            raise UnknownAclError("an access list has a line of an unknown form")
        mode = sum(value for bit, value in zip(bits, (4, 2, 1), strict=True) if bit != b"-")
        yield _RECORD.pack(tag, mode, int(number) if number else _NOBODY)
