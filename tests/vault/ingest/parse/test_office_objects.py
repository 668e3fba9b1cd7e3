"""Packed objects give up their files, and broken ones nothing."""

import struct
from collections.abc import Mapping

import pytest

from vault.ingest.parse import office_objects
from vault.ingest.parse.office_objects import packed_object
from vault.ingest.parse.result import Attachment


def native(label: bytes, content: bytes) -> bytes:
    path = b"C:\\a.txt\0"
    body = b"\2\0" + label + b"\0" + path + b"\0\0\3\0" + struct.pack("<I", len(path)) + path
    body += struct.pack("<I", len(content)) + content
    return struct.pack("<I", len(body)) + body


class Streams:
    """A compound file with these streams."""

    def __init__(self, streams: Mapping[str, bytes]) -> None:
        self._streams = streams

    def __enter__(self) -> "Streams":
        return self

    def __exit__(self, *_: object) -> None:
        """Close nothing."""

    def exists(self, name: str) -> bool:
        return name in self._streams

    def openstream(self, name: str) -> "Streams":
        return Streams({"": self._streams[name]})

    def read(self) -> bytes:
        return self._streams[""]


def packed(monkeypatch: pytest.MonkeyPatch, **streams: bytes) -> list[Attachment]:
    named = {name.replace("native", "\x01Ole10Native"): body for name, body in streams.items()}
    monkeypatch.setattr(office_objects.olefile, "OleFileIO", lambda _: Streams(named))
    return list(packed_object(b""))


def test_whole_streams_and_packages_are_files(monkeypatch: pytest.MonkeyPatch) -> None:
    assert packed(monkeypatch, CONTENTS=b"%PDF-1.4") == [Attachment("embedded object", b"%PDF-1.4")]
    assert packed(monkeypatch, Package=b"PK") == [Attachment("embedded object", b"PK")]
    found = packed(monkeypatch, native=native(b"notes.txt", b"The pump is old."))
    assert found == [Attachment("notes.txt", b"The pump is old.")]
    assert packed(monkeypatch, native=native(b"", b"x"))[0].name == "embedded object"


def test_what_holds_no_file_or_is_cut_off_gives_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert packed(monkeypatch, other=b"x") == []
    assert packed(monkeypatch, native=native(b"a", b"")) == []
    for end in (3, 10, 20, 30):
        assert packed(monkeypatch, native=native(b"notes.txt", b"x")[:end]) == []
    monkeypatch.undo()
    assert list(packed_object(b"no compound file")) == []
