"""Files whose content is secret and unaltered: chunks under AES-256-GCM, in order and complete."""

import hashlib
import os
import struct
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CHUNK_BYTES = 4 * 2**20
KEY_BYTES = 32
SALT_BYTES = 32
_TAG_BYTES = 16


class SealError(Exception):
    """A sealed file is not what was written, or the key is another one."""


@dataclass(frozen=True, slots=True)
class SealedFile:
    """What must be known to read a sealed file back.

    Attributes:
        content_bytes: length of the content.
        sha256: hex digest of the file as it lies on disk.
    """

    content_bytes: int
    sha256: str


class Sealer:
    """Seals and opens files under one key and one salt that is never used again.

    Every file has a key of its own, derived from both and from its name, so a chunk's
    number is nonce enough; its number and whether it is the last are authenticated.

    Args:
        key: 32 bytes, kept elsewhere.
        salt: 32 random bytes, kept beside the files.

    Source:
        NIST SP 800-38D (GCM); RFC 5869 (HKDF); Hoang et al., "Online Authenticated-Encryption
        and its Nonce-Reuse Misuse-Resistance", 2015 (STREAM).
    """

    def __init__(self, key: bytes, salt: bytes) -> None:
        self._key = key
        self._salt = salt

    def seal(self, path: Path, content: memoryview) -> SealedFile:
        """Write ``content`` to a new file and flush it to the disk.

        Raises:
            OSError: the file exists or the disk does not take it.
        """
        cipher, digest = self._cipher(path.name), hashlib.sha256()
        total = _chunks(len(content))
        with path.open("xb") as file:
            for number in range(total):
                piece = content[number * CHUNK_BYTES : (number + 1) * CHUNK_BYTES]
                nonce, bound = _position(number, total)
                sealed = cipher.encrypt(nonce, piece, bound)
                digest.update(sealed)
                file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        return SealedFile(len(content), digest.hexdigest())

    def open(self, path: Path, expected: SealedFile) -> bytearray:
        """Return the content of a file; nothing of it before all of it is authentic.

        Raises:
            SealError: the file was altered, cut, extended, swapped or sealed under another key.
            OSError: the file cannot be read.
        """
        total = _chunks(expected.content_bytes)
        if path.stat().st_size != expected.content_bytes + total * _TAG_BYTES:
            raise SealError(f"{path.name} has another length")
        cipher, digest = self._cipher(path.name), hashlib.sha256()
        content = bytearray(expected.content_bytes)
        room = memoryview(content)
        with path.open("rb") as file:
            for number in range(total):
                sealed = file.read(CHUNK_BYTES + _TAG_BYTES)
                digest.update(sealed)
                nonce, bound = _position(number, total)
                start = number * CHUNK_BYTES
                target = room[start : start + len(sealed) - _TAG_BYTES]
                try:
                    cipher.decrypt_into(nonce, sealed, bound, target)
                except (InvalidTag, ValueError):
                    raise SealError(f"{path.name} is not authentic") from None
        if digest.hexdigest() != expected.sha256:
            raise SealError(f"{path.name} has another digest")
        return content

    def _cipher(self, name: str) -> AESGCM:
        return AESGCM(derive_key(self._key, salt=self._salt, purpose=f"file {name}"))


def derive_key(key: bytes, *, salt: bytes, purpose: str) -> bytes:
    """Return the 32-byte key that serves ``purpose`` alone.

    Source:
        RFC 5869.
    """
    info = f"strongroom index: {purpose}".encode()
    return HKDF(SHA256(), KEY_BYTES, salt, info).derive(key)


def _chunks(content_bytes: int) -> int:
    """Return the number of chunks; an empty file still has one, which is authenticated."""
    return max(1, -(-content_bytes // CHUNK_BYTES))


def _position(number: int, total: int) -> tuple[bytes, bytes]:
    """Return nonce and associated data of one chunk."""
    last = number == total - 1
    nonce = struct.pack(">3xQ?", number, last)
    return nonce, nonce
