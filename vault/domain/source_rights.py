"""The rights of an item as its source gives them, judged in order, and what label says the same."""

import hashlib
import json
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from vault.domain.labels import AccessLabel

ALL = "group:everyone"
"""Reference of the group that every principal belongs to."""

NAMES, DENIALS, LISTS = "=", "!", "#"
"""What stands after the slash in the id of a group that follows from a source."""


def name_group(source_id: str, name: str) -> str:
    """Return the group of whoever a source means by ``name``; nobody while that is unknown.

    The slash keeps such groups apart from those that people make, whose ids have none.
    """
    return f"{source_id}/{NAMES}{name}"


def denial_group(source_id: str, name: str) -> str:
    """Return the group of whoever an entry against ``name`` may be about.

    While nobody knows who that is, it may be anyone, so it holds everyone.
    """
    return f"{source_id}/{DENIALS}{name}"


def list_group(source_id: str, number: int) -> str:
    """Return the group of whoever one ordered list of a source lets through."""
    return f"{source_id}/{LISTS}{number}"


def from_source(group: str) -> bool:
    """Tell whether a group follows from what a source says, so that no person changes it."""
    return "/" in group


@dataclass(frozen=True, slots=True)
class Clause:
    """One entry about reading: whether it allows, and the reference it is about."""

    allows: bool
    reference: str


Clauses = tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class ItemRights:
    """An ordered list, and further lists that a reader must be let through by too."""

    entries: Clauses
    gates: tuple[Clauses, ...] = ()

    def form(self) -> list[list[list[object]]]:
        """Return the lists in plain values, the item's own first."""
        return [
            [[clause.allows, clause.reference] for clause in clauses]
            for clauses in (self.entries, *self.gates)
        ]

    @classmethod
    def of(cls, form: Sequence[Sequence[Sequence[object]]]) -> "ItemRights":
        """Return what ``form`` gave."""
        lists = tuple(
            tuple(Clause(bool(allows), str(reference)) for allows, reference in clauses)
            for clauses in form
        )
        return cls(lists[0], lists[1:])

    @property
    def digest(self) -> str:
        """SHA-256 of the plain values, so that equal rights are kept once."""
        text = json.dumps(self.form(), separators=(",", ":"), ensure_ascii=False)
        return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def passes(clauses: Clauses, references: AbstractSet[str]) -> bool:
    """Tell whether the first clause that fits one of ``references`` allows; none fits, none may.

    Source:
        MS-DTYP, section 2.5.3.2 (access check); POSIX 1003.1e draft 17, section 23.1.5.
    """
    for clause in clauses:
        if clause.reference in references:
            return clause.allows
    return False


def lets_through(rights: ItemRights, references: AbstractSet[str]) -> bool:
    """Tell whether the item's own list and every gate let the holder of ``references`` read."""
    return all(passes(clauses, references) for clauses in (rights.entries, *rights.gates))


def simplified(rights: ItemRights) -> ItemRights:
    """Return rights that let the same persons through, without clauses that decide nothing."""
    entries = _decisive(rights.entries)
    gates: dict[Clauses, None] = {}
    for gate in map(_decisive, rights.gates):
        if gate not in {entries, (Clause(allows=True, reference=ALL),)}:
            gates[gate] = None
    if not entries or () in gates:
        return ItemRights(())
    return ItemRights(entries, tuple(gates))


def _decisive(clauses: Clauses) -> Clauses:
    kept: dict[str, Clause] = {}
    for clause in clauses:
        kept.setdefault(clause.reference, clause)
        if clause.reference == ALL:
            break
    found = list(kept.values())
    # Whom no clause fits may not read, so a denial at the end says nothing.
    while found and not found[-1].allows:
        found.pop()
    if found and found[-1].reference == ALL and all(clause.allows for clause in found):
        return (found[-1],)
    return tuple(found)


def under(base: AccessLabel, rights: ItemRights) -> AccessLabel | None:
    """Return the label under ``base`` that says what ``rights`` say, or None if none does.

    A label lets its readers through unless they are denied, so it can say what one list says
    whose denials all come first. ``base`` gives everything but the readers.

    Args:
        base: collection, classification, compartments and whom its owner denies.
        rights: simplified rights.
    """
    if rights.gates:
        return None
    allowing = [clause.allows for clause in rights.entries]
    if allowing != sorted(allowing):
        return None
    return replace(
        base,
        readers=frozenset(clause.reference for clause in rights.entries if clause.allows),
        denied=base.denied
        | frozenset(clause.reference for clause in rights.entries if not clause.allows),
    )
