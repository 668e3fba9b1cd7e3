"""Which accounts a run draws from, what a call may cost at most, and when to stop an agent."""

from collections.abc import Sequence
from datetime import UTC, datetime

from vault.domain.budgets import NOTHING, Amounts, Balance, Caps, Method, unusual_unit
from vault.domain.charters import Charter
from vault.domain.tools import ToolDefinition
from vault.store.postings import Draw
from vault.store.run_events import GovernedRun
from vault.store.session import UnitOfWork

MOST_ANCESTORS = 8


def accounts_of(unit: UnitOfWork, run: GovernedRun) -> tuple[str, ...]:
    """Return the accounts that a run draws from: its own, those above it, and the month's."""
    month = run.started_at.astimezone(UTC).strftime("%Y-%m")
    person = run.on_behalf_of or run.actor
    return (
        *_family(unit, run),
        f"agent:{run.agent}/{month}",
        f"agent:{run.agent}/for:{person}/{month}",
    )


def open_accounts(unit: UnitOfWork, run: GovernedRun, charter: Charter) -> None:
    """Make the accounts of a run that starts, with the caps of its charter.

    The limit of tokens in a run is a cap like any other, and the smaller of the two holds.
    """
    own, month, person = accounts_of(unit, run)[0], *accounts_of(unit, run)[-2:]
    tokens = min(charter.run_caps.hard.get("tokens", charter.limits.tokens), charter.limits.tokens)
    caps = Caps({**charter.run_caps.hard, "tokens": tokens}, charter.run_caps.soft_share)
    unit.postings.open({own: caps, month: charter.month_caps, person: charter.principal_caps})


def most_of(tool: ToolDefinition, *, first: bool) -> Amounts:
    """Return the most that one attempt at a call can use up.

    Args:
        tool: what is called.
        first: whether it is the call's first attempt.
    """
    return Amounts(
        calls=1 if first else 0,
        attempts=1,
        milliseconds=round(tool.limits.timeout_seconds * 1000),
        micros=tool.limits.cost_micros,
    )


def used_by(tool: ToolDefinition, *, first: bool, seconds: float) -> Amounts:
    """Return what an attempt used up that took so many seconds."""
    return Amounts(
        calls=1 if first else 0,
        attempts=1,
        milliseconds=min(round(seconds * 1000), round(tool.limits.timeout_seconds * 1000)),
        micros=tool.limits.cost_micros,
    )


def soft_cap_reached(balances: Sequence[Balance]) -> str | None:
    """Return what is nearly used up, as one phrase, or None."""
    for balance in balances:
        unit = balance.caps.nearly(balance.drawn)
        if unit is not None:
            return f"{unit} of {balance.account.split(':')[0]}"
    return None


def write_off(unit: UnitOfWork, draw: Draw, reserved: Amounts) -> None:
    """Count a reservation as used whose outcome nobody saw."""
    unit.postings.settle(draw, reserved=reserved, used=reserved, method=Method.ASSUMED)


def close_run(unit: UnitOfWork, run: GovernedRun, *, now: datetime) -> str | None:
    """Keep what an ended run used up; stop its agent if that was far above its own past.

    Returns:
        The reason for which the agent was stopped, or None.
    """
    history = unit.run_events.past_usage(run.agent)
    own = accounts_of(unit, run)[0]
    used = unit.postings.of_run(run.run_id, own)
    unit.run_events.set_usage(run.run_id, used)
    unusual = unusual_unit(used, history)
    if unusual is None:
        return None
    reason = f"a run used far more {unusual} than this agent's runs before"
    unit.postings.open_breaker(run.agent, reason, now=now)
    return reason


def spent(unit: UnitOfWork, run: GovernedRun) -> Amounts:
    """Return what a run has used up so far."""
    balances = unit.postings.balances([accounts_of(unit, run)[0]])
    return balances[0].spent if balances else NOTHING


def _family(unit: UnitOfWork, run: GovernedRun) -> list[str]:
    """Return the account of a run and of every run above it; a child draws on all of them."""
    found, parent = [f"run:{run.run_id}"], run.parent
    while parent is not None and len(found) <= MOST_ANCESTORS:
        found.append(f"run:{parent}")
        above = unit.run_events.get(parent)
        parent = None if above is None else above.parent
    return found
