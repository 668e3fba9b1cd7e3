"""The list of supported kinds is complete and printable."""

from vault.ingest.parse import media
from vault.ingest.parse.reader import READERS


def test_every_supported_kind_has_a_reader_and_the_other_way_round() -> None:
    assert READERS.keys() == media.SUPPORTED.keys()


def test_no_extension_promises_two_kinds() -> None:
    extensions = [end for kind in media.SUPPORTED.values() for end in kind.extensions]
    assert len(extensions) == len(set(extensions))


def test_the_manual_names_every_kind() -> None:
    lines = media.describe().splitlines()
    assert len(lines) == len(media.SUPPORTED)
    assert "PDF (.pdf): application/pdf" in lines
