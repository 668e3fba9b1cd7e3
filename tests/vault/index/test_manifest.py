"""A manifest is believed only when its code of authenticity matches."""

import json
from dataclasses import replace

import pytest

from vault.index.manifest import LARGEST_BYTES, ArrayEntry, Manifest, ManifestError

KEY = b"k" * 32
MANIFEST = Manifest(
    number=3,
    fingerprint="model / fp32",
    dimension=8,
    rows=2,
    applied_sequence=9,
    salt=b"s" * 32,
    arrays={"vectors": ArrayEntry("0" * 64, (2, 8))},
)


def test_a_manifest_comes_back() -> None:
    assert Manifest.from_bytes(MANIFEST.to_bytes(KEY), KEY) == MANIFEST


def test_every_byte_is_covered() -> None:
    content = MANIFEST.to_bytes(KEY)
    for place in range(len(content)):
        damaged = bytearray(content)
        damaged[place] ^= 1
        with pytest.raises(ManifestError):
            Manifest.from_bytes(bytes(damaged), KEY)


@pytest.mark.parametrize("content", [b"", b"\n", b"{}", b"x" * (LARGEST_BYTES + 1)])
def test_what_is_no_manifest_is_refused(content: bytes) -> None:
    with pytest.raises(ManifestError):
        Manifest.from_bytes(content, KEY)


def test_another_key_is_refused() -> None:
    with pytest.raises(ManifestError):
        Manifest.from_bytes(MANIFEST.to_bytes(KEY), b"x" * 32)


def test_a_salt_of_another_length_is_refused() -> None:
    with pytest.raises(ManifestError, match="salt"):
        Manifest.from_bytes(replace(MANIFEST, salt=b"short").to_bytes(KEY), KEY)


def test_the_description_is_readable_json() -> None:
    body = json.loads(MANIFEST.to_bytes(KEY).partition(b"\n")[2])
    assert body["format"] == "strongroom-index-1"
    assert body["rows"] == 2
