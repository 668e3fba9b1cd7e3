"""A reading claims every page to be readable unless its reader says less."""

from vault.ingest.parse.pieces import Reading


def test_a_reading_is_whole_by_default() -> None:
    reading = Reading((), "text")
    assert reading.readable == 1.0
    assert not reading.attachments
    assert not reading.notes
