"""Where tools are brought in, looked at, let be used and stopped."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from vault.domain.assets import (
    USABLE,
    AssetKind,
    AssetState,
    AssetVersion,
    Difference,
    differences,
)
from vault.domain.errors import AccessDeniedError, InvalidRequestError, NotFoundError
from vault.domain.identity import Subject
from vault.domain.tools import ToolDefinition
from vault.ledger.journal import Journal
from vault.orchestrate.registry import ABSENT, ToolRegistry, definition_of, has_owner
from vault.policy.conduct import Asset, Conduct
from vault.store.session import Store, UnitOfWork

OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class ToolStanding:
    """A version of a tool and whether it may be called now.

    Attributes:
        version: the version as kept.
        definition: what is in it; None if the bytes are not those that were kept.
        owned: whether the person who answers for it is there.
    """

    version: AssetVersion
    definition: ToolDefinition | None
    owned: bool

    @property
    def is_callable(self) -> bool:
        """Whether the registry gives it out."""
        return self.version.state in USABLE and self.definition is not None and self.owned

    @property
    def stage(self) -> str:
        """Where it stands, in one word."""
        if self.version.state in USABLE and self.definition is None:
            return "altered"
        if self.version.state in USABLE and not self.owned:
            return "ownerless"
        return self.version.state.value


class ToolDesk:
    """Governs the versions of tools.

    Args:
        store: the database.
        journal: the ledger.
        conduct: decides who may bring in, approve and suspend.
        registry: makes a tool once, to see that its definition describes one.
        now: the clock.
    """

    def __init__(
        self,
        store: Store,
        *,
        journal: Journal,
        conduct: Conduct,
        registry: ToolRegistry,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._journal = journal
        self._conduct = conduct
        self._registry = registry
        self._now = now

    def apply(self, definition: ToolDefinition, subject: Subject | None) -> AssetVersion:
        """Bring a definition in as a draft; the same definition again changes nothing.

        Args:
            definition: what its owner says of the tool.
            subject: who brings it in; None is the operator at the home.

        Raises:
            InvalidRequestError: its owner is no person, or it describes no tool.
            AccessDeniedError: the subject does not own it.
        """
        self._registry.tool(definition)
        with self._store.write() as unit:
            if not has_owner(unit, definition):
                raise InvalidRequestError("a tool is owned by a person of this organisation")
            self._check(subject, "apply_asset", definition, applied_by=_reference(subject))
            before = unit.assets.newest(AssetKind.TOOL, definition.name)
            kept = unit.assets.add(
                AssetKind.TOOL,
                definition.name,
                definition.form(),
                by=_reference(subject),
                now=self._now(),
            )
            if before is None or before.number != kept.number:
                self._note(unit, "tool.applied", kept, subject)
        return kept

    def approve(
        self, name: str, subject: Subject | None, *, digest: str | None = None
    ) -> AssetVersion:
        """Let the newest version of a tool be called; the one before it no longer can be.

        Args:
            name: name of the tool.
            subject: who looked at it; None is the operator.
            digest: what was looked at; another newest version is then not approved.

        Raises:
            NotFoundError: there is no such tool.
            InvalidRequestError: its newest version is another one than was looked at.
            AccessDeniedError: the subject may not, or brought it in itself.
            RunStateError: it cannot be approved from where it is.
        """
        with self._store.write() as unit:
            version = _newest(unit, name)
            if digest is not None and digest != version.digest:
                raise InvalidRequestError("the newest version is not the one that was looked at")
            definition = _definition(version)
            self._check(subject, "approve_asset", definition, applied_by=version.applied_by)
            for other in unit.assets.versions(AssetKind.TOOL, name):
                if other.state in USABLE and other.number != version.number:
                    unit.assets.move(other, AssetState.RETIRED, by=_reference(subject))
            kept = unit.assets.move(version, AssetState.APPROVED, by=_reference(subject))
            self._note(unit, "tool.approved", kept, subject)
        return kept

    def suspend(self, name: str, subject: Subject | None, *, reason: str) -> AssetVersion:
        """Stop every call of a tool from now on.

        Raises:
            NotFoundError: there is no such tool, or nobody could call it.
            AccessDeniedError: the subject may not.
        """
        with self._store.write() as unit:
            version = unit.assets.usable(AssetKind.TOOL, name)
            if version is None:
                raise NotFoundError(ABSENT)
            definition = _definition(version)
            self._check(subject, "suspend_asset", definition, applied_by=version.applied_by)
            kept = unit.assets.move(version, AssetState.SUSPENDED, by=_reference(subject))
            self._note(unit, "tool.suspended", kept, subject, reason=reason)
        return kept

    def changed(self, approved: ToolDefinition, found: ToolDefinition) -> None:
        """Stop a tool whose server says something else of it than was approved.

        What the server says now becomes a draft, so that a person can compare and approve it.

        Args:
            approved: what was approved; a version that took its place since stays as it is.
            found: the same tool as the server describes it now.
        """
        with self._store.write() as unit:
            version = unit.assets.usable(AssetKind.TOOL, approved.name)
            if version is None or version.digest != approved.digest:
                return
            stopped = unit.assets.move(version, AssetState.SUSPENDED, by=OPERATOR)
            self._note(unit, "tool.changed", stopped, None, reason="definition changed")
            kept = unit.assets.add(
                AssetKind.TOOL, approved.name, found.form(), by=OPERATOR, now=self._now()
            )
            self._note(unit, "tool.applied", kept, None)

    def standings(self) -> Sequence[ToolStanding]:
        """Return the newest and the used version of every tool, by name."""
        with self._store.read() as unit:
            versions = unit.assets.versions(AssetKind.TOOL)
            newest = {found.name: found.number for found in versions}
            return [
                _standing(unit, found)
                for found in versions
                if found.state in USABLE or newest[found.name] == found.number
            ]

    def history(self, name: str) -> Sequence[ToolStanding]:
        """Return every version of a tool, oldest first.

        Raises:
            NotFoundError: there is no such tool.
        """
        with self._store.read() as unit:
            versions = unit.assets.versions(AssetKind.TOOL, name)
            if not versions:
                raise NotFoundError(ABSENT)
            return [_standing(unit, found) for found in versions]

    def callable_now(self) -> Sequence[ToolDefinition]:
        """Return every definition that the registry gives out, by name."""
        with self._store.read() as unit:
            return self._registry.callable_now(unit)

    def difference(self, name: str, *, older: int, newer: int) -> Sequence[Difference]:
        """Return in what two versions of a tool differ.

        Raises:
            NotFoundError: one of them does not exist.
        """
        with self._store.read() as unit:
            first = unit.assets.get(AssetKind.TOOL, name, older)
            second = unit.assets.get(AssetKind.TOOL, name, newer)
        if first is None or second is None:
            raise NotFoundError(ABSENT)
        return list(differences(first.body, second.body))

    def _check(
        self, subject: Subject | None, act: str, definition: ToolDefinition, *, applied_by: str
    ) -> None:
        if subject is None:
            return
        asset = Asset(
            AssetKind.TOOL.value,
            definition.name,
            owners=frozenset({f"user:{definition.owner}"}),
            applied_by=applied_by,
        )
        if not self._conduct.on_asset(subject, act, asset).permitted:
            raise AccessDeniedError("the policy does not let you do this with the tool")

    def _note(
        self,
        unit: UnitOfWork,
        event: str,
        version: AssetVersion,
        subject: Subject | None,
        *,
        reason: str | None = None,
    ) -> None:
        facts: dict[str, object] = {"tool": version.reference, "digest": version.digest}
        if reason is not None:
            facts["reason"] = reason[:500]
        self._journal.note(unit, event, subject=subject, about=f"tool:{version.name}", facts=facts)


def _newest(unit: UnitOfWork, name: str) -> AssetVersion:
    version = unit.assets.newest(AssetKind.TOOL, name)
    if version is None:
        raise NotFoundError(ABSENT)
    return version


def _definition(version: AssetVersion) -> ToolDefinition:
    found = definition_of(version)
    if found is None:
        raise InvalidRequestError("the kept bytes of this version are not those of its digest")
    return found


def _standing(unit: UnitOfWork, version: AssetVersion) -> ToolStanding:
    found = definition_of(version)
    return ToolStanding(version, found, found is not None and has_owner(unit, found))


def _reference(subject: Subject | None) -> str:
    return OPERATOR if subject is None else f"user:{subject.actor.id}"
