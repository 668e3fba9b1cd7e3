"""A tool acts within every limit, and nothing of its secrets comes out."""

import logging
import threading
import time
from dataclasses import replace

import pytest

from tests.vault.orchestrate.workshop import EchoTool, broker, context, definition
from vault.domain.errors import NotFoundError
from vault.domain.tools import Reversibility, ToolKind, ToolLimits
from vault.orchestrate.governed_tool import MOST_ABANDONED, GovernedTool
from vault.orchestrate.tool import RetryableToolError, ToolError, ToolFailedError

QUICK = ToolLimits(timeout_seconds=0.05)


def governed(act: object = None, **changes: object) -> tuple[GovernedTool, EchoTool]:
    inner = EchoTool(definition(**{"kind": ToolKind.BUILTIN} | changes), act)
    return GovernedTool(inner, broker=broker(token="tulip-7")), inner


def test_arguments_that_do_not_fit_never_reach_the_tool() -> None:
    tool, inner = governed()
    for arguments in ({}, {"words": 7}, {"words": "a", "more": 1}):
        with pytest.raises(RetryableToolError, match=r"was not called: (words|more)"):
            tool.call(arguments, context())
    assert inner.calls == 0
    assert tool.call({"words": "hello"}, context()).content == "hello"


def test_a_tool_that_hangs_is_left_at_its_timeout() -> None:
    release = threading.Event()
    tool, _ = governed(
        lambda *_: release.wait(20), limits=QUICK, reversibility=Reversibility.IRREVERSIBLE
    )
    with pytest.raises(ToolFailedError, match=r"did not end within 0\.05 seconds") as caught:
        tool.call({"words": "a"}, context())
    assert caught.value.effect_unknown
    release.set()


def test_calls_that_hang_do_not_pile_up() -> None:
    release = threading.Event()
    tool, inner = governed(lambda *_: str(release.wait(20)), limits=QUICK)
    for _ in range(MOST_ABANDONED):
        with pytest.raises(ToolFailedError):
            tool.call({"words": "a"}, context())
    with pytest.raises(RetryableToolError, match="still hangs"):
        tool.call({"words": "a"}, context())
    assert inner.calls == MOST_ABANDONED
    release.set()
    while tool._abandoned.count:
        time.sleep(0.01)
    assert tool.call({"words": "a"}, context()).content == "True"


def test_a_call_gets_no_more_time_than_its_run_has() -> None:
    seen = []
    tool, _ = governed(lambda _, given: seen.append(given.seconds) or "done")
    tool.call({"words": "a"}, context(seconds=3))
    assert seen == [3]


def test_no_secret_comes_out_in_an_output_an_error_or_a_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    named = frozenset({"token"})

    def give(_: object, given: object) -> str:
        return f"the token is {given.secrets.reveal('token')}"

    def fail(_: object, given: object) -> str:
        raise RetryableToolError(f"refused {given.secrets.reveal('token')}", effect_unknown=True)

    def absent(_: object, given: object) -> str:
        raise NotFoundError(f"no {given.secrets.reveal('token')}")

    caplog.set_level(logging.DEBUG)
    said = str(governed(give, secrets=named)[0].call({"words": "a"}, context()))
    for act in (fail, absent):
        with pytest.raises(ToolError) as caught:
            governed(act, secrets=named)[0].call({"words": "a"}, context())
        chain = caught.value.__cause__
        said += f"{caught.value!r} {caught.value.detail} {chain!r}"
    assert "[secret removed]" in said
    assert "tulip-7" not in said + caplog.text


def test_a_secret_that_is_not_named_is_not_given() -> None:
    tool, _ = governed(lambda _, given: given.secrets.reveal("token"))
    with pytest.raises(ToolFailedError, match="names no secret"):
        tool.call({"words": "a"}, context())


def test_an_output_that_may_not_be_used_leaves_the_effect_unknown() -> None:
    tool, _ = governed(lambda *_: "x" * 2_000_000, reversibility=Reversibility.REVERSIBLE)
    with pytest.raises(ToolFailedError, match="larger than") as caught:
        tool.call({"words": "a"}, context())
    assert caught.value.effect_unknown
    tool, _ = governed(lambda *_: "x" * 2_000_000)
    with pytest.raises(ToolFailedError) as caught:
        tool.call({"words": "a"}, context())
    assert not caught.value.effect_unknown


def test_a_fault_of_the_tool_itself_is_the_loops_to_tell() -> None:
    tool, _ = governed(lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        tool.call({"words": "a"}, context())
    assert replace(tool.definition) == tool.definition
