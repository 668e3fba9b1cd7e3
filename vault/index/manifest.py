"""What a generation says about itself, believed only when its code of authenticity matches."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vault.index.sealed import SALT_BYTES, derive_key

FORMAT = "strongroom-index-1"
LARGEST_BYTES = 2**20


class ManifestError(Exception):
    """The manifest is not authentic, or describes something this version cannot use."""


@dataclass(frozen=True, slots=True)
class ArrayEntry:
    """One array of a generation: digest of its sealed file, and its shape."""

    sha256: str
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """The description of one generation.

    Attributes:
        number: 1 for the first; every later one is higher.
        fingerprint: embedding model and backend of the vectors.
        dimension: length of a vector.
        rows: number of chunks.
        applied_sequence: position in the change log up to which it is complete.
        salt: makes the keys of this generation's files.
        arrays: file name to what it holds.
    """

    number: int
    fingerprint: str
    dimension: int
    rows: int
    applied_sequence: int
    salt: bytes
    arrays: Mapping[str, ArrayEntry]

    def to_bytes(self, key: bytes) -> bytes:
        """Return the code of authenticity, a line break, and the description as JSON."""
        body = {
            "format": FORMAT,
            "number": self.number,
            "fingerprint": self.fingerprint,
            "dimension": self.dimension,
            "rows": self.rows,
            "applied_sequence": self.applied_sequence,
            "salt": self.salt.hex(),
            "arrays": {
                name: {"sha256": entry.sha256, "shape": list(entry.shape)}
                for name, entry in self.arrays.items()
            },
        }
        text = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
        return _code(key, text).encode() + b"\n" + text

    @classmethod
    def from_bytes(cls, content: bytes, key: bytes) -> "Manifest":
        """Return the manifest in ``content``; nothing is parsed before it is authentic.

        Raises:
            ManifestError: it is not authentic, or of another format.
        """
        code, separator, text = content[: LARGEST_BYTES + 1].partition(b"\n")
        authentic = hmac.compare_digest(code, _code(key, text).encode())
        if len(content) > LARGEST_BYTES or not separator or not authentic:
            raise ManifestError("the manifest is not authentic")
        body: dict[str, Any] = json.loads(text)
        if body.get("format") != FORMAT:
            raise ManifestError("the generation has another format")
        salt = bytes.fromhex(body["salt"])
        if len(salt) != SALT_BYTES:
            raise ManifestError("the generation has no usable salt")
        return cls(
            number=body["number"],
            fingerprint=body["fingerprint"],
            dimension=body["dimension"],
            rows=body["rows"],
            applied_sequence=body["applied_sequence"],
            salt=salt,
            arrays={
                name: ArrayEntry(entry["sha256"], tuple(entry["shape"]))
                for name, entry in body["arrays"].items()
            },
        )


def _code(key: bytes, text: bytes) -> str:
    own = derive_key(key, salt=FORMAT.encode(), purpose="manifest")
    return hmac.new(own, text, hashlib.sha256).hexdigest()
