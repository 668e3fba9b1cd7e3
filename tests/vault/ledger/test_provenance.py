"""Provenance has the members that SLSA readers look for."""

import pytest

from vault.domain.attestation import Statement, Subject
from vault.ledger.provenance import (
    ANSWER_BUILD_TYPE,
    PREDICATE_TYPE,
    Provenance,
    invocation_of,
)

DIGEST = "ab" * 32
PROVENANCE = Provenance(
    build_type=ANSWER_BUILD_TYPE,
    builder="vault.example",
    run_id="run-1",
    started="2026-01-02T03:04:05Z",
    finished="2026-01-02T03:04:06Z",
    request={"question": "sha256:" + DIGEST},
    rules={"policy": "sha256:" + DIGEST},
    materials=[Subject("model", DIGEST)],
    byproducts=[Subject("trace", DIGEST)],
)


def test_provenance_has_the_published_shape() -> None:
    statement = PROVENANCE.statement([Subject("answer", DIGEST)])
    assert Statement.parse(statement.payload()) == statement
    assert statement.predicate_type == "https://slsa.dev/provenance/v1"
    assert statement.predicate == {
        "buildDefinition": {
            "buildType": "strongroom:answer/v1",
            "externalParameters": {"question": "sha256:" + DIGEST},
            "internalParameters": {"policy": "sha256:" + DIGEST},
            "resolvedDependencies": [{"name": "model", "digest": {"sha256": DIGEST}}],
        },
        "runDetails": {
            "builder": {"id": "vault.example"},
            "metadata": {
                "invocationId": "run-1",
                "startedOn": "2026-01-02T03:04:05Z",
                "finishedOn": "2026-01-02T03:04:06Z",
            },
            "byproducts": [{"name": "trace", "digest": {"sha256": DIGEST}}],
        },
    }


def test_the_run_is_read_back() -> None:
    assert invocation_of(PROVENANCE.statement([Subject("answer", DIGEST)])) == "run-1"


@pytest.mark.parametrize(
    "predicate",
    [{}, {"runDetails": []}, {"runDetails": {"metadata": {"invocationId": 1}}}],
)
def test_a_statement_may_name_no_run(predicate: dict[str, object]) -> None:
    statement = Statement((Subject("answer", DIGEST),), PREDICATE_TYPE, predicate)
    assert invocation_of(statement) is None


def test_another_predicate_names_no_run() -> None:
    predicate = {"runDetails": {"metadata": {"invocationId": "run-1"}}}
    statement = Statement((Subject("answer", DIGEST),), "https://example.com/v1", predicate)
    assert invocation_of(statement) is None
