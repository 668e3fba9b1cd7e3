"""An approval covers one exact act, once, under one policy, for a while."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest

from tests.conftest import Clock
from vault.domain.approvals import (
    Action,
    Approval,
    ApprovalState,
    ApproverRecord,
    Vote,
    digest_of_view,
)
from vault.domain.errors import ApprovalRefusedError, RunStateError
from vault.domain.labels import Classification, Label

ACTION = Action(
    agent="helper@1",
    agent_digest="sha256:a",
    subject=("user:helper", "user:ana"),
    tool="do",
    tool_digest="sha256:t",
    arguments={"words": "do it", "lines": [1, 2]},
    label=Label(Classification.INTERNAL),
    run_id="r1",
    call_id="1",
    nonce="n1",
)
OTHERS = {
    "agent": "helper@2",
    "agent_digest": "sha256:b",
    "subject": ("user:helper", "user:bo"),
    "tool": "undo",
    "tool_digest": "sha256:u",
    "arguments": {"words": "do it", "lines": [2, 1]},
    "label": Label(Classification.SECRET),
    "run_id": "r2",
    "call_id": "2",
    "nonce": "n2",
    "operation": "promote",
}


def approval(
    clock: Clock, *, granted_by: tuple[str, ...] = ("olga",), **changes: object
) -> Approval:
    votes = tuple(Vote(name, True, clock(), clock()) for name in granted_by)
    made = Approval(
        id="p1",
        run_id="r1",
        call_id="1",
        action_digest=ACTION.digest,
        policy_digest="sha256:p",
        view_digest=digest_of_view(b"view"),
        nonce="n1",
        agent="helper",
        requested_for="ana",
        approvers=("user:olga", "user:bo"),
        needed=1,
        state=ApprovalState.GRANTED,
        requested_at=clock(),
        expires_at=clock() + timedelta(hours=1),
        votes=votes,
    )
    return replace(made, **changes)


def use(found: Approval, clock: Clock, action: Action = ACTION, policy: str = "sha256:p") -> None:
    found.check_usable(action, policy_digest=policy, now=clock())


def test_a_granted_approval_lets_its_own_act_happen(clock: Clock) -> None:
    use(approval(clock), clock)


def test_every_part_of_an_act_is_covered(clock: Clock) -> None:
    assert {found.name for found in fields(Action)} == OTHERS.keys()
    for name, other in OTHERS.items():
        with pytest.raises(ApprovalRefusedError, match="for another"):
            use(approval(clock), clock, replace(ACTION, **{name: other}))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"decoy": True}, "stands for no act"),
        ({"state": ApprovalState.SPENT}, "used before"),
        ({"state": ApprovalState.WAITING}, "not approved"),
        ({"state": ApprovalState.EXPIRED}, "not approved"),
        ({"state": ApprovalState.REFUSED}, "a person refused"),
        ({"needed": 2}, "too few persons"),
        ({"votes": ()}, "too few persons"),
        ({"requested_for": "olga"}, "too few persons"),
        ({"agent": "olga"}, "too few persons"),
        ({"policy_digest": "sha256:q"}, "the policy changed"),
    ],
)
def test_anything_short_of_it_is_no_approval(
    clock: Clock, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(ApprovalRefusedError, match=said):
        use(approval(clock, **changes), clock)


def test_an_approval_that_was_used_is_no_approval(clock: Clock) -> None:
    with pytest.raises(ApprovalRefusedError, match="used before"):
        use(approval(clock, spent_at=clock()), clock)


def test_an_approval_ends(clock: Clock) -> None:
    found = approval(clock)
    clock.forward(timedelta(hours=1))
    with pytest.raises(ApprovalRefusedError, match="expired"):
        use(found, clock)


def test_one_more_attempt_at_the_same_act_is_covered_and_at_another_is_not(clock: Clock) -> None:
    found = approval(clock, state=ApprovalState.SPENT, spent_at=clock())
    found.check_same(ACTION, policy_digest="sha256:p")
    with pytest.raises(ApprovalRefusedError, match="another act"):
        found.check_same(replace(ACTION, arguments={}), policy_digest="sha256:p")


def test_a_vote_is_on_what_was_shown_in_time_and_once(clock: Clock) -> None:
    found = approval(clock, state=ApprovalState.WAITING, granted_by=("olga",), needed=2)
    digest = found.view_digest
    found.check_votable(approver="bo", view_digest=digest, now=clock())
    with pytest.raises(RunStateError, match="decided before"):
        found.check_votable(approver="olga", view_digest=digest, now=clock())
    with pytest.raises(RunStateError, match="not the one that was shown"):
        found.check_votable(approver="bo", view_digest=digest_of_view(b"other"), now=clock())
    with pytest.raises(RunStateError, match="granted already"):
        approval(clock).check_votable(approver="bo", view_digest=digest, now=clock())
    clock.forward(timedelta(hours=1))
    with pytest.raises(RunStateError, match="expired"):
        found.check_votable(approver="bo", view_digest=digest, now=clock())


def test_a_grant_rate_of_nothing_is_nothing() -> None:
    assert ApproverRecord("bo", 0, 0, None, 0, 0).grant_rate == 0.0
    assert ApproverRecord("bo", 4, 3, None, 0, 0).grant_rate == 0.75
