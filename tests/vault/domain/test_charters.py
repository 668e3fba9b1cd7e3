"""A charter says everything an agent is held to; what it does not say permits least."""

from datetime import timedelta

from vault.domain.autonomy import Autonomy
from vault.domain.budgets import Caps
from vault.domain.charters import Charter, FixedStep, parse_label
from vault.domain.labels import Classification, Label
from vault.domain.runs import RunLimits

LEAST = {
    "name": "helper",
    "purpose": "Looks something up.",
    "owners": {"business": "olga"},
    "autonomy": "A2",
    "label_ceiling": "internal",
    "open_to": ["group:staff"],
}


def test_what_is_not_said_is_the_usual() -> None:
    found = Charter.parse(LEAST)
    assert found.autonomy is Autonomy.A2
    assert (found.tools, found.steps, found.groups, found.collections) == ({}, (), (), None)
    assert found.approvers == ("user:olga",)
    assert found.approval_lifetime == timedelta(hours=24)
    assert (found.limits, found.run_caps, found.artifact_days) == (RunLimits(), Caps({}), None)
    assert found.escalation.conflict
    assert found.escalation.label_above is None


def test_everything_that_is_said_holds() -> None:
    body = {
        **LEAST,
        "groups": ["staff", "audit"],
        "collections": ["rules"],
        "tools": ["search", {"name": "do", "digest": "sha256:d"}],
        "prompt": "Be brief.",
        "steps": [{"tool": "search"}, {"tool": "do", "arguments": {"words": "x"}}],
        "result": "done",
        "limits": {"steps": 3, "retries": 0},
        "budgets": {"run": {"calls": 4}, "month": {"money": 5}, "soft_share": 0.5},
        "escalation": {
            "confidence_below": 0.7,
            "label_above": {"classification": "public", "compartments": ["hr"]},
            "conflict": False,
        },
        "approval": {"approvers": ["group:staff"], "expires_minutes": 30},
        "artifacts": {"keep_days": 90},
    }
    found = Charter.parse(body)
    assert found.groups == ("audit", "staff")
    assert found.collections == {"rules"}
    assert found.tools == {"search": "", "do": "sha256:d"}
    assert found.steps == (FixedStep("search", {}), FixedStep("do", {"words": "x"}))
    assert (found.limits.steps, found.limits.retries) == (3, 0)
    assert (found.run_caps, found.month_caps) == (
        Caps({"calls": 4}, 0.5),
        Caps({"micros": 5_000_000}, 0.5),
    )
    assert found.escalation.label_above == Label(Classification.PUBLIC, frozenset({"hr"}))
    assert not found.escalation.conflict
    assert (found.approvers, found.approval_lifetime) == (
        ("group:staff",),
        timedelta(minutes=30),
    )
    assert found.artifact_days == 90


def test_a_label_is_a_word_or_an_object() -> None:
    assert parse_label("secret") == Label(Classification.SECRET)
