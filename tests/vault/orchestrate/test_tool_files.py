"""What an owner wrote becomes a definition; what is found out behind it is pinned."""

import pytest

from vault.domain.errors import InvalidRequestError
from vault.domain.tools import Reversibility, ToolKind
from vault.orchestrate.tool_files import definition_from

BODY = {
    "name": "stock",
    "kind": "http",
    "owner": "olga",
    "description": "Count.",
    "input_schema": {"type": "dict", "properties": {"n": {"type": "float"}}},
}


def test_schemas_are_told_in_one_dialect_and_what_is_unsaid_permits_least() -> None:
    found = definition_from(BODY, {})
    assert found.input_schema["properties"] == {"n": {"type": "number"}}
    assert found.reversibility is Reversibility.IRREVERSIBLE


def test_what_the_owner_wrote_holds_over_what_is_found_out() -> None:
    told = {"description": "Found.", "output_schema": {"type": "list"}, "binding": {"pin": 1}}
    found = definition_from(BODY, {ToolKind.HTTP: lambda _: told})
    assert found.description == "Count."
    assert found.output_schema == {"type": "array"}
    assert found.binding == {"pin": 1}


@pytest.mark.parametrize(
    "change",
    [
        {"name": "a b"},
        {"kind": "shell"},
        {"password": "x"},
        {"limits": {"timeout_seconds": 10**6}},
        {"input_schema": {"type": "string"}},
        {"input_schema": {"$ref": "https://example.test"}},
        {"output_schema": {"$id": "x"}},
        {"secrets": ["../master"]},
    ],
)
def test_what_fits_no_schema_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(InvalidRequestError):
        definition_from(BODY | change, {})


def test_what_nobody_tells_is_missed() -> None:
    for name in ("description", "input_schema"):
        body = {key: value for key, value in BODY.items() if key != name}
        with pytest.raises(InvalidRequestError, match=name):
            definition_from(body, {})
