"""The seam between the vault and its sources: what a connector must be able to say."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Protocol, runtime_checkable

from connectors.facts import (
    Cursor,
    Failure,
    Item,
    Membership,
    RawAcl,
    SlimItem,
    SourceContent,
    SourcePrincipal,
    Tombstone,
)


class AclSupport(StrEnum):
    """Where the readers of an item come from."""

    NATIVE = "native"
    """From the source, entry by entry."""
    MAPPED = "mapped"
    """From the data owner's options; the source knows none."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a connector can do beyond listing and reading.

    Attributes:
        acl: where readers come from.
        delta: whether a cursor makes ``scan`` cheaper than a full one.
        tombstones: whether ``scan`` reports deletions by itself.
        principals: whether the source knows people and groups.
        live_check: whether ``can_read`` ever answers.
        items: whether it lists documents; a directory of people lists none.
    """

    acl: AclSupport
    delta: bool = False
    tombstones: bool = False
    principals: bool = False
    live_check: bool = False
    items: bool = True


@dataclass(frozen=True, slots=True)
class Health:
    """Whether a source can be read now, and if not, why, in one sentence."""

    ok: bool
    detail: str


@runtime_checkable
class Connector(Protocol):
    """A source the vault can follow; built as ``Connector(source_id=…, config=…)``."""

    config_type: ClassVar[type]
    """Frozen dataclass of the settings this connector takes."""
    capabilities: ClassVar[Capabilities]
    source_id: str

    def check(self) -> Health:
        """Tell whether the source can be read now; never raises for an outage."""
        ...

    def scan(self, cursor: Cursor | None) -> Iterator[Item | Tombstone | Failure | Cursor]:
        """Yield what is new since ``cursor``, or everything, with cursors to save between.

        Raises:
            SourceUnavailableError: the listing could not go on; the last cursor stays good.
        """
        ...

    def list_ids(self, cursor: Cursor | None) -> Iterator[SlimItem]:
        """Yield every item there is: what is missing here and held by the vault is deleted.

        Args:
            cursor: the last one saved, so that a source that is suddenly empty is noticed.

        Raises:
            SourceUnavailableError: the listing is not complete. An incomplete listing must
                raise, because silence reads as deletion.
        """
        ...

    def acl(self, ids: Iterable[str]) -> Iterator[RawAcl]:
        """Yield the rights of each item; what cannot be known has no entries, so no reader."""
        ...

    def principals(
        self, cursor: Cursor | None
    ) -> Iterator[SourcePrincipal | Membership | Tombstone | Cursor]:
        """Yield people, groups and memberships, on a clock of their own.

        All of them: who is not named is gone. Only a directory without items that can do
        ``delta`` may yield, with a cursor, what changed since: a group that changed is named
        again with all of its direct members, and a ``Tombstone`` says who is gone.

        Raises:
            SourceUnavailableError: the listing is not complete, so nothing of it counts.
            SourceRejectedError: the cursor is not good any more; ask without one.
        """
        ...

    def open(self, id: str, version: str) -> SourceContent:  # noqa: A002 - the seam's word
        """Return the bytes of one item; a newer version may come, under its own token.

        Raises:
            SourceUnavailableError: it cannot be read at the moment, or changed while read.
            SourceRejectedError: it is outside the source, too large or not readable.
        """
        ...

    def can_read(self, id: str, principal: str) -> bool | None:  # noqa: A002
        """Tell what the source says now, or None if it cannot say."""
        ...
