"""Ed25519 keys: the vault signs notes and statements with one, anyone checks them with another."""

from collections.abc import Iterable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from vault.domain.attestation import PAYLOAD_TYPE, Envelope, Statement, pre_authentication_encoding
from vault.domain.errors import LedgerIntegrityError
from vault.domain.notes import KIND_ED25519, NoteSignature, SignedNote, VerifierKey


class Signer:
    """Holds one private key under one name and signs with it.

    Args:
        name: key name that goes into every signature line.
        private: the Ed25519 private key.
        kind: kind of note signature this key makes.
    """

    def __init__(self, *, name: str, private: Ed25519PrivateKey, kind: int = KIND_ED25519) -> None:
        self._private = private
        self.key = VerifierKey(name, kind, private.public_key().public_bytes_raw())

    @classmethod
    def from_seed(cls, seed: bytes, *, name: str, kind: int = KIND_ED25519) -> "Signer":
        """Return a signer whose private key is the 32-byte ``seed``.

        Raises:
            ValueError: the seed has another length.

        Source:
            RFC 8032 section 5.1.5.
        """
        return cls(name=name, private=Ed25519PrivateKey.from_private_bytes(seed), kind=kind)

    @classmethod
    def from_pem(
        cls, pem: bytes, *, name: str, kind: int = KIND_ED25519, password: bytes | None = None
    ) -> "Signer":
        """Return a signer from a PKCS #8 private key.

        Raises:
            LedgerIntegrityError: the key is unreadable or not Ed25519.
        """
        try:
            private = load_pem_private_key(pem, password)
        except (ValueError, TypeError) as error:
            raise LedgerIntegrityError("the ledger's signing key cannot be read") from error
        if not isinstance(private, Ed25519PrivateKey):
            raise LedgerIntegrityError("the ledger's signing key is not an Ed25519 key")
        return cls(name=name, private=private, kind=kind)

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature of ``message``.

        Source:
            RFC 8032 section 5.1.6 (Ed25519, no prehash, no context).
        """
        return self._private.sign(message)

    def sign_note(self, text: str) -> str:
        """Return ``text``, which ends in a newline, as a note signed by this key."""
        signature = NoteSignature(self.key.name, self.key.key_id, self.sign(text.encode()))
        return SignedNote(text, (signature,)).format()

    def sign_statement(self, statement: Statement) -> Envelope:
        """Return ``statement`` in a DSSE envelope signed by this key.

        Source:
            DSSE protocol; in-toto Attestation Framework, "Envelope".
        """
        payload = statement.payload()
        signature = self.sign(pre_authentication_encoding(PAYLOAD_TYPE, payload))
        return Envelope(PAYLOAD_TYPE, payload, statement_key_id(self.key), signature)


def new_private_key() -> bytes:
    """Return a fresh Ed25519 private key as unencrypted PKCS #8 PEM."""
    return Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )


def statement_key_id(key: VerifierKey) -> str:
    """Return the text that names ``key`` in a DSSE envelope."""
    return f"{key.name}+{key.key_id.hex()}"


def verify_signature(key: VerifierKey, *, message: bytes, signature: bytes, what: str) -> None:
    """Return only if ``key`` signed ``message``.

    Raises:
        LedgerIntegrityError: it did not.

    Source:
        RFC 8032 section 5.1.7.
    """
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except InvalidSignature as error:
        raise LedgerIntegrityError(
            f"the signature of {what} was not made by {statement_key_id(key)}"
        ) from error


def verify_note(note: SignedNote, keys: Iterable[VerifierKey], *, what: str) -> VerifierKey:
    """Return the first trusted log key that signed ``note``.

    Signatures by keys nobody trusts are ignored; one by a trusted key that does not verify
    condemns the whole note.

    Args:
        note: the parsed note.
        keys: trusted keys; only those of kind ``KIND_ED25519`` count here.
        what: name of the note, for the error.

    Raises:
        LedgerIntegrityError: no trusted key signed the text, or a trusted signature is false.

    Source:
        C2SP signed-note, "Signatures".
    """
    trusted = {(key.name, key.key_id): key for key in keys if key.kind == KIND_ED25519}
    signers = []
    for signature in note.signatures:
        key = trusted.get((signature.name, signature.key_id))
        if key is not None:
            message = note.text.encode()
            verify_signature(key, message=message, signature=signature.signature, what=what)
            signers.append(key)
    if not signers:
        names = ", ".join(sorted(statement_key_id(key) for key in trusted.values())) or "nobody"
        raise LedgerIntegrityError(
            f"{what} carries no signature of a trusted key; trusted: {names}"
        )
    return signers[0]


def verify_statement(envelope: Envelope, keys: Iterable[VerifierKey]) -> Statement:
    """Return the statement in ``envelope`` once a trusted key is known to have signed it.

    Raises:
        LedgerIntegrityError: another payload type, an unknown key, a false signature or a
            payload that is no statement.
    """
    if envelope.payload_type != PAYLOAD_TYPE:
        raise LedgerIntegrityError(f"an envelope does not hold a payload of type {PAYLOAD_TYPE}")
    for key in keys:
        if key.kind == KIND_ED25519 and statement_key_id(key) == envelope.key_id:
            verify_signature(
                key, message=envelope.signed, signature=envelope.signature, what="the statement"
            )
            return Statement.parse(envelope.payload)
    raise LedgerIntegrityError("the statement is not signed by a trusted key")
