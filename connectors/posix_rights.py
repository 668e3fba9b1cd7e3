"""Reads the POSIX rights of files and of every folder on the way to them."""

import errno
import hashlib
import os
import stat
from dataclasses import dataclass, field
from functools import lru_cache

from connectors.facts import AclEntry, RawAcl
from connectors.posix import Protection, Right, UnknownAclError, entries_of, everyone_passes

_ACCESS = "system.posix_acl_access"
_OTHER_LISTS = frozenset({"system.nfs4_acl", "system.cifs_acl", "system.richacl"})
_PERMISSIONS = 0o777
_UNSUPPORTED = frozenset({errno.ENOTSUP, errno.EOPNOTSUPP})
_UNKNOWN = "unknown"

_cached_entries = lru_cache(maxsize=4096)(entries_of)
_Key = tuple[int, int, int, bytes | None]


@dataclass(frozen=True, slots=True)
class _Judged:
    """The rights of files of one protection in one folder; no entries where unknown."""

    raw: bytes
    entries: tuple[AclEntry, ...] | None
    token: str


@dataclass(frozen=True, slots=True)
class Way:
    """The folders that lead to a file, seen as the rights they demand.

    Attributes:
        raw: one line a folder, the innermost first.
        gates: one list a folder that not everyone passes, each list once.
        judged: what was found out already of files in this folder.
    """

    raw: bytes
    gates: tuple[tuple[AclEntry, ...], ...]
    judged: dict[_Key, _Judged] = field(default_factory=dict, compare=False, repr=False)


OPEN_WAY = Way(b"", ())
"""The way to what lies in no folder that counts."""


def deeper(way: Way | None, path: str, status: os.stat_result | None = None) -> Way | None:
    """Return ``way`` gone on into the folder ``path``, or None where its rights are unknown.

    Args:
        way: the way to the folder itself.
        path: the folder; a symbolic link is none.
        status: what ``lstat`` said of it, where that is known already.
    """
    if way is None:
        return None
    try:
        found = os.lstat(path) if status is None else status
        if not stat.S_ISDIR(found.st_mode):
            return None
        mode = found.st_mode & _PERMISSIONS
        protection = Protection(mode, found.st_uid, found.st_gid, _list_of(path))
        gate = _cached_entries(protection, Right.SEARCH)
    except (OSError, UnknownAclError):
        return None
    raw = protection.line() + way.raw
    if everyone_passes(gate) or gate in way.gates:
        return Way(raw, way.gates)
    return Way(raw, (*way.gates, gate))


def way_down(folder: str, *, top: str) -> Way | None:
    """Return the way into ``folder``, counted from ``top``, which counts itself.

    Args:
        folder: absolute, without links; ``top`` or below it.
        top: first folder whose rights count; ``/`` for all there are.
    """
    steps = [folder]
    while steps[-1] not in (top, "/"):
        steps.append(os.path.dirname(steps[-1]))  # noqa: PTH120 - a Path a step is too slow
    way: Way | None = OPEN_WAY
    for step in reversed(steps):
        way = deeper(way, step)
    return way


def rights_of(item: str, path: str, way: Way | None) -> RawAcl:
    """Return who may read the file ``path``; unknown rights have no entries.

    Args:
        item: the id to name in the answer.
        path: the file; a symbolic link is none.
        way: the folders that lead to it, or None where they are unknown.
    """
    try:
        status = os.lstat(path)
    except OSError:
        return RawAcl(item, b"", None)
    judged = _judge(path, status, way) if stat.S_ISREG(status.st_mode) else None
    if judged is None or way is None:
        return RawAcl(item, b"", None)
    return RawAcl(item, judged.raw, judged.entries, way.gates)


def hash_of(path: str, status: os.stat_result, way: Way | None) -> str:
    """Return a token that changes with the rights of a file or of a folder above it."""
    judged = _judge(path, status, way)
    return _UNKNOWN if judged is None else judged.token


def _judge(path: str, status: os.stat_result, way: Way | None) -> _Judged | None:
    if way is None:
        return None
    try:
        acl = _list_of(path)
    except OSError:
        return None
    key = (status.st_mode & _PERMISSIONS, status.st_uid, status.st_gid, acl)
    found = way.judged.get(key)
    if found is None:
        found = way.judged[key] = _judged(Protection(*key), way)
    return found


def _judged(protection: Protection, way: Way) -> _Judged:
    raw = protection.line() + way.raw
    entries: tuple[AclEntry, ...] | None
    try:
        entries = _cached_entries(protection, Right.READ)
    except UnknownAclError:
        entries = None
    return _Judged(raw, entries, hashlib.sha256(raw).hexdigest())


def _list_of(path: str) -> bytes | None:
    """Return the access list of ``path``, or None where its mode bits alone decide.

    Raises:
        OSError: nobody knows whether there is a list, or it is one of another kind.
    """
    try:
        return os.getxattr(path, _ACCESS, follow_symlinks=False)
    except OSError as error:
        if error.errno == errno.ENODATA:
            return None
        if error.errno not in _UNSUPPORTED or _has_other_list(path):
            raise
    return None


def _has_other_list(path: str) -> bool:
    return not _OTHER_LISTS.isdisjoint(os.listxattr(path, follow_symlinks=False))
