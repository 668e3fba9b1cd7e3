"""What runs draw from accounts: reserved up front, settled after, never above a hard cap."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from vault.domain.budgets import UNITS, Amounts, Balance, Caps, Method
from vault.domain.errors import LimitExceededError
from vault.store.orchestrate_schema import account, breaker, posting


@dataclass(frozen=True, slots=True)
class Draw:
    """Which call of which run draws, from which accounts, and when."""

    run_id: str
    call_id: str
    accounts: tuple[str, ...]
    at: datetime


class Postings:
    """Accounts with their balances, and every posting that made them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(self, accounts: Mapping[str, Caps]) -> None:
        """Make accounts that are missing, and give all of them these caps."""
        for name, caps in accounts.items():
            self._connection.execute(
                upsert(account)
                .values(id=name, caps=caps.form())
                .on_conflict_do_update(index_elements=["id"], set_={"caps": caps.form()})
            )

    def balances(self, accounts: Iterable[str]) -> Sequence[Balance]:
        """Return the balance of each account that exists, by name."""
        rows = self._connection.execute(_BALANCES, {"names": list(accounts)})
        return [_balance(row._mapping) for row in rows]

    def reserve(
        self, draw: Draw, amounts: Amounts, *, before: Sequence[Balance] | None = None
    ) -> Sequence[Balance]:
        """Set amounts aside in every account, or in none; return the balances after.

        The caller's transaction writes, so nobody draws between the check and the change.

        Args:
            draw: who draws from which accounts.
            amounts: how much.
            before: the balances, if this very transaction has read them.

        Raises:
            LimitExceededError: a hard cap would be passed, or an account does not exist.
        """
        before = self.balances(draw.accounts) if before is None else before
        if len(before) != len(set(draw.accounts)):
            raise LimitExceededError("an account of this run does not exist, so nothing is left")
        for found in before:
            passed = found.caps.passed_by(found.drawn + amounts)
            if passed is not None:
                raise LimitExceededError(f"the budget {found.account} has no {passed} left")
        self._change(before, reserved=amounts, spent=Amounts())
        self._post(draw, "reserve", amounts, Method.ESTIMATED)
        return [
            Balance(found.account, found.caps, found.reserved + amounts, found.spent)
            for found in before
        ]

    def settle(
        self, draw: Draw, *, reserved: Amounts, used: Amounts, method: Method = Method.MEASURED
    ) -> None:
        """Turn a reservation into what was used; what is left over is free again."""
        self._change(self.balances(draw.accounts), reserved=Amounts() - reserved, spent=used)
        self._post(draw, "settle", used, method)

    def of_run(self, run_id: str, account_id: str) -> Amounts:
        """Return what a run has settled in one account."""
        rows = self._connection.execute(
            select(posting).where(
                posting.c.run_id == run_id,
                posting.c.account_id == account_id,
                posting.c.kind == "settle",
            )
        ).mappings()
        total = Amounts()
        for row in rows:
            total += Amounts(**{unit: row[unit] for unit in UNITS})
        return total

    def open_breaker(self, agent: str, reason: str, *, now: datetime) -> None:
        """Stop an agent from acting until a person closes the breaker."""
        self._connection.execute(
            upsert(breaker)
            .values(agent=agent, reason=reason, opened_at=now)
            .on_conflict_do_nothing()
        )

    def close_breaker(self, agent: str) -> bool:
        """Let an agent act again; tell whether it was stopped."""
        gone = self._connection.execute(breaker.delete().where(breaker.c.agent == agent))
        return gone.rowcount == 1

    def breaker(self, agent: str) -> str | None:
        """Return why an agent is stopped, or None."""
        found = self._connection.execute(
            select(breaker.c.reason).where(breaker.c.agent == agent)
        ).scalar()
        return None if found is None else str(found)

    def _change(self, found: Sequence[Balance], *, reserved: Amounts, spent: Amounts) -> None:
        rows = [
            {
                "account": each.account,
                **{f"{unit}_r": value for unit, value in (each.reserved + reserved).items()},
                **{f"{unit}_s": value for unit, value in (each.spent + spent).items()},
            }
            for each in found
        ]
        if rows:
            self._connection.execute(_CHANGE, rows)

    def _post(self, draw: Draw, kind: str, amounts: Amounts, method: Method) -> None:
        common = {
            "run_id": draw.run_id,
            "call_id": draw.call_id,
            "kind": kind,
            "method": method.value,
            "at": draw.at,
            **dict(amounts.items()),
        }
        rows = [{"account_id": name, **common} for name in draw.accounts]
        if rows:
            self._connection.execute(_POST, rows)


_BALANCES = (
    select(account)
    .where(account.c.id.in_(bindparam("names", expanding=True)))
    .order_by(account.c.id)
)
_POST = insert(posting)
_CHANGE = (
    update(account)
    .where(account.c.id == bindparam("account"))
    .values(
        **{f"{unit}_reserved": bindparam(f"{unit}_r") for unit in UNITS},
        **{f"{unit}_spent": bindparam(f"{unit}_s") for unit in UNITS},
    )
)


def _balance(row: RowMapping) -> Balance:
    caps = row["caps"]
    hard = caps["hard"] if isinstance(caps, dict) else {}
    share = caps["soft_share"] if isinstance(caps, dict) else 1.0
    return Balance(
        account=str(row["id"]),
        caps=Caps(dict(hard), float(share)),
        reserved=Amounts(**{unit: int(str(row[f"{unit}_reserved"])) for unit in UNITS}),
        spent=Amounts(**{unit: int(str(row[f"{unit}_spent"])) for unit in UNITS}),
    )
