"""Archives hand on their files, within limits."""

import bz2
import gzip
import io
import tarfile

import pytest

from tests.vault.ingest.parse.samples import original, zipped
from vault.ingest.parse import media
from vault.ingest.parse.containers import read_container
from vault.ingest.parse.failures import Failure, ReadError
from vault.ingest.parse.limits import ParseLimits
from vault.ingest.parse.result import Attachment


def tarred(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return target.getvalue()


FILES = {"a/one.txt": b"one", "__MACOSX/two.txt": b"x"}
TAR = tarred(FILES)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (zipped(FILES), media.ZIP),
        (TAR, media.TAR),
        (gzip.compress(TAR), media.GZIP),
        (bz2.compress(TAR), media.BZIP2),
    ],
)
def test_files_inside_are_handed_on(content: bytes, media_type: str) -> None:
    reading = read_container(original(content, media_type))
    assert reading.attachments == (Attachment("a/one.txt", b"one"),)
    assert [piece.text for piece in reading.pieces] == ["a/one.txt"]


def test_a_single_packed_file_keeps_its_name() -> None:
    reading = read_container(original(gzip.compress(b"one"), media.GZIP, name="one.txt.gz"))
    assert reading.attachments == (Attachment("one.txt", b"one"),)


@pytest.mark.parametrize(
    ("content", "media_type", "failure"),
    [
        (gzip.compress(b"\0" * 20_000_000), media.GZIP, Failure.EXPANDS),
        (bz2.compress(b"\0" * 20_000_000), media.BZIP2, Failure.EXPANDS),
        (tarred({"a": b"x" * 5_000}), media.TAR, Failure.EXPANDS),
        (gzip.compress(b"one" * 99)[:-12], media.GZIP, Failure.BROKEN),
        (TAR[:700], media.TAR, Failure.BROKEN),
    ],
)
def test_bad_archives_are_refused(content: bytes, media_type: str, failure: Failure) -> None:
    limits = ParseLimits(member_bytes=4_000)
    with pytest.raises(ReadError) as refused:
        read_container(original(content, media_type, limits=limits))
    assert refused.value.failure is failure


def test_one_damaged_file_does_not_hide_the_others() -> None:
    content = zipped({"a.txt": b"abc" * 50, "b.txt": b"fine"})
    damaged = content[:40] + b"\xff\xff\xff" + content[43:]
    reading = read_container(original(damaged, media.ZIP))
    assert [file.name for file in reading.attachments] == ["b.txt"]
    assert reading.notes == ("1 files inside are damaged and were not read",)
