"""Rows of a document's table are filtered, sorted and summed up, under its label."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.vault.homes import home, intake, subject
from tests.vault.orchestrate.workshop import context
from vault.bootstrap import Vault
from vault.domain.documents import CharSpan, Chunk, Element, ElementKind, ParsedDocument
from vault.domain.errors import NotFoundError
from vault.domain.labels import Classification
from vault.ingest.prepared import Prepared, digest_of
from vault.orchestrate.tool import RetryableToolError
from vault.orchestrate.toolbox.table_query import TableQueryTool

TEXT = (
    "Item | Price | Since\nBolt | 2 | 2026-01-05\nNut | 0.50 | 2025-03-01\nGear | 80 | 2026-02-01"
)


@dataclass
class Bench:
    vault: Vault
    document_id: str

    def ask(self, name: str = "ana", **asked: object) -> dict:
        tool = TableQueryTool(self.vault.shelf, self.vault.store)
        found = tool({"document_id": self.document_id} | asked, context(subject(self.vault, name)))
        assert found.label.classification is Classification.INTERNAL
        return found.content


@pytest.fixture
def bench(tmp_path: Path):
    with home(tmp_path) as vault:
        span = CharSpan(0, len(TEXT))
        prepared = Prepared(
            uri="test:prices",
            version=None,
            digest=digest_of(TEXT.encode()),
            modified_at=datetime(2026, 11, 1, tzinfo=UTC),
            intake=intake("user:ana"),
            parsed=ParsedDocument(
                TEXT, (Element(ElementKind.TABLE, span),), "", "text/csv", "rows", 1.0
            ),
            chunks=(Chunk(0, span, TEXT),),
            vectors=vault.embedder.embed([TEXT]),
        )
        yield Bench(vault, vault.keeper().keep(prepared, stamp=vault.embedder.fingerprint))


def items(found: dict) -> list[str]:
    return [row["Item"] for row in found["rows"]]


@pytest.mark.parametrize(
    ("where", "left"),
    [
        (("Price", ">", 1), ["Bolt", "Gear"]),
        (("price", "<=", "2"), ["Bolt", "Nut"]),
        (("Price", "=", 0.5), ["Nut"]),
        (("Price", "!=", 80), ["Bolt", "Nut"]),
        (("Item", "contains", "U"), ["Nut"]),
        (("Item", "=", "gear"), ["Gear"]),
        (("Since", ">=", "2026-01-01"), ["Bolt", "Gear"]),
        (("Since", "<", "2026-01-01"), ["Nut"]),
    ],
)
def test_rows_that_fit_are_returned(bench: Bench, where: tuple, left: list[str]) -> None:
    condition = dict(zip(("column", "test", "value"), where, strict=True))
    assert items(bench.ask(where=[condition])) == left


def test_rows_are_sorted_limited_and_summed_up(bench: Bench) -> None:
    found = bench.ask(sort_by="Price", descending=True, limit=1, sum_of="Price", columns=["item"])
    assert (items(found), found["matched"], found["sum"]) == (["Gear"], 3, "82.50")
    assert found["columns"] == ["Item"]


@pytest.mark.parametrize("asked", [{"table": 2}, {"sum_of": "Item"}, {"sort_by": "colour"}])
def test_what_the_table_does_not_have_is_said(bench: Bench, asked: dict) -> None:
    with pytest.raises(RetryableToolError):
        bench.ask(**asked)


def test_a_table_that_the_subject_may_not_read_does_not_exist(bench: Bench) -> None:
    with pytest.raises(NotFoundError):
        bench.ask("bo")
