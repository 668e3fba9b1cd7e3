"""What sources know of people is kept source by source."""

from tests.conftest import Clock
from vault.store.identities import Identity
from vault.store.session import Store

ALICE = Identity("uid:1", "alice", False, True, ("mail:a@x", "name:al"))
STAFF = Identity("gid:1", "staff", True)


def test_people_come_back_as_they_were_kept_and_the_newest_word_counts(store: Store) -> None:
    with store.write() as unit:
        unit.identities.put("corp", [ALICE, STAFF])
        unit.identities.put("other", [STAFF])
        assert unit.identities.all("corp") == {"uid:1": ALICE, "gid:1": STAFF}
        later = Identity("uid:1", "alice", False, False)
        unit.identities.put("corp", [ALICE, later])
        assert unit.identities.all("corp") == {"uid:1": later, "gid:1": STAFF}
        assert unit.identities.count("corp") == (1, 1)
        assert unit.identities.count("none") == (0, 0)


def test_members_replace_those_of_the_same_group_only(store: Store) -> None:
    with store.write() as unit:
        unit.identities.set_members("corp", {"gid:1": ["uid:1", "uid:2", "uid:1"], "gid:2": []})
        unit.identities.set_members("other", {"gid:1": ["uid:9"]})
        unit.identities.set_members("corp", {"gid:1": ["uid:3"]})
        assert unit.identities.members("corp") == [("gid:1", "uid:3")]
        assert unit.identities.members("other") == [("gid:1", "uid:9")]


def test_who_is_dropped_leaves_no_trace_in_any_group(store: Store) -> None:
    with store.write() as unit:
        unit.identities.put("corp", [ALICE, STAFF])
        unit.identities.set_members("corp", {"gid:1": ["uid:1", "uid:2"], "gid:2": ["gid:1"]})
        unit.identities.drop("corp", ["uid:1"])
        assert unit.identities.all("corp") == {"gid:1": STAFF}
        assert set(unit.identities.members("corp")) == {("gid:1", "uid:2"), ("gid:2", "gid:1")}
        unit.identities.drop("corp", ["gid:1"])
        assert unit.identities.members("corp") == []


def test_what_was_mapped_by_hand_is_remembered_until_it_is_forgotten(
    store: Store, clock: Clock
) -> None:
    with store.write() as unit:
        unit.identities.map("corp", "uid:1", "user:bob", now=clock())
        unit.identities.map("corp", "uid:1", "user:carol", now=clock())
        unit.identities.map("corp", "gid:9", None, now=clock())
        assert unit.identities.mapped("corp") == {"uid:1": "user:carol", "gid:9": None}
        assert unit.identities.unmap("corp", "uid:1")
        assert not unit.identities.unmap("corp", "uid:1")
        assert unit.identities.mapped("corp") == {"gid:9": None}


def test_names_in_rights_are_noted_once(store: Store) -> None:
    with store.write() as unit:
        assert unit.identities.note_names("shelf", [("uid:1", False), ("gid:1", True)])
        assert unit.identities.note_names("shelf", [("uid:1", True), ("uid:1", False)])
        assert not unit.identities.note_names("shelf", [("uid:1", True)])
        assert unit.identities.names("shelf") == [
            ("gid:1", True),
            ("uid:1", False),
            ("uid:1", True),
        ]
        assert unit.identities.names("other") == []
