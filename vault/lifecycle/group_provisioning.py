"""Groups changed by a directory outside, each change in the ledger and at once."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from vault.domain.errors import InvalidRequestError, NotFoundError
from vault.domain.identity import Subject
from vault.domain.provisioning import Group, GroupForm, NameTakenError, check_name, free_id
from vault.ledger.journal import Journal
from vault.store.provisioned import GroupRow
from vault.store.session import Store, UnitOfWork

_ABSENT = "there is no such resource"
_MOST_IN_EVENT = 400


class GroupProvisioning:
    """Lets a directory add, change and end groups.

    Args:
        store: the database.
        journal: the ledger.
        now: the clock.
    """

    def __init__(self, store: Store, *, journal: Journal, now: Callable[[], datetime]) -> None:
        self._store = store
        self._journal = journal
        self._now = now

    def groups(self) -> Sequence[Group]:
        """Return every group that people make, by id, with its direct members."""
        with self._store.read() as unit:
            shown = _shown(unit)
            members = unit.principals.groups()
            return [
                _group(row, [each for each in members.get(row.id, ()) if each in shown])
                for row in unit.provisioned.groups()
            ]

    def group(self, group_id: str) -> Group:
        """Return one group with its direct members.

        Raises:
            NotFoundError: there is none of that id.
        """
        with self._store.read() as unit:
            return _one_group(unit, group_id)

    def add_group(self, form: GroupForm, subject: Subject) -> Group:
        """Add a group under an id of its own.

        Raises:
            NameTakenError: another group has the name.
            InvalidRequestError: the name has another form, or a member does not exist.
        """
        name = check_name(form.display_name, noun="display name")
        with self._store.write() as unit:
            _require_free_group(unit, name, but=None)
            group_id = free_id(
                name, is_taken=lambda each: unit.provisioned.is_taken(f"group:{each}")
            )
            unit.principals.add_group(group_id, now=self._now())
            before = GroupForm(name)
            self._settle_group(unit, group_id, before, form, subject)
            return _one_group(unit, group_id)

    def change_group(
        self, group_id: str, change: Callable[[Group], GroupForm], subject: Subject
    ) -> Group:
        """Make a group what ``change`` returns for the group as is.

        Members that a directory does not see, such as agents, stay.

        Raises:
            NotFoundError: there is none of that id.
            NameTakenError: another group has the name.
            InvalidRequestError: the name has another form, or a member does not exist.
        """
        with self._store.write() as unit:
            before = _one_group(unit, group_id)
            wanted = change(before)
            if wanted != before.form:
                name = check_name(wanted.display_name, noun="display name")
                _require_free_group(unit, name, but=group_id)
                self._settle_group(unit, group_id, before.form, wanted, subject)
            return _one_group(unit, group_id)

    def remove_group(
        self, group_id: str, subject: Subject, *, allow: Callable[[Group], None]
    ) -> None:
        """End a group: nobody is in it, it is in no other, and its id is never given again.

        Raises:
            NotFoundError: there is none of that id.
        """
        with self._store.write() as unit:
            before = _one_group(unit, group_id)
            allow(before)
            unit.provisioned.end_memberships(f"group:{group_id}")
            for member in unit.provisioned.members(group_id):
                unit.principals.remove_member(group_id, member)
            form = before.form
            unit.provisioned.note(
                f"group:{group_id}",
                name=form.display_name,
                external_id=form.external_id,
                now=self._now(),
                gone=True,
            )
            self._record(unit, "group.removed", group_id, {"group": group_id}, subject)

    def _settle_group(
        self,
        unit: UnitOfWork,
        group_id: str,
        before: GroupForm,
        wanted: GroupForm,
        subject: Subject,
    ) -> None:
        joined = sorted(set(wanted.members) - set(before.members))
        left = sorted(set(before.members) - set(wanted.members))
        shown = _shown(unit)
        for member in joined:
            if member not in shown:
                raise InvalidRequestError("a member of the group does not exist")
            unit.principals.add_member(group_id, member)
        for member in left:
            unit.principals.remove_member(group_id, member)
        unit.provisioned.note(
            f"group:{group_id}",
            name=check_name(wanted.display_name, noun="display name"),
            external_id=wanted.external_id,
            now=self._now(),
        )
        self._record(unit, "group.provisioned", group_id, {"group": group_id}, subject)
        for event, members in (("group.extended", joined), ("group.reduced", left)):
            for start in range(0, len(members), _MOST_IN_EVENT):
                listed = members[start : start + _MOST_IN_EVENT]
                facts = {"group": group_id, "members": listed}
                self._record(unit, event, group_id, facts, subject)

    def _record(
        self,
        unit: UnitOfWork,
        event: str,
        about: str,
        facts: Mapping[str, object],
        subject: Subject,
    ) -> None:
        unit.raise_epoch()
        self._journal.note(unit, event, subject=subject, about=about, facts=facts)


def _require_free_group(unit: UnitOfWork, name: str, *, but: str | None) -> None:
    for row in unit.provisioned.groups():
        if row.id != but and row.display_name.casefold() == name.casefold():
            raise NameTakenError("another group has this name")


def _one_group(unit: UnitOfWork, group_id: str) -> Group:
    rows = unit.provisioned.groups(group_id)
    if not rows:
        raise NotFoundError(_ABSENT)
    shown = _shown(unit)
    return _group(rows[0], [each for each in unit.provisioned.members(group_id) if each in shown])


def _shown(unit: UnitOfWork) -> frozenset[str]:
    """Return references of every person and group that a directory sees."""
    persons = (f"user:{row.id}" for row in unit.provisioned.persons())
    groups = (f"group:{row.id}" for row in unit.provisioned.groups())
    return frozenset((*persons, *groups))


def _group(row: GroupRow, members: Sequence[str]) -> Group:
    form = GroupForm(row.display_name, row.external_id, tuple(members))
    return Group(row.id, form, row.created_at, row.modified_at)
