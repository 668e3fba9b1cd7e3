"""What the edges give out of agents, runs and approvals."""

from tests.vault.orchestrate.bureau import Bureau, charter
from vault.orchestrate.run_forms import (
    agent_form,
    approval_form,
    approver_form,
    run_form,
    started_form,
)


def test_a_run_is_shown_whole_to_its_person_and_without_words_to_an_owner(
    bureau: Bureau,
) -> None:
    bureau.usual(charter(owners={"business": "olga"}))
    run_id, state = bureau.run()
    assert started_form(run_id, state) == {"run_id": run_id, "state": "awaiting_approval"}
    whole = run_form(bureau.desk.show(run_id, bureau.subject("ana")))
    assert (whole["input"], whole["state"], whole["for"]) == (
        "the question",
        "awaiting_approval",
        "ana",
    )
    assert whole["calls"][0]["arguments"] == {"words": "the question"}
    assert whole["calls"][1]["autonomy"]["effective"] == "A3"
    shown = run_form(bureau.desk.show(run_id, bureau.subject("olga")))
    assert shown["input"] is None
    assert "arguments" not in shown["calls"][0]
    assert "the question" not in str(shown)


def test_an_approval_is_shown_with_its_view_and_never_whether_it_is_a_decoy(
    bureau: Bureau,
) -> None:
    bureau.usual()
    bureau.run()
    (found,) = bureau.approvals.waiting(None)
    form = approval_form(found, b"view")
    assert (form["state"], form["view"], form["granted"]) == ("waiting", "view", 0)
    assert "decoy" not in form


def test_an_agent_is_shown_with_what_lowers_it(bureau: Bureau) -> None:
    version = bureau.usual(charter(autonomy="A5"))
    form = agent_form(version, bureau.agents.level(version))
    assert (form["stage"], form["autonomy"]) == (
        "pilot",
        {"effective": "A3", "charter": "A5", "lowered_by": {"stage": "A3"}},
    )


def test_an_approver_is_shown_in_figures(bureau: Bureau) -> None:
    bureau.usual()
    bureau.run()
    bureau.decide()
    (found,) = bureau.approvals.statistics()
    assert approver_form(found) == {
        "approver": "olga",
        "decided": 1,
        "grant_rate": 1.0,
        "median_seconds": 5.0,
        "decoys": 0,
        "decoys_granted": 0,
    }
