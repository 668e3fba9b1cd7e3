"""A caller sees what a call takes, and not how the tool is reached."""

from datetime import UTC, datetime

from tests.vault.orchestrate.workshop import definition
from vault.domain.assets import AssetKind, AssetState, AssetVersion, Difference
from vault.orchestrate.tool_desk import ToolStanding
from vault.orchestrate.tool_forms import caller_form, difference_form, standing_form

MADE = definition(binding={"base_url": "https://inside.test"}, secrets=frozenset({"token"}))
VERSION = AssetVersion(
    AssetKind.TOOL,
    "echo",
    2,
    MADE.digest,
    MADE.form(),
    AssetState.APPROVED,
    "operator",
    datetime(2026, 11, 1, tzinfo=UTC),
)


def test_how_a_tool_is_reached_stays_inside() -> None:
    form = caller_form(MADE)
    assert form["digest"] == MADE.digest
    assert "inside.test" not in str(form)
    assert "token" not in str(form)


def test_a_version_says_whether_it_can_be_called_and_why_not() -> None:
    assert standing_form(ToolStanding(VERSION, MADE, owned=True))["stage"] == "approved"
    assert standing_form(ToolStanding(VERSION, MADE, owned=False))["stage"] == "ownerless"
    altered = standing_form(ToolStanding(VERSION, None, owned=False))
    assert (altered["stage"], altered["callable"], altered["owner"]) == ("altered", False, None)


def test_a_difference_says_where() -> None:
    assert difference_form(Difference("/a", 1, None)) == {
        "pointer": "/a",
        "before": 1,
        "after": None,
    }
