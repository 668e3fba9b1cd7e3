"""Equal rights share one small number, and a collection is open to exactly whom it says."""

from dataclasses import replace

import pytest

from tests.conftest import Clock
from tests.vault.store.rows import BOARD, STAFF
from vault.domain.labels import LOWEST
from vault.store.session import Store


def test_a_label_is_interned_once(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        first = unit.labels.intern(STAFF, now=clock())
        again = unit.labels.intern(replace(STAFF), now=clock())
        other = unit.labels.intern(BOARD, now=clock())
        assert first == (first[0], True)
        assert again == (first[0], False)
        assert other[1]
        assert unit.labels.all() == {first[0]: STAFF, other[0]: BOARD}


@pytest.mark.parametrize(
    "changed",
    [
        {"collection": "drafts"},
        {"label": LOWEST},
        {"readers": frozenset({"group:staff", "user:bo"})},
        {"denied": frozenset({"user:bo"})},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_different_rights_never_share_a_number(
    store: Store, clock: Clock, changed: dict[str, object]
) -> None:
    other = replace(STAFF, **changed)  # type: ignore[arg-type]
    with store.write() as unit:
        one, _ = unit.labels.intern(STAFF, now=clock())
        two, new = unit.labels.intern(other, now=clock())
        assert new
        assert one != two
        assert unit.labels.all()[two] == other


def test_a_label_nobody_may_read_stays_unreadable(store: Store, clock: Clock) -> None:
    nobody = replace(STAFF, readers=frozenset())
    with store.write() as unit:
        label_id, _ = unit.labels.intern(nobody, now=clock())
        assert unit.labels.all()[label_id].readers == frozenset()


def test_a_new_collection_is_open_to_everyone_until_it_is_restricted(
    store: Store, clock: Clock
) -> None:
    with store.write() as unit:
        for label in (STAFF, BOARD):
            unit.labels.intern(label, now=clock())
        everyone = frozenset({"group:everyone"})
        assert unit.labels.openings() == {"papers": everyone, "deals": everyone}
        unit.labels.restrict_collection("deals", frozenset({"user:olga", "group:board"}))
        assert unit.labels.openings() == {
            "papers": everyone,
            "deals": frozenset({"user:olga", "group:board"}),
        }


def test_a_restriction_outlives_further_labels_of_the_collection(
    store: Store, clock: Clock
) -> None:
    with store.write() as unit:
        unit.labels.intern(BOARD, now=clock())
        unit.labels.restrict_collection("deals", frozenset())
        unit.labels.intern(replace(BOARD, denied=frozenset()), now=clock())
        assert unit.labels.openings()["deals"] == frozenset()
