"""Deadlines follow from the rules and the moments they count from, and from nothing else."""

from datetime import UTC, datetime, timedelta

import pytest

from vault.domain.errors import InvalidRequestError
from vault.domain.records import Governance
from vault.domain.retention import Deadlines, Disposition, RecordTimes, RetentionRule, deadlines

DAY = timedelta(days=1)
START = datetime(2026, 1, 1, tzinfo=UTC)
TIMES = RecordTimes(START, START + 10 * DAY, START + 20 * DAY, {"ended": START + 40 * DAY})
NEVER = RecordTimes(START, START + 10 * DAY, None, {})


def rule(trigger: str, period: str = "5d") -> RetentionRule:
    return RetentionRule("contract", trigger, period, Disposition.DESTROY, "Civil code 195")


@pytest.mark.parametrize(
    ("trigger", "days"), [("created", 5), ("modified", 15), ("event:ended", 45)]
)
def test_a_class_counts_from_its_trigger(trigger: str, days: int) -> None:
    found = deadlines(TIMES, Governance("olga", retention="1d"), rule(trigger))
    assert found.due_at == START + days * DAY


def test_an_event_that_has_not_happened_starts_nothing() -> None:
    assert deadlines(NEVER, Governance("olga"), rule("event:ended")).due_at is None


def test_without_a_class_the_plain_period_counts_from_the_last_change() -> None:
    found = deadlines(TIMES, Governance("olga", "5d", "7d", "9d"), None)
    assert found == Deadlines(
        due_at=START + 15 * DAY, stale_at=START + 29 * DAY, review_at=START + 27 * DAY
    )


def test_a_document_nobody_verified_is_reviewed_from_its_capture() -> None:
    found = deadlines(NEVER, Governance("olga", None, "7d", "9d"), None)
    assert (found.stale_at, found.review_at) == (START + 19 * DAY, START + 7 * DAY)


def test_no_rule_means_no_deadline() -> None:
    assert deadlines(TIMES, Governance("olga"), None) == Deadlines(None, None, None)


@pytest.mark.parametrize(
    ("name", "trigger", "period", "mandate"),
    [
        ("contract", "event:", "5d", "law"),
        ("contract", "someday", "5d", "law"),
        ("contract", "created", "soon", "law"),
        ("contract", "created", "5d", " "),
        ("con tract", "created", "5d", "law"),
    ],
)
def test_a_rule_that_cannot_be_read_is_refused_when_it_is_made(
    name: str, trigger: str, period: str, mandate: str
) -> None:
    with pytest.raises(InvalidRequestError):
        RetentionRule(name, trigger, period, Disposition.REVIEW, mandate)
