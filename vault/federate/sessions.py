"""Sessions of the page: a token of the vault that a browser keeps sealed and scripts never see."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from vault.authenticate import Authenticator
from vault.domain.errors import InvalidRequestError, UnauthenticatedError
from vault.domain.federation import Terms
from vault.domain.identity import Credential, Principal, Subject
from vault.federate.persons import with_groups
from vault.federate.sealing import LONGEST, Sealing
from vault.ledger.journal import Journal
from vault.store.session import Store

_PURPOSE = "session"


class Sessions:
    """Starts, opens and ends sessions; each is in the ledger.

    Args:
        store: the database.
        authenticator: issues and checks the tokens inside.
        sealing: seals them.
        journal: the ledger.
        lasts: how long a session lasts at most.
        now: the clock.
    """

    def __init__(
        self,
        store: Store,
        *,
        authenticator: Authenticator,
        sealing: Sealing,
        journal: Journal,
        lasts: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._authenticator = authenticator
        self._sealing = sealing
        self._journal = journal
        self.lasts = lasts
        self._now = now

    def start(self, person: Principal, groups: frozenset[str], terms: Terms) -> str:
        """Return a sealed session of a person who has just signed in.

        Raises:
            InvalidRequestError: the person is in more groups than a session holds.
        """
        with self._store.write() as unit:
            token, _ = self._authenticator.issue_within(
                unit, person.id, scopes=terms.scopes, ttl=self.lasts
            )
            known = sorted(group for group in groups if unit.principals.knows(f"group:{group}"))
            value = {"token": token, "groups": known}
            sealed = self._sealing.seal(value, purpose=_PURPOSE, lasts=self.lasts)
            if len(sealed) >= LONGEST:
                raise InvalidRequestError("the person is in more groups than a session holds")
            self._journal.note(
                unit,
                "session.started",
                subject=Subject(person),
                about=person.id,
                facts={"principal": person.id, "token": token.split("_")[1], "groups": known},
            )
        return sealed

    def open(self, sealed: str) -> Credential:
        """Return what a session stands for, with the rights of now.

        Raises:
            UnauthenticatedError: it ended, or its person may not sign in any more.
        """
        value = self._sealing.open(sealed, purpose=_PURPOSE)
        credential = self._authenticator.authenticate(value["token"])
        with self._store.read() as unit:
            actor = with_groups(unit, credential.subject.actor, frozenset(value["groups"]))
        return replace(credential, subject=Subject(actor))

    def end(self, sealed: str) -> None:
        """End a session; one that has ended already stays so."""
        try:
            value = self._sealing.open(sealed, purpose=_PURPOSE)
            credential = self._authenticator.authenticate(value["token"])
        except UnauthenticatedError:
            return
        with self._store.write() as unit:
            unit.principals.revoke_token(credential.token_id, now=self._now())
            self._journal.note(
                unit,
                "session.ended",
                subject=credential.subject,
                about=credential.subject.actor.id,
                facts={"principal": credential.subject.actor.id, "token": credential.token_id},
            )
