"""What a database source is told to follow."""

from dataclasses import dataclass
from pathlib import Path

from connectors.errors import ConnectorConfigError
from connectors.sql_columns import SqlColumns, Statements


@dataclass(frozen=True, slots=True)
class SqlConfig:
    """What to follow.

    Attributes:
        dsn_file: file with the URL of the database, such as
            ``postgresql://name:password@host/base`` or ``sqlite:////srv/base.db``.
        table: table or view, with its schema in front where it has one; or else
        query: one SELECT.
        id_column: key; unique, a whole number, text or UUID.
        text_column: text or bytes of an item.
        title_column: what people call it.
        modified_column: time of the last change; without one, the time of reading is taken.
        version_column: number, text or time that grows with every change of a row; without one,
            rows are told apart by a hash of all columns.
        readers_column: names of those who may read a row; without one, readers are mapped.
        facts: further columns, as ``fact=column``; one a line as text.
        media_type: what the texts are.
        overlap: how far below the last version to look again, for rows that were committed
            late: seconds for times, units for numbers.
        page_rows: rows to read at a time.
        max_bytes: larger texts are rejected.
        timeout_seconds: ceiling for one statement.
        allowed_hosts: public hosts that may be dialled; local ones always may.
    """

    dsn_file: Path
    id_column: str
    text_column: str
    table: str = ""
    query: str = ""
    title_column: str = ""
    modified_column: str = ""
    version_column: str = ""
    readers_column: str = ""
    facts: tuple[str, ...] = ()
    media_type: str = "text/plain"
    overlap: int = 0
    page_rows: int = 200
    max_bytes: int = 16 * 2**20
    timeout_seconds: int = 60
    allowed_hosts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a configuration that names nothing to read."""
        if any("=" not in fact for fact in self.facts):
            raise ConnectorConfigError("facts of connector 'sql' are written as fact=column")
        if not self.page_rows or not self.timeout_seconds:
            raise ConnectorConfigError("page_rows and timeout_seconds must be more than nothing")
        self.statements()

    def columns(self) -> SqlColumns:
        """Return what stands where."""
        return SqlColumns(
            id=self.id_column,
            text=self.text_column,
            title=self.title_column,
            modified=self.modified_column,
            version=self.version_column,
            readers=self.readers_column,
            facts=tuple(
                (fact, column) for fact, _, column in (f.partition("=") for f in self.facts)
            ),
        )

    def statements(self) -> Statements:
        """Return the statements that read what is configured."""
        return Statements(self.columns(), table_name=self.table, query=self.query)
