"""Separated values are read whatever separates and encodes them."""

import pytest

from tests.vault.ingest.parse.samples import original
from vault.ingest.parse import media
from vault.ingest.parse.failures import ReadError
from vault.ingest.parse.table import read_csv


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_separators_and_encodings_are_found(delimiter: str, encoding: str) -> None:
    rows = [("Name", "Büro"), ("Ada", "Zürich"), ("Bo", "Köln"), ("Cy", "Malmö")]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    (piece,) = read_csv(original(text.encode(encoding), media.CSV)).pieces
    assert piece.text.split("\n")[1] == "Name: Ada | Büro: Zürich"


def test_ragged_rows_and_quotes_are_kept() -> None:
    content = b'a,b\n1\n"x, y",2,3\n'
    (piece,) = read_csv(original(content, media.CSV)).pieces
    assert piece.text == "a | b\na: 1\na: x, y | b: 2 | 3"


def test_tabs_part_the_values_of_a_tsv() -> None:
    (piece,) = read_csv(original(b"a, b\tc\n1\t2\n", media.TSV)).pieces
    assert piece.text == "a, b | c\na, b: 1 | c: 2"


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(ReadError):
        read_csv(original(bytes(range(256)), media.CSV))
