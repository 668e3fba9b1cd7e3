"""A report counts what happened and says why, and nothing of what was read."""

from vault.ingest.report import IngestReport, ItemOutcome, ItemState


def test_an_outcome_has_the_promised_members() -> None:
    outcome = ItemOutcome(
        "file:///a", ItemState.INGESTED, document_id="d", characters=9, coverage=0.98765, chunks=2
    )
    assert outcome.form() == {
        "document_id": "d",
        "uri": "file:///a",
        "state": "ingested",
        "characters": 9,
        "coverage": 0.9877,
        "reason": None,
        "problem": None,
    }


def test_what_was_set_aside_says_why() -> None:
    form = ItemOutcome(
        "u", ItemState.QUARANTINED, reason="the file is empty", problem="unsupported-document"
    ).form()
    assert (form["state"], form["coverage"]) == ("quarantined", None)
    assert (form["reason"], form["problem"]) == ("the file is empty", "unsupported-document")


def test_an_empty_report_has_every_count() -> None:
    form = IngestReport().form()
    counts = ("ingested", "unchanged", "relabelled", "quarantined", "deleted", "held", "chunks")
    assert [form[name] for name in counts] == [0] * len(counts)
    assert form["documents"] == []


def test_every_item_is_counted_once_and_new_rights_leave_content_unchanged() -> None:
    report = IngestReport(seconds=1.23456)
    for place, state in enumerate([*ItemState, ItemState.INGESTED]):
        report.outcomes.append(ItemOutcome(str(place), state, chunks=place))
    form = report.form()
    assert (form["ingested"], form["unchanged"], form["relabelled"], form["moved"]) == (2, 3, 1, 1)
    assert (form["quarantined"], form["deleted"], form["held"]) == (1, 1, 1)
    assert form["chunks"] == sum(range(len(ItemState) + 1))
    assert form["seconds"] == 1.235
    assert form["documents"] == [outcome.form() for outcome in report.outcomes]
