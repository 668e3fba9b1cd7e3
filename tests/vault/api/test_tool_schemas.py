"""What is said of a ticket is bounded, and nothing is said that nobody asked for."""

import pytest
from pydantic import ValidationError

from vault.api.tool_schemas import RemarkIn, TicketIn, TicketMoveIn


@pytest.mark.parametrize(
    "change",
    [
        {"title": ""},
        {"title": "a\nb"},
        {"priority": 6},
        {"body": "x" * 20_001},
        {"label": "secret"},
    ],
)
def test_a_ticket_within_bounds_is_taken(change: dict) -> None:
    body = {"title": "Door", "queue": "it"}
    assert TicketIn.model_validate(body).priority == 3
    with pytest.raises(ValidationError):
        TicketIn.model_validate(body | change)


def test_a_move_and_a_remark_are_bounded() -> None:
    for form, body in ((TicketMoveIn, {"state": "gone", "changes": 0}), (RemarkIn, {"text": ""})):
        with pytest.raises(ValidationError):
            form.model_validate(body)
