"""An approval lets one exact act happen once, by somebody else who looked at it."""

import multiprocessing
import os
import string
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path

import pytest
from numpy.random import Generator, default_rng

from tests.conftest import Clock, StoreFiles
from tests.vault.orchestrate.bureau import POLICY, Bureau, charter, one_step
from vault.domain.approvals import Action, Approval, ApprovalState
from vault.domain.assets import AssetKind, AssetState
from vault.domain.errors import ApprovalRefusedError, NotFoundError, RunStateError
from vault.domain.labels import Classification, Label
from vault.domain.runs import RunStatus
from vault.domain.tools import ApprovalRule, Reversibility, ToolCall
from vault.orchestrate.approvals import Act
from vault.orchestrate.governor import Answer, Verdict
from vault.store.database import Database
from vault.store.keys import KeyRing
from vault.store.session import Store


def waiting(bureau: Bureau) -> str:
    bureau.usual()
    return bureau.run()[0]


def test_only_named_persons_other_than_the_one_it_is_for_see_and_decide(bureau: Bureau) -> None:
    bureau.usual(charter(approval={"approvers": ["group:staff"]}))
    bureau.run("olga")
    (found,) = bureau.approvals.waiting(bureau.subject("bo"))
    for name in ("olga", "rik"):
        subject = bureau.subject(name)
        assert bureau.approvals.waiting(subject) == []
        with pytest.raises(NotFoundError):
            bureau.approvals.show(found.id, subject)
        with pytest.raises(NotFoundError):
            bureau.approvals.decide(found.id, subject, granted=True, view_digest=found.view_digest)
    assert bureau.approvals.waiting(None) == [found]


def test_a_decision_on_other_bytes_than_were_shown_is_refused(bureau: Bureau) -> None:
    waiting(bureau)
    (found,) = bureau.approvals.waiting(None)
    with pytest.raises(RunStateError, match="not the one that was shown"):
        bureau.approvals.decide(
            found.id, bureau.subject("olga"), granted=True, view_digest="sha256:" + "0" * 64
        )


def test_an_irreversible_act_needs_two_persons(bureau: Bureau) -> None:
    bureau.tool("do", reversibility=Reversibility.IRREVERSIBLE)
    bureau.agent(one_step())
    run_id, _ = bureau.run()
    assert bureau.decide("olga").state is ApprovalState.WAITING
    assert bureau.runner.advance(run_id).status is RunStatus.AWAITING_APPROVAL
    with pytest.raises(RunStateError, match="decided before"):
        bureau.decide("olga")
    assert bureau.decide("bo").state is ApprovalState.GRANTED
    assert bureau.runner.advance(run_id).status is RunStatus.SUCCEEDED


def test_one_refusal_is_enough(bureau: Bureau) -> None:
    bureau.tool("do", reversibility=Reversibility.REVERSIBLE, approval=ApprovalRule.DUAL)
    bureau.agent(one_step())
    bureau.run()
    bureau.decide("olga")
    assert bureau.decide("bo", granted=False).state is ApprovalState.REFUSED


def test_a_tool_that_changed_since_is_not_called_under_the_old_approval(bureau: Bureau) -> None:
    run_id = waiting(bureau)
    bureau.decide()
    with bureau.store.write() as unit:
        old = unit.assets.usable(AssetKind.TOOL, "do")
        assert old is not None
        unit.assets.move(old, AssetState.SUSPENDED, by="operator")
    bureau.tool("do", reversibility=Reversibility.REVERSIBLE, version="2")
    state = bureau.runner.advance(run_id)
    assert state.status is RunStatus.FAILED
    assert "the approval is for another act" in state.reason
    assert bureau.tools["do"].calls == 0


def test_a_request_ends_as_a_refusal(bureau: Bureau) -> None:
    run_id = waiting(bureau)
    assert bureau.approvals.expire() == []
    bureau.clock.forward(timedelta(hours=24))
    assert bureau.approvals.waiting(None) == []
    assert bureau.approvals.expire() == [run_id]
    assert bureau.approvals.expire() == []


def test_how_each_approver_decides_is_counted(bureau: Bureau) -> None:
    bureau.usual()
    for granted in (True, True, False):
        bureau.run()
        bureau.decide("olga", granted=granted)
    (found,) = bureau.approvals.statistics()
    assert (found.approver, found.decided, found.granted) == ("olga", 3, 2)
    assert (found.median_seconds, found.decoys) == (5.0, 0)


def test_a_decoy_looks_like_any_request_and_never_lets_anything_happen(
    store: Store, clock: Clock
) -> None:
    bureau = Bureau(store, clock, decoy_every=1)
    bureau.enter()
    bureau.usual()
    run_id, _ = bureau.run()
    real, decoy = bureau.approvals.waiting(bureau.subject("olga"))
    if real.decoy:
        real, decoy = decoy, real
    assert decoy.decoy
    shown = bureau.approvals.show(decoy.id, bureau.subject("olga"))
    assert b"user:unknown" in shown.view
    bureau.approvals.decide(
        decoy.id, bureau.subject("olga"), granted=True, view_digest=decoy.view_digest
    )
    assert bureau.runner.advance(run_id).status is RunStatus.AWAITING_APPROVAL
    (found,) = bureau.approvals.statistics()
    assert (found.decoys, found.decoys_granted) == (1, 1)


