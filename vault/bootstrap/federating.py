"""A home whose people may sign in with an issuer of the organisation's own."""

from datetime import timedelta
from functools import cached_property
from types import MappingProxyType

from vault.bootstrap.foundations import Foundations
from vault.domain.errors import HomeUnavailableError, InvalidRequestError
from vault.domain.federation import GroupTerms, Terms
from vault.domain.identity import READER_SCOPES, Credential, Scope
from vault.federate.federation import Federation
from vault.federate.issuer import Issuer
from vault.federate.keys import IssuerKeys, file_keys
from vault.federate.login import Client, Login
from vault.federate.sealing import Sealing
from vault.federate.sessions import Sessions
from vault.federate.tokens import TokenChecker, is_token
from vault.settings import OidcSettings


class Federating(Foundations):
    """An open home that tells who calls."""

    def credential(self, token: str) -> Credential:
        """Return what a bearer token stands for now, be it the vault's own or an issuer's.

        Raises:
            UnauthenticatedError: it stands for nothing; why is not said.
        """
        if self.federation is not None and is_token(token):
            return self.federation.authenticate(token)
        return self.authenticator.authenticate(token)

    @cached_property
    def federation(self) -> Federation | None:
        """What an issuer vouches for; None without one."""
        chosen = self.settings.oidc
        if chosen is None:
            return None
        return self.federate(chosen, Issuer(chosen.issuer, hosts=frozenset(chosen.hosts)))

    def federate(self, chosen: OidcSettings, issuer: Issuer) -> Federation:
        """Return what an issuer vouches for, on these terms.

        Raises:
            InvalidRequestError: a setting is wrong.
            HomeUnavailableError: the file of the client secret cannot be read.
        """
        terms = terms_of(chosen)
        fetch = (
            (lambda: issuer.get(issuer.discover().jwks))
            if chosen.jwks_file is None
            else file_keys(chosen.jwks_file)
        )
        keys = IssuerKeys(fetch, now=self.now)
        checker = TokenChecker(terms, keys=keys, now=self.now)
        sealing = Sealing(self._keys.sessions, now=self.now)
        sessions = Sessions(
            self.store,
            authenticator=self.authenticator,
            sealing=sealing,
            journal=self.journal,
            lasts=timedelta(hours=chosen.session_hours),
            now=self.now,
        )
        login = None
        if chosen.client_id:
            login = Login(
                issuer, client=client_of(chosen), checker=checker, sealing=sealing, now=self.now
            )
        return Federation(self.store, terms=terms, checker=checker, sessions=sessions, login=login)


def terms_of(chosen: OidcSettings) -> Terms:
    """Return what was agreed with an issuer.

    Raises:
        InvalidRequestError: a scope is unknown.
    """
    try:
        scopes = frozenset(Scope(word) for word in chosen.scopes) or READER_SCOPES
    except ValueError as error:
        raise InvalidRequestError(f"setting 'oidc.scopes': {error}") from None
    return Terms(
        issuer=chosen.issuer,
        audiences=frozenset(chosen.audience),
        algorithms=tuple(chosen.algorithms),
        skew_seconds=chosen.clock_skew_seconds,
        person_claim=chosen.person_claim,
        groups=GroupTerms(
            chosen.groups_claim, MappingProxyType(dict(chosen.groups)), chosen.groups_prefix
        ),
        scopes=scopes,
    )


def client_of(chosen: OidcSettings) -> Client:
    """Return what the vault is to an issuer.

    Raises:
        InvalidRequestError: no address is set for people to come back to.
        HomeUnavailableError: the file of the secret cannot be read.
    """
    if not chosen.redirect_uri:
        raise InvalidRequestError("setting 'oidc.redirect_uri' is needed with a client_id")
    secret = None
    if chosen.client_secret_file is not None:
        try:
            secret = chosen.client_secret_file.read_text(encoding="utf-8").splitlines()[0]
        except (OSError, UnicodeDecodeError, IndexError) as error:
            raise HomeUnavailableError("the file of the client secret cannot be read") from error
    scopes = tuple(dict.fromkeys(("openid", *chosen.login_scopes)))
    return Client(chosen.client_id, secret, chosen.redirect_uri, scopes)
