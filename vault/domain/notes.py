"""Signed notes and the public keys that check them, as text that other tools can read."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from vault.domain.errors import LedgerIntegrityError

KIND_ED25519 = 0x01
KIND_COSIGNATURE = 0x04
KEY_ID_BYTES = 4
PUBLIC_KEY_BYTES = 32
MAX_SIGNATURES = 64
_DASH = "\u2014"
_FORBIDDEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_HEX_ID = re.compile(r"[0-9a-f]{8}")
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


def encode_base64(data: bytes) -> str:
    """Return ``data`` in padded standard base64.

    Source:
        RFC 4648 section 4.
    """
    return base64.b64encode(data).decode("ascii")


def decode_base64(text: str, *, what: str) -> bytes:
    """Return the bytes of ``text``, accepting one spelling only.

    Args:
        text: padded standard base64 without white space.
        what: name of the field, for the error.

    Raises:
        LedgerIntegrityError: ``text`` is not the encoding that :func:`encode_base64` makes.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise LedgerIntegrityError(f"{what} is not base64") from error
    if encode_base64(data) != text:
        raise LedgerIntegrityError(f"{what} is not canonical base64")
    return data


def parse_decimal(text: str, *, what: str) -> int:
    """Return a number written in ASCII decimal digits without leading zeroes.

    Raises:
        LedgerIntegrityError: another spelling, or more than 19 digits.
    """
    if not _DECIMAL.fullmatch(text):
        raise LedgerIntegrityError(f"{what} is not a plain decimal number")
    return int(text)


def valid_key_name(name: str) -> bool:
    """Tell whether ``name`` may name a key: printable, not empty, no white space, no plus."""
    return bool(name) and name.isprintable() and " " not in name and "+" not in name


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A named Ed25519 public key and the kind of signature it may check.

    Args:
        name: key name; for a log it equals the origin of its checkpoints.
        kind: ``KIND_ED25519`` for notes, ``KIND_COSIGNATURE`` for witness cosignatures.
        public: 32 raw public key bytes.

    Source:
        C2SP signed-note, "Signatures" and "Verifier keys".
    """

    name: str
    kind: int
    public: bytes

    def __post_init__(self) -> None:
        if not valid_key_name(self.name):
            raise LedgerIntegrityError("a key name is empty or holds white space or a plus sign")
        if self.kind not in (KIND_ED25519, KIND_COSIGNATURE):
            raise LedgerIntegrityError(f"signature type {self.kind:#04x} is not supported")
        if len(self.public) != PUBLIC_KEY_BYTES:
            raise LedgerIntegrityError(
                f"a public key has {len(self.public)} bytes, expected {PUBLIC_KEY_BYTES}"
            )

    @property
    def key_id(self) -> bytes:
        """The 4 bytes that stand for this key in a signature line."""
        named = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return sha256(named).digest()[:KEY_ID_BYTES]

    @property
    def vkey(self) -> str:
        """This key as one line of text, to be handed to whoever will check signatures."""
        material = encode_base64(bytes([self.kind]) + self.public)
        return f"{self.name}+{self.key_id.hex()}+{material}"

    @classmethod
    def parse(cls, vkey: str) -> "VerifierKey":
        """Return the key written in ``vkey``.

        Raises:
            LedgerIntegrityError: wrong shape, unsupported kind, or an id of another key.
        """
        parts = vkey.split("+", 2)
        if len(parts) != 3 or not _HEX_ID.fullmatch(parts[1]):
            raise LedgerIntegrityError("a verifier key is not of the form name+id+key")
        material = decode_base64(parts[2], what="the key in a verifier key")
        key = cls(parts[0], material[0] if material else 0, material[1:])
        if key.key_id.hex() != parts[1]:
            raise LedgerIntegrityError(
                f"the verifier key of {key.name} says id {parts[1]}, expected {key.key_id.hex()}"
            )
        return key


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: who claims to have signed, and the bytes that have to prove it."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def line(self) -> str:
        """The signature as the note carries it, with its newline."""
        return f"{_DASH} {self.name} {encode_base64(self.key_id + self.signature)}\n"

    @classmethod
    def parse(cls, line: str) -> "NoteSignature":
        """Return the signature in ``line``, which has no newline.

        Raises:
            LedgerIntegrityError: not a dash, a key name and base64 of more than a key id.
        """
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != _DASH or not valid_key_name(parts[1]):
            raise LedgerIntegrityError("a signature line is not a dash, a key name and base64")
        data = decode_base64(parts[2], what="a note signature")
        if len(data) <= KEY_ID_BYTES:
            raise LedgerIntegrityError("a note signature holds no signature bytes")
        return cls(parts[1], data[:KEY_ID_BYTES], data[KEY_ID_BYTES:])


@dataclass(frozen=True, slots=True)
class SignedNote:
    """Text and the signatures under it; the text means nothing until one is verified.

    Source:
        C2SP signed-note, "Format".
    """

    text: str
    signatures: tuple[NoteSignature, ...]

    def format(self) -> str:
        """Return the note as the one text that is stored and handed out."""
        return self.text + "\n" + "".join(signature.line for signature in self.signatures)

    def with_signatures(self, extra: Sequence[NoteSignature]) -> "SignedNote":
        """Return the note with ``extra`` signatures after those it has, none twice."""
        new = [signature for signature in extra if signature not in self.signatures]
        return SignedNote(self.text, (*self.signatures, *new))

    @classmethod
    def parse(cls, note: str) -> "SignedNote":
        """Return the parts of ``note`` without checking any signature.

        Raises:
            LedgerIntegrityError: control characters or half a surrogate pair, no blank line
                before the signatures, a malformed signature line, none at all or more than
                ``MAX_SIGNATURES``.
        """
        if _FORBIDDEN.search(note):
            raise LedgerIntegrityError("a signed note holds a control character or is not UTF-8")
        text, blank, tail = note.rpartition("\n\n")
        if not blank or not text or not tail.endswith("\n"):
            raise LedgerIntegrityError("a signed note is not text, a blank line and signatures")
        lines = tail[:-1].split("\n")
        if len(lines) > MAX_SIGNATURES:
            raise LedgerIntegrityError(f"a signed note has more than {MAX_SIGNATURES} signatures")
        return cls(text + "\n", tuple(NoteSignature.parse(line) for line in lines))
