"""The published OpenAPI document is valid and says what is sent."""

import json
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from openapi_spec_validator import validate
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok
from starlette.testclient import TestClient

from vault.api.app import create_app
from vault.bootstrap import Vault

REFUSALS = [401, 403, 404, 405, 413, 422]


def operations(client: TestClient) -> list[tuple[str, dict[str, Any]]]:
    paths = client.get("/openapi.json").json()["paths"]
    return [(path, found) for path, methods in paths.items() for found in methods.values()]


def test_it_is_a_valid_document(client: TestClient) -> None:
    validate(client.get("/openapi.json").json())


def test_every_failure_is_described_as_a_problem(client: TestClient) -> None:
    for path, operation in operations(client):
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                (kind,) = response["content"]
                assert kind == "application/problem+json", path
                schema = response["content"][kind]["schema"]
                assert schema == {"$ref": "#/components/schemas/Problem"}, path


def test_every_operation_under_v1_needs_the_token_and_says_so(client: TestClient) -> None:
    for path, operation in operations(client):
        if path.startswith("/v1/"):
            assert operation["security"] == [{"token": []}], path
            assert {"401", "403", "422", "500", "503"} <= set(operation["responses"]), path
        else:
            assert "security" not in operation, path


def test_every_object_is_closed(client: TestClient) -> None:
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    for name, schema in schemas.items():
        assert schema.get("additionalProperties") is False, name


def test_it_names_no_other_host(client: TestClient) -> None:
    assert "http" not in json.dumps(client.get("/openapi.json").json()).replace('"http"', "")


@pytest.mark.slow
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_whatever_is_sent_the_answer_is_one_that_the_contract_describes(
    vault: Vault, ana: dict[str, str], mode: GenerationMode
) -> None:
    app = create_app(vault, names=frozenset())
    config = schemathesis.Config.from_dict(
        {"checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}}}
    )
    contract = schemathesis.openapi.from_asgi("/openapi.json", app, config=config)
    listed = contract.include(path_regex="^/v1/").get_all_operations()
    operations = [found.ok() for found in listed if isinstance(found, Ok)]
    assert len(operations) > 9
    for operation in operations:

        @settings(
            max_examples=12,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy(generation_mode=mode))
        def check(case: Case[Any]) -> None:
            case.call_and_validate(headers=ana)

        check()
