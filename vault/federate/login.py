"""Sign-in with an issuer by authorization code, proved by state, nonce and PKCE."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from vault.domain.errors import SourceUnreachableError, UnauthenticatedError
from vault.federate.issuer import Issuer, IssuerEndpoints, IssuerUnreachableError
from vault.federate.sealing import Sealing
from vault.federate.tokens import TokenChecker

LASTS = timedelta(minutes=10)
"""How long a person may take to sign in at the issuer."""
_KNOWN_FOR = timedelta(hours=1)
_PURPOSE = "sign-in"
_REFUSAL = "the sign-in was not begun here, took too long, or was refused"


@dataclass(frozen=True, slots=True)
class Client:
    """What this vault is to the issuer.

    Attributes:
        id: its client id there.
        secret: its secret, or None if it has none.
        redirect_uri: where the issuer sends people back to.
        scopes: what is asked for.
    """

    id: str
    secret: str | None
    redirect_uri: str
    scopes: tuple[str, ...]


class Login:
    """Begins a sign-in and finishes it.

    Args:
        issuer: the issuer.
        client: what this vault is to it.
        checker: checks its tokens.
        sealing: seals what the browser keeps in between.
        now: the clock.
    """

    def __init__(
        self,
        issuer: Issuer,
        *,
        client: Client,
        checker: TokenChecker,
        sealing: Sealing,
        now: Callable[[], datetime],
    ) -> None:
        self._issuer = issuer
        self._client = client
        self._checker = checker
        self._sealing = sealing
        self._now = now
        self._known: tuple[datetime, IssuerEndpoints] | None = None

    def begin(self) -> tuple[str, str]:
        """Return where to send the browser, and what it must bring back, sealed.

        Raises:
            SourceUnreachableError: the issuer does not answer.

        Source:
            RFC 6749, section 4.1.1; RFC 7636, section 4; OpenID Connect Core 1.0, section 3.1.2.1.
        """
        kept = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")}
        digest = hashlib.sha256(kept["verifier"].encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self._client.id,
            "redirect_uri": self._client.redirect_uri,
            "scope": " ".join(self._client.scopes),
            "state": kept["state"],
            "nonce": kept["nonce"],
            "code_challenge": urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        place = self._endpoints().authorization
        joint = "&" if "?" in place else "?"
        sealed = self._sealing.seal(kept, purpose=_PURPOSE, lasts=LASTS)
        return f"{place}{joint}{urlencode(query)}", sealed

    def finish(self, sealed: str, answer: Mapping[str, str]) -> Mapping[str, Any]:
        """Return the claims of the person who came back.

        Args:
            sealed: what :meth:`begin` gave the browser.
            answer: the query that the issuer sent back.

        Raises:
            UnauthenticatedError: the answer does not belong to this sign-in, or is a refusal.
            SourceUnreachableError: the issuer does not answer.

        Source:
            RFC 6749, section 4.1.2; RFC 9207, section 2.4; OpenID Connect Core 1.0, 3.1.3.7.
        """
        kept = self._sealing.open(sealed, purpose=_PURPOSE)
        if not hmac.compare_digest(answer.get("state", "").encode(), kept["state"].encode()):
            raise UnauthenticatedError(_REFUSAL)
        if answer.get("iss", self._issuer.url) != self._issuer.url or "code" not in answer:
            raise UnauthenticatedError(_REFUSAL)
        token = self._redeem(answer["code"], kept["verifier"]).get("id_token")
        if not isinstance(token, str):
            raise UnauthenticatedError(_REFUSAL)
        claims = self._checker.check(token, audiences=frozenset({self._client.id}))
        given = str(claims.get("nonce", ""))
        ours = hmac.compare_digest(given.encode(), kept["nonce"].encode())
        if not ours or claims.get("azp", self._client.id) != self._client.id:
            raise UnauthenticatedError(_REFUSAL)
        return claims

    def _redeem(self, code: str, verifier: str) -> Mapping[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._client.redirect_uri,
            "code_verifier": verifier,
        }
        place = self._endpoints().token
        try:
            return self._issuer.redeem(
                place, form, client_id=self._client.id, secret=self._client.secret
            )
        except IssuerUnreachableError as error:
            raise UnauthenticatedError(_REFUSAL) from error

    def _endpoints(self) -> IssuerEndpoints:
        now = self._now()
        if self._known is None or now - self._known[0] >= _KNOWN_FOR:
            try:
                self._known = now, self._issuer.discover()
            except IssuerUnreachableError as error:
                raise SourceUnreachableError("the issuer does not answer") from error
        return self._known[1]
