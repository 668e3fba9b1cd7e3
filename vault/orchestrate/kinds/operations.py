"""One operation of an HTTP service: how its arguments travel, and where."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from vault.domain.errors import InvalidRequestError

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
PLACES = frozenset({"path", "query", "header", "body"})
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_PATH = re.compile(r"(?:/(?:[A-Za-z0-9._~@!$&'()*+,;=:-]|%[0-9A-F]{2}|\{[A-Za-z0-9_.-]+\})*)+")
_FIXED = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "authorization", "cookie"}
)
_MEMBERS = frozenset(
    {
        "base_url",
        "method",
        "path",
        "places",
        "secret",
        "secret_header",
        "secret_prefix",
        "key_header",
        "document",
    }
)


@dataclass(frozen=True, slots=True)
class Operation:
    """What a binding of kind ``http`` says.

    Attributes:
        base_url: where the service lies.
        method: HTTP method.
        path: template below it, such as ``/tickets/{number}``.
        places: for each argument, whether it travels in path, query, header or body.
        secret: name of the credential, if one is sent.
        secret_header: header that carries it.
        prefix: what stands before it there, such as ``Bearer `` with its space.
        key_header: header that carries the idempotency key, if the service honours one.
    """

    base_url: str
    method: str
    path: str
    places: Mapping[str, str]
    secret: str | None = None
    secret_header: str = "Authorization"  # noqa: S105 - the name of a header
    prefix: str = ""
    key_header: str | None = None

    @classmethod
    def parse(cls, binding: Mapping[str, object]) -> "Operation":
        """Return the operation that a binding names.

        Raises:
            InvalidRequestError: it names none, or arguments travel where they must not.
        """
        unknown = binding.keys() - _MEMBERS
        if unknown:
            raise InvalidRequestError(f"the binding has an unknown member {min(unknown)[:40]!r}")
        places = binding.get("places", {})
        secret, key_header = binding.get("secret"), binding.get("key_header")
        made = cls(
            base_url=str(binding.get("base_url", "")),
            method=str(binding.get("method", "")).upper(),
            path=str(binding.get("path", "")),
            places=dict(places) if isinstance(places, Mapping) else {},
            secret=None if secret is None else str(secret),
            secret_header=str(binding.get("secret_header", "Authorization")),
            prefix=str(binding.get("secret_prefix", "")),
            key_header=None if key_header is None else str(key_header),
        )
        made._check()
        return made

    def _check(self) -> None:
        if self.method not in METHODS or not _PATH.fullmatch(self.path):
            raise InvalidRequestError("the binding of an HTTP tool is a method and a path")
        if any(step in {".", ".."} for step in self.path.split("/")):
            raise InvalidRequestError("the path of an operation has no steps of dots")
        named = set(re.findall(r"\{([^}]+)\}", self.path))
        if named != {name for name, place in self.places.items() if place == "path"}:
            raise InvalidRequestError("the path names other arguments than travel in it")
        if not set(self.places.values()) <= PLACES:
            raise InvalidRequestError("an argument travels in path, query, header or body")
        self._check_headers()

    def _check_headers(self) -> None:
        headers = [name for name, place in self.places.items() if place == "header"]
        for name in (*headers, self.secret_header, self.key_header or "X-Key"):
            if not _TOKEN.fullmatch(name):
                raise InvalidRequestError(f"{name[:40]!r} is no name of a header")
        for name in headers:
            if name.lower() in _FIXED or name.lower() == self.secret_header.lower():
                raise InvalidRequestError(f"no argument travels in the header {name}")
