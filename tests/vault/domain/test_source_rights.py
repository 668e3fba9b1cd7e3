"""A label says what a source's lists say, or it is not used."""

from itertools import chain, combinations

from hypothesis import given
from hypothesis import strategies as st

from vault.domain.labels import AccessLabel, Classification, Label
from vault.domain.source_rights import (
    ALL,
    Clause,
    ItemRights,
    denial_group,
    from_source,
    lets_through,
    list_group,
    name_group,
    passes,
    simplified,
    under,
)

NAMES = ("group:s/=a", "group:s/=b", "group:s/!b")
BASE = AccessLabel("papers", Label(Classification.INTERNAL), frozenset(), frozenset({"user:mal"}))


def allow(reference: str) -> Clause:
    return Clause(allows=True, reference=reference)


def deny(reference: str) -> Clause:
    return Clause(allows=False, reference=reference)


def holders() -> list[frozenset[str]]:
    """Everyone who can be told apart by these names; all of them are one of everyone."""
    sets = chain.from_iterable(combinations(NAMES, count) for count in range(len(NAMES) + 1))
    return [frozenset({ALL, *names}) for names in sets]


clauses = st.lists(
    st.builds(Clause, allows=st.booleans(), reference=st.sampled_from((*NAMES, ALL))), max_size=5
).map(tuple)
rights = st.builds(ItemRights, clauses, st.lists(clauses, max_size=2).map(tuple))


def reads(label: AccessLabel, references: frozenset[str]) -> bool:
    return bool(label.readers & references) and not label.denied & references


@given(rights)
def test_what_is_simplified_lets_the_same_persons_through(found: ItemRights) -> None:
    for held in holders():
        assert lets_through(simplified(found), held) is lets_through(found, held)


@given(rights)
def test_a_label_lets_exactly_those_through_whom_the_lists_do(found: ItemRights) -> None:
    label = under(BASE, simplified(found))
    if label is not None:
        for held in holders():
            assert reads(label, held) is lets_through(found, held)


@given(rights)
def test_rights_come_back_as_they_were_written(found: ItemRights) -> None:
    again = ItemRights.of(found.form())
    assert again == found
    assert again.digest == found.digest


def test_the_first_entry_that_fits_decides() -> None:
    order = (deny("group:s/=a"), allow("group:s/=b"))
    both = frozenset({"group:s/=a", "group:s/=b"})
    assert not passes(order, both)
    assert passes(order[::-1], both)
    assert not passes(order, frozenset())


def test_denials_that_come_first_are_denials_of_a_label() -> None:
    found = under(BASE, simplified(ItemRights((deny("group:s/!b"), allow("group:s/=a")))))
    assert found is not None
    assert found.readers == {"group:s/=a"}
    assert found.denied == {"group:s/!b", "user:mal"}
    assert (found.collection, found.label) == (BASE.collection, BASE.label)


def test_a_list_whose_order_matters_has_no_label() -> None:
    order = (allow("group:s/=a"), deny("group:s/!b"), allow("group:s/=b"))
    assert under(BASE, simplified(ItemRights(order))) is None


def test_a_gate_that_not_everyone_passes_has_no_label() -> None:
    entries = (allow("group:s/=a"),)
    assert under(BASE, simplified(ItemRights(entries, ((allow("group:s/=b"),),)))) is None
    open_gate = (allow("group:s/=b"), allow(ALL))
    assert under(BASE, simplified(ItemRights(entries, (open_gate, entries)))) is not None


def test_no_entry_or_a_shut_gate_is_nobody() -> None:
    for found in (
        ItemRights(()),
        ItemRights((allow(NAMES[0]),), ((deny(ALL),),)),
        ItemRights((deny(ALL), allow(NAMES[0]))),
    ):
        label = under(BASE, simplified(found))
        assert label is not None
        assert label.readers == frozenset()


def test_groups_that_follow_from_a_source_are_none_that_people_can_make() -> None:
    made = {name_group("s", "x"), denial_group("s", "x"), list_group("s", 1)}
    assert len(made) == 3
    assert all(map(from_source, made))
    assert not from_source("staff")
    assert name_group("s", "#1") != list_group("s", 1)
