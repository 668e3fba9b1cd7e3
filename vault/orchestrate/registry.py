"""The registry of tools: what is not approved to the last byte, or has no owner, is not there."""

from collections.abc import Callable, Mapping
from datetime import datetime

from vault.domain.assets import USABLE, AssetKind, AssetVersion
from vault.domain.errors import InvalidRequestError, NotFoundError
from vault.domain.identity import PrincipalKind
from vault.domain.tools import ToolDefinition, ToolKind
from vault.orchestrate.governed_tool import GovernedTool
from vault.orchestrate.secrets import SecretBroker
from vault.orchestrate.tool import RetryableToolError, Tool
from vault.store.session import UnitOfWork

ABSENT = "there is no such tool"
"""What is said of any tool that may not be called, whatever the reason."""

Binder = Callable[[ToolDefinition], Tool]
"""Makes the tool that a definition describes; raises InvalidRequestError if it describes none."""


class ToolRegistry:
    """Gives out tools whose exact definition is approved and whose owner is there.

    Args:
        binders: for each kind of tool, what makes one from its definition.
        broker: keeps the secrets of tools.
        now: the clock.
    """

    def __init__(
        self,
        binders: Mapping[ToolKind, Binder],
        *,
        broker: SecretBroker,
        now: Callable[[], datetime],
    ) -> None:
        self._binders = dict(binders)
        self._broker = broker
        self._now = now
        self._made: dict[str, GovernedTool] = {}

    def definition(
        self, unit: UnitOfWork, name: str, *, digest: str | None = None
    ) -> ToolDefinition:
        """Return the definition that may be called now.

        Args:
            unit: the transaction that decides on the call.
            name: name of the tool.
            digest: the definition that the caller was given; another one will not do.

        Raises:
            NotFoundError: there is none of that name and digest, it is not approved, it was
                suspended, or nobody who is there owns it.
        """
        version = unit.assets.usable(AssetKind.TOOL, name)
        if digest is not None and (version is None or version.digest != digest):
            version = unit.assets.by_digest(AssetKind.TOOL, digest)
        if version is None or version.name != name or version.state not in USABLE:
            raise NotFoundError(ABSENT)
        found = definition_of(version)
        if found is None or not has_owner(unit, found):
            raise NotFoundError(ABSENT)
        return found

    def callable_now(self, unit: UnitOfWork) -> list[ToolDefinition]:
        """Return every definition that may be called now, by name."""
        names = dict.fromkeys(found.name for found in unit.assets.versions(AssetKind.TOOL))
        kept: list[ToolDefinition] = []
        for name in names:
            version = unit.assets.usable(AssetKind.TOOL, name)
            found = None if version is None else definition_of(version)
            if found is not None and has_owner(unit, found):
                kept.append(found)
        return kept

    def tool(self, definition: ToolDefinition) -> GovernedTool:
        """Return the tool of a definition that ``definition`` gave out.

        Raises:
            InvalidRequestError: nothing here can reach a tool of this kind or name.
        """
        digest = definition.digest
        if digest not in self._made:
            binder = self._binders.get(definition.kind)
            if binder is None:
                raise InvalidRequestError(f"tools of kind {definition.kind.value} are not set up")
            self._made[digest] = GovernedTool(binder(definition), broker=self._broker)
        return self._made[digest]

    def take(self, unit: UnitOfWork, definition: ToolDefinition) -> None:
        """Count one call against the tool's rate, in the transaction that decides on it.

        Raises:
            RetryableToolError: the rate is used up; the detail says for how long.
        """
        wait = unit.tool_rates.take(
            definition.name, per_minute=definition.limits.calls_per_minute, now=self._now()
        )
        if wait > 0:
            raise RetryableToolError(
                f"{definition.name} was called too often; it may be called again in "
                f"{wait:.1f} seconds"
            )


def definition_of(version: AssetVersion) -> ToolDefinition | None:
    """Return the definition in a version; None if its bytes are not those that were approved."""
    try:
        found = ToolDefinition.parse(version.body)
    except InvalidRequestError:
        return None
    return found if found.digest == version.digest and found.name == version.name else None


def has_owner(unit: UnitOfWork, definition: ToolDefinition) -> bool:
    """Tell whether a person who is still there answers for a tool.

    Source:
        OWASP AISVS 1.0, chapter 9: every agent capability has an accountable owner.
    """
    owner = unit.principals.get(definition.owner)
    return owner is not None and owner.kind is PrincipalKind.PERSON
