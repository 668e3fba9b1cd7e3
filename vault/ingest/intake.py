"""What a data owner must say before anything is taken in."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from vault.domain.errors import InvalidRequestError
from vault.domain.identity import check_id, check_reference
from vault.domain.labels import AccessLabel, Classification, Label
from vault.domain.records import Governance
from vault.store.session import UnitOfWork


@dataclass(frozen=True, slots=True)
class SeenRights:
    """The access list that an item was seen under at its source.

    Attributes:
        acl_id: the list as it is kept; None is an item whose rights were not asked for yet.
        acl_hash: the source's token of these rights.
        at: when they were seen.
    """

    acl_id: int | None
    acl_hash: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Intake:
    """The rights and rules that documents are taken in under.

    Attributes:
        source_id: the source they belong to.
        access: who may read them.
        governance: owner and periods.
        title: title to use instead of the one a parser finds.
        modified_at: time of last change to use instead of the source's own.
        item_id: the source's own name of the item; its uri where none is given.
        native: whether readers come from the source, so that the owner need not name one.
        seen: the rights at the source that ``access`` follows from.
    """

    source_id: str
    access: AccessLabel
    governance: Governance
    title: str | None = None
    modified_at: datetime | None = None
    item_id: str | None = None
    native: bool = False
    seen: SeenRights | None = None

    def check(self, unit: UnitOfWork) -> None:
        """Return only if every principal, group and record class named is known.

        Raises:
            InvalidRequestError: nobody could read, or a name is unknown.
        """
        if not self.access.readers and not self.native:
            raise InvalidRequestError("at least one reader is needed; name one with --reader")
        unknown = sorted(
            found
            for found in self.access.readers | self.access.denied
            if not unit.principals.knows(found)
        )
        if unknown:
            raise InvalidRequestError(
                f"unknown reader {', '.join(unknown)}; add it with strongroom principal add "
                "or strongroom group add"
            )
        if not unit.principals.knows(f"user:{self.governance.owner}"):
            raise InvalidRequestError(
                f"unknown owner {self.governance.owner!r}; add it with strongroom principal add"
            )
        named = self.governance.record_class
        if named is not None and named not in unit.retention.rules():
            raise InvalidRequestError(
                f"unknown record class {named!r}; define it with strongroom retention define"
            )

    def with_changes(self, **changes: object) -> "Intake":
        """Return a copy with other values."""
        return replace(self, **changes)  # type: ignore[arg-type]


def access_label(
    *,
    collection: str,
    classification: str,
    compartments: Iterable[str] = (),
    readers: Iterable[str] = (),
    denied: Iterable[str] = (),
) -> AccessLabel:
    """Return the label that these words of a data owner name.

    Raises:
        InvalidRequestError: a word has the wrong form.
    """
    check_id(collection, noun="collection")
    label = Label(
        Classification.of(classification),
        frozenset(check_id(found, noun="compartment") for found in compartments),
    )
    named = {
        "readers": frozenset(_reference(found) for found in readers),
        "denied": frozenset(_reference(found) for found in denied),
    }
    return AccessLabel(collection, label, **named)


def _reference(text: str) -> str:
    kind, name = check_reference(text)
    return f"{kind}:{name}"
