"""Credentials that come from an issuer: its bearer tokens, and the sessions it leads to."""

from collections.abc import Mapping
from hashlib import sha256

from vault.domain.errors import NotFoundError
from vault.domain.federation import Terms
from vault.domain.identity import Credential, Subject
from vault.federate.login import Login
from vault.federate.persons import person_named, with_groups
from vault.federate.sessions import Sessions
from vault.federate.tokens import TokenChecker, end_of
from vault.store.session import Store


class Federation:
    """Turns what an issuer vouches for into credentials of persons who are known here.

    Args:
        store: the database.
        terms: what was agreed with the issuer.
        checker: checks its tokens.
        sessions: sessions of the page.
        login: sign-in by the browser, or None if the operator did not set it up.
    """

    def __init__(
        self,
        store: Store,
        *,
        terms: Terms,
        checker: TokenChecker,
        sessions: Sessions,
        login: Login | None,
    ) -> None:
        self._store = store
        self._terms = terms
        self._checker = checker
        self._login = login
        self.sessions = sessions

    @property
    def signs_in(self) -> bool:
        """Whether people can sign in with a browser."""
        return self._login is not None

    def authenticate(self, token: str) -> Credential:
        """Return what a bearer token of the issuer stands for, with the rights of now.

        Raises:
            UnauthenticatedError: it stands for nobody here; why is not said.
        """
        claims = self._checker.check(token, audiences=self._terms.audiences)
        with self._store.read() as unit:
            person = person_named(unit, self._terms.person(claims), exact=self._terms.is_exact)
            actor = with_groups(unit, person, self._terms.groups.read(claims))
        name = "issuer-" + sha256(token.encode()).hexdigest()[:16]
        return Credential(name, Subject(actor), self._terms.scopes, end_of(claims))

    def begin(self) -> tuple[str, str]:
        """Return where to send a browser that wants to sign in, and what it must bring back.

        Raises:
            NotFoundError: nobody signs in with a browser here.
            SourceUnreachableError: the issuer does not answer.
        """
        return self._demanded().begin()

    def finish(self, sealed: str, answer: Mapping[str, str]) -> str:
        """Return the sealed session of a person who comes back from the issuer.

        Raises:
            NotFoundError: nobody signs in with a browser here.
            UnauthenticatedError: the sign-in does not hold, or the person is not known here.
        """
        claims = self._demanded().finish(sealed, answer)
        with self._store.read() as unit:
            person = person_named(unit, self._terms.person(claims), exact=self._terms.is_exact)
        return self.sessions.start(person, self._terms.groups.read(claims), self._terms)

    def _demanded(self) -> Login:
        if self._login is None:
            raise NotFoundError("nobody signs in with a browser here")
        return self._login
