"""A run is in the ledger before it is anywhere else, and its actor can prove what it came to."""

import json
from dataclasses import replace

import pytest

from tests.conftest import Clock
from tests.vault.store.rows import shelve
from vault.domain.attestation import Statement, opens_commitment
from vault.domain.documents import DocumentState
from vault.domain.errors import LedgerIntegrityError, NotFoundError, RevisionConflictError
from vault.domain.identity import Principal, PrincipalKind, Subject
from vault.domain.labels import LOWEST
from vault.ledger.bundle import ProofBundle
from vault.ledger.events import LoggedEvent
from vault.ledger.journal import Journal
from vault.ledger.log import Ledger
from vault.ledger.provenance import ANSWER_BUILD_TYPE, RUN_BUILD_TYPE, invocation_of
from vault.ledger.runbook import OpenRun, Outcome, RunBook
from vault.ledger.signing import Signer
from vault.ledger.verifier import verify_bundle
from vault.store.session import Store

ANA = Subject(Principal("ana", PrincipalKind.PERSON, LOWEST))
BO = Subject(Principal("bo", PrincipalKind.PERSON, LOWEST))
HELPER = Principal("helper", PrincipalKind.AGENT, LOWEST)
QUESTION = "How much leave does ana have?"
RESPONSE = {"text": "25 days \u20ac", "hits": []}
MODEL = "sha256:" + "ab" * 32


@pytest.fixture
def runs(store: Store, ledger: Ledger, signer: Signer, clock: Clock) -> RunBook:
    return RunBook(store, journal=Journal(ledger, now=clock), signer=signer, now=clock)


def begun(runs: RunBook, subject: Subject = ANA, kind: str = "search") -> OpenRun:
    return runs.begin(kind, subject, QUESTION, facts={"limit": 10})


def entries(store: Store, run: OpenRun) -> list[LoggedEvent]:
    with store.read() as unit:
        indexes = unit.ledger.of_subject(run.id)
        return [LoggedEvent.parse(unit.ledger.leaf(index)) for index in indexes]


def test_the_intent_is_committed_before_anything_happens(store: Store, runs: RunBook) -> None:
    run = begun(runs)
    [started] = entries(store, run)
    assert (started.type, started.actor, started.run_id) == ("search.started", "user:ana", run.id)
    assert started.facts["limit"] == 10
    with store.read() as unit:
        record = unit.runs.get(run.id)
    assert record is not None
    assert (record.state, record.actor, record.number) == ("running", "ana", 1)


def test_the_outcome_follows_with_what_it_rests_on(
    store: Store, runs: RunBook, clock: Clock
) -> None:
    shelve(store, "d1", clock())
    run = begun(runs)
    runs.finish(run, Outcome(RESPONSE, {"label": "internal"}, ["d1"]))
    _, ended = entries(store, run)
    assert (ended.type, ended.facts["label"]) == ("search.succeeded", "internal")
    with store.read() as unit:
        [record] = unit.runs.resting_on("d1")
    assert (record.id, record.state) == (run.id, "succeeded")


def test_neither_question_nor_response_is_in_the_ledger(store: Store, runs: RunBook) -> None:
    run = begun(runs)
    runs.finish(run, Outcome(RESPONSE))
    with store.read() as unit:
        bodies = b"".join(unit.ledger.bodies(0, unit.ledger.size()))
    assert b"leave" not in bodies
    assert b"25 days" not in bodies
    started, _ = entries(store, run)
    commitment = str(started.facts["question"])
    assert opens_commitment(commitment, salt=run.salt, content=QUESTION.encode())
    assert not opens_commitment(commitment, salt=bytes(len(run.salt)), content=QUESTION.encode())


def test_a_runs_number_counts_its_actors_own_runs_alone(runs: RunBook) -> None:
    assert begun(runs, BO).position == {"index": 0, "size": 1}
    assert begun(runs).position == {"index": 0, "size": 1}
    assert begun(runs).position == {"index": 1, "size": 2}
    assert begun(runs, Subject(HELPER, ANA.actor)).position == {"index": 0, "size": 1}


def test_an_agents_numbers_tell_nothing_of_the_others_it_serves(runs: RunBook) -> None:
    for_ana, for_bo = Subject(HELPER, ANA.actor), Subject(HELPER, BO.actor)
    assert begun(runs, for_ana).position == {"index": 0, "size": 1}
    assert begun(runs, for_bo).position == {"index": 0, "size": 1}
    assert begun(runs, for_ana).position == {"index": 1, "size": 2}
    assert begun(runs, Subject(HELPER)).position == {"index": 0, "size": 1}


def test_an_agent_proves_a_run_only_for_the_person_it_was_for(runs: RunBook) -> None:
    for_ana, for_bo = Subject(HELPER, ANA.actor), Subject(HELPER, BO.actor)
    run = begun(runs, for_ana)
    runs.finish(run, Outcome(RESPONSE))
    assert runs.prove(run.id, for_ana)
    for other in (for_bo, Subject(HELPER), ANA):
        with pytest.raises(NotFoundError):
            runs.prove(run.id, other)


def test_an_agents_run_names_the_person_it_acted_for(store: Store, runs: RunBook) -> None:
    run = begun(runs, Subject(HELPER, ANA.actor))
    with store.read() as unit:
        record = unit.runs.get(run.id)
    assert record is not None
    assert (record.actor, record.on_behalf_of) == ("helper", "ana")


