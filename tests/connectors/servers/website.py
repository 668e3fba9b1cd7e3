"""A real web server with pages that a test writes, on loopback or behind a socket file."""

import hashlib
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import urllib3
from urllib3.connection import HTTPConnection
from urllib3.exceptions import NewConnectionError

from connectors.web_urls import WebAddress


@dataclass
class Reply:
    """What the server says for one path."""

    body: bytes = b""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Website:
    """Pages by path, and what was asked for: path, status and headers."""

    pages: dict[str, Reply] = field(default_factory=dict)
    asked: list[tuple[str, int, dict[str, str]]] = field(default_factory=list)
    host: str = "127.0.0.1"
    port: int = 80

    def page(self, path: str, *links: str, text: str = "") -> None:
        """Write a page of HTML with links."""
        anchors = " ".join(f'<a href="{link}">on</a>' for link in links)
        self.pages[path] = Reply(f"<html><p>{text or path}</p>{anchors}</html>".encode())

    def paths(self, status: int | None = None) -> list[str]:
        """Return what was asked for, but for rules for robots."""
        return [
            path
            for path, answered, _ in self.asked
            if path != "/robots.txt" and status in (None, answered)
        ]

    def handler(self) -> type[BaseHTTPRequestHandler]:
        """Return what answers requests with the pages there are at the time."""
        site = self

        class Handler(BaseHTTPRequestHandler):
            # A client that stops listening does not keep the server from ending.
            timeout = 2

            def do_GET(self) -> None:
                reply = site.pages.get(self.path, Reply(b"nothing here", 404))
                etag = f'"{hashlib.sha256(reply.body).hexdigest()[:16]}"'
                status = reply.status
                if status == 200 and self.headers.get("If-None-Match") == etag:
                    status = 304
                site.asked.append((self.path, status, dict(self.headers.items())))
                body = b"" if status == 304 else reply.body
                self.send_response(status)
                headers = {
                    "Content-Type": reply.kind, "ETag": etag, "Content-Length": str(len(body)),
                    "Set-Cookie": "id=1",
                }  # fmt: skip
                for name, value in (headers | reply.headers).items():
                    self.send_header(name, value)
                self.end_headers()
                with suppress(BrokenPipeError, ConnectionResetError, TimeoutError):
                    self.wfile.write(body)

            def address_string(self) -> str:
                return "client"

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Write nothing."""

        return Handler


class _SocketFileServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = False


class _LoopbackServer(socketserver.ThreadingMixIn, HTTPServer):
    daemon_threads = False


@contextmanager
def serving(
    site: Website, *, socket_file: Path | None = None, tls: ssl.SSLContext | None = None
) -> Iterator[Website]:
    """Answer for ``site`` until the end, on a free port or behind a socket file."""
    server: socketserver.BaseServer
    if socket_file is None:
        server = _LoopbackServer(("127.0.0.1", 0), site.handler())
        site.port = server.server_address[1]
        if tls is not None:
            server.socket = tls.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
    else:
        server = _SocketFileServer(str(socket_file), site.handler())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def dialling(socket_file: Path) -> object:
    """Return what connects to a server behind a socket file, whatever address is meant."""

    class Connection(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            made.settimeout(10)
            try:
                made.connect(str(socket_file))
            except OSError as error:
                made.close()
                raise NewConnectionError(self, "nobody answers") from error
            return made

    class Pool(urllib3.HTTPConnectionPool):
        ConnectionCls = Connection

    def dial(address: WebAddress, dialled: str) -> Pool:
        return Pool(dialled, address.port)

    return dial
