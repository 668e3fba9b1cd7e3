"""Retention ends in a disposition that one asks for, another grants, and a hold prevents."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.vault.lifecycle.conftest import ANN, OLGA, ROBIN, RUTH, Office
from vault.domain.errors import AccessDeniedError, InvalidRequestError
from vault.domain.requests import Verdict
from vault.domain.retention import Disposition, RetentionRule
from vault.ledger.verifier import verify_bundle
from vault.lifecycle.holds import Matter

MATTER = Matter("Case 12", "District court", "Documents are evidence")
YEAR = timedelta(days=366)


def test_what_is_due_is_destroyed_once_another_person_grants_it(office: Office) -> None:
    due, later = office.keep("due", retention="1y"), office.keep("later", retention="2y")
    office.clock.forward(YEAR)
    made = office.dispositions.ask(RUTH)
    with pytest.raises(AccessDeniedError):
        office.dispositions.grant(made.id, digest=made.digest, subject=RUTH, folder=None)
    [done] = office.dispositions.grant(made.id, digest=made.digest, subject=ROBIN, folder=None)
    assert (done.document_id, done.done) == (due, True)
    assert (office.state(due), office.state(later)) == ("erased", "current")
    assert done.certificate is not None
    bundle = json.dumps(done.certificate["bundle"]).encode()
    [event] = verify_bundle(bundle, [office.signer.key.vkey]).events
    assert event.event.type == "document.disposed"


def test_a_hold_keeps_what_is_due_out_of_the_request_and_is_looked_at_again(
    office: Office,
) -> None:
    held, free = office.keep("held", retention="1y"), office.keep("free", retention="1y")
    office.holds.place(MATTER, document_ids=[held], subject=RUTH)
    office.clock.forward(YEAR)
    listed, count = office.dispositions.due()
    assert ({one.document_id: one.held for one in listed}, count) == ({held: True, free: False}, 2)
    made = office.dispositions.ask(RUTH)
    office.holds.place(MATTER, document_ids=[free], subject=ROBIN)
    [done] = office.dispositions.grant(made.id, digest=made.digest, subject=ROBIN, folder=None)
    assert (done.done, "hold" in done.reason) == (False, True)
    assert {office.state(held), office.state(free)} == {"current"}
    with pytest.raises(InvalidRequestError, match="nothing is due"):
        office.dispositions.ask(RUTH)


def test_a_schedule_that_changed_after_the_request_counts(office: Office) -> None:
    found = office.keep("due", retention="1y")
    office.clock.forward(YEAR)
    made = office.dispositions.ask(RUTH)
    office.keep("due", retention="9y")
    [done] = office.dispositions.grant(made.id, digest=made.digest, subject=ROBIN, folder=None)
    assert (done.done, office.state(found)) == (False, "current")


def test_a_record_class_wins_and_counts_from_its_event(office: Office) -> None:
    rule = RetentionRule("contract", "event:ended", "1y", Disposition.DESTROY, "Civil code 195")
    office.schedules.define(rule, RUTH)
    found = office.keep("lease", retention="1d", kind="contract")
    office.clock.forward(YEAR * 3)
    assert office.dispositions.due() == ([], 0)
    office.schedules.note_event(found, "ended", at=office.clock() - YEAR, subject=OLGA)
    [due], _ = office.dispositions.due()
    assert (due.document_id, due.record_class) == (found, "contract")


def test_a_record_to_be_reviewed_is_listed_and_never_destroyed(office: Office) -> None:
    rule = RetentionRule("minutes", "created", "1y", Disposition.REVIEW, "Statute 4")
    office.schedules.define(rule, None)
    office.keep("board", kind="minutes")
    office.clock.forward(YEAR)
    [due], _ = office.dispositions.due()
    assert due.disposition is Disposition.REVIEW
    with pytest.raises(InvalidRequestError, match="nothing is due"):
        office.dispositions.ask(RUTH)


def test_a_transferred_record_is_written_and_signed_before_it_is_gone(
    office: Office, tmp_path: Path
) -> None:
    rule = RetentionRule("files", "modified", "1y", Disposition.TRANSFER, "Archive act 3")
    office.schedules.define(rule, RUTH)
    found = office.keep("dossier", kind="files")
    office.clock.forward(YEAR)
    made = office.dispositions.ask(RUTH)
    with pytest.raises(InvalidRequestError, match="folder"):
        office.dispositions.grant(made.id, digest=made.digest, subject=ROBIN, folder=None)
    folder = tmp_path / "archive"
    [done] = office.dispositions.grant(made.id, digest=made.digest, subject=ROBIN, folder=folder)
    assert (done.done, office.state(found)) == (True, "erased")
    record = json.loads((folder / f"{found}.json").read_text(encoding="utf-8"))
    assert record["revisions"][0]["text"] == "The text of dossier."
    assert "document.transferred" in office.events(found)


def test_nothing_of_a_record_that_is_held_by_now_is_handed_over(
    office: Office, tmp_path: Path
) -> None:
    rule = RetentionRule("files", "modified", "1y", Disposition.TRANSFER, "Archive act 3")
    office.schedules.define(rule, RUTH)
    found = office.keep("dossier", kind="files")
    office.clock.forward(YEAR)
    made = office.dispositions.ask(RUTH)
    office.holds.place(MATTER, document_ids=[found], subject=ROBIN)
    folder = tmp_path / "archive"
    [done] = office.dispositions.grant(made.id, digest=made.digest, subject=ROBIN, folder=folder)
    assert (done.done, office.state(found), folder.exists()) == (False, "current", False)


def test_a_folder_that_cannot_be_written_keeps_the_record(office: Office, tmp_path: Path) -> None:
    rule = RetentionRule("files", "modified", "1y", Disposition.TRANSFER, "Archive act 3")
    office.schedules.define(rule, RUTH)
    found = office.keep("dossier", kind="files")
    office.clock.forward(YEAR)
    made = office.dispositions.ask(RUTH)
    blocked = tmp_path / "a-file"
    blocked.write_text("not a folder", encoding="utf-8")
    [done] = office.dispositions.grant(made.id, digest=made.digest, subject=ROBIN, folder=blocked)
    assert (done.done, office.state(found)) == (False, "current")


def test_a_refusal_changes_nothing_but_the_request(office: Office) -> None:
    found = office.keep("due", retention="1y")
    office.clock.forward(YEAR)
    made = office.dispositions.ask(RUTH)
    office.dispositions.refuse(made.id, digest=made.digest, subject=ROBIN)
    assert (office.requests.get(made.id).verdict, office.state(found)) == (
        Verdict.REFUSED,
        "current",
    )


def test_readers_neither_define_classes_nor_ask(office: Office) -> None:
    office.keep("due", retention="1y")
    office.clock.forward(YEAR)
    rule = RetentionRule("files", "modified", "1y", Disposition.DESTROY, "Archive act 3")
    with pytest.raises(AccessDeniedError):
        office.schedules.define(rule, ANN)
    with pytest.raises(AccessDeniedError):
        office.dispositions.ask(ANN)
