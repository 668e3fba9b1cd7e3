"""Reads the POSIX rights of files on an SSH server and of every folder on the way to them."""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from connectors.facts import AclEntry, RawAcl
from connectors.getfacl import command_for, parse
from connectors.posix import Protection, Right, UnknownAclError, entries_of, everyone_passes
from connectors.sftp_folder import raise_if_lost
from connectors.sftp_session import SftpSession

_PERMISSIONS = 0o777
_COMMAND_BYTES = 96 * 2**10
"""A shell gets its command as one argument, which the kernel limits to 128 KiB."""


@dataclass(frozen=True, slots=True)
class RemoteWay:
    """The folders that lead to a file, seen as the rights they demand.

    Attributes:
        raw: one line a folder, the innermost first.
        gates: one list a folder that not everyone passes.
    """

    raw: bytes
    gates: tuple[tuple[AclEntry, ...], ...]


class SftpRights:
    """Rights as the server's kernel judges them.

    Args:
        session: the connection.
        with_lists: whether access lists are read by ``getfacl``; without them the mode bits
            are all there is.
    """

    def __init__(self, session: SftpSession, *, with_lists: bool) -> None:
        self._session = session
        self._with_lists = with_lists

    def protections(self, found: dict[bytes, Any]) -> dict[bytes, Protection]:
        """Return the protection of each path that is known; the others are nobody's.

        Args:
            found: what ``lstat`` said of each path.
        """
        lists = self._lists(found) if self._with_lists else {}
        known: dict[bytes, Protection] = {}
        for path, status in found.items():
            if status.st_mode is None or status.st_uid is None or status.st_gid is None:
                continue
            if self._with_lists and path not in lists:
                continue
            mode = status.st_mode & _PERMISSIONS
            known[path] = Protection(mode, status.st_uid, status.st_gid, lists.get(path))
        return known

    def way_to(self, folder: bytes) -> RemoteWay | None:
        """Return the way into ``folder``, an absolute path, or None where it is unknown."""
        steps = [folder]
        while steps[-1] != b"/":
            steps.append(os.path.dirname(steps[-1]))  # noqa: PTH120 - a path of the server
        with self._session.talking() as files:
            try:
                found = {step: files.lstat(step) for step in steps}
            except OSError as error:
                raise_if_lost(error)
                return None
        known = self.protections(found)
        raw, gates = b"", []
        for step in steps:
            if step not in known or not stat.S_ISDIR(found[step].st_mode):
                return None
            raw += known[step].line()
            try:
                gate = entries_of(known[step], Right.SEARCH)
            except UnknownAclError:
                return None
            if not everyone_passes(gate) and gate not in gates:
                gates.append(gate)
        return RemoteWay(raw, tuple(gates))

    def _lists(self, paths: Iterable[bytes]) -> dict[bytes, bytes]:
        found: dict[bytes, bytes] = {}
        for batch in _batches(paths):
            try:
                found |= parse(self._session.run(command_for(batch)))
            except UnknownAclError:
                continue
        return found


def rights_of(item: str, protection: Protection | None, way: RemoteWay | None) -> RawAcl:
    """Return who may read a file; unknown rights have no entries."""
    if protection is None or way is None:
        return RawAcl(item, b"", None)
    raw = protection.line() + way.raw
    try:
        return RawAcl(item, raw, entries_of(protection, Right.READ), way.gates)
    except UnknownAclError:
        return RawAcl(item, raw, None)


def hash_of(protection: Protection | None, way: RemoteWay | None) -> str:
    """Return a token that changes with the rights of a file or of a folder above it."""
    if protection is None or way is None:
        return "unknown"
    return hashlib.sha256(protection.line() + way.raw).hexdigest()


def _batches(paths: Iterable[bytes]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    size = 0
    for path in paths:
        batch.append(path)
        # Quoting may make four bytes of one.
        size += 4 * len(path) + 3
        if size > _COMMAND_BYTES // 2:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
