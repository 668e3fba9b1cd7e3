"""Who a token of an issuer is about here, and which groups it adds."""

from dataclasses import replace

from vault.domain.errors import UnauthenticatedError
from vault.domain.federation import REFUSAL
from vault.domain.identity import Principal
from vault.store.session import UnitOfWork


def person_named(unit: UnitOfWork, name: str, *, exact: bool) -> Principal:
    """Return the one active person with that sign-in name, with the rights of now.

    Args:
        unit: the transaction.
        name: as the issuer says it.
        exact: whether case counts.

    Raises:
        UnauthenticatedError: there is nobody of that name, or more than one.
    """
    rows = unit.provisioned.named(name, exact=exact)
    found = unit.principals.get(rows[0].id) if len(rows) == 1 else None
    if found is None:
        raise UnauthenticatedError(REFUSAL)
    return found


def with_groups(unit: UnitOfWork, person: Principal, groups: frozenset[str]) -> Principal:
    """Return a person who is in these groups too, and in whatever those are in.

    Groups that do not exist here count for nothing.
    """
    known = frozenset(group for group in groups if unit.principals.knows(f"group:{group}"))
    if not known:
        return person
    return replace(person, groups=person.groups | unit.principals.with_groups(known))
