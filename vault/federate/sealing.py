"""Small values that a browser keeps for the vault: unreadable, unchangeable, for a while."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from vault.domain.errors import HomeUnavailableError, UnauthenticatedError
from vault.store.keys import seal, unseal

_REFUSAL = "the session is unknown, expired or ended"
LONGEST = 4096


class Sealing:
    """Seals values for one purpose each.

    Args:
        key: 32 bytes.
        now: the clock.
    """

    def __init__(self, key: bytes, *, now: Callable[[], datetime]) -> None:
        self._key = key
        self._now = now

    def seal(self, value: Mapping[str, Any], *, purpose: str, lasts: timedelta) -> str:
        """Return a value as text that opens for the same purpose until it ends."""
        form = {"value": dict(value), "ends": (self._now() + lasts).timestamp()}
        sealed = seal(self._key, json.dumps(form).encode(), about=purpose)
        # A cookie with an equals sign in it would be put in quotes.
        return urlsafe_b64encode(sealed).decode().rstrip("=")

    def open(self, text: str, *, purpose: str) -> Mapping[str, Any]:
        """Return the value that was sealed.

        Raises:
            UnauthenticatedError: it was not sealed here for this purpose, or it ended.
        """
        if len(text) > LONGEST:
            raise UnauthenticatedError(_REFUSAL)
        try:
            sealed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
            plain = unseal(self._key, sealed, about=purpose)
        except (HomeUnavailableError, ValueError) as error:
            raise UnauthenticatedError(_REFUSAL) from error
        form = json.loads(plain)
        if form["ends"] <= self._now().timestamp():
            raise UnauthenticatedError(_REFUSAL)
        value: Mapping[str, Any] = form["value"]
        return value
