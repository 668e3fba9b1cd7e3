"""What goes over the wire about runs has these members and no others."""

import pytest
from pydantic import ValidationError

from vault.api.run_schemas import DecisionIn, ResolutionIn, RunIn, RunRowOut


def test_a_run_is_asked_for_within_bounds() -> None:
    assert RunIn(agent="clerk", input="x").wait_seconds == 20
    for wrong in ({"wait_seconds": 61}, {"input": ""}, {"agent": ""}, {"more": 1}):
        with pytest.raises(ValidationError):
            RunIn.model_validate({"agent": "clerk", "input": "x", **wrong})


def test_a_decision_names_a_digest_and_a_resolution_an_outcome() -> None:
    with pytest.raises(ValidationError):
        DecisionIn(view_digest="yes")
    with pytest.raises(ValidationError):
        ResolutionIn.model_validate({"reason": "x", "outcome": "maybe"})


def test_whom_a_run_is_for_stands_under_its_plain_name() -> None:
    row = {
        "run_id": "r",
        "agent": "clerk",
        "version": 1,
        "for": "ana",
        "state": "running",
        "started_at": "2026-11-22T09:00:00Z",
        "ended_at": None,
    }
    assert RunRowOut.model_validate(row).model_dump(by_alias=True) == row
