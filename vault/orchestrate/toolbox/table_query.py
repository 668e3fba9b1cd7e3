"""The tool ``table_query``: rows and sums from a document's tables, without any code of a model."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from vault.domain.identity import Scope
from vault.domain.labels import join
from vault.domain.tools import ToolResult
from vault.lifecycle.shelf import Shelf
from vault.orchestrate.tool import RetryableToolError, ToolContext
from vault.orchestrate.toolbox.builtin import count, record, ship, text
from vault.orchestrate.toolbox.tables import TextTable, column_of, number_of, tables_in
from vault.store.session import Store

_NAME = text("Name of a column.", most=200)
_TESTS = ["=", "!=", "<", "<=", ">", ">=", "contains"]
_CONDITION = record(
    {"column": _NAME, "test": {"enum": _TESTS}, "value": {"type": ["string", "number"]}},
    ["column", "test", "value"],
)

TABLE_QUERY = ship(
    "table_query",
    "Read rows of a table in a document: filtered, sorted, counted or summed up.",
    takes={
        "document_id": text("Id of the document, as search returns it.", most=128),
        "table": count("Which of its tables, from 1; 1 unless said.", least=1, most=10_000),
        "where": {"type": "array", "items": _CONDITION, "maxItems": 10},
        "columns": {"type": "array", "items": _NAME, "maxItems": 40},
        "sort_by": _NAME,
        "descending": {"type": "boolean"},
        "limit": count("Most rows to return; 50 unless said.", least=1, most=500),
        "sum_of": text("Column to sum up over every row that fits.", most=200),
    },
    needs=["document_id"],
    gives={
        "tables": {"type": "integer", "description": "How many tables the document has."},
        "columns": {"type": "array", "items": {"type": "string"}},
        "rows": {
            "type": "array",
            "items": {"type": "object", "additionalProperties": {"type": "string"}},
        },
        "matched": {"type": "integer", "description": "How many rows fit, shown or not."},
        "sum": {"type": ["string", "null"]},
    },
    scopes=frozenset({Scope.DOCUMENT_READ.value}),
)


class TableQueryTool:
    """Queries tables.

    Args:
        shelf: shows documents, and notes in the ledger who read them.
        store: keeps the layout of what the shelf let be read.
    """

    def __init__(self, shelf: Shelf, store: Store) -> None:
        self._shelf = shelf
        self._store = store

    def __call__(self, arguments: dict[str, object], context: ToolContext) -> ToolResult:
        """Return the rows that fit, under the document's label.

        Raises:
            NotFoundError: the document does not exist for the subject.
            RetryableToolError: it has no such table or column.
        """
        document_id = str(arguments["document_id"])
        kept = self._shelf.show(document_id, context.subject)
        whole = self._shelf.read(document_id, context.subject)
        revision = kept.document.revision
        if revision is None:
            raise RetryableToolError("the document has no text")
        with self._store.read() as unit:
            layout = unit.content.layout(revision.id)
        tables = tables_in(whole, layout)
        place = int(str(arguments.get("table", 1)))
        if place > len(tables):
            raise RetryableToolError(f"the document has {len(tables)} tables")
        content: dict[str, object] = {"tables": len(tables), **_asked(tables[place - 1], arguments)}
        label = join(kept.document.access.label, context.label)
        return ToolResult(content, label, sources=(document_id,))


def _asked(table: TextTable, arguments: Mapping[str, object]) -> dict[str, object]:
    rows = [row for row in table.rows if _fits(row, table, _list(arguments.get("where")))]
    if "sort_by" in arguments:
        column = column_of(table, arguments["sort_by"])
        rows.sort(
            key=lambda row: _order(row.get(column, "")),
            reverse=arguments.get("descending") is True,
        )
    shown = [column_of(table, name) for name in _list(arguments.get("columns"))]
    columns = shown or list(table.columns)
    limit = int(str(arguments.get("limit", 50)))
    return {
        "columns": columns,
        "rows": [{name: row.get(name, "") for name in columns} for row in rows[:limit]],
        "matched": len(rows),
        "sum": _sum(rows, table, arguments["sum_of"]) if "sum_of" in arguments else None,
    }


def _sum(rows: Sequence[Mapping[str, str]], table: TextTable, name: object) -> str:
    column = column_of(table, name)
    numbers = [number_of(row.get(column, "")) for row in rows if row.get(column)]
    if None in numbers:
        raise RetryableToolError("not every cell of the column to sum up is a number")
    return f"{sum((found for found in numbers if found is not None), Decimal(0)):f}"


def _fits(row: Mapping[str, str], table: TextTable, conditions: Sequence[object]) -> bool:
    return all(
        _holds(row.get(column_of(table, found["column"]), ""), str(found["test"]), found["value"])
        for found in conditions
        if isinstance(found, dict)
    )


def _holds(cell: str, test: str, value: object) -> bool:
    if test == "contains":
        return str(value).lower() in cell.lower()
    left, right = number_of(cell), number_of(str(value))
    if left is not None and right is not None:
        return _NUMBERS[test](left, right)
    return _TEXTS[test](cell.lower(), str(value).lower()) if test in _TEXTS else False


def _order(cell: str) -> tuple[int, Decimal, str]:
    found = number_of(cell)
    return (1, Decimal(0), cell.lower()) if found is None else (0, found, "")


def _list(found: object) -> list[object]:
    return found if isinstance(found, list) else []


_NUMBERS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "=": Decimal.__eq__,
    "!=": lambda left, right: left != right,
    "<": Decimal.__lt__,
    "<=": Decimal.__le__,
    ">": Decimal.__gt__,
    ">=": Decimal.__ge__,
}
_TEXTS: dict[str, Callable[[str, str], bool]] = {
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    # Dates of ISO 8601 sort as texts.
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}
