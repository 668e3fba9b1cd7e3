"""The public keys of an issuer, from a file or fetched, kept for a while and changed in time."""

import json
import logging
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey, import_key

from vault.federate.issuer import IssuerUnreachableError

LOG = logging.getLogger(__name__)
PublicKey = RSAKey | ECKey | OKPKey
FRESH = timedelta(minutes=5)
"""A key that an issuer withdrew counts for no longer than this."""
PAUSE = timedelta(seconds=20)
"""Tokens that name unknown keys make the issuer be asked no more often than this."""
SMALLEST_RSA_BITS = 2048


class IssuerKeys:
    """Finds the key that a token names.

    Args:
        fetch: returns the issuer's key set; raises IssuerUnreachableError or OSError.
        now: the clock.
    """

    def __init__(
        self, fetch: Callable[[], Mapping[str, Any]], *, now: Callable[[], datetime]
    ) -> None:
        self._fetch = fetch
        self._now = now
        self._lock = Lock()
        self._keys: Sequence[PublicKey] = ()
        self._fetched_at: datetime | None = None
        self._tried_at: datetime | None = None

    def find(self, key_id: str | None) -> PublicKey | None:
        """Return the key of that id, or the only one if no id is given, or None."""
        with self._lock:
            if self._age() >= FRESH:
                self._refresh()
            found = self._named(key_id)
            if found is None and self._age() >= PAUSE:
                self._refresh()
                found = self._named(key_id)
            return found

    def _named(self, key_id: str | None) -> PublicKey | None:
        if key_id is None:
            return self._keys[0] if len(self._keys) == 1 else None
        found = [key for key in self._keys if key.kid == key_id]
        return found[0] if len(found) == 1 else None

    def _age(self) -> timedelta:
        return timedelta.max if self._fetched_at is None else self._now() - self._fetched_at

    def _refresh(self) -> None:
        """Replace the keys; an issuer that does not answer leaves none that are too old."""
        now = self._now()
        if self._tried_at is not None and now - self._tried_at < PAUSE:
            if self._age() >= FRESH:
                self._keys = ()
            return
        self._tried_at = now
        try:
            self._keys = public_keys(self._fetch())
            self._fetched_at = now
        except (IssuerUnreachableError, OSError, ValueError, TypeError) as error:
            LOG.warning("issuer_keys_unavailable", extra={"error": type(error).__name__})
            if self._age() >= FRESH:
                self._keys = ()


def file_keys(path: Path) -> Callable[[], Mapping[str, Any]]:
    """Return what reads a key set from a file, each time anew."""

    def read() -> Mapping[str, Any]:
        found = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(found, dict):
            raise TypeError("the file holds no key set")
        return found

    return read


def public_keys(key_set: Mapping[str, Any]) -> Sequence[PublicKey]:
    """Return the keys of a set that check signatures; secrets and unknown kinds are left out.

    Raises:
        TypeError: it is no key set.

    Source:
        RFC 7517, sections 4 and 5.
    """
    listed = key_set.get("keys")
    if not isinstance(listed, list):
        raise TypeError("the issuer's answer is no key set")
    found = (_public_key(each) for each in listed if isinstance(each, dict))
    return [key for key in found if key is not None]


def _public_key(given: Mapping[str, Any]) -> PublicKey | None:
    if given.get("kty") not in {"RSA", "EC", "OKP"} or given.get("use", "sig") != "sig":
        return None
    if "verify" not in given.get("key_ops", ["verify"]) or "d" in given:
        return None
    try:
        if given["kty"] == "RSA" and _bits(given["n"]) < SMALLEST_RSA_BITS:
            return None
        key = import_key(dict(given))
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return key if isinstance(key, RSAKey | ECKey | OKPKey) else None


def _bits(number: str) -> int:
    """Return how many bits a number has that is written as a key writes it."""
    return int.from_bytes(urlsafe_b64decode(number + "=" * (-len(number) % 4))).bit_length()
