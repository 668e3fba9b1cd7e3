"""A zip file is measured before anything else opens it."""

import io
import zipfile

import pytest

from tests.vault.ingest.parse.samples import word, zipped
from vault.ingest.parse.archives import defines_entities, member_bytes, open_zip, refuse_bombs
from vault.ingest.parse.failures import Failure, ReadError
from vault.ingest.parse.limits import ParseLimits

SMALL = ParseLimits(archive_members=3, archive_bytes=5_000, member_bytes=3_000)


@pytest.mark.parametrize(
    ("content", "limits"),
    [
        (zipped({str(n): b"" for n in range(4)}), SMALL),
        (zipped({"a": b"x" * 3_001}), SMALL),
        (zipped({"a": b"x" * 2_600, "b": b"x" * 2_600}), SMALL),
        (zipped({"a": b"\0" * 20_000_000}), ParseLimits()),
    ],
    ids=["members", "one member", "total", "ratio"],
)
def test_what_would_expand_too_far_is_refused_unopened(content: bytes, limits: ParseLimits) -> None:
    with pytest.raises(ReadError) as refused:
        open_zip(content, limits)
    assert refused.value.failure is Failure.EXPANDS


def test_a_directory_that_lies_about_sizes_is_found_out() -> None:
    content = bytearray(zipped({"a.txt": b"y" * 2_000}))
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    with pytest.raises(ReadError) as refused:
        refuse_bombs(open_zip(bytes(content), ParseLimits()), ParseLimits())
    assert refused.value.failure is Failure.BROKEN


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_entities_are_refused_in_every_encoding(encoding: str) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "lol">]><a>&b;</a>'.encode(encoding)
    assert defines_entities(bomb)
    with pytest.raises(ReadError) as refused:
        refuse_bombs(open_zip(zipped({"word/document.xml": bomb}), ParseLimits()), ParseLimits())
    assert refused.value.failure is Failure.ENTITIES


def test_entities_are_found_across_the_edge_of_a_block() -> None:
    bomb = b" " * (262_144 - 4) + b"<!ENTITY b 'x'>"
    limits = ParseLimits(archive_ratio=10_000)
    with pytest.raises(ReadError):
        refuse_bombs(open_zip(zipped({"a.xml": bomb}), limits), limits)


def test_a_protected_archive_says_so() -> None:
    content = bytearray(zipped({"a.txt": b"x"}))
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(ReadError) as refused:
        open_zip(bytes(content), ParseLimits())
    assert refused.value.failure is Failure.PASSWORD


def test_an_ordinary_document_passes() -> None:
    archive = open_zip(word(), ParseLimits())
    refuse_bombs(archive, ParseLimits())
    assert member_bytes(archive, "word/document.xml").startswith(b"<?xml")
    with pytest.raises(ReadError):
        member_bytes(archive, "absent.xml")


def test_damage_is_told_apart() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.txt", "hello world")
    content = target.getvalue().replace(b"hello", b"jello")
    with pytest.raises(ReadError) as refused:
        refuse_bombs(open_zip(content, ParseLimits()), ParseLimits())
    assert refused.value.failure is Failure.BROKEN
