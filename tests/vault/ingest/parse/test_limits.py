"""The default limits fit together."""

from vault.ingest.parse.limits import ParseLimits


def test_a_member_fits_an_archive_and_an_archive_fits_the_memory() -> None:
    limits = ParseLimits()
    assert limits.member_bytes < limits.archive_bytes < limits.memory_bytes
    assert limits.content_bytes < limits.memory_bytes
