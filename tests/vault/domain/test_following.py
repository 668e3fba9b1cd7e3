"""What an operator says about following a source is checked when it is said."""

from datetime import UTC, datetime, timedelta

import pytest

from vault.domain.errors import InvalidRequestError
from vault.domain.following import Following, Match, retry_wait_minutes

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_rules_come_back_as_they_were_written() -> None:
    said = Following("every 15m", ("corp", "ldap"), "group:staff", 0.5, 60, Match.MAIL)
    assert Following.of(said.form()) == said
    assert Following.of(Following().form()) == Following()


def test_a_source_of_an_earlier_release_has_the_usual_rules() -> None:
    assert Following.of(None) == Following()


def test_rules_that_are_damaged_name_no_directory() -> None:
    assert Following.of(Following().form() | {"identities": "corp"}).identities == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"schedule": "often"},
        {"identities": ("corp/x",)},
        {"audience": "staff"},
        {"most_gone": 0.0},
        {"most_gone": 1.5},
        {"per_minute": 0},
    ],
)
def test_what_could_not_be_followed_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidRequestError):
        Following(**wrong)  # type: ignore[arg-type]


def test_a_source_is_due_by_its_schedule_and_at_once_if_it_never_was_tried() -> None:
    assert Following().due_at(None) is None
    assert Following().due_at(NOON) is None
    said = Following("every 15m")
    never = said.due_at(None)
    assert never is not None
    assert never < NOON
    assert said.due_at(NOON) == NOON + timedelta(minutes=15)


def test_waits_double_up_to_a_day() -> None:
    assert [retry_wait_minutes(attempts) for attempts in (0, 1, 2, 3, 11, 12, 99)] == [
        1,
        1,
        2,
        4,
        1024,
        1440,
        1440,
    ]
