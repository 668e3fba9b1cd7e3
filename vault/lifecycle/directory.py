"""Principals and groups, changed with the rights epoch and the ledger in one transaction."""

from collections.abc import Callable, Iterable
from datetime import datetime

from vault.domain.errors import InvalidRequestError
from vault.domain.identity import Principal, check_id
from vault.ledger.journal import Journal
from vault.store.principals import EVERYONE
from vault.store.session import Store


class Directory:
    """Changes who exists and who belongs where; every change holds from the next request on."""

    def __init__(self, store: Store, *, journal: Journal, now: Callable[[], datetime]) -> None:
        self._store = store
        self._journal = journal
        self._now = now

    def add_principal(self, added: Principal, *, name: str, groups: Iterable[str]) -> None:
        """Add a principal or change one, and make it a member of ``groups``.

        Raises:
            InvalidRequestError: a group's name has the wrong form or is reserved.
        """
        listed = sorted({self._checked(group) for group in groups})
        with self._store.write() as unit:
            unit.principals.add(added, name=name, now=self._now())
            for group in listed:
                unit.principals.add_group(group, now=self._now())
                unit.principals.add_member(group, f"user:{added.id}")
            unit.raise_epoch()
            self._journal.note(
                unit,
                "principal.changed",
                subject=None,
                about=added.id,
                facts={
                    "principal": added.id,
                    "kind": added.kind.value,
                    "clearance": added.clearance.classification.word,
                    "compartments": sorted(added.clearance.compartments),
                    "groups": listed,
                },
            )

    def add_members(self, group: str, members: Iterable[str]) -> None:
        """Add a group if needed, and members to it.

        Raises:
            InvalidRequestError: the name is reserved, or a member does not exist.
        """
        self._checked(group)
        listed = list(members)
        with self._store.write() as unit:
            unit.principals.add_group(group, now=self._now())
            for member in listed:
                if not unit.principals.knows(member):
                    raise InvalidRequestError(f"member {member} does not exist")
                unit.principals.add_member(group, member)
            unit.raise_epoch()
            self._journal.note(
                unit,
                "group.extended",
                subject=None,
                about=group,
                facts={"group": group, "members": listed},
            )

    def remove_members(self, group: str, members: Iterable[str]) -> None:
        """End direct memberships of a group."""
        listed = list(members)
        with self._store.write() as unit:
            for member in listed:
                unit.principals.remove_member(group, member)
            unit.raise_epoch()
            self._journal.note(
                unit,
                "group.reduced",
                subject=None,
                about=group,
                facts={"group": group, "members": listed},
            )

    def _checked(self, group: str) -> str:
        if group == EVERYONE:
            raise InvalidRequestError(f"group {EVERYONE!r} holds every principal already")
        return check_id(group, noun="group")
