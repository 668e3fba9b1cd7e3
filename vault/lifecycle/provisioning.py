"""People changed by a directory outside, each change in the ledger and at once."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from vault.domain.errors import NotFoundError
from vault.domain.identity import Principal, PrincipalKind, Subject
from vault.domain.labels import Label
from vault.domain.provisioning import NameTakenError, Person, PersonForm, check_name, free_id
from vault.ledger.journal import Journal
from vault.store.provisioned import PersonRow
from vault.store.session import Store, UnitOfWork

_ABSENT = "there is no such resource"


class Provisioning:
    """Lets a directory add, change and end persons.

    A new person is cleared for what the operator set and no more; a directory changes the
    clearance of nobody. Whoever is not active any more loses every token at once.

    Args:
        store: the database.
        journal: the ledger.
        clearance: of persons that a directory adds.
        now: the clock.
    """

    def __init__(
        self, store: Store, *, journal: Journal, clearance: Label, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._journal = journal
        self._clearance = clearance
        self._now = now

    def persons(self) -> Sequence[Person]:
        """Return every person, by id."""
        with self._store.read() as unit:
            shown = {row.id for row in unit.provisioned.groups()}
            held = unit.provisioned.memberships()
            return [
                _person(row, [each for each in held.get(f"user:{row.id}", ()) if each in shown])
                for row in unit.provisioned.persons()
            ]

    def person(self, person_id: str) -> Person:
        """Return one person.

        Raises:
            NotFoundError: there is none of that id.
        """
        with self._store.read() as unit:
            return _one_person(unit, person_id)

    def add_person(self, form: PersonForm, subject: Subject) -> Person:
        """Add a person under an id of its own.

        Raises:
            NameTakenError: another person has the sign-in name.
            InvalidRequestError: a name has another form.
        """
        wanted = _checked_person(form)
        with self._store.write() as unit:
            _require_free_name(unit.provisioned.persons(), wanted.user_name, but=None)
            person_id = free_id(
                wanted.user_name, is_taken=lambda name: unit.provisioned.is_taken(f"user:{name}")
            )
            added = Principal(person_id, PrincipalKind.PERSON, self._clearance)
            unit.provisioned.add_person(added, display_name=wanted.display_name, now=self._now())
            self._settle_person(unit, person_id, wanted, subject)
            return _one_person(unit, person_id)

    def change_person(
        self, person_id: str, change: Callable[[Person], PersonForm], subject: Subject
    ) -> Person:
        """Make a person what ``change`` returns for the person as is.

        Raises:
            NotFoundError: there is none of that id.
            NameTakenError: another person has the sign-in name.
            InvalidRequestError: a name has another form.
        """
        with self._store.write() as unit:
            before = _one_person(unit, person_id)
            wanted = _checked_person(change(before))
            if wanted != before.form:
                persons = unit.provisioned.persons()
                _require_free_name(persons, wanted.user_name, but=person_id)
                self._settle_person(unit, person_id, wanted, subject)
            return _one_person(unit, person_id)

    def remove_person(
        self, person_id: str, subject: Subject, *, allow: Callable[[Person], None]
    ) -> None:
        """End a person: no sign-in, no group; the id is never given again.

        Args:
            person_id: whom.
            subject: who acts.
            allow: raises if the person as is may not be removed.

        Raises:
            NotFoundError: there is none of that id.
        """
        with self._store.write() as unit:
            before = _one_person(unit, person_id)
            allow(before)
            form = replace(before.form, active=False)
            unit.provisioned.end_memberships(f"user:{person_id}")
            self._settle_person(unit, person_id, form, subject, gone=True)

    def _settle_person(
        self,
        unit: UnitOfWork,
        person_id: str,
        form: PersonForm,
        subject: Subject,
        *,
        gone: bool = False,
    ) -> None:
        now = self._now()
        unit.provisioned.set_person(person_id, display_name=form.display_name, active=form.active)
        unit.provisioned.note(
            f"user:{person_id}",
            name=form.user_name,
            external_id=form.external_id,
            now=now,
            gone=gone,
        )
        ended = 0 if form.active else unit.provisioned.end_tokens(person_id, now=now)
        event = "person.removed" if gone else "person.provisioned"
        facts = {"principal": person_id, "active": form.active, "tokens_ended": ended}
        unit.raise_epoch()
        self._journal.note(unit, event, subject=subject, about=person_id, facts=facts)


def _checked_person(form: PersonForm) -> PersonForm:
    name = check_name(form.user_name, noun="sign-in name")
    return PersonForm(name, form.display_name.strip(), form.external_id, form.active)


def _require_free_name(persons: Sequence[PersonRow], name: str, *, but: str | None) -> None:
    for row in persons:
        if row.id != but and row.user_name.casefold() == name.casefold():
            raise NameTakenError("another person has this sign-in name")


def _one_person(unit: UnitOfWork, person_id: str) -> Person:
    rows = unit.provisioned.persons(person_id)
    if not rows:
        raise NotFoundError(_ABSENT)
    shown = {row.id for row in unit.provisioned.groups()}
    held = unit.provisioned.groups_of(f"user:{person_id}")
    return _person(rows[0], [group for group in held if group in shown])


def _person(row: PersonRow, groups: Sequence[str]) -> Person:
    form = PersonForm(row.user_name, row.display_name, row.external_id, row.active)
    return Person(row.id, form, row.created_at, row.modified_at, tuple(groups))
