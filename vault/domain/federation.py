"""What an operator agreed with an issuer of tokens, and what its claims mean here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from vault.domain.errors import UnauthenticatedError
from vault.domain.identity import Scope

REFUSAL = "the token is unknown, expired or revoked"
"""Said alike of every token that stands for nothing; why is for the operator's log."""
_GROUP = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,127}")
_MOST_GROUPS = 1000


@dataclass(frozen=True, slots=True)
class GroupTerms:
    """Which groups of a claim count; none do unless the operator names the claim.

    Attributes:
        claim: name of the claim; empty is none.
        table: by value of the claim, the group here.
        prefix: put before a value that the table lacks; empty lets none of those count.
    """

    claim: str = ""
    table: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    prefix: str = ""

    def read(self, claims: Mapping[str, object]) -> frozenset[str]:
        """Return the groups here that a token puts its person in."""
        given = claims.get(self.claim) if self.claim else None
        if not isinstance(given, list):
            return frozenset()
        values = [value for value in given[:_MOST_GROUPS] if isinstance(value, str)]
        found = {self._group(value) for value in values}
        return frozenset(group for group in found if group is not None)

    def _group(self, value: str) -> str | None:
        if value in self.table:
            return self.table[value]
        group = self.prefix + value
        return group if self.prefix and _GROUP.fullmatch(group) else None


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed with one issuer.

    Attributes:
        issuer: its identifier, as its tokens name it.
        audiences: whom a bearer token must be for, one of them.
        algorithms: signatures that count.
        skew_seconds: how far its clock may be off.
        person_claim: names the person; must be the sign-in name of one here.
        groups: which groups of a token count.
        scopes: what its tokens permit here.
    """

    issuer: str
    audiences: frozenset[str]
    algorithms: tuple[str, ...]
    skew_seconds: int
    person_claim: str
    groups: GroupTerms
    scopes: frozenset[Scope]

    def person(self, claims: Mapping[str, object]) -> str:
        """Return the sign-in name of the person that a token is about.

        Raises:
            UnauthenticatedError: it names none, or a mail address that was never verified.
        """
        name = claims.get(self.person_claim)
        if not isinstance(name, str) or not name:
            raise UnauthenticatedError(REFUSAL)
        if self.person_claim == "email" and claims.get("email_verified") is not True:
            raise UnauthenticatedError(REFUSAL)
        return name

    @property
    def is_exact(self) -> bool:
        """Whether case counts in the person's name: a subject is compared as it is."""
        return self.person_claim == "sub"
