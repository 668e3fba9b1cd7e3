"""The words of the type filter cover every kind of file that the vault reads."""

from vault.domain.media_families import FAMILIES, families_of, family_types
from vault.ingest.parse.media import SUPPORTED

CONTAINERS = {"application/zip", "application/x-tar", "application/gzip", "application/x-bzip2"}


def test_every_kind_of_file_that_is_read_has_a_family() -> None:
    covered = {media_type for types in FAMILIES.values() for media_type in types}
    assert set(SUPPORTED) - CONTAINERS <= covered


def test_a_family_is_named_in_any_case() -> None:
    assert family_types(" PDF ") == ("application/pdf",)


def test_a_word_that_is_no_family_is_a_media_type_itself() -> None:
    assert family_types("text/x-rst") == ("text/x-rst",)


def test_a_type_may_be_in_several_families() -> None:
    assert families_of(frozenset({"text/markdown"})) == {"text", "markdown"}
    assert families_of(frozenset({"application/x-unknown"})) == frozenset()
