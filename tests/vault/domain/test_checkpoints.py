"""Checkpoints and proof files follow the C2SP texts to the letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault.domain.checkpoints import MAX_PROOF_HASHES, PROOF_HEADER, Checkpoint, LogProof
from vault.domain.errors import LedgerIntegrityError
from vault.domain.notes import encode_base64

HASH = encode_base64(bytes(range(32)))
TEXT = f"example.com/behind-the-sofa\n20852163\n{HASH}\n"
NOTE = f"{TEXT}\n\u2014 example.com/behind-the-sofa Az3grgEC\n"
PROOF = f"{PROOF_HEADER}\nextra YQ==\nindex 7\n{HASH}\n{HASH}\n\n{NOTE}"


def test_a_checkpoint_is_three_lines() -> None:
    checkpoint = Checkpoint("example.com/behind-the-sofa", 20852163, bytes(range(32)))
    assert checkpoint.text == TEXT
    assert Checkpoint.parse(TEXT) == checkpoint == Checkpoint.of_note(NOTE)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(TEXT[:-1], id="no last newline"),
        pytest.param(TEXT + "extension\n", id="extension line"),
        pytest.param(TEXT + "\n", id="blank line"),
        pytest.param(TEXT.replace("example.com/behind-the-sofa", ""), id="no origin"),
        pytest.param(TEXT.replace("20852163", "020852163"), id="leading zero"),
        pytest.param(TEXT.replace("20852163", "-1"), id="negative size"),
        pytest.param(TEXT.replace(HASH, HASH[:-4]), id="short root"),
        pytest.param(TEXT.replace(HASH, "root"), id="root in another alphabet"),
    ],
)
def test_a_malformed_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(LedgerIntegrityError):
        Checkpoint.parse(text)


def test_a_proof_file_has_the_published_shape() -> None:
    proof = LogProof(7, (bytes(range(32)),) * 2, NOTE, extra=b"a")
    assert proof.format() == PROOF
    assert LogProof.parse(PROOF) == proof


def test_a_proof_file_may_hold_neither_hashes_nor_extra_data() -> None:
    proof = LogProof(0, (), NOTE)
    assert proof.format() == f"{PROOF_HEADER}\nindex 0\n\n{NOTE}"
    assert LogProof.parse(proof.format()) == proof


@given(
    st.integers(0, 10**18),
    st.lists(st.binary(min_size=32, max_size=32), max_size=20),
    st.none() | st.binary(),
)
def test_proof_files_go_both_ways(index: int, hashes: list[bytes], extra: bytes | None) -> None:
    proof = LogProof(index, tuple(hashes), NOTE, extra)
    assert LogProof.parse(proof.format()) == proof


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param(PROOF.replace("@v1", "@v2"), id="another version"),
        pytest.param(PROOF.replace("extra YQ==\nindex 7", "index 7\nextra YQ=="), id="order"),
        pytest.param(PROOF.replace("index 7\n", ""), id="no index"),
        pytest.param(f"{PROOF_HEADER}\n\n{NOTE}", id="nothing but a checkpoint"),
        pytest.param(PROOF.replace("index 7", "index 07"), id="leading zero"),
        pytest.param(PROOF.replace("index 7", "index 7 "), id="trailing space"),
        pytest.param(PROOF.replace("index 7", "index 7\nindex 8"), id="two indexes"),
        pytest.param(PROOF.replace("extra YQ==", "extra YQ==\nextra YQ=="), id="two extras"),
        pytest.param(PROOF.replace("extra YQ==", "extra YR=="), id="extra in another spelling"),
        pytest.param(PROOF.replace(HASH, HASH[:-4], 1), id="short hash"),
        pytest.param(PROOF.replace(f"{HASH}\n\n", f"{HASH}\n"), id="no blank line"),
        pytest.param(PROOF.split("\n\n", maxsplit=1)[0] + "\n\n", id="no checkpoint"),
        pytest.param(
            PROOF.replace("index 7\n", "index 7\n" + f"{HASH}\n" * MAX_PROOF_HASHES),
            id="more hashes than any tree has levels",
        ),
    ],
)
def test_a_malformed_proof_file_is_refused(text: str) -> None:
    with pytest.raises(LedgerIntegrityError):
        LogProof.parse(text)
