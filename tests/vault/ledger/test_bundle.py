"""A bundle is one JSON object with known members, each in one spelling."""

import json

import pytest

from vault.domain.attestation import Statement, Subject
from vault.domain.errors import LedgerIntegrityError
from vault.ledger.bundle import MAX_BUNDLE_BYTES, Disclosure, ProofBundle
from vault.ledger.signing import Signer

DISCLOSURE = Disclosure(3, "answer", bytes(32), "\u20ac 5".encode())


@pytest.fixture
def bundle(signer: Signer) -> ProofBundle:
    statement = Statement((Subject("answer", "ab" * 32),), "https://example.com/v1", {})
    return ProofBundle(
        vkey=signer.key.vkey,
        proofs=("proof \u2014 text\n",),
        disclosures=(DISCLOSURE,),
        statement=signer.sign_statement(statement),
    )


def test_a_bundle_goes_both_ways(bundle: ProofBundle) -> None:
    assert ProofBundle.parse(bundle.serialise()) == bundle


def test_a_bundle_may_hold_proofs_alone(signer: Signer) -> None:
    bundle = ProofBundle(vkey=signer.key.vkey, proofs=("proof",))
    assert set(json.loads(bundle.serialise())) == {"format", "vkey", "proofs"}
    assert ProofBundle.parse(bundle.serialise()) == bundle


@pytest.mark.parametrize(
    ("member", "value"),
    [
        pytest.param("format", "strongroom-proof-v2", id="another format"),
        pytest.param("vkey", None, id="no key"),
        pytest.param("proofs", "proof", id="proofs that are no list"),
        pytest.param("proofs", [1], id="a proof that is no text"),
        pytest.param("disclosures", {}, id="disclosures that are no list"),
        pytest.param("disclosures", [1], id="a disclosure that is no object"),
        pytest.param("disclosures", [DISCLOSURE.document() | {"index": 3.0}], id="broken index"),
        pytest.param("disclosures", [DISCLOSURE.document() | {"index": True}], id="false index"),
        pytest.param("disclosures", [DISCLOSURE.document() | {"fact": 1}], id="no fact"),
        pytest.param("disclosures", [DISCLOSURE.document() | {"salt": "A"}], id="bad salt"),
        pytest.param("disclosures", [DISCLOSURE.document() | {"more": 1}], id="unknown detail"),
        pytest.param("statement", "statement", id="a statement that is no object"),
        pytest.param("more", 1, id="unknown member"),
    ],
)
def test_a_malformed_bundle_is_refused(bundle: ProofBundle, member: str, value: object) -> None:
    document = json.loads(bundle.serialise()) | {member: value}
    with pytest.raises(LedgerIntegrityError):
        ProofBundle.parse(json.dumps(document).encode())


@pytest.mark.parametrize("member", ["format", "vkey", "proofs"])
def test_a_bundle_without_a_member_is_refused(bundle: ProofBundle, member: str) -> None:
    document = json.loads(bundle.serialise())
    del document[member]
    with pytest.raises(LedgerIntegrityError):
        ProofBundle.parse(json.dumps(document).encode())


def test_an_endless_bundle_is_refused_unread() -> None:
    with pytest.raises(LedgerIntegrityError, match="more than"):
        ProofBundle.parse(bytes(MAX_BUNDLE_BYTES + 1))
