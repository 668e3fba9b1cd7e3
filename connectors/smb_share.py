"""Folders, files and descriptors of one share, over a wire."""

import struct
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol, cast

from smbprotocol.open import SMB2QueryDirectoryRequest, SMB2ReadRequest

from connectors import smb_messages as messages
from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.smb_messages import Folder, Found, Stamp
from connectors.smb_wire import Chain, Reply, Sendable

_BATCH = 64
_LISTING_BYTES = 2**18
_READ_BYTES = 2**20
_MOST_DESCRIPTOR = 2**20
_ID_FULL_DIRECTORY = 38
_RIGHTS = messages.READ_CONTROL | messages.READ_ATTRIBUTES
_CONTENT = messages.READ_DATA | messages.READ_ATTRIBUTES
_END_OF_FILE = 0xC0000011
_DENIED = frozenset({0xC0000022, 0xC0000061})
_LINK = frozenset({0x8000002D, 0xC0000257})
"""Stopped at a link; the path lies on another server."""
_NOT_A_FILE = frozenset({0xC00000BA, 0xC0000103, 0xC0000033})
"""A folder, a file where a folder should be, or no name at all."""


class FolderRefusedError(SourceUnavailableError):
    """One folder cannot be listed; the share itself still answers."""


class Exchange(Protocol):
    """What a share needs of its wire."""

    def exchange(self, chains: Sequence[Chain]) -> Iterator[list[Reply]]:
        """Yield the replies to each chain, in order."""
        ...

    def ask(self, *chain: Sendable) -> list[Reply]:
        """Return the replies to one chain."""
        ...


@contextmanager
def _answers_are_whole() -> Iterator[None]:
    try:
        yield
    except struct.error as error:
        raise SourceUnavailableError("the server sent an answer cut short") from error


@dataclass(frozen=True, slots=True)
class SmbShare:
    """A share as folders, descriptors and bytes; paths have backslashes between names.

    Attributes:
        wire: a connection that is signed in.
    """

    wire: Exchange

    @_answers_are_whole()
    def listing(self, folder: str) -> Folder:
        """Return every name in a folder, in order.

        Raises:
            FolderRefusedError: the folder cannot be listed to its end.
            SourceUnavailableError: the share does not answer.
        """
        (opened,) = self.wire.ask(
            messages.create(folder, access=_CONTENT, options=messages.OPEN_FOLDER)
        )
        if opened.status != messages.OK:
            raise FolderRefusedError(f"a folder cannot be listed ({opened.status:#010x})")
        handle, _ = messages.created(opened.data)
        try:
            found = list(self._names(handle))
        finally:
            self.wire.ask(messages.close(handle))
        own = next((entry.file_id for entry in found if entry.name == "."), 0)
        named = (entry for entry in found if entry.name not in {".", ".."})
        return Folder(own, tuple(sorted(named, key=lambda entry: entry.name)))

    def descriptors(self, paths: Iterable[str]) -> Iterator[bytes | None]:
        """Yield the security descriptor of each path, or None where it cannot be had."""
        left = iter(paths)
        while batch := list(islice(left, _BATCH)):
            for replies in self.wire.exchange([_descriptor_chain(path) for path in batch]):
                yield self._descriptor(replies)

    @_answers_are_whole()
    def read(self, path: str, *, max_bytes: int) -> tuple[bytes, Stamp]:
        """Return a file's bytes and the stamp they belong to; no link on the way is followed.

        Raises:
            SourceRejectedError: it is too large, a folder or a link, or may not be read.
            SourceUnavailableError: it cannot be read at the moment, or changed while read.
        """
        self._demand_no_link(path)
        (opened,) = self.wire.ask(
            messages.create(path, access=_CONTENT, options=messages.OPEN_FILE)
        )
        if opened.status != messages.OK:
            raise _refusal(opened.status)
        handle, before = messages.created(opened.data)
        try:
            if before.size > max_bytes:
                raise SourceRejectedError(f"the file is larger than {max_bytes} bytes")
            content = b"".join(self._pieces(handle, before.size))
        finally:
            (ended,) = self.wire.ask(messages.close(handle))
        if ended.status != messages.OK or messages.closed(ended.data) != before:
            raise SourceUnavailableError("the file changed while it was read")
        if len(content) != before.size:
            raise SourceUnavailableError("the file changed while it was read")
        return content, before

    def _names(self, handle: bytes) -> Iterator[Found]:
        while True:
            (reply,) = self.wire.ask(_directory_query(handle))
            if reply.status == messages.NO_MORE_FILES:
                return
            if reply.status != messages.OK:
                raise FolderRefusedError(f"a folder's listing broke off ({reply.status:#010x})")
            yield from messages.entries_in(messages.buffer_of(reply.data))

    def _descriptor(self, replies: list[Reply]) -> bytes | None:
        _, queried, _ = replies
        if queried.status != messages.OK:
            return None
        try:
            return messages.buffer_of(queried.data)
        except struct.error:
            return None

    def _demand_no_link(self, path: str) -> None:
        names = path.split("\\")
        steps = ["\\".join(names[: count + 1]) for count in range(len(names))]
        for replies in self.wire.exchange([_tag_chain(step) for step in steps]):
            _, queried, _ = replies
            if queried.status != messages.OK:
                raise _refusal(queried.status)
            if messages.leads_elsewhere(messages.buffer_of(queried.data)):
                raise SourceRejectedError("a symbolic link is on the way to the file")

    def _pieces(self, handle: bytes, size: int) -> Iterator[bytes]:
        at = 0
        while at < size:
            (reply,) = self.wire.ask(_read(handle, at, min(_READ_BYTES, size - at)))
            if reply.status == _END_OF_FILE:
                return
            if reply.status != messages.OK:
                raise SourceUnavailableError(f"the file stopped being read ({reply.status:#010x})")
            piece = messages.read_of(reply.data)
            if not piece:
                return
            at += len(piece)
            yield piece


def _descriptor_chain(path: str) -> Chain:
    return (
        messages.create(path, access=_RIGHTS, options=0),
        messages.query_security(),
        messages.close(),
    )


def _tag_chain(path: str) -> Chain:
    return (
        messages.create(path, access=messages.READ_ATTRIBUTES, options=messages.OPEN_LINK_ITSELF),
        messages.query_tag(),
        messages.close(),
    )


def _directory_query(handle: bytes) -> Sendable:
    query: Any = SMB2QueryDirectoryRequest()
    query["file_information_class"] = _ID_FULL_DIRECTORY
    query["file_id"] = handle
    query["output_buffer_length"] = _LISTING_BYTES
    query["buffer"] = "*".encode("utf-16-le")
    return cast(Sendable, query)


def _read(handle: bytes, offset: int, length: int) -> Sendable:
    read: Any = SMB2ReadRequest()
    read["padding"] = b"\x50"
    read["length"] = length
    read["offset"] = offset
    read["file_id"] = handle
    return cast(Sendable, read)


def _refusal(status: int) -> Exception:
    if status in _LINK:
        return SourceRejectedError("a symbolic link is on the way to the file")
    if status in _NOT_A_FILE:
        return SourceRejectedError("the item is no regular file")
    if status in _DENIED:
        return SourceRejectedError("the file may not be read by this account")
    return SourceUnavailableError(f"the file cannot be opened at the moment ({status:#010x})")
