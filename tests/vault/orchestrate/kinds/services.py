"""Real servers on loopback for the tests: an HTTP service, and what it was asked."""

import gzip
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Stock", "version": "1"},
    "paths": {
        "/items/{number}": {
            "parameters": [
                {"name": "number", "in": "path", "required": True, "schema": {"type": "string"}}
            ],
            "get": {
                "operationId": "showItem",
                "summary": "Show one item.",
                "parameters": [
                    {"name": "detail", "in": "query", "schema": {"type": "boolean"}},
                    {"name": "X-Trace", "in": "header", "schema": {"type": "string"}},
                ],
                "responses": {
                    "200": {
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Item"}}
                        }
                    }
                },
            },
        },
        "/items": {
            "post": {
                "operationId": "addItem",
                "description": "Add an item.",
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Draft"}}
                    },
                },
                "responses": {"201": {"content": {"application/json": {"schema": {}}}}},
            }
        },
    },
    "components": {
        "schemas": {
            "Draft": {
                "type": "object",
                "properties": {
                    "name": {"type": "string", "nullable": True},
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Draft"}},
                },
                "required": ["name"],
            },
            "Item": {
                "type": "object",
                "properties": {"number": {"type": "string"}, "path": {"type": "string"}},
                "required": ["number", "path"],
            },
        }
    },
}


class Service(BaseHTTPRequestHandler):
    """Answers by path; what comes in is kept."""

    protocol_version = "HTTP/1.1"
    asked: ClassVar[list[tuple[str, str, dict[str, str], bytes]]] = []

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        content = self.rfile.read(length)
        self.asked.append((self.command, self.path, dict(self.headers.items()), content))
        kind = self.path.strip("/").split("/")[0].split("?")[0]
        getattr(self, f"answer_{kind}", self.answer_items)()

    do_POST = do_GET  # noqa: N815 - the library's name

    def give(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        whole = {"Content-Type": "application/json"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        for name, value in whole.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer_items(self) -> None:
        number = self.path.partition("?")[0].removeprefix("/items/")
        self.give(200, json.dumps({"number": number, "path": self.path}).encode())

    def answer_redirect(self) -> None:
        self.give(302, b"", Location="http://169.254.169.254/latest")

    def answer_flood(self) -> None:
        self.give(200, json.dumps("x" * 3_000_000).encode())

    def answer_bomb(self) -> None:
        self.give(200, gzip.compress(b"0" * 10_000_000), Content_Encoding="gzip")

    def answer_junk(self) -> None:
        self.give(200, b"{not json")

    def answer_busy(self) -> None:
        self.give(503, b"{}")

    def answer_broken(self) -> None:
        self.give(500, b"{}")

    def answer_image(self) -> None:
        self.give(200, b"GIF89a", Content_Type="image/gif")

    def answer_drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(200):
            try:
                self.wfile.write(b" ")
            except OSError:
                return
            time.sleep(0.1)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def service() -> Iterator[tuple[str, type[Service]]]:
    """Serve on a free port; yield the base URL and what holds the requests."""

    class Own(Service):
        asked: ClassVar[list[tuple[str, str, dict[str, str], bytes]]] = []

    with ThreadingHTTPServer(("127.0.0.1", 0), Own) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://localhost:{server.server_port}", Own
        server.shutdown()
        thread.join()
