"""The process that reads one untrusted file and dies."""

import ctypes
import math
import os
import resource
import signal
import tempfile
import time
from multiprocessing.connection import Connection

from vault.ingest.parse.failures import Failure, ReadError
from vault.ingest.parse.limits import ParseLimits
from vault.ingest.parse.pieces import Original
from vault.ingest.parse.reader import read
from vault.ingest.parse.result import Parsed
from vault.ingest.parse.sniff import detect
from vault.ingest.parse.wire import (
    REQUEST_BYTES,
    AttachmentHead,
    Reply,
    Request,
    decode_request,
    encode_reply,
)

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38
_OPEN_FILES = 64
_RESERVE_SECONDS = 5.0


def serve(connection: Connection, scratch: str) -> None:
    """Read one request and its file from ``connection`` and answer it.

    Nothing is caught here but what the readers refuse on purpose: any other end of this
    process is noticed outside, as a crash.

    Args:
        connection: to the vault, for this one file.
        scratch: an empty folder for this process alone.
    """
    request = decode_request(connection.recv_bytes(REQUEST_BYTES))
    restrict(request.limits)
    tempfile.tempdir = scratch
    os.environ["TMPDIR"] = scratch
    content = connection.recv_bytes(request.limits.content_bytes + 1)
    reply, files = _answer(request, content)
    message = encode_reply(reply)
    if len(message) > request.limits.text_bytes:
        message, files = encode_reply(Reply(failure=Failure.OUTPUT)), []
    connection.send_bytes(message)
    for file in files:
        connection.send_bytes(file)


def restrict(limits: ParseLimits) -> None:
    """Give up rights and bound memory, processor time, files and core dumps."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    seconds = math.ceil(limits.seconds)
    for kind, soft in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (soft, soft))


def _answer(request: Request, content: bytes) -> tuple[Reply, list[bytes]]:
    media_type = None
    try:
        media_type = detect(
            content, name=request.name, claimed=request.claimed, limits=request.limits
        )
        original = Original(
            content=content,
            name=request.name,
            media_type=media_type,
            limits=request.limits,
            deadline=time.monotonic() + max(1.0, request.limits.seconds - _RESERVE_SECONDS),
        )
        parsed = read(original, second_only=request.second_only, depth=request.depth)
    except ReadError as error:
        return Reply(failure=error.failure, media_type=media_type), []
    except MemoryError:
        return Reply(failure=Failure.MEMORY, media_type=media_type), []
    return _reply(parsed), [attachment.content for attachment in parsed.attachments]


def _reply(parsed: Parsed) -> Reply:
    heads = tuple(
        AttachmentHead(
            item.name.encode("utf-8", "replace").decode()[:255], len(item.content), item.media_type
        )
        for item in parsed.attachments
    )
    return Reply(
        document=parsed.document,
        attachments=heads,
        notes=parsed.notes,
        media_type=parsed.document.media_type,
    )
