"""Token buckets of tools, emptied in the transaction that decides on the call."""

from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert as upsert

from vault.store.tools_schema import tool_bucket

MINUTE = 60.0


class ToolRates:
    """One bucket for each tool, whoever calls it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, tool: str, *, per_minute: int, now: datetime) -> float:
        """Take one token and return 0, or take none and return the seconds until there is one.

        A bucket holds a minute's worth and is full at first. A clock that goes back gives
        nothing.

        Args:
            tool: name of the tool.
            per_minute: tokens that come back in a minute, at least 1.
            now: aware time of the call.
        """
        row = self._connection.execute(
            select(tool_bucket.c.tokens, tool_bucket.c.filled_at)
            .where(tool_bucket.c.tool == tool)
            .with_for_update()
        ).first()
        tokens, since = (float(per_minute), now) if row is None else (row.tokens, row.filled_at)
        gone = max(0.0, (now - since).total_seconds())
        tokens = min(float(per_minute), tokens + gone * per_minute / MINUTE)
        taken = tokens >= 1.0
        left = tokens - 1.0 if taken else tokens
        values = {"tokens": left, "filled_at": max(now, since)}
        self._connection.execute(
            upsert(tool_bucket)
            .values(tool=tool, **values)
            .on_conflict_do_update(index_elements=["tool"], set_=values)
        )
        return 0.0 if taken else (1.0 - tokens) * MINUTE / per_minute
