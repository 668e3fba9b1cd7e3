"""A call fails in one of three ways, and says whether it may have acted."""

import pytest

from tests.vault.orchestrate.workshop import EchoTool, context, definition
from vault.orchestrate.tool import (
    RetryableToolError,
    RunEndingToolError,
    Tool,
    ToolError,
    ToolFailedError,
)


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        (RetryableToolError, "retryable"),
        (ToolFailedError, "failed"),
        (RunEndingToolError, "run_ending"),
    ],
)
def test_a_failure_has_a_word_and_says_what_is_known(kind: type[ToolError], word: str) -> None:
    assert kind("no").kind == word
    assert not kind("no").effect_unknown
    assert kind("no", effect_unknown=True).effect_unknown


def test_a_context_shows_neither_its_key_nor_its_secrets() -> None:
    shown = repr(context(key="tulip-7-tulip"))
    assert "tulip" not in shown
    assert "secrets" not in shown


def test_a_tool_is_what_has_a_definition_and_can_be_called() -> None:
    tool: Tool = EchoTool(definition())
    assert tool.call({"words": "hello"}, context()).content == "hello"
