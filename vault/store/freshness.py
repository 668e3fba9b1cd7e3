"""Documents that are stale or to be reviewed, the most cited first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, or_, select

from vault.store.documents import LIVE
from vault.store.schema import document, run_evidence


@dataclass(frozen=True, slots=True)
class StaleRecord:
    """A document that its owner has to look at.

    Attributes:
        cited: number of searches and answers that rested on it.
        stale_at: since when it no longer counts as fresh; None if no rule says so.
        review_at: when its owner had to look at it again; None if no rule says so.
    """

    document_id: str
    title: str
    owner: str
    cited: int
    stale_at: datetime | None
    review_at: datetime | None


class Freshness:
    """What has not been confirmed for longer than its rules allow."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def overdue(self, now: datetime, *, owner: str | None, limit: int) -> Sequence[StaleRecord]:
        """Return stale documents and those to be reviewed, the most cited first.

        Args:
            now: the moment.
            owner: only this data owner's; None for all.
            limit: most documents to return.
        """
        uses = (
            select(run_evidence.c.document_id, func.count().label("cited"))
            .group_by(run_evidence.c.document_id)
            .subquery()
        )
        cited = func.coalesce(uses.c.cited, 0)
        query = (
            select(
                document.c.id,
                document.c.title,
                document.c.owner,
                cited,
                document.c.stale_at,
                document.c.review_at,
            )
            .join(uses, uses.c.document_id == document.c.id, isouter=True)
            .where(
                document.c.state.in_(LIVE),
                or_(document.c.stale_at < now, document.c.review_at < now),
            )
            .order_by(cited.desc(), document.c.stale_at, document.c.id)
            .limit(limit)
        )
        if owner is not None:
            query = query.where(document.c.owner == owner)
        return [StaleRecord(*row) for row in self._connection.execute(query)]
