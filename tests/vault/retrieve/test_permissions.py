"""What a subject may read equals a plain reading of the rule, whatever the groups and labels."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Clock
from vault.domain.identity import Principal, PrincipalKind, Subject
from vault.domain.labels import AccessLabel, Classification, Label
from vault.policy.engine import DEFAULT_FOLDER, PolicyEngine
from vault.retrieve.permissions import Permissions
from vault.store.session import Store

GROUPS = [f"g{number}" for number in range(6)]
PEOPLE = [f"p{number}" for number in range(6)]
COMPARTMENTS = ["red", "blue"]
REFERENCES = [f"group:{group}" for group in GROUPS] + [f"user:{person}" for person in PEOPLE]

levels = st.sampled_from(list(Classification))
references = st.frozensets(st.sampled_from([*REFERENCES, "group:everyone"]), max_size=4)
clearances = st.builds(Label, levels, st.frozensets(st.sampled_from(COMPARTMENTS)))
access_labels = st.builds(
    AccessLabel,
    collection=st.sampled_from(["one", "two"]),
    label=clearances,
    readers=references,
    denied=st.frozensets(st.sampled_from(REFERENCES), max_size=2),
)


@dataclass(frozen=True)
class World:
    """People with clearances, who is listed in which group, labels, and open collections."""

    clearances: tuple[Label, ...]
    members: frozenset[tuple[str, str]]
    labels: tuple[AccessLabel, ...]
    open_to: frozenset[str]


worlds = st.builds(
    World,
    clearances=st.tuples(*[clearances] * len(PEOPLE)),
    members=st.frozensets(
        st.tuples(st.sampled_from(GROUPS), st.sampled_from(REFERENCES)), max_size=14
    ),
    labels=st.lists(access_labels, min_size=15, max_size=15).map(tuple),
    open_to=st.one_of(st.just(frozenset({"group:everyone"})), references),
)


def belongs(world: World, member: str, group: str, depth: int = 0) -> bool:
    """The reference: walk down from the group, at most as deep as there are groups."""
    if group == "everyone":
        return True
    if depth > len(GROUPS):
        return False
    return any(
        found == member
        or (found.startswith("group:") and belongs(world, member, found[6:], depth + 1))
        for listed, found in world.members
        if listed == group
    )


def named(world: World, person: str, listed: Iterable[str]) -> bool:
    return any(
        found == f"user:{person}"
        if found.startswith("user:")
        else belongs(world, f"user:{person}", found[6:])
        for found in listed
    )


def may_read(world: World, place: int, label: AccessLabel) -> bool:
    person, held = PEOPLE[place], world.clearances[place]
    return (
        held.classification >= label.label.classification
        and held.compartments >= label.label.compartments
        and named(world, person, label.readers)
        and not named(world, person, label.denied)
        and named(world, person, world.open_to if label.collection == "one" else ["group:everyone"])
    )


def enter(store: Store, world: World, clock: Clock) -> dict[AccessLabel, int]:
    """Replace whatever the store holds of people and groups with this world."""
    with store.write() as unit:
        for group, members in unit.principals.groups().items():
            for member in members:
                unit.principals.remove_member(group, member)
        for group in GROUPS:
            unit.principals.add_group(group, now=clock())
        for person, held in zip(PEOPLE, world.clearances, strict=True):
            unit.principals.add(Principal(person, PrincipalKind.PERSON, held), name="", now=clock())
        for group, member in world.members:
            unit.principals.add_member(group, member)
        ids = {label: unit.labels.intern(label, now=clock())[0] for label in world.labels}
        unit.labels.restrict_collection("one", world.open_to)
        unit.raise_epoch()
    return ids


@settings(
    max_examples=70,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(world=worlds)
def test_visible_sets_agree_with_the_reference_model(
    store: Store, clock: Clock, world: World
) -> None:
    """Each example checks 6 people against 15 labels: 6,300 cases in all."""
    ids = enter(store, world, clock)
    permissions = Permissions(PolicyEngine.from_folder(DEFAULT_FOLDER))
    with store.read() as unit:
        for place, person in enumerate(PEOPLE):
            found = unit.principals.get(person)
            assert found is not None
            visible = permissions.visible(unit, Subject(found))
            for label, label_id in ids.items():
                assert (label_id in visible.label_ids) is may_read(world, place, label)


@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(world=worlds)
def test_an_agent_for_a_person_sees_what_both_may_read(
    store: Store, clock: Clock, world: World
) -> None:
    enter(store, world, clock)
    permissions = Permissions(PolicyEngine.from_folder(DEFAULT_FOLDER))
    with store.read() as unit:
        found = [unit.principals.get(person) for person in PEOPLE]
        for agent, person in itertools.permutations([each for each in found if each], 2):
            both = permissions.visible(unit, Subject(agent, person)).label_ids
            alone = [permissions.visible(unit, Subject(each)).label_ids for each in (agent, person)]
            assert both == alone[0] & alone[1]


@pytest.fixture
def nurse(store: Store, clock: Clock) -> Principal:
    with store.write() as unit:
        unit.principals.add(
            Principal("amara", PrincipalKind.PERSON, Label(Classification.INTERNAL)),
            name="",
            now=clock(),
        )
        unit.principals.add_group("nurses", now=clock())
        unit.principals.add_member("nurses", "user:amara")
        unit.labels.intern(
            AccessLabel("ward", Label(Classification.INTERNAL), frozenset({"group:nurses"})),
            now=clock(),
        )
        unit.raise_epoch()
        found = unit.principals.get("amara")
    assert found is not None
    return found


def test_a_lost_membership_counts_at_the_next_request(
    store: Store, clock: Clock, nurse: Principal
) -> None:
    permissions = Permissions(PolicyEngine.from_folder(DEFAULT_FOLDER))
    with store.read() as unit:
        assert permissions.visible(unit, Subject(nurse)).label_ids
    with store.write() as unit:
        unit.principals.remove_member("nurses", "user:amara")
        unit.raise_epoch()
    clock.forward(timedelta(seconds=1))
    with store.read() as unit:
        now = unit.principals.get("amara")
        assert now is not None
        assert permissions.visible(unit, Subject(now)).label_ids == frozenset()


def test_what_is_remembered_is_never_found_by_a_name_alone(store: Store, nurse: Principal) -> None:
    permissions = Permissions(PolicyEngine.from_folder(DEFAULT_FOLDER))
    stranger = replace(nurse, groups=frozenset({"everyone"}))
    with store.read() as unit:
        assert permissions.visible(unit, Subject(nurse)).label_ids
        assert permissions.visible(unit, Subject(stranger)).label_ids == frozenset()


def test_the_same_rights_have_the_same_key_and_other_rights_another(
    store: Store, nurse: Principal
) -> None:
    permissions = Permissions(PolicyEngine.from_folder(DEFAULT_FOLDER))
    twin = replace(nurse, id="twin")
    stranger = replace(nurse, id="stranger", groups=frozenset({"everyone"}))
    with store.read() as unit:
        keys = [permissions.visible(unit, Subject(who)).key for who in (nurse, twin, stranger)]
    assert keys[0] == keys[1] != keys[2]


def test_a_subject_narrowed_to_collections_or_sent_by_another_reads_no_more_than_that(
    store: Store, clock: Clock
) -> None:
    level = Label(Classification.INTERNAL)
    ana, bo = (Principal(name, PrincipalKind.PERSON, level) for name in ("ana", "bo"))
    everyone, one = frozenset({"user:ana", "user:bo"}), frozenset({"user:ana"})
    with store.write() as unit:
        kept = {}
        for name, readers in (("open", everyone), ("own", one)):
            label = AccessLabel(name, level, readers)
            kept[name], _ = unit.labels.intern(label, now=clock())
            unit.labels.restrict_collection(name, everyone)
    permissions = Permissions(PolicyEngine.from_folder(DEFAULT_FOLDER))
    with store.read() as unit:

        def readable(subject: Subject) -> frozenset[int]:
            return permissions.visible(unit, subject).label_ids

        assert readable(Subject(ana)) == set(kept.values())
        assert readable(Subject(ana, collections=frozenset({"own"}))) == {kept["own"]}
        assert readable(Subject(ana, collections=frozenset())) == frozenset()
        assert readable(Subject(ana, through=(bo,))) == {kept["open"]}
