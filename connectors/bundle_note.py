"""The signed note of a transfer bundle: who made it, which one it is, what it holds."""

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from connectors.errors import ConnectorConfigError, SourceRejectedError

FORMAT = "strongroom-bundle/1"
MAX_NOTE_BYTES = 16 * 1024
_KIND_ED25519 = 0x01
_PUBLIC_BYTES = 32
_ID_BYTES = 4
_DASH = "\u2014"
_SEQUENCE = re.compile(r"0|[1-9][0-9]{0,17}", re.ASCII)
_DIGEST = re.compile(r"sha256 ([0-9a-f]{64})", re.ASCII)
_COMPLETE = {"complete": True, "partial": False}
_BODY_LINES = 5


@dataclass(frozen=True, slots=True)
class BundleNote:
    """What the maker of a bundle signed.

    Attributes:
        name: the maker's name of the source, the same from bundle to bundle.
        sequence: grows from bundle to bundle, so that an old one is noticed.
        complete: whether what the manifest does not list is gone, or else as it was before.
        manifest_digest: SHA-256 of the manifest, in hexadecimal.
    """

    name: str
    sequence: int
    complete: bool
    manifest_digest: str


@dataclass(frozen=True, slots=True)
class MakerKey:
    """The public key of a bundle's maker, under its name."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes that a signature line names this key by."""
        kind = bytes([_KIND_ED25519])
        return sha256(self.name.encode() + b"\n" + kind + self.public).digest()[:_ID_BYTES]


def parse_key(text: str) -> MakerKey:
    """Return the key written as ``NAME+ID+BASE64``.

    Raises:
        ConnectorConfigError: it is written otherwise, or its id is not that of the key.

    Source:
        C2SP signed-note, "Verifier keys".
    """
    parts = text.strip().split("+", 2)
    try:
        name, key_id, encoded = parts
        data = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error) as error:
        raise ConnectorConfigError("the key must be written as NAME+ID+BASE64") from error
    if len(data) != 1 + _PUBLIC_BYTES or data[0] != _KIND_ED25519 or not name:
        raise ConnectorConfigError("the key is not an Ed25519 public key with a name")
    key = MakerKey(name, data[1:])
    if key.key_id.hex() != key_id:
        raise ConnectorConfigError("the id of the key does not belong to its bytes")
    return key


def open_note(content: bytes, key: MakerKey) -> BundleNote:
    """Return what a note says, once its maker's signature was checked.

    Raises:
        SourceRejectedError: it is no signed note, this key did not sign it, or it is of
            another format.

    Source:
        C2SP signed-note, "Format".
    """
    text = _decoded(content)
    body, blank, signatures = text.rpartition("\n\n")
    if not blank or not signatures.endswith("\n"):
        raise SourceRejectedError("the bundle's note is not a signed note")
    signed = body + "\n"
    if not any(_signs(line, signed.encode(), key) for line in signatures.splitlines()):
        raise SourceRejectedError(f"the bundle's note is not signed by {key.name!r}")
    return _parsed(signed)


def _decoded(content: bytes) -> str:
    if len(content) > MAX_NOTE_BYTES:
        raise SourceRejectedError("the bundle's note is too long")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SourceRejectedError("the bundle's note is not text") from error


def _signs(line: str, signed: bytes, key: MakerKey) -> bool:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != _DASH or parts[1] != key.name:
        return False
    try:
        data = base64.b64decode(parts[2], validate=True)
        if data[:_ID_BYTES] != key.key_id:
            return False
        Ed25519PublicKey.from_public_bytes(key.public).verify(data[_ID_BYTES:], signed)
    except (binascii.Error, InvalidSignature):
        return False
    return True


def _parsed(signed: str) -> BundleNote:
    lines = signed.split("\n")
    if len(lines) != _BODY_LINES + 1 or lines[0] != FORMAT or not lines[1]:
        raise SourceRejectedError(f"the bundle is not of the format {FORMAT}")
    digest = _DIGEST.fullmatch(lines[4])
    if not _SEQUENCE.fullmatch(lines[2]) or lines[3] not in _COMPLETE or digest is None:
        raise SourceRejectedError(f"the bundle's note does not fit the format {FORMAT}")
    return BundleNote(lines[1], int(lines[2]), _COMPLETE[lines[3]], digest[1])
