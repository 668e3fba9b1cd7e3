"""Takes the place on the network that a vault is offered at, or says why it cannot."""

import errno
import socket
from contextlib import ExitStack

from vault.domain.errors import InvalidRequestError

_WHY = {
    errno.EADDRINUSE: "another program listens there; stop it, or name another --port",
    errno.EACCES: "this account may not listen there; ports from 1024 on are open to it",
    errno.EADDRNOTAVAIL: "this machine does not have that address",
}


def listen(host: str, port: int) -> list[socket.socket]:
    """Return open sockets, one for each address that ``host`` stands for, all on one port.

    Args:
        host: address or name of this machine.
        port: TCP port; 0 for one that is free.

    Raises:
        InvalidRequestError: the name is not known, or an address of it cannot be used.
    """
    opened: list[socket.socket] = []
    with ExitStack() as stack:
        for family, address in _addresses(host):
            chosen = opened[0].getsockname()[1] if opened else port
            try:
                found = socket.create_server((address, chosen), family=family)
            except OSError as error:
                if opened and error.errno == errno.EADDRNOTAVAIL:
                    continue  # A name may stand for an address family that is switched off.
                why = _WHY.get(error.errno or 0, "the system refuses it")
                raise InvalidRequestError(f"cannot listen on {host} port {chosen}: {why}") from None
            opened.append(stack.enter_context(found))
        stack.pop_all()
    return opened


def _addresses(host: str) -> list[tuple[socket.AddressFamily, str]]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise InvalidRequestError(f"cannot listen on {host}: the name is not known here") from None
    addresses = dict.fromkeys((family, str(address[0])) for family, _, _, _, address in found)
    # An IPv4 address is there on every machine, so it is the one that must work.
    return sorted(addresses, key=lambda each: each[0] != socket.AF_INET)
