"""What screening found in documents that are held back, and what was let through before."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, delete, insert, select

from vault.domain.documents import CharSpan
from vault.domain.findings import Finding, FindingKind
from vault.store.records_schema import finding
from vault.store.schema import document


class Findings:
    """Findings by document: places and rules, never words."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def replace(self, document_id: str, found: Iterable[Finding]) -> None:
        """Keep these findings of a document, and no older ones."""
        self._connection.execute(delete(finding).where(finding.c.document_id == document_id))
        rows = [
            {
                "document_id": document_id,
                "start": one.span.start,
                "end": one.span.end,
                "rule": one.rule,
                "kind": one.kind.value,
            }
            for one in set(found)
        ]
        if rows:
            self._connection.execute(insert(finding), rows)

    def of(self, document_id: str) -> Sequence[Finding]:
        """Return what was found in a document, in the order of its text."""
        rows = self._connection.execute(
            select(finding)
            .where(finding.c.document_id == document_id)
            .order_by(finding.c.start, finding.c.end, finding.c.rule)
        )
        return [
            Finding(FindingKind(row.kind), CharSpan(row.start, row.end), row.rule) for row in rows
        ]

    def let_through(self, document_id: str) -> str | None:
        """Return the digest of the text that two persons released, or None."""
        return self._connection.execute(
            select(document.c.released_text).where(document.c.id == document_id)
        ).scalar()
