"""The rights of a share itself, asked of the server's own service for shares.

Source: MS-SRVS 3.1.4.10 (NetrShareGetInfo), 2.2.4.26 (SHARE_INFO_502_I); C706 chapters 12 and 14
(DCE/RPC); MS-RPCE 2.2.2.
"""

import struct
import uuid
from collections.abc import Callable
from typing import Any, cast

from smbprotocol.ioctl import CtlCode, IOCTLFlags, SMB2IOCTLRequest
from smbprotocol.open import SMB2ReadRequest

from connectors import smb_messages as messages
from connectors.errors import SourceUnavailableError
from connectors.smb_share import Exchange
from connectors.smb_wire import Sendable

_PIPE = "srvsvc"
_READ_AND_WRITE = 0x00000003 | messages.READ_ATTRIBUTES
_SERVICE = uuid.UUID("4b324fc8-1670-01d3-1278-5a47bf6ee188").bytes_le + struct.pack("<HH", 3, 0)
_NDR = uuid.UUID("8a885d04-1ceb-11c9-9fe8-08002b104860").bytes_le + struct.pack("<HH", 2, 0)
_HEADER = struct.Struct("<BBBBIHHI")
_RESPONSE_HEADER = 24
_REQUEST, _RESPONSE, _BIND, _BIND_ACK = 0, 2, 11, 12
_WHOLE, _LAST = 0x03, 0x02
_LITTLE_ENDIAN = 0x10
_GET_INFO, _LEVEL = 16, 502
_POINTERS = (0, 2, 6, 7)
"""Fields of SHARE_INFO_502_I that point to texts: name, remark, path, password."""
_DESCRIPTOR_LENGTH, _DESCRIPTOR = 8, 9
_FRAGMENT = 4_280
_MOST_BYTES = 2**20


def share_descriptor(wire: Exchange, share: str) -> bytes | None:
    """Return the security descriptor of a share, or None where the server will not tell.

    Args:
        wire: a wire to the share ``IPC$``.
        share: name of the share that is asked about.

    Raises:
        SourceUnavailableError: the server does not answer.
    """
    (opened,) = wire.ask(messages.create(_PIPE, access=_READ_AND_WRITE, options=messages.OPEN_FILE))
    if opened.status != messages.OK:
        return None
    handle, _ = messages.created(opened.data)
    try:
        bound = _call(wire, handle, _bind())
        answer = _call(wire, handle, _question(share))
        return _descriptor(answer) if _kind(bound) == _BIND_ACK else None
    except struct.error:
        return None
    finally:
        wire.ask(messages.close(handle))


def _bind() -> bytes:
    body = struct.pack("<HHIIHBB", _FRAGMENT, _FRAGMENT, 0, 1, 0, 1, 0) + _SERVICE + _NDR
    return _packet(_BIND, body)


def _question(share: str) -> bytes:
    nobody = struct.pack("<I", 0)
    stub = nobody + _text(share) + struct.pack("<I", _LEVEL)
    return _packet(_REQUEST, struct.pack("<IHH", len(stub), 0, _GET_INFO) + stub)


def _packet(kind: int, body: bytes) -> bytes:
    length = _HEADER.size + len(body)
    return _HEADER.pack(5, 0, kind, _WHOLE, _LITTLE_ENDIAN, length, 0, 1) + body


def _text(text: str) -> bytes:
    raw = (text + "\0").encode("utf-16-le")
    count = len(raw) // 2
    return struct.pack("<III", count, 0, count) + raw + bytes(-len(raw) % 4)


def _call(wire: Exchange, handle: bytes, packet: bytes) -> bytes:
    (reply,) = wire.ask(_transceive(handle, packet))
    if reply.status not in (messages.OK, messages.MORE_DATA):
        raise struct.error("the service refused to answer")
    received = messages.control_of(reply.data)

    def more() -> bytes:
        (piece,) = wire.ask(_read(handle))
        if piece.status not in (messages.OK, messages.MORE_DATA):
            raise struct.error("the service stopped answering")
        return messages.read_of(piece.data)

    return _joined(received, more)


def _joined(received: bytes, more: Callable[[], bytes]) -> bytes:
    """Return the packet made of all fragments, under the header of the first."""
    whole = b""
    while len(whole) < _MOST_BYTES:
        while len(received) < _HEADER.size or len(received) < _length(received):
            piece = more()
            if not piece:
                raise struct.error("a fragment is cut")
            received += piece
        length, is_last = _length(received), received[3] & _LAST
        whole += received[:length] if not whole else received[_RESPONSE_HEADER:length]
        if is_last:
            return whole
        received = received[length:]
    raise SourceUnavailableError("the rights of the share are larger than any rights are")


def _length(packet: bytes) -> int:
    length = int(_HEADER.unpack_from(packet)[5])
    if length < _HEADER.size:
        raise struct.error("a fragment has no length")
    return length


def _kind(packet: bytes) -> int:
    return int(_HEADER.unpack_from(packet)[2])


def _descriptor(packet: bytes) -> bytes | None:
    if _kind(packet) != _RESPONSE:
        return None
    stub = packet[_RESPONSE_HEADER:]
    level, there = struct.unpack_from("<II", stub)
    (code,) = struct.unpack_from("<I", stub, len(stub) - 4)
    if level != _LEVEL or not there or code:
        return None
    fields = struct.unpack_from("<10I", stub, 8)
    if not fields[_DESCRIPTOR]:
        return None
    at = 8 + 40
    for index in _POINTERS:
        if fields[index]:
            at = _after_text(stub, at)
    (length,) = struct.unpack_from("<I", stub, at)
    found = stub[at + 4 : at + 4 + length]
    if length != fields[_DESCRIPTOR_LENGTH] or len(found) != length:
        raise struct.error("the descriptor is cut")
    return found


def _after_text(stub: bytes, at: int) -> int:
    _, offset, count = struct.unpack_from("<III", stub, at)
    if offset:
        raise struct.error("a text does not start at its start")
    length = 12 + 2 * int(count)
    return at + length + -length % 4


def _transceive(handle: bytes, packet: bytes) -> Sendable:
    request: Any = SMB2IOCTLRequest()
    request["ctl_code"] = CtlCode.FSCTL_PIPE_TRANSCEIVE
    request["file_id"] = handle
    request["max_output_response"] = _FRAGMENT
    request["flags"] = IOCTLFlags.SMB2_0_IOCTL_IS_FSCTL
    request["buffer"] = packet
    return cast(Sendable, request)


def _read(handle: bytes) -> Sendable:
    request: Any = SMB2ReadRequest()
    request["padding"] = b"\x50"
    request["length"] = _FRAGMENT
    request["offset"] = 0
    request["file_id"] = handle
    return cast(Sendable, request)
