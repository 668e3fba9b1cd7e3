"""What an approver is shown is whole, and nothing in it is hidden."""

from datetime import UTC, datetime

from tests.vault.domain.test_approvals import ACTION
from tests.vault.orchestrate.workshop import definition
from vault.domain.labels import Classification, Label
from vault.domain.tools import Reversibility, ToolKind
from vault.orchestrate.approval_views import Asked, view_of, visible


def view(**changes: object) -> str:
    given: dict[str, object] = {
        "action": ACTION,
        "tool": definition("do", reversibility=Reversibility.REVERSIBLE),
        "purpose": "Does things.",
        "reasons": ("at A3 the agent may only act, each act approved",),
        "before": None,
        "needed": 1,
        "expires_at": datetime(2026, 11, 24, tzinfo=UTC),
        **changes,
    }
    return view_of(Asked(**given)).decode()


def test_it_names_the_act_whom_it_is_for_and_how_far_it_reaches() -> None:
    shown = view()
    for part in (
        "helper@1",
        "user:helper, user:ana",
        "can be taken back",
        "this vault",
        "internal",
        '"words": "do it"',
        "1 person\n",
        "nonce n1",
        "first call",
    ):
        assert part in shown


def test_what_cannot_be_taken_back_or_leaves_the_vault_is_said_so() -> None:
    tool = definition("do", kind=ToolKind.HTTP, reversibility=Reversibility.IRREVERSIBLE)
    shown = view(tool=tool, needed=2)
    assert "CANNOT BE TAKEN BACK" in shown
    assert "outside of the vault" in shown
    assert "2 persons" in shown


def test_arguments_are_shown_to_the_last_character() -> None:
    long = "x" * 50_000
    action = type(ACTION)(
        **{name: getattr(ACTION, name) for name in ACTION.__slots__} | {"arguments": {"w": long}}
    )
    assert long in view(action=action)


def test_changes_since_the_last_call_are_shown() -> None:
    shown = view(before={"words": "do it", "lines": [1, 3]})
    assert "/lines/1" in shown
    assert "before  3" in shown
    assert "now     2" in shown
    assert "are those of the last call" in view(before=dict(ACTION.arguments))


def test_characters_that_nobody_sees_are_written_out() -> None:
    assert visible("pay\u202e001\u200b") == "pay\\u202e001\\u200b"
    assert visible("Überweisung, bitte") == "Überweisung, bitte"


def test_compartments_are_named() -> None:
    action = type(ACTION)(
        **{name: getattr(ACTION, name) for name in ACTION.__slots__}
        | {"label": Label(Classification.SECRET, frozenset({"hr"}))}
    )
    assert "secret (hr)" in view(action=action)
