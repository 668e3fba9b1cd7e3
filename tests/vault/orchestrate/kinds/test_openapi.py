"""An operation of a document becomes schemas that stand alone."""

import copy
import json
from pathlib import Path

import pytest

from tests.vault.orchestrate.kinds.services import DOCUMENT
from vault.domain.errors import InvalidRequestError
from vault.orchestrate.kinds.openapi import describe
from vault.orchestrate.validation import check_of


def described(document: object, folder: Path, operation: str = "showItem") -> dict:
    file = folder / "api.json"
    file.write_text(json.dumps(document))
    binding = {"openapi": str(file), "operation": operation, "base_url": "https://api.test"}
    return describe({"binding": binding})


def test_a_schema_holds_what_it_refers_to(tmp_path: Path) -> None:
    found = described(DOCUMENT, tmp_path, "addItem")
    assert list(found["input_schema"]["$defs"]) == ["Draft"]
    assert found["input_schema"]["required"] == ["body"]
    assert found["binding"]["places"] == {"body": "body"}
    found = described(DOCUMENT, tmp_path)
    assert check_of(found["output_schema"]).problems({"number": "1", "path": "x"}) == ()
    assert found["binding"]["places"] == {"number": "path", "detail": "query", "X-Trace": "header"}


def test_a_changed_operation_has_another_digest(tmp_path: Path) -> None:
    before = described(DOCUMENT, tmp_path)["binding"]["document"]
    changed = copy.deepcopy(DOCUMENT)
    changed["paths"]["/items/{number}"]["get"]["summary"] = "Show it, and buy it."
    assert described(changed, tmp_path)["binding"]["document"] != before


def test_a_binding_without_a_document_is_its_owners_own() -> None:
    assert describe({"binding": {"path": "/x"}}) == {}
    assert describe({}) == {}


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("get", "operationId"), "other"),
        (("get", "parameters"), [{"name": "a", "in": "cookie"}]),
        (("get", "parameters"), [{"$ref": "#/components/none"}]),
        (("get", "parameters"), ["x"]),
        (("get", "requestBody"), {"content": {"text/xml": {}}}),
        (
            ("get", "requestBody"),
            {"content": {"application/json": {"schema": {"$ref": "other.json"}}}},
        ),
    ],
)
def test_what_no_tool_can_be_made_from_is_refused(
    tmp_path: Path, place: tuple[str, str], value: object
) -> None:
    changed = copy.deepcopy(DOCUMENT)
    changed["paths"]["/items/{number}"][place[0]][place[1]] = value
    with pytest.raises(InvalidRequestError):
        described(changed, tmp_path)


def test_a_document_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequestError):
        described([1], tmp_path)
    with pytest.raises(InvalidRequestError, match="cannot be read"):
        describe({"binding": {"openapi": str(tmp_path / "none"), "operation": "x"}})
