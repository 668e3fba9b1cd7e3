"""Acts that take two persons: one asks, another looks at exactly that and decides."""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

import rfc8785

from vault.domain.errors import AccessDeniedError, NotFoundError
from vault.domain.identity import Subject
from vault.domain.requests import Request, Verdict
from vault.ledger.journal import Journal
from vault.policy.engine import PolicyEngine
from vault.store.session import Store, UnitOfWork

DISPOSITION = "disposition"
"""Kind of the requests that retention makes."""
RELEASE = "release"
"""Kind of the requests that let a document out of quarantine."""
LOWERING = "lowering"
"""Kind of the requests that lower a level which screening raised."""
LIFETIME = timedelta(days=14)
"""How long a request can be granted; silence is a refusal."""


class RequestDesk:
    """Keeps requests and the verdicts on them.

    Args:
        store: the database.
        journal: the ledger.
        policy: decides who may ask and who may decide; never the same person.
        now: the clock.
    """

    def __init__(
        self,
        store: Store,
        *,
        journal: Journal,
        policy: PolicyEngine,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._journal = journal
        self._policy = policy
        self._now = now

    def ask(self, kind: str, body: dict[str, object], subject: Subject) -> Request:
        """Keep a request; nothing happens until another person grants it.

        Raises:
            AccessDeniedError: the subject may not ask for this kind of act.
        """
        self.check(subject, "request", kind=kind, requested_by="")
        now = self._now()
        made = Request(
            id=str(uuid.uuid4()),
            kind=kind,
            body=body,
            digest=digest_of_request(kind, body),
            requested_by=f"user:{subject.actor.id}",
            requested_at=now,
            expires_at=now + LIFETIME,
        )
        with self._store.write() as unit:
            unit.requests.add(made)
            self._note(unit, "request.made", made, subject)
        return made

    def waiting(self, kind: str, subject: Subject | None) -> Sequence[Request]:
        """Return the undecided requests of a kind, newest first.

        Raises:
            AccessDeniedError: the subject may not ask for this kind of act.
        """
        if subject is not None:
            self.check(subject, "request", kind=kind, requested_by="")
        with self._store.read() as unit:
            return unit.requests.all(kind=kind, waiting=True)

    def get(self, request_id: str) -> Request:
        """Return one request.

        Raises:
            NotFoundError: there is none.
        """
        with self._store.read() as unit:
            found = unit.requests.get(request_id)
        if found is None:
            raise NotFoundError("there is no such request")
        return found

    def decide(
        self, unit: UnitOfWork, request_id: str, verdict: Verdict, *, digest: str, subject: Subject
    ) -> Request:
        """Keep a verdict in the caller's transaction, in which the act itself follows.

        Args:
            unit: the transaction.
            request_id: the request.
            verdict: granted or refused.
            digest: digest of what the decider was shown.
            subject: the decider.

        Raises:
            NotFoundError: there is no such request.
            AccessDeniedError: the subject may not decide it, or asked for it.
            InvalidRequestError: it was decided, has expired, or is not what was shown.
        """
        found = unit.requests.get(request_id)
        if found is None:
            raise NotFoundError("there is no such request")
        self.check(subject, "approve", kind=found.kind, requested_by=found.requested_by)
        found.check_open(digest=digest, now=self._now())
        unit.requests.decide(request_id, verdict, by=f"user:{subject.actor.id}", now=self._now())
        self._note(unit, f"request.{verdict.value}", found, subject)
        return found

    def check(self, subject: Subject, act: str, *, kind: str, requested_by: str) -> None:
        """Return only if the policy lets the subject do this.

        Raises:
            AccessDeniedError: it does not.
        """
        for principal in subject.principals:
            decision = self._policy.decide_request(
                principal, act, kind=kind, requested_by=requested_by
            )
            if not decision.permitted:
                raise AccessDeniedError(f"this principal may not {act} a {kind}")

    def _note(self, unit: UnitOfWork, event: str, about: Request, subject: Subject) -> None:
        self._journal.note(
            unit,
            event,
            subject=subject,
            about=about.id,
            facts={"request": about.id, "kind": about.kind, "digest": about.digest},
        )


def digest_of_request(kind: str, body: dict[str, object]) -> str:
    """Return ``sha256:`` of the canonical bytes of what is asked.

    Source:
        RFC 8785, JSON Canonicalization Scheme.
    """
    return "sha256:" + sha256(rfc8785.dumps({"kind": kind, "body": body})).hexdigest()  # type: ignore[dict-item]
