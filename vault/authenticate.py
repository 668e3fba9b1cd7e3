"""Bearer tokens: issued once, kept as digests, checked on every request."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from vault.domain.errors import InvalidRequestError, NotFoundError, UnauthenticatedError
from vault.domain.identity import Credential, Principal, Scope, Subject
from vault.store.principals import TokenRecord
from vault.store.session import Store, UnitOfWork

PREFIX = "srm"
LONGEST_TTL = timedelta(days=366)
_REFUSAL = "the token is unknown, expired or revoked"


class Authenticator:
    """Turns a credential into a subject.

    Args:
        store: where tokens and principals are kept.
        now: the clock.
    """

    def __init__(self, store: Store, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def issue(
        self,
        principal_id: str,
        *,
        scopes: frozenset[Scope],
        ttl: timedelta,
        on_behalf_of: str | None = None,
    ) -> tuple[str, datetime]:
        """Return a new bearer token and when it ends; the token is shown only here.

        Raises:
            NotFoundError: a principal does not exist.
            InvalidRequestError: no scope, or a life of nothing or of more than 366 days.
        """
        with self._store.write() as unit:
            return self.issue_within(
                unit, principal_id, scopes=scopes, ttl=ttl, on_behalf_of=on_behalf_of
            )

    def issue_within(
        self,
        unit: UnitOfWork,
        principal_id: str,
        *,
        scopes: frozenset[Scope],
        ttl: timedelta,
        on_behalf_of: str | None = None,
    ) -> tuple[str, datetime]:
        """Return a new bearer token that is kept if the caller's transaction is.

        Raises:
            NotFoundError: a principal does not exist.
            InvalidRequestError: no scope, or a life of nothing or of more than 366 days.
        """
        if not scopes:
            raise InvalidRequestError("a token needs at least one scope")
        if not timedelta() < ttl <= LONGEST_TTL:
            raise InvalidRequestError("a token lives longer than nothing and at most 366 days")
        require_principal(unit, principal_id)
        if on_behalf_of is not None:
            require_principal(unit, on_behalf_of)
        token_id, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
        expires_at = self._now() + ttl
        record = TokenRecord(
            id=token_id,
            secret_digest=_digest(secret),
            principal_id=principal_id,
            on_behalf_of=on_behalf_of,
            scopes=tuple(sorted(scope.value for scope in scopes)),
            expires_at=expires_at,
            revoked_at=None,
        )
        unit.principals.add_token(record, now=self._now())
        return f"{PREFIX}_{token_id}_{secret}", expires_at

    def revoke(self, token: str) -> None:
        """End a token, given whole or by its id, at once.

        Raises:
            NotFoundError: no live token has that id.
        """
        parts = token.split("_", 2)
        token_id = parts[1] if len(parts) == 3 else token
        with self._store.write() as unit:
            if not unit.principals.revoke_token(token_id, now=self._now()):
                raise NotFoundError("no live token has that id")

    def authenticate(self, token: str) -> Credential:
        """Return what a bearer token stands for, with rights as they are now.

        Raises:
            UnauthenticatedError: it stands for nothing; why is not said.
        """
        parts = token.split("_", 2)
        if len(parts) != 3 or parts[0] != PREFIX:
            raise UnauthenticatedError(_REFUSAL)
        with self._store.read() as unit:
            record = unit.principals.token(parts[1])
            known = record.secret_digest if record is not None else _digest("")
            matches = hmac.compare_digest(known, _digest(parts[2]))
            if record is None or not matches or not self._live(record):
                raise UnauthenticatedError(_REFUSAL)
            return _credential(unit, record)

    def subject(self, principal_id: str) -> Subject:
        """Return the subject that an operator at the home itself names.

        Raises:
            NotFoundError: the principal does not exist.
        """
        with self._store.read() as unit:
            return Subject(require_principal(unit, principal_id))

    def _live(self, record: TokenRecord) -> bool:
        return record.revoked_at is None and self._now() < record.expires_at


def require_principal(unit: UnitOfWork, principal_id: str) -> Principal:
    """Return an active principal.

    Raises:
        NotFoundError: there is none of that id.
    """
    found = unit.principals.get(principal_id)
    if found is None:
        raise NotFoundError(f"principal {principal_id!r} does not exist")
    return found


def _credential(unit: UnitOfWork, record: TokenRecord) -> Credential:
    actor = unit.principals.get(record.principal_id)
    person = None
    if record.on_behalf_of is not None:
        person = unit.principals.get(record.on_behalf_of)
        if person is None:
            raise UnauthenticatedError(_REFUSAL)
    if actor is None:
        raise UnauthenticatedError(_REFUSAL)
    scopes = frozenset(Scope(scope) for scope in record.scopes)
    return Credential(record.id, Subject(actor, person), scopes, record.expires_at)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
