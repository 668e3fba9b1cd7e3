"""Each distinct access list is kept once, sealed, with its label."""

from datetime import timedelta

import pytest

from tests.conftest import Clock
from tests.vault.store.rows import RULES, STAFF
from vault.domain.errors import NotFoundError
from vault.domain.source_rights import Clause, ItemRights
from vault.store.session import Store, UnitOfWork
from vault.store.source_rights import KeptAcl, SourceAge, acl_content
from vault.store.sources import SourceRecord

RIGHTS = ItemRights((Clause(allows=True, reference="group:s/=a"),))


def added(unit: UnitOfWork, store: Store, clock: Clock, *, known: bool = True) -> KeptAcl:
    key = store.keys.new(collection="papers", now=clock())
    label_id, _ = unit.labels.intern(STAFF, now=clock())
    record = SourceRecord("shelf", "scripted", {}, label_id, RULES, native=True)
    unit.sources.add(record, now=clock())
    return unit.rights.add_acl(
        "shelf", "sha256:1", b"raw", label=(label_id, known), key=key, now=clock()
    )


def test_a_list_comes_back_by_its_digest_and_opens_with_its_key(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        kept = added(unit, store, clock)
        assert unit.rights.acls("shelf") == {"sha256:1": kept}
        assert unit.rights.acls("other") == {}
        assert unit.rights.raw(kept.id) == b"raw"
        with pytest.raises(NotFoundError):
            unit.rights.raw(99)


def test_an_ordered_list_has_one_number(store: Store) -> None:
    other = ItemRights((Clause(allows=False, reference="group:s/=a"),))
    with store.write() as unit:
        number = unit.rights.list_number("shelf", RIGHTS)
        assert unit.rights.list_number("shelf", RIGHTS) == number
        assert unit.rights.list_number("shelf", other) != number
        assert unit.rights.list_number("attic", RIGHTS) != number


def test_labels_are_told_whose_rights_were_seen_too_long_ago(store: Store, clock: Clock) -> None:
    with store.write() as unit:
        kept = added(unit, store, clock)
        age = SourceAge("shelf", None, kept.access_label_id, int(STAFF.label.classification))
        assert unit.rights.ages(clock()) == [age]
        unit.sources.note("shelf", rights_at=clock())
        assert unit.rights.ages(clock()) == []
        later = clock() + timedelta(seconds=1)
        assert [found.rights_at for found in unit.rights.ages(later)] == [clock()]
        unit.sources.note("shelf", rights="mapped")
        assert unit.rights.ages(later) == []


def test_only_documents_under_a_list_nobody_could_read_are_counted(
    store: Store, clock: Clock
) -> None:
    with store.write() as unit:
        added(unit, store, clock, known=False)
        assert unit.rights.unknown("shelf") == 0


def test_a_digest_follows_from_all_that_was_said() -> None:
    said = [(b"r", [["x"]], "b"), (b"r", None, "b"), (b"q", [["x"]], "b"), (b"r", [["x"]], "c")]
    assert len({acl_content(raw, lists, base=base)[0] for raw, lists, base in said}) == 4
