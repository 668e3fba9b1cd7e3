"""An exported log is laid out as C2SP says and betrays every byte that changed."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from vault.domain.errors import LedgerIntegrityError
from vault.domain.merkle import inclusion_proof, leaf_hash, verify_inclusion
from vault.ledger.log import Ledger
from vault.ledger.signing import Signer
from vault.ledger.tiles import TileLog, export_tiles, tile_path, verify_tiles

if TYPE_CHECKING:
    from tests.vault.ledger.conftest import MemoryEntries

Grow = Callable[[int], None]
SIZE = 600


@pytest.fixture
def folder(ledger: Ledger, entries: "MemoryEntries", grow: Grow, tmp_path: Path) -> Path:
    """An exported log of 600 entries: two full tiles and a partial one."""
    grow(SIZE)
    export_tiles(entries, note=ledger.checkpoint(entries), directory=tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("kind", "index", "width", "path"),
    [
        ("0", 0, 256, "tile/0/000"),
        ("1", 0, 17, "tile/1/000.p/17"),
        ("entries", 999, 256, "tile/entries/999"),
        ("entries", 1000, 256, "tile/entries/x001/000"),
        ("0", 1234067, 256, "tile/0/x001/x234/067"),
        ("0", 1234067, 5, "tile/0/x001/x234/067.p/5"),
    ],
)
def test_tiles_lie_where_the_specification_puts_them(
    kind: str, index: int, width: int, path: str
) -> None:
    assert tile_path(kind, index, width) == path


def test_an_export_holds_the_files_its_size_calls_for(folder: Path) -> None:
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert files == {
        "checkpoint",
        *(f"tile/{kind}/{name}" for kind in ("0", "entries") for name in ("000", "001")),
        "tile/0/002.p/88",
        "tile/entries/002.p/88",
        "tile/1/000.p/2",
    }
    assert (folder / "tile/0/000").stat().st_size == 8192


def test_a_tree_of_256_has_a_full_tile_and_one_hash_above_it(
    ledger: Ledger, entries: "MemoryEntries", grow: Grow, tmp_path: Path
) -> None:
    grow(256)
    assert export_tiles(entries, note=ledger.checkpoint(entries), directory=tmp_path) == 4
    assert (tmp_path / "tile/1/000.p/1").read_bytes() == entries.node(8, 0)


def test_an_export_verifies(folder: Path, signer: Signer) -> None:
    found = verify_tiles(folder, keys=[signer.key])
    assert found.ok
    assert found.size == SIZE


def test_an_empty_log_can_be_exported(
    ledger: Ledger, entries: "MemoryEntries", tmp_path: Path, signer: Signer
) -> None:
    assert export_tiles(entries, note=ledger.checkpoint(entries), directory=tmp_path) == 1
    assert verify_tiles(tmp_path, keys=[signer.key]).ok


def test_a_later_export_into_the_same_folder_verifies(
    ledger: Ledger, entries: "MemoryEntries", grow: Grow, folder: Path, signer: Signer
) -> None:
    earlier = (folder / "checkpoint").read_text(encoding="utf-8")
    grow(100)
    export_tiles(entries, note=ledger.checkpoint(entries), directory=folder)
    assert verify_tiles(folder, keys=[signer.key], held=[earlier]).size == SIZE + 100


def test_proofs_can_be_made_from_tiles_alone(folder: Path) -> None:
    log = TileLog(folder)
    for index in (0, 255, 256, 511, 512, 599):
        verify_inclusion(
            index=index,
            size=SIZE,
            leaf=leaf_hash(log.leaf(index)),
            proof=inclusion_proof(index=index, size=SIZE, read=log.node),
            root=log.checkpoint.root,
        )


def test_an_export_reads_like_the_store_it_came_from(
    folder: Path, entries: "MemoryEntries"
) -> None:
    log = TileLog(folder)
    assert list(log.bodies(250, 520)) == list(entries.bodies(250, 520))
    assert list(log.bodies(590, 10**6)) == list(entries.bodies(590, SIZE))
    for level in range(10):
        count = SIZE >> level
        assert list(log.nodes(level, 0, count)) == list(entries.nodes(level, 0, count))


@pytest.mark.parametrize(("level", "index"), [(0, SIZE), (8, 2), (10, 0), (0, -1), (-1, 0)])
def test_an_export_has_no_node_beyond_its_size(folder: Path, level: int, index: int) -> None:
    with pytest.raises(LedgerIntegrityError, match="has no node"):
        TileLog(folder).node(level, index)


def test_an_export_has_no_entry_beyond_its_size(folder: Path) -> None:
    with pytest.raises(LedgerIntegrityError, match="has no entry"):
        TileLog(folder).leaf(SIZE)


@pytest.mark.parametrize("name", ["tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2"])
@pytest.mark.parametrize("place", [0, -1])
def test_a_changed_hash_is_found(folder: Path, signer: Signer, name: str, place: int) -> None:
    content = bytearray((folder / name).read_bytes())
    content[place] ^= 1
    (folder / name).write_bytes(content)
    assert not verify_tiles(folder, keys=[signer.key]).ok


@pytest.mark.parametrize("index", [0, 300, 599])
def test_a_changed_entry_is_named(folder: Path, signer: Signer, index: int) -> None:
    path = folder / tile_path("entries", index // 256, 256 if index < 512 else 88)
    body = TileLog(folder).leaf(index)
    altered = body.replace(b"robin", b"sasha")
    path.write_bytes(path.read_bytes().replace(body, altered))
    assert verify_tiles(folder, keys=[signer.key]).first_bad == index


@pytest.mark.parametrize(
    ("name", "change"),
    [
        pytest.param("tile/entries/001", lambda content: content[:-1], id="entries cut short"),
        pytest.param("tile/entries/001", lambda content: content + b"\0", id="a byte added"),
        pytest.param("tile/entries/001", lambda content: content + b"\0\0", id="entry added"),
        pytest.param("tile/entries/001", lambda content: b"", id="no entries"),
        pytest.param("tile/0/001", lambda content: content[:-1], id="hashes cut short"),
        pytest.param("tile/0/001", lambda content: content + bytes(32), id="hash added"),
        pytest.param("checkpoint", lambda content: content[:-1], id="checkpoint cut short"),
        pytest.param("checkpoint", lambda content: b"\xff" + content, id="checkpoint not text"),
    ],
)
def test_a_file_of_the_wrong_shape_is_refused(
    folder: Path, signer: Signer, name: str, change: Callable[[bytes], bytes]
) -> None:
    (folder / name).write_bytes(change((folder / name).read_bytes()))
    with pytest.raises(LedgerIntegrityError):
        verify_tiles(folder, keys=[signer.key])


def test_a_missing_file_is_an_error_not_an_end(folder: Path, signer: Signer) -> None:
    (folder / "tile/entries/001").unlink()
    with pytest.raises(LedgerIntegrityError, match="tile/entries/001"):
        verify_tiles(folder, keys=[signer.key])


def test_a_folder_signed_by_a_stranger_does_not_verify(folder: Path, signer: Signer) -> None:
    stranger = Signer.from_seed(bytes(32), name=signer.key.name)
    assert not verify_tiles(folder, keys=[stranger.key]).ok
    other = Signer.from_seed(bytes(32), name="other")
    with pytest.raises(LedgerIntegrityError, match="no trusted key belongs"):
        verify_tiles(folder, keys=[other.key])


@pytest.mark.parametrize("lose", ["body", "hash"])
def test_a_store_that_lost_records_is_not_exported(
    ledger: Ledger, entries: "MemoryEntries", grow: Grow, tmp_path: Path, lose: str
) -> None:
    grow(5)
    note = ledger.checkpoint(entries)
    if lose == "body":
        entries.stored_bodies.pop()
    else:
        del entries.hashes[0, 2]
    with pytest.raises(LedgerIntegrityError, match="4 of the 5 records"):
        export_tiles(entries, note=note, directory=tmp_path)
    assert not (tmp_path / "checkpoint").exists()
