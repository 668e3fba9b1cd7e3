"""Tickets are kept whole, in an encrypted file of their own."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from vault.domain.labels import Classification, Label
from vault.domain.tickets import Notice, Remark, TicketDraft, TicketState
from vault.store.database import Database
from vault.store.tickets import TicketStore

NOW = datetime(2026, 11, 1, tzinfo=UTC)
HR = Label(Classification.CONFIDENTIAL, frozenset({"hr"}))
DRAFT = TicketDraft("A rare title", "body", "staff", 2, HR)


@pytest.fixture
def tickets(tmp_path: Path) -> Iterator[TicketStore]:
    made = TicketStore(Database(tmp_path / "tracker.db", key=os.urandom(32)))
    yield made
    made.close()


def test_a_ticket_is_read_back_as_it_was_kept(tickets: TicketStore, tmp_path: Path) -> None:
    with tickets.write() as rows:
        made = rows.add(DRAFT, made_by="helper", reporter="ana", run_id="r1", now=NOW)
    with tickets.read() as rows:
        assert rows.get(made.number) == made
        assert rows.get(99) is None
    assert b"A rare title" not in (tmp_path / "tracker.db").read_bytes()


def test_a_change_is_for_the_state_that_was_seen(tickets: TicketStore) -> None:
    with tickets.write() as rows:
        made = rows.add(DRAFT, made_by="ana", reporter="ana", run_id=None, now=NOW)
        assert rows.move(made.number, TicketState.CLOSED, changes=0, now=NOW)
        assert not rows.move(made.number, TicketState.OPEN, changes=0, now=NOW)
        moved = rows.get(made.number)
    assert moved is not None
    assert (moved.state, moved.changes) == (TicketState.CLOSED, 1)


def test_remarks_notices_and_keys_are_kept(tickets: TicketStore) -> None:
    remark, notice = Remark("bo", "Seen.", NOW), Notice("n", "bo", "ana", "Look.", HR, NOW)
    with tickets.write() as rows:
        made = rows.add(DRAFT, made_by="ana", reporter="ana", run_id=None, now=NOW)
        rows.say(made.number, remark)
        rows.notify(notice)
        rows.remember("sha256:k", request_digest="sha256:r", made="1")
    with tickets.read() as rows:
        assert rows.remarks(made.number) == [remark]
        assert rows.notices("bo", limit=5) == [notice]
        assert rows.notices("ana", limit=5) == []
        assert rows.done("sha256:k") == ("sha256:r", "1")
        assert rows.done("sha256:other") is None


def test_pages_go_down_from_a_number(tickets: TicketStore) -> None:
    with tickets.write() as rows:
        for _ in range(4):
            rows.add(DRAFT, made_by="ana", reporter="ana", run_id=None, now=NOW)
        assert [found.number for found in rows.some(before=None, limit=2)] == [4, 3]
        assert [found.number for found in rows.some(before=3, limit=5)] == [2, 1]
