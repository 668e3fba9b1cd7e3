"""Tools are applied, shown, approved, compared, tried and stopped from the command line."""

import json
from pathlib import Path

import pytest

from tests.vault.cli.conftest import Strongroom

FILE = """
name: echo
kind: python
owner: olga
reversibility: read
binding:
  file: {file}
  function: echo
"""
SOURCE = 'def echo(words: str) -> str:\n    """Say it again."""\n    return words\n'


def tools(strongroom: Strongroom) -> dict[str, dict]:
    forms = json.loads(strongroom("tool", "list", "--json").stdout)["tools"]
    return {form["name"]: form for form in forms}


def test_built_in_tools_wait_until_somebody_approved_them(strongroom: Strongroom) -> None:
    said = strongroom("tool", "apply", "--builtin", "all", "--owner", "olga")
    assert said.exit_code == 0, said.output
    assert "calculator@1 is draft" in said.stdout
    assert not any(form["callable"] for form in tools(strongroom).values())
    assert strongroom("tool", "test", "calculator").exit_code == 66
    digest = tools(strongroom)["calculator"]["digest"]
    wrong = strongroom("tool", "approve", "calculator", "--digest", "sha256:0")
    assert wrong.exit_code == 65
    said = strongroom("tool", "approve", "calculator", "--digest", digest, "--as", "olga", "--json")
    assert json.loads(said.stdout)["tools"][0]["approved_by"] == "user:olga"
    assert tools(strongroom)["calculator"]["callable"]
    assert "calculator" in strongroom("tool", "list").stdout


def test_a_tool_is_tried_with_somebodys_rights(strongroom: Strongroom) -> None:
    strongroom("tool", "apply", "--builtin", "calculator", "--owner", "olga")
    strongroom("tool", "approve", "calculator")
    asked = ["tool", "test", "calculator", "--arguments", '{"expression": "6 * 7"}']
    assert json.loads(strongroom(*asked).stdout)["valid"]
    assert strongroom(*asked, "--call").exit_code == 65
    found = json.loads(strongroom(*asked, "--call", "--as", "ana").stdout)
    assert found["result"]["content"] == {"value": "42"}
    wrong = strongroom("tool", "test", "calculator", "--arguments", '{"expr": 1}')
    assert wrong.exit_code == 65
    fields = {one["field"] for one in json.loads(wrong.stdout)["problems"]}
    assert fields == {"expression", "expr"}
    assert strongroom("tool", "test", "calculator", "--arguments", "[").exit_code == 65


def test_versions_are_compared_and_a_tool_is_stopped(strongroom: Strongroom) -> None:
    strongroom("tool", "apply", "--builtin", "calculator", "--owner", "olga")
    assert strongroom("tool", "diff", "calculator").exit_code == 66
    strongroom("tool", "approve", "calculator")
    strongroom("tool", "apply", "--builtin", "calculator", "--owner", "ana")
    found = json.loads(strongroom("tool", "diff", "calculator", "--json").stdout)
    assert found["changes"] == [{"pointer": "/owner", "before": "olga", "after": "ana"}]
    assert '+ "ana"' in strongroom("tool", "diff", "calculator").stdout
    shown = json.loads(strongroom("tool", "show", "calculator").stdout)
    assert [one["version"] for one in shown["versions"]] == [1, 2]
    assert shown["secrets_set"] == {}
    refused = strongroom("tool", "suspend", "calculator", "--reason", "x", "--as", "ana")
    assert refused.exit_code == 77
    said = strongroom("tool", "suspend", "calculator", "--reason", "it misbehaved")
    assert "calculator@1 is suspended" in said.stdout


@pytest.mark.slow
def test_a_python_function_is_applied_from_a_file(strongroom: Strongroom, tmp_path: Path) -> None:
    source = tmp_path / "echo.py"
    source.write_text(SOURCE)
    file = tmp_path / "echo.yaml"
    file.write_text(FILE.format(file=source))
    said = strongroom("tool", "apply", str(file))
    assert said.exit_code == 0, said.output
    strongroom("tool", "approve", "echo")
    asked = ["tool", "test", "echo", "--arguments", '{"words": "hello"}', "--call", "--as", "ana"]
    assert json.loads(strongroom(*asked).stdout)["result"]["content"] == "hello"
    source.write_text(SOURCE.replace("return words", "return words + '!'"))
    changed = json.loads(strongroom(*asked).stdout)["result"]
    assert (changed["outcome"], "changed" in changed["detail"]) == ("failed", True)


@pytest.mark.parametrize(
    "words",
    [
        ["apply"],
        ["apply", "--builtin", "all"],
        ["apply", "no-such-file.yaml"],
    ],
)
def test_what_is_not_said_in_full_is_refused(strongroom: Strongroom, words: list[str]) -> None:
    assert strongroom("tool", *words).exit_code == 65


def test_what_does_not_exist_is_said_to_be_so(strongroom: Strongroom) -> None:
    unknown = strongroom("tool", "apply", "--builtin", "shell", "--owner", "olga")
    assert unknown.exit_code == 66
    for words in (["show", "x"], ["approve", "x"], ["suspend", "x", "--reason", "y"]):
        assert strongroom("tool", *words).exit_code == 66
