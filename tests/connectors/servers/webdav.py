"""A real WebDAV server over a folder: in this process, or in one of its own with TLS."""

import datetime
import ipaddress
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from wsgidav.wsgidav_app import WsgiDAVApp

from tests.connectors.servers.sshd import free_port, wait_for

USER, PASSWORD = "scribe", "open sesame"


def app(root: Path) -> WsgiDAVApp:
    """Return a WebDAV server for ``root`` as a WSGI application with one account."""
    return WsgiDAVApp(
        {
            "provider_mapping": {"/dav": str(root)},
            "simple_dc": {"user_mapping": {"*": {USER: {"password": PASSWORD}}}},
            "http_authenticator": {"accept_digest": False, "default_to_digest": False},
            "verbose": 0,
            "logging": {"enable": False},
        }
    )


@dataclass(frozen=True)
class Webdav:
    """Where the server listens, and what a client needs to trust it."""

    url: str
    ca_file: Path


def certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate for the loopback address, and its key; return both paths."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName(
                [
                    x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
                    x509.DNSName("localhost"),
                ]
            ),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(built.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder / "cert.pem", folder / "key.pem"


@contextmanager
def webdav(folder: Path, root: Path) -> Iterator[Webdav]:
    """Run the server for ``root`` in its own process, over TLS."""
    cert, key = certificate(folder)
    port = free_port()
    settings = {"root": str(root), "cert": str(cert), "key": str(key), "port": port}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.connectors.servers.webdav", json.dumps(settings)],
            stderr=log,
            cwd=Path(__file__).parents[3],
        )
    try:
        wait_for(port, process)
        yield Webdav(f"https://127.0.0.1:{port}/dav", cert)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _serve(settings: dict[str, Any]) -> None:
    from cheroot.ssl.builtin import BuiltinSSLAdapter  # noqa: PLC0415 - the server's process alone
    from cheroot.wsgi import Server  # noqa: PLC0415 - the server's process alone

    server = Server(("127.0.0.1", settings["port"]), app(Path(settings["root"])), numthreads=2)
    server.ssl_adapter = BuiltinSSLAdapter(settings["cert"], settings["key"])
    server.start()


if __name__ == "__main__":
    _serve(json.loads(sys.argv[1]))
