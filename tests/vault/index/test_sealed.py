"""Sealed files give back what was sealed, or nothing."""

import os
from pathlib import Path

import pytest

from vault.index import sealed
from vault.index.sealed import CHUNK_BYTES, Sealer, SealError, derive_key

KEY, SALT = b"k" * 32, b"s" * 32


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, 2 * CHUNK_BYTES + 5])
def test_the_content_comes_back(tmp_path: Path, size: int) -> None:
    content = os.urandom(size)
    sealer = Sealer(KEY, SALT)
    entry = sealer.seal(tmp_path / "file", memoryview(content))
    assert bytes(sealer.open(tmp_path / "file", entry)) == content
    # A few random bytes may stand anywhere by chance; sixty-four do not.
    assert size < 64 or content[:64] not in (tmp_path / "file").read_bytes()


def test_an_existing_file_is_not_overwritten(tmp_path: Path) -> None:
    Sealer(KEY, SALT).seal(tmp_path / "file", memoryview(b"one"))
    with pytest.raises(FileExistsError):
        Sealer(KEY, SALT).seal(tmp_path / "file", memoryview(b"two"))


@pytest.mark.parametrize("sealer", [Sealer(b"x" * 32, SALT), Sealer(KEY, b"x" * 32)])
def test_another_key_or_salt_opens_nothing(tmp_path: Path, sealer: Sealer) -> None:
    entry = Sealer(KEY, SALT).seal(tmp_path / "file", memoryview(b"secret"))
    with pytest.raises(SealError, match="authentic"):
        sealer.open(tmp_path / "file", entry)


def test_a_file_under_another_name_is_refused(tmp_path: Path) -> None:
    entry = Sealer(KEY, SALT).seal(tmp_path / "file", memoryview(b"secret"))
    (tmp_path / "file").rename(tmp_path / "other")
    with pytest.raises(SealError, match="authentic"):
        Sealer(KEY, SALT).open(tmp_path / "other", entry)


def test_chunks_cannot_be_swapped_or_cut_off_even_with_a_matching_digest(
    tmp_path: Path,
) -> None:
    """The cipher alone must refuse: a digest beside the file would be forged as well."""
    sealer, path = Sealer(KEY, SALT), tmp_path / "file"
    entry = sealer.seal(path, memoryview(bytes(3 * CHUNK_BYTES)))
    step = CHUNK_BYTES + 16
    whole = path.read_bytes()
    pieces = [whole[:step], whole[step : 2 * step], whole[2 * step :]]
    path.write_bytes(pieces[1] + pieces[0] + pieces[2])
    with pytest.raises(SealError, match="authentic"):
        sealer.open(path, entry)
    path.write_bytes(pieces[0] + pieces[1])
    shorter = sealed.SealedFile(2 * CHUNK_BYTES, entry.sha256)
    with pytest.raises(SealError, match="authentic"):
        sealer.open(path, shorter)


def test_a_file_that_is_authentic_but_not_the_expected_one_is_refused(tmp_path: Path) -> None:
    entry = Sealer(KEY, SALT).seal(tmp_path / "file", memoryview(b"secret"))
    other = sealed.SealedFile(entry.content_bytes, "0" * 64)
    with pytest.raises(SealError, match="digest"):
        Sealer(KEY, SALT).open(tmp_path / "file", other)


def test_keys_of_different_purposes_differ() -> None:
    keys = {derive_key(KEY, salt=SALT, purpose=purpose) for purpose in ("a", "b")}
    assert len(keys) == 2
    assert KEY not in keys