def granted_act(bureau: Bureau) -> tuple[Approval, Act]:
    """Return a granted approval and the act it is for, as the loop would see it now."""
    run_id = waiting(bureau)
    approval = bureau.decide()
    with bureau.store.read() as unit:
        loaded = bureau.writes.load(unit, run_id)
        subject = bureau.kernel.subjects.of(unit, loaded)
        tool = bureau.registry.definition(unit, "do")
    last = loaded.state.last
    assert subject is not None
    assert last is not None
    verdict = Verdict(Answer.ASK, ("at A3",), tool)
    return approval, Act(loaded, last.call, verdict, subject)


class MutatedAct(Act):
    """An act whose action was tampered with."""

    def action(self, nonce: str) -> Action:
        return MUTATIONS["now"](super().action(nonce))


MUTATIONS: dict[str, Callable[[Action], Action]] = {}


def mutate(random: Generator) -> Callable[[Action], Action]:
    """Return a change of one part of an action, by one character or one value."""
    names = [found.name for found in fields(Action)]
    name = names[random.integers(len(names))]

    def text(value: str) -> str:
        place = int(random.integers(len(value) + 1))
        letter = string.ascii_letters[random.integers(52)]
        changed = value[:place] + letter + value[place + int(random.integers(2)) :]
        return changed if changed != value else value + letter

    def change(action: Action) -> Action:
        value = getattr(action, name)
        if name == "label":
            return replace(action, label=Label(Classification.SECRET, frozenset({text("x")})))
        if name == "subject":
            return replace(action, subject=(*value[:-1], text(value[-1])))
        if name == "arguments":
            key = random.choice(["words", text("words")])
            return replace(action, arguments={key: text(str(value["words"]))})
        return replace(action, **{name: text(value)})

    return change


def test_of_ten_thousand_altered_acts_none_happens(bureau: Bureau) -> None:
    approval, act = granted_act(bureau)
    altered = MutatedAct(act.loaded, act.call, act.verdict, act.subject)
    random, refused = default_rng(20261123), 0
    with bureau.store.write() as unit:
        for _ in range(10_000):
            MUTATIONS["now"] = mutate(random)
            with pytest.raises(ApprovalRefusedError):
                bureau.approvals.check_and_spend(unit, approval.id, altered)
            refused += 1
        assert refused == 10_000
        assert bureau.approvals.check_and_spend(unit, approval.id, act).id == approval.id


def test_an_approval_is_used_once_and_of_none_nothing_comes(bureau: Bureau) -> None:
    approval, act = granted_act(bureau)
    with bureau.store.write() as unit:
        bureau.approvals.check_and_spend(unit, approval.id, act)
        with pytest.raises(ApprovalRefusedError, match="used before"):
            bureau.approvals.check_and_spend(unit, approval.id, act)
        bureau.approvals.check_and_spend(unit, approval.id, act, again=True)
        with pytest.raises(ApprovalRefusedError, match="not approved"):
            bureau.approvals.check_and_spend(unit, "p0", act)
        other = replace(act, call=ToolCall(act.call.id, "do", {"words": "other"}))
        with pytest.raises(ApprovalRefusedError, match="another act"):
            bureau.approvals.check_and_spend(unit, approval.id, other, again=True)
    nothing = replace(act, verdict=Verdict(Answer.DENY, ()))
    with pytest.raises(ApprovalRefusedError, match="no such tool"):
        nothing.action("n")


def _submit(
    files: StoreFiles,
    clock: Clock,
    run_id: str,
    mark: str,
    barrier: "multiprocessing.synchronize.Barrier",
) -> None:
    database = Database(files.database, key=files.database_key, busy_seconds=60)
    keys = Database(files.keys, key=files.keys_key, busy_seconds=60)
    bureau = Bureau(Store(database, keys=KeyRing(keys, master=b"m" * 32)), clock)

    def act(*_: object) -> object:
        with open(mark, "a") as file:  # noqa: PTH123 - appended by two processes
            file.write(f"{os.getpid()}\n")
        return "done"

    bureau.tool("look")
    bureau.tool("do", act, reversibility=Reversibility.REVERSIBLE)
    barrier.wait(timeout=60)
    bureau.runner.advance(run_id)


@pytest.mark.slow
def test_submitted_by_two_processes_at_once_it_happens_once(
    empty_store: StoreFiles, clock: Clock, tmp_path: Path, store: Store
) -> None:
    files = StoreFiles(
        tmp_path / "vault.db", tmp_path / "keys.db", empty_store.database_key, empty_store.keys_key
    )
    keys = Database(files.keys, key=files.keys_key)
    bureau = Bureau(Store(store.database, keys=KeyRing(keys, master=b"m" * 32)), clock)
    bureau.enter()
    bureau.usual()
    run_id, _ = bureau.run()
    bureau.decide()
    mark = tmp_path / "done"
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(2)
    both = [
        spawn.Process(target=_submit, args=(files, clock, run_id, str(mark), barrier))
        for _ in range(2)
    ]
    for each in both:
        each.start()
    for each in both:
        each.join(timeout=120)
    assert [each.exitcode for each in both] == [0, 0]
    assert len(mark.read_text().splitlines()) == 1
    assert bureau.runner.advance(run_id).status is RunStatus.SUCCEEDED


def test_the_policy_of_the_request_is_the_policy_of_the_act(bureau: Bureau) -> None:
    approval, _ = granted_act(bureau)
    assert approval.policy_digest == POLICY.digest
