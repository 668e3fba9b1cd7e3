"""An answer is begun in the ledger before it is seen, and ends there whatever happens."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.vault.homes import LEAVE, QUESTION, TRAVEL, home, intake, keep, subject
from vault.answer.answerer import Answerer
from vault.bootstrap import Vault
from vault.domain.errors import InvalidRequestError, LimitExceededError, RevisionConflictError
from vault.store.runs import RunRecord


@dataclass
class Interrupted:
    """An answerer to whom something happens before the answer is whole."""

    inner: Answerer
    happening: object

    def stream(self, *arguments: object, **options: object) -> Iterator[object]:
        for event in self.inner.stream(*arguments, **options):
            if isinstance(self.happening, Exception):
                raise self.happening
            if callable(self.happening):
                self.happening()
                self.happening = None
            yield event


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with home(tmp_path) as found:
        yield found


def interrupt(vault: Vault, happening: object) -> None:
    found = Interrupted(vault.__dict__["_made_answerer"], happening)
    vault.__dict__["_made_answerer"] = found


def run_of(vault: Vault, run_id: str) -> RunRecord:
    with vault.store.read() as unit:
        found = unit.runs.get(run_id)
    assert found is not None
    return found


def events(vault: Vault) -> list[dict[str, object]]:
    with vault.store.read() as unit:
        bodies = [json.loads(unit.ledger.leaf(place)) for place in range(unit.ledger.size())]
    return [body for body in bodies if "run_id" in body]


def test_the_ledger_knows_of_the_question_before_anything_is_given_out(vault: Vault) -> None:
    keep(vault, LEAVE)
    stream = vault.answers.stream(QUESTION, subject(vault))
    assert events(vault) == []
    first = next(stream)
    assert first.name == "run"
    [started] = events(vault)
    assert (started["type"], started["run_id"]) == ("answer.started", first.form["run_id"])
    assert run_of(vault, str(first.form["run_id"])).state == "running"


def test_verified_sentences_come_first_and_the_whole_answer_last(vault: Vault) -> None:
    leave = keep(vault, LEAVE)
    keep(vault, TRAVEL)
    steps = list(vault.answers.stream(QUESTION, subject(vault)))
    assert [step.name for step in steps[:2]] == ["run", "sentence"]
    whole = steps[-1].form
    assert steps[-1].name == "answer"
    assert whole["text"] == f"{LEAVE} [1]"
    assert whole["run_id"] == steps[0].form["run_id"]
    assert whole["ledger"] == {"index": 0, "size": 1}
    run = run_of(vault, str(whole["run_id"]))
    assert (run.state, run.actor, run.kind) == ("succeeded", "ana", "answer")
    with vault.store.read() as unit:
        assert [found.id for found in unit.runs.resting_on(leave)] == [run.id]


def test_a_whole_answer_is_the_last_step_of_a_streamed_one(vault: Vault) -> None:
    keep(vault, LEAVE)
    streamed = list(vault.answers.stream(QUESTION, subject(vault)))[-1].form
    whole = vault.answers.answer(QUESTION, subject(vault))
    differ = {name for name in whole if whole[name] != streamed[name]}
    assert differ <= {"answer_id", "run_id", "ledger", "usage"}
    assert whole["ledger"] == {"index": 1, "size": 2}


def test_the_ledger_holds_no_word_of_question_or_answer(vault: Vault) -> None:
    keep(vault, LEAVE)
    vault.answers.answer(QUESTION, subject(vault))
    started, ended = events(vault)
    assert ended["type"] == "answer.succeeded"
    assert ended["facts"]["abstained"] is False  # type: ignore[index]
    for word in ("annual", "Employees", "days"):
        assert word not in json.dumps([started, ended])


def test_what_the_reader_may_not_know_is_an_abstention_that_rests_on_nothing(vault: Vault) -> None:
    hidden = keep(vault, LEAVE, "user:olga")
    whole = vault.answers.answer(QUESTION, subject(vault))
    assert (whole["abstained"], whole["reason"]) == (True, "no_evidence")
    assert (whole["related"], whole["citations"]) == ([], [])
    with vault.store.read() as unit:
        assert unit.runs.resting_on(hidden) == []


@pytest.mark.parametrize("question", ["", " \n", "?!", "\x00\x01"])
def test_an_empty_question_is_refused_and_is_no_run(vault: Vault, question: str) -> None:
    with pytest.raises(InvalidRequestError):
        vault.answers.answer(question, subject(vault))
    assert events(vault) == []


def test_a_failure_under_way_ends_the_run_with_the_slug_of_its_problem(vault: Vault) -> None:
    keep(vault, LEAVE)
    interrupt(vault, LimitExceededError(f"too busy for {LEAVE}"))
    with pytest.raises(LimitExceededError):
        vault.answers.answer(QUESTION, subject(vault))
    ended = events(vault)[-1]
    assert ended["type"] == "answer.failed"
    assert ended["facts"]["problem"] == "limit-exceeded"  # type: ignore[index]
    assert "too busy" not in json.dumps(events(vault))
    assert run_of(vault, str(ended["run_id"])).state == "failed"


def test_an_answerer_that_comes_to_no_end_is_a_failed_run(vault: Vault) -> None:
    keep(vault, LEAVE)

    class Silent:
        def stream(self, *arguments: object, **options: object) -> Iterator[object]:
            return iter(())

    vault.__dict__["_made_answerer"] = Silent()
    with pytest.raises(Exception, match="did not come to an end"):
        vault.answers.answer(QUESTION, subject(vault))
    assert events(vault)[-1]["type"] == "answer.failed"


def test_a_reader_who_leaves_ends_the_run(vault: Vault) -> None:
    keep(vault, LEAVE)
    stream = vault.answers.stream(QUESTION, subject(vault))
    run = str(next(stream).form["run_id"])
    stream.close()
    assert run_of(vault, run).state == "cancelled"
    assert events(vault)[-1]["type"] == "answer.cancelled"


def test_a_reader_who_leaves_after_the_whole_answer_changes_nothing(vault: Vault) -> None:
    keep(vault, LEAVE)
    stream = vault.answers.stream(QUESTION, subject(vault))
    for step in stream:
        if step.name == "answer":
            break
    stream.close()
    assert run_of(vault, str(step.form["run_id"])).state == "succeeded"


def test_a_quote_is_read_under_the_rights_of_that_moment(vault: Vault) -> None:
    leave = keep(vault, LEAVE)
    stream = vault.answers.stream(QUESTION, subject(vault))
    next(stream)
    vault.keeper().relabel(leave, intake("user:olga"), version=None)
    rest = list(stream)
    assert [step.name for step in rest] == ["answer"]
    assert rest[0].form["citations"] == []


def test_what_is_erased_while_it_is_quoted_is_not_kept_in_the_answer(vault: Vault) -> None:
    leave = keep(vault, LEAVE)
    interrupt(vault, lambda: vault.erasure.erase(leave, None, reason="request 12"))
    with pytest.raises(RevisionConflictError, match="erased meanwhile"):
        vault.answers.answer(QUESTION, subject(vault))
    ended = events(vault)[-1]
    assert ended["type"] == "answer.failed"
    assert LEAVE.encode() not in vault.runs.prove(str(ended["run_id"]), subject(vault))
