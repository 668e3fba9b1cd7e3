"""Looks over a whole source: what it still has, and who may read it there, before any content."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import TypeVar

from connectors.base import AclSupport, Connector
from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.facts import Cursor, RawAcl
from vault.domain.errors import SourceUnreachableError
from vault.domain.labels import AccessLabel
from vault.ingest.intake import Intake, SeenRights
from vault.ingest.keeper import Keeper
from vault.ingest.report import ItemOutcome, ItemState
from vault.ingest.rights import RightsDesk
from vault.store.items import HeldItem, SeenAcl
from vault.store.session import Store
from vault.store.sources import SourceRecord

LISTS_AT_ONCE = 500

T = TypeVar("T")


@dataclass(slots=True)
class Survey:
    """What one look over a source found.

    Attributes:
        at: when the look began.
        listed: token of the rights of each item there is.
        held: what the vault holds of the source's items.
        gone: live items that the source no longer has.
        rights: label and access list of each item whose rights are known.
        relabelled: documents whose rights changed.
    """

    at: datetime
    listed: Mapping[str, str]
    held: Mapping[str, HeldItem]
    gone: dict[str, HeldItem]
    native: bool
    rights: dict[str, tuple[AccessLabel, SeenRights]] = field(default_factory=dict)
    relabelled: list[ItemOutcome] = field(default_factory=list)

    def intake(self, item_id: str, intake: Intake) -> Intake:
        """Return the intake of one item: under its own rights, or nobody's if they are unknown."""
        if not self.native:
            return replace(intake, item_id=item_id)
        access, seen = self.rights.get(item_id, (nobody(intake.access), None))
        return replace(intake, item_id=item_id, access=access, seen=seen, native=True)


def nobody(access: AccessLabel) -> AccessLabel:
    """Return ``access`` with no reader at all."""
    return replace(access, readers=frozenset())


class Surveyor:
    """Looks sources over, and lets changed rights hold at once.

    Args:
        store: the database.
        rights: turns access lists into labels.
        keeper: puts documents under other labels.
        now: the clock.
    """

    def __init__(
        self, store: Store, *, rights: RightsDesk, keeper: Keeper, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._rights = rights
        self._keeper = keeper
        self._now = now

    def survey(self, connector: Connector, source: SourceRecord, intake: Intake) -> Survey:
        """Return what the source has now, after documents got the rights they have there.

        Raises:
            SourceUnreachableError: the listing was not complete, or the rights cannot be asked
                for; what was learned before that holds.
        """
        at = self._now()
        cursor = None if source.cursor is None else Cursor(source.cursor)
        try:
            listed = {item.id: item.acl_hash for item in connector.list_ids(cursor)}
        except (SourceUnavailableError, SourceRejectedError) as error:
            raise SourceUnreachableError(f"{error}; nothing was deleted") from error
        with self._store.read() as unit:
            held = unit.items.held(source.id)
        gone = {name: item for name, item in held.items() if item.live and name not in listed}
        native = connector.capabilities.acl is AclSupport.NATIVE
        survey = Survey(at, listed, held, gone, native)
        if native:
            self._look_at_rights(connector, source, intake, survey)
        return survey

    def _look_at_rights(
        self, connector: Connector, source: SourceRecord, intake: Intake, survey: Survey
    ) -> None:
        with self._store.read() as unit:
            known = unit.items.rights(source.id)
            labels = unit.labels.all()
        changed = [
            name
            for name, acl_hash in survey.listed.items()
            if not acl_hash or name not in known or known[name].acl_hash != acl_hash
        ]
        self._confirm(source, survey, known, labels, frozenset(changed))
        silent = dict.fromkeys(changed)
        for lists in _batches(self._asked(connector, changed), LISTS_AT_ONCE):
            for raw in lists:
                silent.pop(raw.id, None)
            self._apply(source, intake, survey, lists)
        # Of what the source says nothing about, nobody knows who may read it.
        for names in _batches(iter(silent), LISTS_AT_ONCE):
            self._apply(source, intake, survey, [RawAcl(name, b"", None) for name in names])

    def _confirm(
        self,
        source: SourceRecord,
        survey: Survey,
        known: Mapping[str, SeenAcl],
        labels: Mapping[int, AccessLabel],
        changed: frozenset[str],
    ) -> None:
        """Remember the rights that are what they were."""
        same = [name for name in survey.listed if name in known and name not in changed]
        for name in same:
            seen = known[name]
            rights = SeenRights(seen.acl_id, seen.acl_hash, survey.at)
            survey.rights[name] = (labels[seen.access_label_id], rights)
        with self._store.write() as unit:
            unit.items.confirm(source.id, same, now=survey.at)

    def _apply(
        self, source: SourceRecord, intake: Intake, survey: Survey, lists: list[RawAcl]
    ) -> None:
        judged = [
            one
            for one in self._rights.judge(source, intake.access, lists)
            if one.item_id in survey.listed
        ]
        changes, uris = [], {}
        for one in judged:
            seen = SeenRights(one.acl_id, survey.listed[one.item_id], survey.at)
            survey.rights[one.item_id] = (one.access, seen)
            held = survey.held.get(one.item_id)
            if held is not None:
                own = replace(intake, governance=held.governance)
                changes.append((held.document_id, survey.intake(one.item_id, own)))
                uris[held.document_id] = held.uri
        survey.relabelled.extend(
            ItemOutcome(uris[held_id], ItemState.RELABELLED, document_id=held_id)
            for held_id in self._keeper.relabel_all(changes)
        )

    def _asked(self, connector: Connector, names: Iterable[str]) -> Iterator[RawAcl]:
        try:
            yield from connector.acl(names)
        except (SourceUnavailableError, SourceRejectedError) as error:
            raise SourceUnreachableError(f"{error}; its rights stay as they were seen") from error


def _batches(found: Iterator[T], size: int) -> Iterator[list[T]]:
    while batch := list(islice(found, size)):
        yield batch