def test_a_run_is_proved_to_its_actor_and_to_the_operator(
    store: Store, runs: RunBook, signer: Signer
) -> None:
    run = begun(runs)
    runs.finish(run, Outcome(RESPONSE, {"embedder": MODEL, "policy": "p"}))
    begun(runs, BO)
    for subject in (ANA, None):
        proof = runs.prove(run.id, subject)
        report = verify_bundle(proof, [signer.key.vkey])
        assert report.pinned
        assert [proven.event.run_id for proven in report.events] == [run.id, run.id]
        disclosed = {found.fact: found.content for found in ProofBundle.parse(proof).disclosures}
        assert disclosed["question"] == QUESTION.encode()
        assert json.loads(disclosed["response"]) == RESPONSE


@pytest.mark.parametrize(
    ("kind", "build_type"), [("answer", ANSWER_BUILD_TYPE), ("search", RUN_BUILD_TYPE)]
)
def test_the_statement_says_from_what_a_response_came(
    runs: RunBook, kind: str, build_type: str
) -> None:
    run = begun(runs, kind=kind)
    runs.finish(run, Outcome(RESPONSE, {"embedder": MODEL, "generator": None, "policy": "p"}))
    envelope = ProofBundle.parse(runs.prove(run.id, ANA)).statement
    assert envelope is not None
    statement = Statement.parse(envelope.payload)
    assert invocation_of(statement) == run.id
    definition = statement.predicate["buildDefinition"]
    assert isinstance(definition, dict)
    assert definition["buildType"] == build_type
    assert definition["internalParameters"] == {"policy": "p"}
    assert definition["resolvedDependencies"] == [
        {"name": "embedder", "digest": {"sha256": "ab" * 32}}
    ]


def test_a_proof_whose_response_was_altered_does_not_verify(runs: RunBook, signer: Signer) -> None:
    run = begun(runs)
    runs.finish(run, Outcome(RESPONSE))
    bundle = ProofBundle.parse(runs.prove(run.id, ANA))
    forged = tuple(
        replace(found, content=b'{"text":"30 days"}') if found.fact == "response" else found
        for found in bundle.disclosures
    )
    with pytest.raises(LedgerIntegrityError):
        verify_bundle(replace(bundle, disclosures=forged).serialise(), [signer.key.vkey])


def test_anothers_run_and_no_run_are_refused_alike(runs: RunBook) -> None:
    run = begun(runs)
    runs.finish(run, Outcome(RESPONSE))
    said = set()
    for run_id in (run.id, "none"):
        with pytest.raises(NotFoundError) as caught:
            runs.prove(run_id, BO)
        said.add(caught.value.detail)
    assert len(said) == 1


def test_a_run_an_agent_made_is_not_the_persons_own(runs: RunBook) -> None:
    run = begun(runs, Subject(HELPER, ANA.actor))
    runs.finish(run, Outcome(RESPONSE))
    with pytest.raises(NotFoundError):
        runs.prove(run.id, ANA)


def test_a_run_that_goes_on_has_nothing_to_prove_yet(runs: RunBook) -> None:
    with pytest.raises(NotFoundError):
        runs.prove(begun(runs).id, ANA)


def test_a_run_cannot_be_proved_once_its_key_is_gone(
    store: Store, runs: RunBook, clock: Clock
) -> None:
    run = begun(runs)
    runs.finish(run, Outcome(RESPONSE))
    store.keys.destroy([run.key[0]], now=clock())
    with pytest.raises(NotFoundError):
        runs.prove(run.id, ANA)
    assert [event.type for event in entries(store, run)] == ["search.started", "search.succeeded"]


def test_a_response_that_rests_on_what_was_erased_is_not_kept(
    store: Store, runs: RunBook, clock: Clock
) -> None:
    shelve(store, "d1", clock())
    run = begun(runs)
    with store.write() as unit:
        unit.documents.change("d1", state=DocumentState.ERASED.value)
    with pytest.raises(RevisionConflictError, match="erased"):
        runs.finish(run, Outcome(RESPONSE, evidence=["d1"]))
    with pytest.raises(NotFoundError):
        runs.prove(run.id, ANA)


def test_a_run_that_fails_is_ended_with_the_slug_of_its_problem(
    store: Store, runs: RunBook
) -> None:
    run = begun(runs)
    with pytest.raises(NotFoundError, match="secret words"), runs.underway(run):
        raise NotFoundError("secret words")
    _, failed = entries(store, run)
    assert (failed.type, failed.facts["problem"]) == ("search.failed", "not-found")
    with store.read() as unit:
        record = unit.runs.get(run.id)
        bodies = b"".join(unit.ledger.bodies(0, unit.ledger.size()))
    assert record is not None
    assert record.state == "failed"
    assert record.ended_at is not None
    assert b"secret" not in bodies


def test_an_unexpected_failure_is_told_without_its_words(store: Store, runs: RunBook) -> None:
    run = begun(runs)
    with pytest.raises(ZeroDivisionError), runs.underway(run):
        raise ZeroDivisionError("secret words")
    _, failed = entries(store, run)
    assert failed.facts["problem"] == "internal"
    assert b"secret" not in runs.prove(run.id, ANA)


def test_a_caller_that_goes_away_ends_its_run(store: Store, runs: RunBook) -> None:
    run = begun(runs)
    with pytest.raises(GeneratorExit), runs.underway(run):
        raise GeneratorExit
    assert [event.type for event in entries(store, run)] == ["search.started", "search.cancelled"]


def test_the_first_problem_is_told_though_the_run_cannot_be_ended(
    store: Store, runs: RunBook, caplog: pytest.LogCaptureFixture
) -> None:
    run = begun(runs)
    runs.finish(run, Outcome(RESPONSE))
    with pytest.raises(NotFoundError, match="the first"), runs.underway(run):
        raise NotFoundError("the first")
    assert [record.getMessage() for record in caplog.records] == ["run_left_open"]
    assert [event.type for event in entries(store, run)] == ["search.started", "search.succeeded"]
