"""The only place that dials an issuer: named hosts, no redirects, bounded time and bodies."""

import base64
import http.client
import json
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

from vault.domain.errors import InvalidRequestError

MOST_BYTES = 2**20
SECONDS = 10.0
_FORM = "application/x-www-form-urlencoded"


class IssuerUnreachableError(Exception):
    """The issuer does not answer, or answers something else."""


@dataclass(frozen=True, slots=True)
class IssuerEndpoints:
    """Where an issuer does what, as it says itself."""

    authorization: str
    token: str
    jwks: str


class Issuer:
    """Asks an issuer over HTTPS, or over plain HTTP if it is on this machine.

    Args:
        url: its identifier.
        hosts: further hosts that it may name for its endpoints.
        tls: makes the context that checks certificates.

    Raises:
        InvalidRequestError: the identifier is no URL that may be dialled.
    """

    def __init__(
        self,
        url: str,
        *,
        hosts: frozenset[str] = frozenset(),
        tls: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    ) -> None:
        self.url = url
        self._hosts = hosts | {_host(url)}
        self._tls = tls
        if not self._may_dial(url):
            raise InvalidRequestError("the issuer must have an https address, or be on loopback")

    def discover(self) -> IssuerEndpoints:
        """Return what the issuer says of itself.

        Raises:
            IssuerUnreachableError: it does not answer, is another one, or names other hosts.

        Source:
            OpenID Connect Discovery 1.0, section 4.3.
        """
        found = self.get(self.url.rstrip("/") + "/.well-known/openid-configuration")
        if found.get("issuer") != self.url:
            raise IssuerUnreachableError("the issuer goes by another name")
        places = [
            found.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
        ]
        if not all(isinstance(place, str) and self._may_dial(place) for place in places):
            raise IssuerUnreachableError("the issuer names an endpoint that is not allowed")
        return IssuerEndpoints(*(str(place) for place in places))

    def get(self, url: str) -> Mapping[str, Any]:
        """Return the JSON object at an address.

        Raises:
            IssuerUnreachableError: it is not there, or the address is not allowed.
        """
        return self._ask("GET", url, None, {})

    def redeem(
        self, url: str, form: Mapping[str, str], *, client_id: str, secret: str | None
    ) -> Mapping[str, Any]:
        """Return what the token endpoint gives for a form.

        Raises:
            IssuerUnreachableError: it refuses, is not there, or the address is not allowed.

        Source:
            RFC 6749, sections 2.3.1 and 4.1.3.
        """
        headers, fields = {"Content-Type": _FORM}, dict(form)
        if secret is None:
            fields["client_id"] = client_id
        else:
            pair = f"{quote_plus(client_id)}:{quote_plus(secret)}".encode()
            headers["Authorization"] = "Basic " + base64.b64encode(pair).decode()
        return self._ask("POST", url, urlencode(fields).encode(), headers)

    def _ask(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Mapping[str, Any]:
        if not self._may_dial(url):
            raise IssuerUnreachableError("the address is not allowed")
        parts = urlsplit(url)
        connection = self._connection(parts.scheme, parts.hostname or "", parts.port)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        sent = {"Accept": "application/json", "Accept-Encoding": "identity", **headers}
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            content = response.read(MOST_BYTES + 1)
        except (OSError, http.client.HTTPException) as error:
            raise IssuerUnreachableError("the issuer does not answer") from error
        finally:
            connection.close()
        if response.status != 200 or len(content) > MOST_BYTES:
            raise IssuerUnreachableError(f"the issuer answered {response.status}")
        return _object(content)

    def _connection(self, scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
        if scheme == "https":
            return http.client.HTTPSConnection(host, port, timeout=SECONDS, context=self._tls())
        return http.client.HTTPConnection(host, port, timeout=SECONDS)

    def _may_dial(self, url: str) -> bool:
        host, scheme = _host(url), urlsplit(url).scheme
        encrypted = scheme == "https" or (scheme == "http" and _is_loopback(host))
        return bool(host) and host in self._hosts and encrypted


def _object(content: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise IssuerUnreachableError("the issuer did not answer in JSON") from error
    if not isinstance(found, dict):
        raise IssuerUnreachableError("the issuer did not answer with an object")
    return found


def _host(url: str) -> str:
    parts = urlsplit(url)
    # What stands before an at sign is read as a host by some and as a name by others.
    return "" if "@" in parts.netloc else (parts.hostname or "")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
