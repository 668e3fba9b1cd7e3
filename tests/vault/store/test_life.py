"""Every step of a document's life is kept, and a past moment can be read from them."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.conftest import Clock
from tests.vault.store.rows import STAFF, shelve
from vault.domain.documents import DocumentState
from vault.store import versions
from vault.store.database import Database
from vault.store.life import Life
from vault.store.session import Store

DAY = timedelta(days=1)


def label(store: Store, clock: Clock) -> int:
    with store.write() as unit:
        return unit.labels.intern(STAFF, now=clock())[0]


@pytest.fixture
def entered(store: Store, clock: Clock) -> str:
    shelved = shelve(store, "a", clock())
    with store.write() as unit:
        unit.documents.enter(shelved.id, DocumentState.CURRENT, at=clock())
    return shelved.id


def test_steps_come_in_order(store: Store, clock: Clock, entered: str) -> None:
    start = clock()
    clock.forward(DAY)
    with store.write() as unit:
        unit.documents.enter(entered, DocumentState.SUPERSEDED, at=clock(), superseded_by="b")
        steps = unit.life.of(entered)
    assert [(step.since, step.state.value, step.superseded_by) for step in steps] == [
        (start, "current", None),
        (clock(), "superseded", "b"),
    ]


def test_a_moment_shows_what_stood_then(store: Store, clock: Clock, entered: str) -> None:
    labels = [label(store, clock)]
    with store.read() as unit:
        assert unit.life.at(clock() - DAY, labels) == []
        [then] = unit.life.at(clock(), labels)
        assert unit.life.at(clock(), []) == []
    assert (then.document_id, then.chunks, then.superseded_by) == (entered, 2, None)


def test_what_is_set_aside_now_did_not_stand_then(store: Store, clock: Clock, entered: str) -> None:
    labels = [label(store, clock)]
    for state in (DocumentState.QUARANTINED, DocumentState.DELETED, DocumentState.ERASED):
        with store.write() as unit:
            unit.documents.enter(entered, state, at=clock() + DAY)
            assert unit.life.at(clock(), labels) == []


def test_an_end_that_has_come_is_listed_until_it_is_noted(
    store: Store, clock: Clock, entered: str
) -> None:
    with store.write() as unit:
        unit.documents.change(entered, expires_at=clock())
        assert unit.life.newly_expired(clock() - DAY, limit=9) == []
        assert unit.life.newly_expired(clock(), limit=9) == [(entered, clock())]
        unit.documents.change(entered, expiry_noted=True)
        assert unit.life.newly_expired(clock(), limit=9) == []


OLD_ROWS = """
INSERT INTO collection VALUES ('papers', '[]', :early);
INSERT INTO access_label VALUES (1, 'd', 'papers', 1, '[]', '["group:staff"]', '[]');
INSERT INTO document (id, source_id, uri, title, media_type, state, access_label_id, owner, key_id,
    revision_id, superseded_by, captured_at, modified_at)
VALUES ('a', 's', 'a', '', 't', 'superseded', 1, 'olga', 'k', 'a-1', 'b', :early, :early),
       ('b', 's', 'b', '', 't', 'current', 1, 'olga', 'k', 'b-1', NULL, :late, :late);
INSERT INTO revision (id, document_id, number, digest, text_digest, captured_at, modified_at,
    characters, chunk_count, engine, coverage, language)
VALUES ('a-1', 'a', 1, 'd', 'd', :early, :early, 1, 1, 'plain', 1, 'en'),
       ('b-1', 'b', 1, 'd', 'd', :late, :late, 1, 1, 'plain', 1, 'en');
"""


def test_the_life_of_older_homes_is_read_from_their_revisions(tmp_path: Path, clock: Clock) -> None:
    early = clock()
    times = {
        name: moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
        for name, moment in (("early", early), ("late", early + DAY))
    }
    database = Database(tmp_path / "old.db", key=os.urandom(32), busy_seconds=1)
    versions.upgrade(database, to="0005")
    with database.transaction(write=True) as connection:
        for statement in OLD_ROWS.split(";\n")[:-1]:
            connection.execute(text(statement), times)
    assert versions.upgrade(database)
    with database.transaction(write=False) as connection:
        steps = Life(connection).of("a")
    assert [(step.since, step.state.value) for step in steps] == [
        (early, "current"),
        (early + DAY, "superseded"),
    ]
    database.close()
