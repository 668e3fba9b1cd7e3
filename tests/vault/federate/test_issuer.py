"""An issuer is dialled under its own name, and believed within limits."""

import base64
import http.client
import json
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.vault.federate.issuing import URL, WiredIssuer, discovery
from vault.domain.errors import InvalidRequestError
from vault.federate.issuer import MOST_BYTES, SECONDS, Issuer, IssuerUnreachableError


def test_it_says_where_it_does_what() -> None:
    issuer = WiredIssuer()
    found = issuer.discover()
    assert (found.authorization, found.token, found.jwks) == (
        f"{URL}/auth",
        f"{URL}/token",
        f"{URL}/keys",
    )
    assert issuer.dialled == [("https", "issuer.intranet", None)]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"issuer": "https://other.intranet"}, id="another issuer"),
        pytest.param({"issuer": URL + "/"}, id="nearly the issuer"),
        pytest.param({"jwks_uri": "https://elsewhere.example/keys"}, id="keys elsewhere"),
        pytest.param({"token_endpoint": "http://issuer.intranet/token"}, id="no encryption"),
        pytest.param({"token_endpoint": "https://issuer.intranet@evil.example/"}, id="at sign"),
        pytest.param({"authorization_endpoint": "javascript:alert(1)"}, id="a script"),
        pytest.param({"jwks_uri": None}, id="no keys"),
        pytest.param({"jwks_uri": 7}, id="a number"),
    ],
)
def test_what_it_says_is_refused_if_it_leads_elsewhere(changes: dict[str, object]) -> None:
    issuer = WiredIssuer()
    issuer.says("/.well-known/openid-configuration", discovery(**changes))
    with pytest.raises(IssuerUnreachableError):
        issuer.discover()


def test_hosts_that_the_operator_named_may_be_dialled() -> None:
    issuer = WiredIssuer(hosts=frozenset({"keys.intranet"}))
    place = "https://keys.intranet:8443/keys?of=page"
    issuer.says("/.well-known/openid-configuration", discovery(jwks_uri=place))
    issuer.says("/keys?of=page", {"keys": []})
    assert issuer.get(issuer.discover().jwks) == {"keys": []}
    assert issuer.dialled[-1] == ("https", "keys.intranet", 8443)


@pytest.mark.parametrize(
    "url",
    ["http://issuer.intranet", "ftp://127.0.0.1", "issuer.intranet", "https://a@b.intranet", ""],
)
def test_an_issuer_is_on_an_encrypted_line_or_on_this_machine(url: str) -> None:
    with pytest.raises(InvalidRequestError, match="https"):
        Issuer(url)
    for local in ("http://127.0.0.1:9400", "http://localhost:9400", "http://[::1]:9400"):
        assert Issuer(local).url == local


def test_an_address_that_is_not_allowed_is_not_dialled() -> None:
    issuer = WiredIssuer()
    with pytest.raises(IssuerUnreachableError, match="not allowed"):
        issuer.get("https://elsewhere.example/keys")
    assert issuer.dialled == []


@pytest.mark.parametrize(
    ("status", "content"),
    [
        pytest.param(302, b"{}", id="a redirect"),
        pytest.param(500, b"{}", id="a failure"),
        pytest.param(200, b"<html>", id="a page"),
        pytest.param(200, b"[]", id="a list"),
        pytest.param(200, b"[" * 100_000, id="deep"),
        pytest.param(200, b" " * (MOST_BYTES + 1), id="too much"),
    ],
)
def test_an_answer_of_another_form_is_no_answer(status: int, content: bytes) -> None:
    issuer = WiredIssuer()
    issuer.answers["/keys"] = status, content
    with pytest.raises(IssuerUnreachableError):
        issuer.get(f"{URL}/keys")


def test_a_line_that_breaks_is_no_answer() -> None:
    issuer = WiredIssuer()
    issuer.failure = ConnectionResetError()
    with pytest.raises(IssuerUnreachableError, match="does not answer"):
        issuer.get(f"{URL}/keys")


def test_a_secret_goes_into_the_head_and_a_public_client_into_the_form() -> None:
    issuer = WiredIssuer()
    issuer.says("/token", {"id_token": "x"})
    form = {"code": "a b"}
    issuer.redeem(f"{URL}/token", form, client_id="the page", secret="p:w")
    method, _, body, headers = issuer.heard[-1]
    assert (method, body) == ("POST", b"code=a+b")
    assert base64.b64decode(headers["Authorization"].removeprefix("Basic ")) == b"the+page:p%3Aw"
    issuer.redeem(f"{URL}/token", form, client_id="the page", secret=None)
    assert issuer.heard[-1][2] == b"code=a+b&client_id=the+page"
    assert "Authorization" not in issuer.heard[-1][3]


def test_a_certificate_is_asked_for_and_checked_but_on_this_machine() -> None:
    line = Issuer(URL)._connection("https", "issuer.intranet", 8443)
    assert isinstance(line, http.client.HTTPSConnection)
    assert line._context.verify_mode is ssl.CERT_REQUIRED
    assert line._context.check_hostname
    assert (line.host, line.port, line.timeout) == ("issuer.intranet", 8443, SECONDS)
    plain = Issuer("http://127.0.0.1:9400")._connection("http", "127.0.0.1", 9400)
    assert not isinstance(plain, http.client.HTTPSConnection)


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        content = json.dumps({"path": self.path}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        return None


@pytest.fixture
def served() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.slow
@pytest.mark.enable_socket
def test_a_real_line_answers_and_nobody_listening_does_not(served: str) -> None:
    assert Issuer(served).get(f"{served}/keys") == {"path": "/keys"}
    with pytest.raises(IssuerUnreachableError):
        Issuer("https://127.0.0.1:9").get("https://127.0.0.1:9/keys")
