"""Keys sign what RFC 8032 says they sign, and nobody else's signature passes."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from vault.domain.attestation import Statement, Subject
from vault.domain.errors import LedgerIntegrityError
from vault.domain.notes import KIND_COSIGNATURE, NoteSignature, SignedNote
from vault.ledger.signing import (
    Signer,
    new_private_key,
    verify_note,
    verify_signature,
    verify_statement,
)

STATEMENT = Statement((Subject("answer", "ab" * 32),), "https://example.com/claim/v1", {})


@pytest.mark.parametrize(
    ("seed", "public", "message", "signature"),
    [
        pytest.param(
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e"
            "39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
            id="RFC 8032 section 7.1 test 1",
        ),
        pytest.param(
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f"
            "3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
            id="RFC 8032 section 7.1 test 2",
        ),
    ],
)
def test_signatures_are_the_published_ones(
    seed: str, public: str, message: str, signature: str
) -> None:
    signer = Signer.from_seed(bytes.fromhex(seed), name="log")
    assert signer.key.public.hex() == public
    assert signer.sign(bytes.fromhex(message)).hex() == signature
    verify_signature(
        signer.key,
        message=bytes.fromhex(message),
        signature=bytes.fromhex(signature),
        what="the vector",
    )


def test_a_new_key_survives_its_file() -> None:
    pem = new_private_key()
    first, second = Signer.from_pem(pem, name="log"), Signer.from_pem(pem, name="log")
    assert first.key == second.key
    assert Signer.from_pem(new_private_key(), name="log").key != first.key


@pytest.mark.parametrize(
    "pem",
    [
        pytest.param(b"nothing", id="no key"),
        pytest.param(
            generate_private_key(SECP256R1()).private_bytes(
                Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
            ),
            id="another algorithm",
        ),
        pytest.param(
            generate_private_key(SECP256R1()).private_bytes(
                Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"word")
            ),
            id="locked by a password",
        ),
    ],
)
def test_a_key_that_cannot_sign_stops_the_ledger(pem: bytes) -> None:
    with pytest.raises(LedgerIntegrityError, match="signing key"):
        Signer.from_pem(pem, name="log")


def test_a_signed_note_verifies(signer: Signer) -> None:
    note = SignedNote.parse(signer.sign_note("text\n"))
    assert verify_note(note, [signer.key], what="the note") == signer.key


def test_an_altered_text_is_refused(signer: Signer) -> None:
    note = SignedNote.parse(signer.sign_note("text\n"))
    with pytest.raises(LedgerIntegrityError, match="was not made by"):
        verify_note(replace(note, text="test\n"), [signer.key], what="the note")


def test_strangers_signatures_do_not_count(signer: Signer) -> None:
    stranger = Signer.from_seed(bytes(32), name=signer.key.name)
    note = SignedNote.parse(stranger.sign_note("text\n"))
    with pytest.raises(LedgerIntegrityError, match="no signature of a trusted key"):
        verify_note(note, [signer.key], what="the note")
    both = note.with_signatures(SignedNote.parse(signer.sign_note("text\n")).signatures)
    assert verify_note(both, [signer.key], what="the note") == signer.key


def test_one_false_trusted_signature_condemns_the_note(signer: Signer) -> None:
    other = Signer.from_seed(bytes(32), name="other")
    note = SignedNote.parse(other.sign_note("text\n"))
    false = note.with_signatures([NoteSignature(signer.key.name, signer.key.key_id, bytes(64))])
    with pytest.raises(LedgerIntegrityError, match="was not made by"):
        verify_note(false, [other.key, signer.key], what="the note")


def test_a_witness_key_never_signs_for_the_log() -> None:
    witness = Signer.from_seed(bytes(32), name="log", kind=KIND_COSIGNATURE)
    note = SignedNote.parse(witness.sign_note("text\n"))
    with pytest.raises(LedgerIntegrityError, match="trusted: nobody"):
        verify_note(note, [witness.key], what="the note")


def test_a_signed_statement_verifies(signer: Signer) -> None:
    envelope = signer.sign_statement(STATEMENT)
    assert verify_statement(envelope, [signer.key]) == STATEMENT


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param({"payload": b"{}"}, "was not made by", id="payload"),
        pytest.param({"payload_type": "text/plain"}, "payload of type", id="payload type"),
        pytest.param({"signature": bytes(64)}, "was not made by", id="signature"),
        pytest.param({"signature": b""}, "was not made by", id="no signature"),
        pytest.param({"key_id": "vault.example+00000000"}, "trusted key", id="key"),
    ],
)
def test_an_altered_envelope_is_refused(
    signer: Signer, change: dict[str, object], sentence: str
) -> None:
    envelope = replace(signer.sign_statement(STATEMENT), **change)  # type: ignore[arg-type]
    with pytest.raises(LedgerIntegrityError, match=sentence):
        verify_statement(envelope, [signer.key])
