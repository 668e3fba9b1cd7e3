"""What happens in one vault only, and what is known of both."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from tests.acceptance.interference.meter import Meter, PlainEmbedder
from tests.acceptance.interference.organisation import (
    CODEWORD,
    HIDDEN,
    READ,
    VISIBLE,
    Organisation,
    arrival,
    receive,
    text_of,
)
from tests.acceptance.interference.vaults import BROKEN
from vault.bootstrap import Vault
from vault.domain.errors import HoldInForceError
from vault.domain.identity import Principal, PrincipalKind
from vault.domain.labels import AccessLabel, Classification, Label
from vault.ingest.arrivals import Arrival
from vault.ingest.intake import access_label
from vault.lifecycle.holds import Matter

LONGEST_WAIT_DAYS = 80
"""Tokens live ninety days."""
KEPT_VISIBLE = 2
"""Documents that are never taken away, so that there is something to ask about."""


def days(count: int) -> timedelta:
    return timedelta(days=count)


@dataclass
class Kept:
    """A document as the machine knows it.

    Attributes:
        revision: its first revision, where it is hidden and known.
    """

    name: str
    document_id: str
    access: AccessLabel
    revision: str = ""


@dataclass
class Shelves:
    """What is on both shelves, and what on one.

    Attributes:
        successors: visible document to the visible one that replaced it.
        crossed: visible documents that a hidden one replaced in one vault.
        foreign_runs: runs of others, in one vault only.
    """

    visible: list[Kept]
    hidden: list[Kept]
    successors: dict[str, str] = field(default_factory=dict)
    crossed: set[str] = field(default_factory=set)
    foreign_runs: list[str] = field(default_factory=list)
    names: int = 0
    waited: int = 0

    @classmethod
    def of(cls, base: Organisation) -> "Shelves":
        places = (0, 0, 1, 2, 0, 1)
        return cls(
            [Kept(f"v{n}", one, VISIBLE[places[n]]) for n, one in enumerate(base.visible)],
            [Kept(f"h{n}", one, HIDDEN[n]) for n, one in enumerate(base.hidden)],
        )

    def new_name(self) -> str:
        self.names += 1
        return f"n{self.names}"

    def keep(self, name: str, access: AccessLabel, ids: list[str]) -> None:
        """Remember a document of both vaults; the first vault says what its id is."""
        if all(kept.name != name for kept in self.visible):
            self.visible.extend(Kept(name, found, access) for found in ids)

    def hide(self, offered: Arrival, ids: list[str]) -> None:
        name = offered.uri.partition(":")[2]
        self.hidden.extend(Kept(name, found, offered.intake.access) for found in ids)

    def visible_at(self, place: int) -> Kept:
        return self.visible[place % len(self.visible)]

    def take_visible(self, place: int) -> Kept | None:
        """Return a document to be taken away, or None where too few would be left."""
        spare = len(self.visible) - KEPT_VISIBLE
        return self.visible.pop(KEPT_VISIBLE + place % spare) if spare > 0 else None

    def hidden_at(self, place: int) -> Kept | None:
        return self.hidden[place % len(self.hidden)] if self.hidden else None

    def link(self, older: Kept, newer: Kept) -> bool:
        """Tell whether both vaults can let ``newer`` replace ``older``, and note that they do."""
        step: str | None = newer.document_id
        while step is not None and step != older.document_id:
            step = self.successors.get(step)
        free = older.document_id not in self.successors.keys() | self.crossed
        if step is not None or not free:
            return False
        self.successors[older.document_id] = newer.document_id
        return True

    def link_hidden(self, older: Kept) -> bool:
        """Tell whether a hidden document may replace ``older`` unseen, and note that it does.

        Where a visible link stands already, putting another in its place would take something
        from the reader that she saw; that is no hidden act.
        """
        if older.document_id in self.successors.keys() | self.crossed:
            return False
        self.crossed.add(older.document_id)
        return True

    def days_left(self, wanted: int) -> int:
        left = min(wanted, LONGEST_WAIT_DAYS - self.waited)
        self.waited += left
        return left


def hidden_access(shelves: Shelves, label: int) -> AccessLabel:
    """Return a label the reader may not read; past the known ones, one of a new collection."""
    if label < len(HIDDEN):
        return HIDDEN[label]
    return access_label(
        collection=f"deal-{shelves.names}", classification="internal", readers=["user:ruth"]
    )


def hidden_arrival(shelves: Shelves, topic: int, variant: int, label: int) -> Arrival:
    access = hidden_access(shelves, label)
    text = f"{text_of(topic, variant)} {CODEWORD}"
    return arrival(shelves.new_name(), text, access)


def twins(shelves: Shelves, topic: int) -> list[Arrival]:
    return [hidden_arrival(shelves, topic, place, place) for place in range(3)]


def _revise(vault: Vault, shelves: Shelves, kept: Kept, number: int) -> None:
    receive(vault, arrival(kept.name, text_of(number, number), kept.access))


def _relabel(vault: Vault, shelves: Shelves, kept: Kept, number: int) -> None:
    kept.access = hidden_access(shelves, number)
    intake = arrival(kept.name, "", kept.access).intake
    vault.keeper().relabel(kept.document_id, intake, version=None)


def _withdraw(vault: Vault, shelves: Shelves, kept: Kept, number: int) -> None:
    vault.keeper().remove(kept.document_id, reason="gone")


def _erase(vault: Vault, shelves: Shelves, kept: Kept, number: int) -> None:
    with suppress(HoldInForceError):
        vault.erasure.erase(kept.document_id, None, reason="asked")
        shelves.hidden.remove(kept)


def _hold(vault: Vault, shelves: Shelves, kept: Kept, number: int) -> None:
    matter = Matter(f"case {number}", authority="the court", reason="a dispute")
    vault.holds.place(matter, document_ids=[kept.document_id], subject=None)


ENDS: Mapping[str, Callable[[Vault, Shelves, Kept, int], None]] = {
    "revise": _revise,
    "relabel": _relabel,
    "withdraw": _withdraw,
    "erase": _erase,
    "hold": _hold,
}
"""What can become of a hidden document."""


def _newcomer(vault: Vault, shelves: Shelves, number: int) -> None:
    level = Classification(number % 4)
    added = Principal(f"newcomer-{number}", PrincipalKind.PERSON, Label(level))
    vault.directory.add_principal(added, name="New", groups=["staff", f"team-{number}"])


def _group(vault: Vault, shelves: Shelves, number: int) -> None:
    vault.directory.add_members(f"team-{number}", ["user:paul", "user:ruth"])
    vault.directory.add_members("board", [f"group:team-{number}"])


def _leave(vault: Vault, shelves: Shelves, number: int) -> None:
    who = ("user:paul", "user:ruth")[number % 2]
    vault.directory.remove_members(("staff", "board")[number % 2], [who])


def _token(vault: Vault, shelves: Shelves, number: int) -> None:
    token, _ = vault.authenticator.issue("ruth", scopes=READ, ttl=timedelta(days=1 + number))
    if number % 2:
        vault.authenticator.revoke(token)


def _bury(vault: Vault, shelves: Shelves, number: int) -> None:
    receive(vault, arrival(f"broken-{number}", BROKEN, hidden_access(shelves, number)))


def _rebuild(vault: Vault, shelves: Shelves, number: int) -> None:
    vault.follower.rebuild()


def _purge(vault: Vault, shelves: Shelves, number: int) -> None:
    vault.follower.purge()


def _compact(vault: Vault, shelves: Shelves, number: int) -> None:
    with vault.store.read() as unit:
        vault.follower.current(unit).compact()


def _flood(vault: Vault, shelves: Shelves, number: int) -> None:
    """Take in so much that lists are cut, cells are trained and postings are merged."""
    offered = [hidden_arrival(shelves, place, place + number, number) for place in range(40)]
    for one, found in zip(offered, receive(vault, *offered), strict=True):
        shelves.hide(one, [found])


def _embed_anew(vault: Vault, shelves: Shelves, number: int) -> None:
    vault.succession.prepare(PlainEmbedder(Meter(), fingerprint=f"other/{number % 2}"))


ACTS: Mapping[str, Callable[[Vault, Shelves, int], None]] = {
    "newcomer": _newcomer,
    "group": _group,
    "leave": _leave,
    "token": _token,
    "bury": _bury,
    "rebuild": _rebuild,
    "purge": _purge,
    "compact": _compact,
    "flood": _flood,
    "embed anew": _embed_anew,
}
"""What others and the operator do; the last makes vectors for an embedder not yet in use."""
