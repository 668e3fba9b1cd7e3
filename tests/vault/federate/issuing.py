"""An issuer in this process: keys, tokens as it would sign them, and answers it would give."""

import http.client
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from vault.domain.federation import GroupTerms, Terms
from vault.domain.identity import READER_SCOPES
from vault.federate.issuer import Issuer

URL = "https://issuer.intranet"
AUDIENCE = "vault"
CLIENT = "page"
FIRST = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256", "kid": "first"})
SECOND = RSAKey.generate_key(2048, {"use": "sig", "kid": "second"})
CURVE = ECKey.generate_key("P-256", {"kid": "curve"})


def key_set(*keys: RSAKey | ECKey) -> dict[str, Any]:
    return {"keys": [key.as_dict(private=False) for key in keys]}


def terms(**changes: Any) -> Terms:
    usual: dict[str, Any] = {
        "issuer": URL,
        "audiences": frozenset({AUDIENCE}),
        "algorithms": ("RS256", "ES256"),
        "skew_seconds": 30,
        "person_claim": "sub",
        "groups": GroupTerms(),
        "scopes": READER_SCOPES,
    }
    return Terms(**(usual | changes))


def claims(now: datetime, **changes: Any) -> dict[str, Any]:
    """Return good claims, changed; None takes a claim out."""
    usual = {
        "iss": URL,
        "aud": AUDIENCE,
        "sub": "ana",
        "iat": int(now.timestamp()),
        "exp": int((now + timedelta(minutes=5)).timestamp()),
    }
    return {name: value for name, value in (usual | changes).items() if value is not None}


def signed(
    content: Mapping[str, Any],
    *,
    key: RSAKey | ECKey = FIRST,
    alg: str = "RS256",
    **header: Any,
) -> str:
    """Return a token; a header of None is left out."""
    whole = {"alg": alg, "kid": key.kid, **header}
    kept = {name: value for name, value in whole.items() if value is not None}
    return jwt.encode(kept, dict(content), key, algorithms=[alg])


@dataclass
class Keys:
    """What the issuer publishes; counts how often it was asked."""

    published: dict[str, Any] = field(default_factory=lambda: key_set(FIRST))
    asked: int = 0
    failure: Exception | None = None

    def __call__(self) -> Mapping[str, Any]:
        self.asked += 1
        if self.failure is not None:
            raise self.failure
        return self.published


@dataclass
class Line:
    """A connection that answers what it is told to, byte for byte."""

    answer: Callable[[str, str, bytes | None, Mapping[str, str]], tuple[int, bytes]]
    response: http.client.HTTPResponse | None = None
    closed: bool = False

    def request(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> None:
        status, content = self.answer(method, path, body, headers)
        head = f"HTTP/1.1 {status} So\r\nContent-Length: {len(content)}\r\n\r\n".encode()
        self.response = http.client.HTTPResponse(_Wire(head + content))  # type: ignore[arg-type]
        self.response.begin()

    def getresponse(self) -> http.client.HTTPResponse:
        assert self.response is not None
        return self.response

    def close(self) -> None:
        self.closed = True


class _Wire:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self._content)


class WiredIssuer(Issuer):
    """An issuer whose connections end in this process."""

    def __init__(self, url: str = URL, **terms: Any) -> None:
        super().__init__(url, **terms)
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.heard: list[tuple[str, str, bytes | None, Mapping[str, str]]] = []
        self.dialled: list[tuple[str, str, int | None]] = []
        self.failure: Exception | None = None
        self.says("/.well-known/openid-configuration", discovery(url))

    def says(self, path: str, form: object, status: int = 200) -> None:
        self.answers[path] = status, json.dumps(form).encode()

    def _answer(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        self.heard.append((method, path, body, headers))
        if self.failure is not None:
            raise self.failure
        return self.answers.get(path, (404, b"{}"))

    def _connection(self, scheme: str, host: str, port: int | None) -> Any:
        self.dialled.append((scheme, host, port))
        return Line(self._answer)


def discovery(url: str = URL, **changes: object) -> dict[str, object]:
    return {
        "issuer": url,
        "authorization_endpoint": f"{url}/auth",
        "token_endpoint": f"{url}/token",
        "jwks_uri": f"{url}/keys",
        **changes,
    }
