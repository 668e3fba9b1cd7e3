"""The element library works without a language model and without a network."""

import sys

import pytest

from tests.vault.ingest.parse.samples import LEAVE, SICK, word
from vault.domain.documents import ElementKind
from vault.ingest.parse.partition import docx_pieces, install


def test_no_language_model_is_loaded() -> None:
    install()
    pieces = list(docx_pieces(word()))
    assert {LEAVE, SICK} <= {piece.text for piece in pieces}
    with pytest.raises(AttributeError):
        sys.modules["spacy"].load("en_core_web_sm")


def test_tables_become_rows() -> None:
    (table,) = [piece for piece in docx_pieces(word()) if piece.kind is ElementKind.TABLE]
    assert table.text == "Grade | Days\nSenior | 35"
