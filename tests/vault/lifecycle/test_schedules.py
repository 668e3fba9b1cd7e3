"""Schedules are defined by those who keep records, and events are noted by owners."""

import pytest

from tests.vault.lifecycle.conftest import ANN, OLGA, RUTH, Office
from vault.domain.errors import AccessDeniedError, InvalidRequestError, NotFoundError
from vault.domain.retention import Disposition, RetentionRule

RULE = RetentionRule("contract", "event:ended", "1y", Disposition.DESTROY, "Civil code 195")


def test_a_class_is_defined_once_and_may_be_changed(office: Office) -> None:
    office.schedules.define(RULE, RUTH)
    changed = RetentionRule("contract", "created", "2y", Disposition.REVIEW, "Civil code 195")
    office.schedules.define(changed, None)
    assert office.schedules.rules() == [changed]
    assert office.events("contract") == ["record_class.defined", "record_class.defined"]


def test_only_those_who_keep_records_define_classes(office: Office) -> None:
    with pytest.raises(AccessDeniedError):
        office.schedules.define(RULE, OLGA)
    assert office.schedules.rules() == []


def test_only_the_owner_notes_an_event_and_its_name_is_checked(office: Office) -> None:
    found = office.keep("lease")
    with pytest.raises(NotFoundError):
        office.schedules.note_event(found, "ended", at=office.clock(), subject=ANN)
    with pytest.raises(InvalidRequestError):
        office.schedules.note_event(found, "not a name", at=office.clock(), subject=OLGA)
    office.schedules.note_event(found, "ended", at=office.clock(), subject=OLGA)
    assert office.events(found)[-1] == "document.event_noted"


def test_a_class_that_does_not_exist_keeps_a_document_out(office: Office) -> None:
    with pytest.raises(InvalidRequestError, match="no record class fictional"):
        office.keep("lease", kind="fictional")
