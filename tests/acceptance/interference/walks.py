"""For each leak, a short walk through the machine's own rules at whose end it must be found."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.acceptance.interference import faults, leaks, leaky_index
from tests.acceptance.interference.faults import Fault
from tests.acceptance.interference.machine import Interference

Walk = Callable[[Interference], object]
NO_EXTRA = 60
REPLY = "the (status|headers|body) differs"
WORK = "the work differs"


@dataclass(frozen=True, slots=True)
class Case:
    """One leak and the steps that show it, last the one that must fail.

    Attributes:
        seen_in: whether the reply differs, or only the work that was done for it.
    """

    leak: Callable[[], Fault]
    steps: tuple[Walk, ...]
    seen_in: str = REPLY


def hide(topic: int) -> Walk:
    return lambda found: found.hide(topic=topic, variant=0, label=0)


def hide_twins(found: Interference) -> None:
    for place in range(5):
        found.hide(topic=0, variant=place, label=place)


def search(who: str = "pia", topic: int = 0) -> Walk:
    return lambda found: found.search(who=who, topic=topic, limit=50, extra=NO_EXTRA)


def answer(who: str = "pia", topic: int = 0) -> Walk:
    return lambda found: found.answer(who=who, topic=topic, extra=NO_EXTRA)


def elsewhere(who: str = "ruth", topic: int = 0) -> Walk:
    return lambda found: found.ask_elsewhere(who=who, topic=topic, stream=False)


def browse(place: int = 0) -> Walk:
    return lambda found: found.browse(who="pia", place=place, limit="")


def knock(found: Interference) -> None:
    """Knock at the newest hidden document."""
    found.knock(who="pia", place=len(found.shelves.hidden) - 1)


def supersede_by_hidden(found: Interference) -> None:
    found.supersede_by_hidden(place=0, newer=0)


CASES: Mapping[str, Case] = {
    "global term statistics": Case(
        lambda: leaky_index.LeakyIndex(leaky_index.GlobalFrequencies), (hide_twins, search())
    ),
    "shared centroids": Case(
        lambda: leaky_index.LeakyIndex(leaky_index.SharedCentroids),
        (lambda found: found.act_elsewhere(act="flood", number=0), search(), search(topic=1)),
    ),
    "total count": Case(
        lambda: faults.CountingHeader("/v1/documents", b"x-total-count", leaks.documents_in_all),
        (hide(0), browse()),
    ),
    "facets of the forbidden": Case(
        lambda: faults.CountingHeader("/v1/search", b"x-facets", leaks.facets),
        (lambda found: found.hide(topic=0, variant=0, label=7), search()),
    ),
    "refusal instead of absence": Case(
        lambda: leaks.LeakyShelf(leaks.RefusingShelf), (hide(0), knock)
    ),
    "title in an error": Case(lambda: leaks.LeakyShelf(leaks.NamingShelf), (hide(0), knock)),
    "cache of searches shared": Case(leaks.SharedSearchFault, (elsewhere(), search())),
    "window of the generator shared": Case(leaks.SharedWindow, (elsewhere("paul"), answer()), WORK),
    "vectors of sentences shared": Case(leaks.SharedSentences, (elsewhere("paul"), answer()), WORK),
    "rights kept by name": Case(
        leaks.RightsByName, (elsewhere("bot for ruth"), search("bot for pia"))
    ),
    "numbers for document ids": Case(
        leaks.NumberedDocuments,
        (hide(0), lambda found: found.add(topic=1, variant=0, label=0), browse(6)),
    ),
    "numbers for request ids": Case(leaks.NumberedRequests, (elsewhere(), browse())),
    "work on the forbidden": Case(
        lambda: leaks.LeakyRetriever(leaks.EagerRetriever), (hide_twins, search()), WORK
    ),
    "forbidden successor hides": Case(
        lambda: leaks.LeakyRetriever(leaks.CurrentOnlyRetriever), (supersede_by_hidden, search())
    ),
    "forbidden successor named": Case(
        lambda: leaks.LeakyShelf(leaks.FrankShelf), (supersede_by_hidden, browse())
    ),
    "place in everybody's ledger": Case(leaks.GlobalLedger, (elsewhere(), search())),
}


def supersede(found: Interference) -> None:
    found.supersede(older=0, newer=1)


def supersede_successor_by_hidden(found: Interference) -> None:
    found.supersede_by_hidden(place=1, newer=0)


def knock_at_runs(found: Interference) -> None:
    found.knock(who="bot for pia", place=0)


CLOSED: Mapping[str, tuple[Walk, ...]] = {
    "an agent's runs for another person are not counted": (
        elsewhere("bot for paul"),
        search("bot for pia"),
    ),
    "an agent's runs for another person are not proved": (
        elsewhere("bot for paul"),
        knock_at_runs,
    ),
    "a replaced text stays replaced when a hidden one replaces its successor": (
        supersede,
        supersede_successor_by_hidden,
        search(),
        browse(),
    ),
    "rights that change elsewhere make no work": (
        answer(),
        lambda found: found.act_elsewhere(act="newcomer", number=1),
        answer(),
    ),
}
"""Walks on which the vault itself once told something."""
