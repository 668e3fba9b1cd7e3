"""The second engine gives text or a reason, never an exception of its own."""

import pytest

from tests.vault.ingest.parse.samples import LEAVE, original, word
from vault.domain.documents import ElementKind
from vault.ingest.parse import media
from vault.ingest.parse.failures import Failure, ReadError
from vault.ingest.parse.second import READS, plain_text, read_second


def test_headings_and_tables_survive() -> None:
    pieces = read_second(original(word(), media.DOCX)).pieces
    assert (ElementKind.TITLE, "Leave") in [(piece.kind, piece.text) for piece in pieces]
    assert LEAVE in [piece.text for piece in pieces]
    assert any(piece.kind is ElementKind.TABLE for piece in pieces)


def test_damage_is_a_reason_and_an_empty_opinion() -> None:
    broken = original(word()[:2_000], media.DOCX)
    assert plain_text(broken) == ""
    with pytest.raises(ReadError) as refused:
        read_second(broken)
    assert refused.value.failure is Failure.BROKEN


def test_every_guarded_kind_can_be_read_again() -> None:
    assert {kind.name for kind in media.SUPPORTED.values() if kind.guarded} <= READS
