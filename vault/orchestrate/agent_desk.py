"""Where agents are brought in, looked at, let be used, promoted and stopped."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from vault.domain.assets import USABLE, AssetKind, AssetState, AssetVersion, Difference, differences
from vault.domain.autonomy import Level
from vault.domain.charters import Charter
from vault.domain.errors import AccessDeniedError, InvalidRequestError, NotFoundError
from vault.domain.identity import Principal, PrincipalKind, Subject
from vault.ledger.journal import Journal
from vault.orchestrate.asset_files import check_body
from vault.orchestrate.autonomy import Ladder
from vault.orchestrate.endings import asset_of
from vault.orchestrate.registry import ToolRegistry
from vault.policy.conduct import Conduct
from vault.store.principals import EVERYONE
from vault.store.session import Store, UnitOfWork

OPERATOR = "operator"
ABSENT = "there is no such agent"


class AgentDesk:
    """Governs the versions of agents.

    Args:
        store: the database.
        journal: the ledger.
        conduct: decides who may do what with an agent.
        registry: knows the digests of the tools that charters name.
        ladder: knows how autonomous an agent is now.
        now: the clock.
    """

    def __init__(
        self,
        store: Store,
        *,
        journal: Journal,
        conduct: Conduct,
        registry: ToolRegistry,
        ladder: Ladder,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._journal = journal
        self._conduct = conduct
        self._registry = registry
        self._ladder = ladder
        self._now = now

    def apply(self, body: Mapping[str, object], subject: Subject | None) -> AssetVersion:
        """Bring a charter in as a draft; the same charter again changes nothing.

        Tools that it names without a digest are pinned to what they are now.

        Args:
            body: the charter as its owners wrote it.
            subject: who brings it in; None is the operator at the home.

        Raises:
            InvalidRequestError: it does not fit the schema, or names what does not exist.
            AccessDeniedError: the subject is none of its owners.
        """
        check_body(AssetKind.AGENT, body)
        with self._store.write() as unit:
            pinned = self._pinned(unit, {**body, "kind": AssetKind.AGENT.value})
            charter = Charter.parse(pinned)
            _check_names(unit, charter)
            before = unit.assets.newest(AssetKind.AGENT, charter.name)
            kept = unit.assets.add(
                AssetKind.AGENT, charter.name, pinned, by=reference(subject), now=self._now()
            )
            self._check(subject, "apply_asset", kept)
            if before is None or before.number != kept.number:
                self._note(unit, "agent.applied", kept, subject)
        return kept

    def approve(self, name: str, subject: Subject, *, digest: str | None = None) -> AssetVersion:
        """Let the newest version of an agent run as a pilot, under its own principal.

        Raises:
            NotFoundError: there is no such agent.
            InvalidRequestError: its newest version is another one than was looked at.
            AccessDeniedError: the subject is none of its owners, or brought it in itself.
            RunStateError: it cannot be approved from where it is.
        """
        with self._store.write() as unit:
            version = newest(unit, name)
            if digest is not None and digest != version.digest:
                raise InvalidRequestError("the newest version is not the one that was looked at")
            self._check(subject, "approve_asset", version)
            _check_names(unit, Charter.parse(version.body))
            for other in unit.assets.versions(AssetKind.AGENT, name):
                if other.state is AssetState.APPROVED and other.number != version.number:
                    unit.assets.move(other, AssetState.RETIRED, by=reference(subject))
            kept = unit.assets.move(version, AssetState.APPROVED, by=reference(subject))
            _enter(unit, Charter.parse(kept.body), now=self._now())
            self._note(unit, "agent.approved", kept, subject)
        return kept

    def promote(self, name: str, subject: Subject) -> AssetVersion:
        """Let the approved version of an agent be the one in production.

        Raises:
            NotFoundError: there is no such agent.
            AccessDeniedError: the subject is none of its owners, or brought it in itself.
            RunStateError: its newest version is not approved.
        """
        return self._move(name, "promote_asset", AssetState.ACTIVE, subject, event="agent.promoted")

    def suspend(self, name: str, subject: Subject | None, *, reason: str) -> AssetVersion:
        """Stop every act of an agent from now on; runs under way may only answer.

        Raises:
            NotFoundError: there is no such agent, or it does not run.
            AccessDeniedError: the subject is none of its owners.
        """
        with self._store.write() as unit:
            found = [
                each for each in unit.assets.versions(AssetKind.AGENT, name) if each.state in USABLE
            ]
            if not found:
                raise NotFoundError(ABSENT)
            for version in found:
                self._check(subject, "suspend_asset", version)
                unit.assets.move(version, AssetState.SUSPENDED, by=reference(subject))
                self._note(unit, "agent.suspended", version, subject, reason=reason)
            return newest(unit, name)

    def close_breaker(self, name: str, subject: Subject | None) -> None:
        """Let an agent act again that was stopped for unusual behaviour.

        Raises:
            NotFoundError: there is no such agent, or it was not stopped.
            AccessDeniedError: the subject is none of its owners.
        """
        with self._store.write() as unit:
            version = newest(unit, name)
            self._check(subject, "oversee", version)
            if not unit.postings.close_breaker(name):
                raise NotFoundError("the agent was not stopped")
            self._note(unit, "breaker.closed", version, subject)

    def all(self) -> Sequence[AssetVersion]:
        """Return every version of every agent, by name, oldest first."""
        with self._store.read() as unit:
            return unit.assets.versions(AssetKind.AGENT)

    def history(self, name: str) -> Sequence[AssetVersion]:
        """Return every version of an agent, oldest first.

        Raises:
            NotFoundError: there is no such agent.
        """
        with self._store.read() as unit:
            found = unit.assets.versions(AssetKind.AGENT, name)
        if not found:
            raise NotFoundError(ABSENT)
        return found

    def level(self, version: AssetVersion) -> Level:
        """Return how autonomous a version is now, and what lowers it."""
        with self._store.read() as unit:
            return self._ladder.level(unit, version, Charter.parse(version.body))

    def open_to(self, subject: Subject) -> Sequence[AssetVersion]:
        """Return the versions that a subject may run, by name."""
        names = dict.fromkeys(each.name for each in self.all())
        with self._store.read() as unit:
            found = [unit.assets.usable(AssetKind.AGENT, name) for name in names]
        return [each for each in found if each is not None and self.may_know(each, subject)]

    def may_know(self, version: AssetVersion, subject: Subject) -> bool:
        """Tell whether an agent exists for a subject: it may run it, or answers for it."""
        charter = Charter.parse(version.body)
        asset = asset_of(version, charter)
        runs = all(
            self._conduct.on_start(principal, asset, autonomy=charter.autonomy, depth=0).permitted
            for principal in subject.principals
        )
        return runs or self._conduct.on_asset(subject, "oversee", asset).permitted

    def difference(self, name: str, *, older: int, newer: int) -> Sequence[Difference]:
        """Return in what two versions of an agent differ.

        Raises:
            NotFoundError: one of them does not exist.
        """
        found = {each.number: each for each in self.history(name)}
        if older not in found or newer not in found:
            raise NotFoundError("the agent has no such version")
        return list(differences(found[older].body, found[newer].body))

    def _move(
        self, name: str, act: str, to: AssetState, subject: Subject, *, event: str
    ) -> AssetVersion:
        with self._store.write() as unit:
            version = newest(unit, name)
            self._check(subject, act, version)
            kept = unit.assets.move(version, to, by=reference(subject))
            self._note(unit, event, kept, subject)
        return kept

    def _pinned(self, unit: UnitOfWork, body: dict[str, object]) -> dict[str, object]:
        tools: list[object] = []
        for name, digest in Charter.parse(body).tools.items():
            try:
                found = self._registry.definition(unit, name, digest=digest or None)
            except NotFoundError:
                raise InvalidRequestError(f"tool {name!r} is not approved") from None
            tools.append({"name": name, "digest": found.digest})
        return {**body, "tools": tools}

    def _check(self, subject: Subject | None, act: str, version: AssetVersion) -> None:
        if subject is None:
            return
        asset = asset_of(version, Charter.parse(version.body))
        if not self._conduct.on_asset(subject, act, asset).permitted:
            raise AccessDeniedError("the policy does not let you do this with the agent")

    def _note(
        self,
        unit: UnitOfWork,
        event: str,
        version: AssetVersion,
        subject: Subject | None,
        *,
        reason: str | None = None,
    ) -> None:
        facts: dict[str, object] = {"agent": version.reference, "digest": version.digest}
        if reason is not None:
            facts["reason"] = reason[:500]
        self._journal.note(
            unit, event, subject=subject, about=f"agent:{version.name}"[:36], facts=facts
        )


def newest(unit: UnitOfWork, name: str) -> AssetVersion:
    """Return the version of an agent that was brought in last.

    Raises:
        NotFoundError: there is no such agent.
    """
    version = unit.assets.newest(AssetKind.AGENT, name)
    if version is None:
        raise NotFoundError(ABSENT)
    return version


def reference(subject: Subject | None) -> str:
    """Return how a record names whoever acts."""
    return OPERATOR if subject is None else f"user:{subject.actor.id}"


def _check_names(unit: UnitOfWork, charter: Charter) -> None:
    """Return only if everything a charter names is there, and its own name is free."""
    kind = unit.principals.kind(charter.name)
    if kind not in {None, PrincipalKind.AGENT}:
        raise InvalidRequestError(f"{charter.name!r} is the name of a principal that is no agent")
    for role, owner in charter.owners.items():
        if unit.principals.kind(owner) is not PrincipalKind.PERSON:
            raise InvalidRequestError(f"the {role} owner must be a person of this organisation")
    named = [*charter.open_to, *charter.approvers, *(f"group:{each}" for each in charter.groups)]
    for each in named:
        if not unit.principals.knows(each):
            raise InvalidRequestError(f"{each} does not exist")


def _enter(unit: UnitOfWork, charter: Charter, *, now: datetime) -> None:
    """Make the principal of an agent what its charter says; it holds from the next call on."""
    agent = Principal(charter.name, PrincipalKind.AGENT, charter.label_ceiling)
    unit.principals.add(agent, name=charter.purpose[:200], now=now)
    me = f"user:{charter.name}"
    for group, members in unit.principals.groups().items():
        if me in members and group not in charter.groups:
            unit.principals.remove_member(group, me)
    for group in charter.groups:
        # Whoever exists is in the group of everyone, which has no list.
        if group != EVERYONE:
            unit.principals.add_member(group, me)
    unit.raise_epoch()
