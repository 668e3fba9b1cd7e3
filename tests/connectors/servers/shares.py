"""What a test does on a share that the connector never does: write files, set rights, try doors."""

import struct
from contextlib import suppress

from smbprotocol.open import SMB2WriteRequest

from connectors import smb_messages as messages
from connectors.errors import SourceError, SourceUnavailableError
from connectors.smb_messages import Message
from connectors.smb_wire import Login, Wire, dial
from tests.connectors.servers.samba import PASSWORD, REALM, Domain

_SET_INFO, _SECURITY, _DACL = 17, 3, 4
_WRITE_DACL, _GENERIC_ALL = 0x00040000, 0x10000000
_OVERWRITE, _OPEN_OR_MAKE = 5, 3


def signed_in(domain: Domain, person: str, share: str) -> Wire:
    """Return a wire to a share, signed in as a person of the domain."""
    return dial(Login(domain.host, 445, f"{person}@{REALM}", PASSWORD), share)


def _made(path: str, *, access: int, disposition: int, options: int) -> Message:
    message = messages.create(path, access=access, options=options)
    body = bytearray(message.body)
    struct.pack_into("<I", body, 36, disposition)
    return Message(message.COMMAND, bytes(body))


def make_folder(wire: Wire, path: str) -> None:
    """Make a folder, or keep the one that is there."""
    _did(wire, _made(path, access=_GENERIC_ALL, disposition=_OPEN_OR_MAKE, options=1))


def write_file(wire: Wire, path: str, content: bytes) -> None:
    """Write a file, in place of the one that may be there."""
    write = SMB2WriteRequest()
    write["file_id"] = b"\xff" * 16
    write["buffer"] = content
    write["length"] = len(content)
    _did(wire, _made(path, access=_GENERIC_ALL, disposition=_OVERWRITE, options=64), write)


def set_list(wire: Wire, path: str, descriptor: bytes) -> None:
    """Replace the list of a file or folder with that of ``descriptor``."""
    head = struct.pack("<HBBIHHI16s", 33, _SECURITY, 0, len(descriptor), 96, 0, _DACL, b"\xff" * 16)
    opened = messages.create(path, access=_WRITE_DACL | messages.READ_CONTROL, options=0)
    _did(wire, opened, Message(_SET_INFO, head + descriptor))


def may_open(wire: Wire, path: str, access: int) -> bool:
    """Tell whether the server opens a file for ``access`` to whoever is signed in."""
    replies = wire.ask(messages.create(path, access=access, options=64), messages.close())
    return replies[0].status == messages.OK


def may_enter(domain: Domain, person: str, share: str, path: str, access: int) -> bool:
    """Tell whether a person gets at a file, from the sign-in to the open."""
    try:
        wire = signed_in(domain, person, share)
    except SourceUnavailableError:
        return False
    try:
        return may_open(wire, path, access)
    finally:
        with suppress(SourceError):
            wire.close()


def _did(wire: Wire, *chain: Message) -> None:
    for reply in wire.ask(*chain, messages.close()):
        assert reply.status == messages.OK, hex(reply.status)
