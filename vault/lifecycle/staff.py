"""Enters an organisation's people and groups, all at once."""

from collections.abc import Callable, Sequence
from datetime import datetime

from vault.domain.errors import InvalidRequestError
from vault.domain.identity import Principal, check_id, check_reference
from vault.ledger.journal import Journal
from vault.store.principals import EVERYONE
from vault.store.session import Store


class Staff:
    """Enters many principals and groups in one transaction.

    Args:
        store: the database.
        journal: the ledger.
        now: the clock.
    """

    def __init__(self, store: Store, *, journal: Journal, now: Callable[[], datetime]) -> None:
        self._store = store
        self._journal = journal
        self._now = now

    def enter(
        self,
        principals: Sequence[tuple[Principal, str, Sequence[str]]],
        groups: Sequence[tuple[str, Sequence[str]]],
    ) -> None:
        """Enter principals with their names and groups, and groups with their members.

        Raises:
            InvalidRequestError: an id has the wrong form, or a reference names nobody.
        """
        now = self._now()
        # Everyone belongs to this group without being listed, so a list of it says nothing.
        listed = [(group, members) for group, members in groups if group != EVERYONE]
        with self._store.write() as unit:
            for group, _ in listed:
                unit.principals.add_group(check_id(group, noun="group"), now=now)
            for added, name, memberships in principals:
                check_id(added.id, noun="principal")
                unit.principals.add(added, name=name, now=now)
                for group in memberships:
                    unit.principals.add_group(check_id(group, noun="group"), now=now)
                    unit.principals.add_member(group, f"user:{added.id}")
            for group, members in listed:
                for member in members:
                    check_reference(member)
                    if not unit.principals.knows(member):
                        raise InvalidRequestError(f"member {member} of {group} does not exist")
                    unit.principals.add_member(group, member)
            unit.raise_epoch()
            self._journal.note(
                unit,
                "staff.entered",
                subject=None,
                about="staff",
                facts={"principals": len(principals), "groups": len(listed)},
            )
