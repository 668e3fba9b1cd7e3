"""Tokens of an issuer, believed only when everything about them is as agreed."""

import json
import logging
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwt import JWTClaimsRegistry

from vault.domain.errors import UnauthenticatedError
from vault.domain.federation import REFUSAL, Terms
from vault.federate.keys import IssuerKeys

LOG = logging.getLogger(__name__)
LONGEST = 16 * 1024
_TYPES = frozenset({"at+jwt", "application/at+jwt", "jwt", ""})


class TokenChecker:
    """Checks signature, issuer, audience and time of a token.

    Args:
        terms: what was agreed with the issuer.
        keys: the issuer's keys.
        now: the clock.
    """

    def __init__(self, terms: Terms, *, keys: IssuerKeys, now: Callable[[], datetime]) -> None:
        self._terms = terms
        self._keys = keys
        self._now = now

    def check(self, token: str, *, audiences: frozenset[str]) -> Mapping[str, Any]:
        """Return the claims of a token that is for one of these audiences.

        Raises:
            UnauthenticatedError: it is not as agreed; why is logged and not said.

        Source:
            RFC 8725; RFC 9068, section 4; OpenID Connect Core 1.0, section 3.1.3.7.
        """
        try:
            return self._checked(token, audiences)
        except (JoseError, ValueError, TypeError, OverflowError, RecursionError) as error:
            LOG.info("token_refused", extra={"error": type(error).__name__})
            raise UnauthenticatedError(REFUSAL) from error

    def _checked(self, token: str, audiences: frozenset[str]) -> Mapping[str, Any]:
        if len(token) > LONGEST:
            raise ValueError("the token is too long")
        header = _header(token)
        if str(header.get("typ", "")).lower() not in _TYPES:
            raise ValueError("the token is of another type")
        key = self._keys.find(header.get("kid"))
        if key is None:
            raise ValueError("the key is not one of the issuer's")
        claims = jwt.decode(token, key, algorithms=list(self._terms.algorithms)).claims
        self._registry(audiences).validate(claims)
        return claims

    def _registry(self, audiences: frozenset[str]) -> JWTClaimsRegistry:
        return JWTClaimsRegistry(
            now=int(self._now().timestamp()),
            leeway=self._terms.skew_seconds,
            iss={"essential": True, "value": self._terms.issuer},
            aud={"essential": True, "values": sorted(audiences)},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )


def is_token(text: str) -> bool:
    """Tell whether a bearer token has the form of an issuer's."""
    return text.count(".") == 2


def end_of(claims: Mapping[str, Any]) -> datetime:
    """Return when a token that was checked ends."""
    return datetime.fromtimestamp(int(claims["exp"]), UTC)


def _header(token: str) -> Mapping[str, Any]:
    encoded = token.partition(".")[0]
    found = json.loads(urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    if not isinstance(found, dict) or not isinstance(found.get("kid", ""), str):
        raise TypeError("the header of the token has another form")
    return found
