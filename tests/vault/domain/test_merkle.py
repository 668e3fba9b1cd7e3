"""The tree is the one of RFC 6962, and a proof that was touched never verifies."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vault.domain.errors import LedgerIntegrityError
from vault.domain.merkle import (
    EMPTY_ROOT,
    Frontier,
    completed_nodes,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_from_leaves,
    verify_consistency,
    verify_inclusion,
)

# The leaves, roots and proofs that certificate transparency implementations share.
BODIES = [
    bytes.fromhex(body)
    for body in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    bytes.fromhex(root)
    for root in (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]
INCLUSION = {
    (0, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (5, 8): (
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
}
CONSISTENCY = {
    (1, 1): (),
    (1, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (6, 8): (
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 5): (
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}
Read = Callable[[int, int], bytes]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_the_published_ones(size: int) -> None:
    assert root_from_leaves(leaf_hash(body) for body in BODIES[:size]) == ROOTS[size]


def test_the_empty_tree_has_the_published_root() -> None:
    assert EMPTY_ROOT == ROOTS[0] == Frontier().root()


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_inclusion_proofs_are_the_published_ones(index: int, size: int) -> None:
    proof = inclusion_proof(index=index, size=size, read=_stored(BODIES))
    assert [digest.hex() for digest in proof] == list(INCLUSION[index, size])


@pytest.mark.parametrize(("old", "new"), CONSISTENCY)
def test_consistency_proofs_are_the_published_ones(old: int, new: int) -> None:
    proof = consistency_proof(old_size=old, new_size=new, read=_stored(BODIES))
    assert [digest.hex() for digest in proof] == list(CONSISTENCY[old, new])


@pytest.mark.parametrize("size", range(1, 34))
def test_every_entry_of_every_small_tree_is_provable(size: int) -> None:
    bodies = _bodies(size)
    read, root = _stored(bodies), _slow_root(bodies)
    for index, body in enumerate(bodies):
        proof = inclusion_proof(index=index, size=size, read=read)
        verify_inclusion(index=index, size=size, leaf=leaf_hash(body), proof=proof, root=root)


@pytest.mark.parametrize("new", range(34))
def test_every_small_tree_extends_every_smaller_one(new: int) -> None:
    bodies = _bodies(new)
    read = _stored(bodies)
    for old in range(new + 1):
        proof = consistency_proof(old_size=old, new_size=new, read=read)
        verify_consistency(
            old_size=old,
            new_size=new,
            old_root=_slow_root(bodies[:old]),
            new_root=_slow_root(bodies),
            proof=proof,
        )


@settings(deadline=None, max_examples=60)
@given(st.lists(st.binary(max_size=40), max_size=70), st.data())
def test_a_resumed_frontier_goes_on_as_if_never_left(
    bodies: list[bytes], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(bodies)))
    frontier = Frontier.resume(cut, _stored(bodies))
    for body in bodies[cut:]:
        frontier.append(leaf_hash(body))
    assert (frontier.size, frontier.root()) == (len(bodies), _slow_root(bodies))


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 200))
def test_appending_from_storage_completes_the_same_nodes_as_a_frontier(size: int) -> None:
    bodies = _bodies(size)
    frontier = Frontier()
    for body in bodies[:-1]:
        frontier.append(leaf_hash(body))
    leaf = leaf_hash(bodies[-1])
    assert completed_nodes(size - 1, leaf, _stored(bodies)) == frontier.append(leaf)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_no_flipped_bit_in_an_inclusion_proof_survives(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 60))
    index = data.draw(st.integers(0, size - 1))
    bodies = _bodies(size)
    root = _slow_root(bodies)
    proof = inclusion_proof(index=index, size=size, read=_stored(bodies))
    parts = [leaf_hash(bodies[index]), root, *proof]
    place, bit = data.draw(st.integers(0, len(parts) - 1)), data.draw(st.integers(0, 255))
    parts[place] = _flipped(parts[place], bit)
    with pytest.raises(LedgerIntegrityError):
        verify_inclusion(index=index, size=size, leaf=parts[0], root=parts[1], proof=parts[2:])


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_no_flipped_bit_in_a_consistency_proof_survives(data: st.DataObject) -> None:
    new = data.draw(st.integers(2, 60))
    old = data.draw(st.integers(1, new - 1))
    bodies = _bodies(new)
    proof = consistency_proof(old_size=old, new_size=new, read=_stored(bodies))
    parts = [_slow_root(bodies[:old]), _slow_root(bodies), *proof]
    place, bit = data.draw(st.integers(0, len(parts) - 1)), data.draw(st.integers(0, 255))
    parts[place] = _flipped(parts[place], bit)
    with pytest.raises(LedgerIntegrityError):
        verify_consistency(
            old_size=old, new_size=new, old_root=parts[0], new_root=parts[1], proof=parts[2:]
        )


def test_every_single_bit_of_one_proof_matters() -> None:
    proof = inclusion_proof(index=5, size=8, read=_stored(BODIES))
    for place in range(len(proof)):
        for bit in range(256):
            bad = [*proof[:place], _flipped(proof[place], bit), *proof[place + 1 :]]
            with pytest.raises(LedgerIntegrityError, match="leads to root"):
                verify_inclusion(
                    index=5, size=8, leaf=leaf_hash(BODIES[5]), proof=bad, root=ROOTS[8]
                )


@pytest.mark.parametrize(
    ("index", "size", "cut", "grown", "sentence"),
    [
        pytest.param(5, 8, 2, 0, "too short", id="a hash is missing"),
        pytest.param(5, 8, 3, 1, "too long", id="a hash is added"),
        pytest.param(4, 8, 3, 0, "leads to root", id="another index"),
        pytest.param(5, 6, 3, 0, "too long", id="another size"),
        pytest.param(8, 8, 3, 0, "no entry 8", id="beyond the end"),
        pytest.param(-1, 8, 3, 0, "no entry -1", id="before the start"),
    ],
)
def test_an_inclusion_proof_of_the_wrong_shape_is_refused(
    index: int, size: int, cut: int, grown: int, sentence: str
) -> None:
    proof = inclusion_proof(index=5, size=8, read=_stored(BODIES))[:cut] + [ROOTS[1]] * grown
    with pytest.raises(LedgerIntegrityError, match=sentence):
        verify_inclusion(
            index=index, size=size, leaf=leaf_hash(BODIES[5]), proof=proof, root=ROOTS[8]
        )


@pytest.mark.parametrize(
    ("old", "new", "proof"),
    [
        pytest.param(6, 8, [], id="no hash at all"),
        pytest.param(6, 8, [*CONSISTENCY[6, 8], CONSISTENCY[6, 8][0]], id="a hash too many"),
        pytest.param(6, 8, CONSISTENCY[6, 8][:-1], id="a hash too few"),
        pytest.param(1, 8, CONSISTENCY[1, 8][:-1], id="a hash too few from a full tree"),
        pytest.param(8, 8, CONSISTENCY[1, 8][:1], id="a hash between equal trees"),
        pytest.param(0, 8, CONSISTENCY[1, 8][:1], id="a hash from the empty tree"),
    ],
)
def test_a_consistency_proof_of_the_wrong_shape_is_refused(
    old: int, new: int, proof: list[str]
) -> None:
    with pytest.raises(LedgerIntegrityError, match="not an extension"):
        verify_consistency(
            old_size=old,
            new_size=new,
            old_root=ROOTS[old],
            new_root=ROOTS[new],
            proof=[bytes.fromhex(digest) for digest in proof],
        )


@pytest.mark.parametrize(
    ("true", "claimed"),
    [
        pytest.param((6, 8), (6, 16), id="a larger tree than the proof is for"),
        pytest.param((14, 16), (6, 8), id="a smaller tree than the proof is for"),
    ],
)
def test_a_consistency_proof_holds_only_for_sizes_of_its_shape(
    true: tuple[int, int], claimed: tuple[int, int]
) -> None:
    bodies = _bodies(true[1])
    with pytest.raises(LedgerIntegrityError, match="not an extension"):
        verify_consistency(
            old_size=claimed[0],
            new_size=claimed[1],
            old_root=_slow_root(bodies[: true[0]]),
            new_root=_slow_root(bodies),
            proof=consistency_proof(old_size=true[0], new_size=true[1], read=_stored(bodies)),
        )


def test_equal_sizes_need_equal_roots() -> None:
    with pytest.raises(LedgerIntegrityError, match="not an extension"):
        verify_consistency(old_size=8, new_size=8, old_root=ROOTS[7], new_root=ROOTS[8], proof=[])


def test_the_empty_tree_has_no_other_root() -> None:
    with pytest.raises(LedgerIntegrityError, match="not an extension"):
        verify_consistency(old_size=0, new_size=8, old_root=ROOTS[1], new_root=ROOTS[8], proof=[])


def test_a_log_never_shrinks() -> None:
    with pytest.raises(LedgerIntegrityError, match="cannot extend"):
        consistency_proof(old_size=8, new_size=7, read=_stored(BODIES))
    with pytest.raises(LedgerIntegrityError, match="cannot extend"):
        verify_consistency(old_size=8, new_size=7, old_root=ROOTS[8], new_root=ROOTS[7], proof=[])


def test_bytes_cannot_move_between_two_siblings() -> None:
    left, right = leaf_hash(BODIES[0]), leaf_hash(BODIES[1])
    assert node_hash(left + right[:1], right[1:]) == node_hash(left, right)
    with pytest.raises(LedgerIntegrityError, match="not 32 bytes"):
        verify_inclusion(index=0, size=2, leaf=left + right[:1], proof=[right[1:]], root=ROOTS[2])


def test_a_leaf_is_never_taken_for_a_node() -> None:
    left, right = leaf_hash(BODIES[0]), leaf_hash(BODIES[1])
    assert leaf_hash(left + right) != node_hash(left, right)


def _bodies(count: int) -> list[bytes]:
    return [b"entry %d" % number for number in range(count)]


def _stored(bodies: list[bytes]) -> Read:
    nodes = {(0, index): leaf_hash(body) for index, body in enumerate(bodies)}
    frontier = Frontier()
    for index in range(len(bodies)):
        nodes.update({node[:2]: node[2] for node in frontier.append(nodes[0, index])})
    return lambda level, index: nodes[level, index]


def _slow_root(bodies: list[bytes]) -> bytes:
    """The recursive definition of RFC 6962 section 2.1, written apart from the code."""
    if len(bodies) <= 1:
        return leaf_hash(bodies[0]) if bodies else EMPTY_ROOT
    half = 1
    while half * 2 < len(bodies):
        half *= 2
    return node_hash(_slow_root(bodies[:half]), _slow_root(bodies[half:]))


def _flipped(digest: bytes, bit: int) -> bytes:
    return (int.from_bytes(digest, "big") ^ 1 << bit).to_bytes(len(digest), "big")
