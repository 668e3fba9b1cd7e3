"""All that a reader can send: well-formed, with every optional member, malformed, and guessed."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.acceptance.interference.wire import Request

STREAM = "text/event-stream"
UNKNOWN_ID = "00000000-0000-8000-8000-000000000000"
WORDS: Mapping[str, Sequence[object]] = {
    "source": ("shelf", "vault-of-the-board", "nowhere"),
    "collection": ("rules", "board", "nowhere"),
    "owner": ("olga", "ruth", "nobody"),
    "language": ("en", "de", "xx"),
    "type": ("text", "pdf", "mail"),
    "classification_at_most": ("public", "internal", "secret"),
    "modified_after": ("2026-10-31", "2026-11-30"),
    "modified_before": ("2026-10-31", "2026-11-30"),
    "at": ("2026-11-22T09:00:00Z", "2026-11-23", "2031-01-01"),
}
"""Values of named members: of what the reader knows, of what is hidden, and of nothing."""


def ask_json(method: str, path: str, body: object, **headers: str) -> Request:
    """Return a request with a JSON body."""
    sent = (("Content-Type", "application/json"), *headers.items())
    return Request(method, path, sent, json.dumps(body).encode())


def search(query: str, **members: object) -> Request:
    return ask_json("POST", "/v1/search", {"query": query, **members})


def answer(question: str, *, stream: bool = False, **members: object) -> Request:
    headers = {"Accept": STREAM} if stream else {}
    return ask_json("POST", "/v1/answers", {"question": question, **members}, **headers)


def looks(contract: Mapping[str, Any]) -> tuple[Request, ...]:
    """Return every GET of a contract that names nothing, and the addresses outside it."""
    named = [path for path, item in contract["paths"].items() if "get" in item and "{" not in path]
    outside = ("/openapi.json", "/", "/static/page.js", "/metrics", "/docs", "/v1", "/v1/runs")
    more = [Request("HEAD", "/healthz"), Request("OPTIONS", "/v1/search")]
    return (*(Request("GET", path) for path in (*named, *outside)), *more)


MISUSES: tuple[Request, ...] = (
    search(""),
    search("\u200b \u0000"),
    search("leave", limit=0),
    search("leave", limit=51),
    search("leave", surprise=True),
    search("x" * 5000),
    answer(""),
    answer("?", stream=True),
    Request("POST", "/v1/search", (("Content-Type", "application/json"),), b"{"),
    Request("POST", "/v1/search", (("Content-Type", "text/plain"),), b"leave"),
    Request("POST", "/v1/answers", (("Content-Length", "99999999"),), None),
    Request("GET", "/v1/documents?limit=0"),
    Request("GET", "/v1/documents?limit=2&surprise=1"),
    Request("GET", "/v1/documents?after=elsewhere"),
    Request("GET", f"/v1/documents/{'x' * 200}"),
    Request("DELETE", "/v1/documents"),
    Request("GET", "/v1/documents/..%2f..%2fkeys"),
    Request("GET", "/v1/runs/none/proof"),
    Request("POST", "/ask", (("Content-Type", "application/x-www-form-urlencoded"),), b"question="),
)


def of_document(document_id: str, revision: str = "") -> Iterator[Request]:
    """Yield every request that names a document."""
    path = f"/v1/documents/{document_id}"
    yield Request("GET", path)
    yield Request("GET", f"{path}/text")
    yield Request("GET", f"{path}/revisions")
    if revision:
        yield Request("GET", f"{path}/text?revision={revision}")


@dataclass(frozen=True, slots=True)
class Members:
    """The optional members that a vault's contract gives a request, and values for them.

    A member of a kind that no value is known for fails, so that no new one goes untested.
    """

    contract: Mapping[str, Any]

    def of(self, schema: str, *besides: str) -> list[dict[str, object]]:
        """Return one choice for every value of every member of a schema but ``besides``."""
        found = self.contract["components"]["schemas"][schema]["properties"]
        return [
            {name: value}
            for name, kind in found.items()
            if name not in besides
            for value in self._values(name, kind)
        ]

    def _values(self, name: str, kind: Mapping[str, Any]) -> list[object]:
        if name in WORDS:
            return list(WORDS[name])
        if "$ref" in kind:
            return self._values(name, self._named(kind["$ref"]))
        if options := kind.get("anyOf") or kind.get("allOf"):
            return [value for one in options for value in self._values(name, one)]
        if "enum" in kind:
            return list(kind["enum"])
        typed: Mapping[str, Callable[[], list[object]]] = {
            "boolean": lambda: [True, False],
            "integer": lambda: [kind.get("minimum", 0), min(3, kind.get("maximum", 3))],
            "null": list,
            "object": lambda: self._objects(kind),
            "array": lambda: [[], *([value] for value in self._values(name, kind["items"]))],
        }
        if kind.get("type") not in typed:
            raise AssertionError(f"no value is known for {name}: {kind}")
        return typed[kind["type"]]()

    def _objects(self, kind: Mapping[str, Any]) -> list[object]:
        listed = kind.get("properties", {})
        needed = {name: self._values(name, listed[name])[0] for name in kind.get("required", ())}
        return [
            {**needed, name: value}
            for name, inner in listed.items()
            for value in self._values(name, inner)
        ]

    def _named(self, reference: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.contract
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
        return found
