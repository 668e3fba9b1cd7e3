"""Retention by command: a class, an event, a dry run, and two persons for what is final."""

import json

import pytest

from tests.vault.cli.conftest import Kept, Strongroom

CLASS = ("retention", "define", "paper", "--period", "1d", "--mandate", "Statute 4")


@pytest.fixture
def keepers(strongroom: Strongroom) -> None:
    """Ruth and Robin keep records."""
    for name in ("ruth", "robin"):
        added = strongroom(
            "principal", "add", name, "--clearance", "internal", "--group", "records"
        )
        assert added.exit_code == 0, added.output


def test_a_class_is_defined_and_listed(strongroom: Strongroom) -> None:
    assert strongroom(*CLASS, "--trigger", "event:ended", "--action", "destroy").exit_code == 0
    listed = json.loads(strongroom("retention", "classes", "--json").stdout)
    assert listed["record_classes"] == [
        {
            "name": "paper",
            "trigger": "event:ended",
            "period": "1d",
            "action": "destroy",
            "mandate": "Statute 4",
        }
    ]
    assert "destroy" in strongroom("retention", "classes").stdout
    assert strongroom(*CLASS, "--trigger", "someday").exit_code == 65


def test_nothing_due_is_said_and_asked_for_by_nobody(strongroom: Strongroom, keepers: None) -> None:
    dry = strongroom("retention", "sweep", "--dry-run", "--json")
    assert json.loads(dry.stdout) == {"due": [], "count": 0}
    assert "0 records are due" in strongroom("retention", "sweep", "--dry-run").stdout
    assert strongroom("retention", "sweep", "--as", "ruth").exit_code == 65
    assert strongroom("retention", "sweep").exit_code == 65


def test_two_keepers_dispose_of_what_is_due(
    strongroom: Strongroom, kept: Kept, keepers: None
) -> None:
    define = strongroom(*CLASS, "--trigger", "event:ended", "--action", "destroy")
    assert define.exit_code == 0
    classify(strongroom, kept.leave)
    event = strongroom("retention", "event", kept.leave, "ended", "--at", "2026-01-01")
    assert event.exit_code == 0, event.output
    shown = strongroom("retention", "sweep", "--dry-run").stdout
    assert kept.leave in shown
    assert "1 records are due" in shown
    asked = json.loads(strongroom("retention", "sweep", "--as", "ruth", "--json").stdout)
    verdict = (asked["request_id"], "--digest", asked["digest"])
    assert kept.leave in strongroom("retention", "requests", "--as", "robin").stdout
    assert strongroom("retention", "grant", *verdict, "--as", "ruth").exit_code == 77
    granted = strongroom("retention", "grant", *verdict, "--as", "robin")
    [record] = json.loads(granted.stdout)["records"]
    assert (record["document_id"], record["done"]) == (kept.leave, True)
    assert strongroom("document", "show", kept.leave, "--as", "ana").exit_code == 66


def test_a_refused_request_leaves_its_records(
    strongroom: Strongroom, kept: Kept, keepers: None
) -> None:
    strongroom(*CLASS, "--trigger", "created", "--action", "destroy")
    classify(strongroom, kept.leave)
    strongroom("retention", "event", kept.leave, "ended", "--at", "2026-01-01")
    strongroom(*CLASS, "--trigger", "event:ended", "--action", "destroy")
    asked = json.loads(strongroom("retention", "sweep", "--as", "ruth", "--json").stdout)
    verdict = (asked["request_id"], "--digest", asked["digest"])
    assert strongroom("retention", "refuse", *verdict, "--as", "robin").exit_code == 0
    assert strongroom("retention", "grant", *verdict, "--as", "robin").exit_code == 65
    assert strongroom("document", "show", kept.leave, "--as", "ana").exit_code == 0


def classify(strongroom: Strongroom, document_id: str) -> None:
    result = strongroom(
        "document", "classify", document_id, "--record-class", "paper", "--as", "olga"
    )
    assert result.exit_code == 0, result.output
