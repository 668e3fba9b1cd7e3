"""The connector against a real server: what it lists, what it reads, and how it fails."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors import registry
from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.facts import Cursor, Failure, Item
from connectors.smb import SmbConfig, SmbConnector
from tests.connectors import contract
from tests.connectors.descriptors import FULL, READ, allow, deny, descriptor
from tests.connectors.servers.samba import REALM, Domain
from tests.connectors.servers.shares import set_list, signed_in

pytestmark = [pytest.mark.enable_socket, pytest.mark.slow]


@pytest.fixture
def folder(domain: Domain, request: pytest.FixtureRequest) -> Path:
    """A folder of the share that is the test's own, with two files."""
    root = domain.folder / "docs" / request.node.name[:60].replace("[", "-").replace("]", "")
    (root / "hr").mkdir(parents=True)
    (root / "hr" / "leave.md").write_text("Thirty days.")
    (root / "notice.txt").write_text("Closed at noon.")
    for path in (root, *root.rglob("*")):
        path.chmod(0o777)
    return root


@pytest.fixture
def source(domain: Domain, folder: Path) -> Iterator[SmbConnector]:
    built = connect(domain, folder)
    yield built
    built.close()


def connect(domain: Domain, folder: Path, **settings: object) -> SmbConnector:
    values = {
        "host": domain.host,
        "share": "docs",
        "username": f"administrator@{REALM}",
        "password_file": domain.password_file,
        "folder": folder.name,
    }
    config = SmbConfig(**values | settings)  # type: ignore[arg-type]
    return SmbConnector(source_id="share", config=config)


def items(source: SmbConnector) -> dict[str, Item]:
    return {fact.name: fact for fact in source.scan(None) if isinstance(fact, Item)}


def test_the_kind_smb_keeps_the_contract(domain: Domain, folder: Path) -> None:
    settings = {
        "host": domain.host,
        "share": "docs",
        "username": f"administrator@{REALM}",
        "password_file": str(domain.password_file),
        "folder": folder.name,
    }
    built = registry.build("smb", source_id="share", settings=settings)
    assert isinstance(built, SmbConnector)
    contract.keeps_the_contract(built)
    built.close()


def test_an_edit_of_rights_moves_the_mark_and_no_time_stamp(
    domain: Domain, folder: Path, source: SmbConnector
) -> None:
    before = {item.id: item for item in source.list_ids(None)}
    wire = signed_in(domain, "administrator", "docs")
    listed = descriptor(deny(domain.sids["bob"], READ), allow(domain.sids["Administrator"], FULL))
    set_list(wire, f"{folder.name}\\notice.txt", listed)
    wire.close()
    after = {item.id: item for item in source.list_ids(None)}
    (changed,) = [uri for uri in before if before[uri].acl_hash != after[uri].acl_hash]
    assert changed.endswith("/notice.txt")
    assert before[changed].version == after[changed].version


def test_an_edit_of_a_folder_above_moves_the_mark_of_what_lies_below(
    domain: Domain, folder: Path, source: SmbConnector
) -> None:
    before = {item.id: item.acl_hash for item in source.list_ids(None)}
    wire = signed_in(domain, "administrator", "docs")
    listed = descriptor(allow(domain.sids["Administrator"], FULL))
    set_list(wire, f"{folder.name}\\hr", listed)
    wire.close()
    after = {item.id: item.acl_hash for item in source.list_ids(None)}
    assert [uri.rpartition("/")[2] for uri in before if before[uri] != after[uri]] == ["leave.md"]


def test_links_and_rings_of_folders_are_not_followed(
    domain: Domain, folder: Path, source: SmbConnector
) -> None:
    secret = domain.folder / "secret.txt"
    secret.write_text("not on the share")
    (folder / "out.txt").symlink_to(secret)
    (folder / "outside").symlink_to(domain.folder)
    (folder / "hr" / "ring").symlink_to(folder)
    assert items(source).keys() & {"secret.txt", "smb.conf"} == set()
    assert len(list(source.list_ids(None))) == len(items(source)) <= 3
    with pytest.raises((SourceRejectedError, SourceUnavailableError)):
        source.open(items(source)["notice.txt"].id.replace("notice.txt", "out.txt"), "1")
    with pytest.raises((SourceRejectedError, SourceUnavailableError)):
        source.open(items(source)["notice.txt"].id.replace("notice.txt", "outside/smb.conf"), "1")


def test_names_in_any_script_are_kept_and_the_rest_goes_on(
    folder: Path, source: SmbConnector
) -> None:
    (folder / "naïve \U0001f600 #1%.txt").write_text("odd")
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt")).write_text("no text at all")
    found = items(source)
    assert found.keys() >= {"naïve \U0001f600 #1%.txt", "notice.txt"}
    odd = found["naïve \U0001f600 #1%.txt"]
    assert source.open(odd.id, odd.version).content == b"odd"


def test_a_huge_file_is_a_failure_and_is_not_read(folder: Path, source: SmbConnector) -> None:
    with (folder / "huge.bin").open("wb") as file:
        file.truncate(5 * 2**30)
    failures = [fact for fact in source.scan(None) if isinstance(fact, Failure)]
    assert [(failure.id.rpartition("/")[2], failure.retry) for failure in failures] == [
        ("huge.bin", False)
    ]
    with pytest.raises(SourceRejectedError, match="larger than"):
        source.open(failures[0].id, "1")
    assert "notice.txt" in items(source)


def test_a_file_of_many_pieces_is_read_whole(folder: Path, source: SmbConnector) -> None:
    content = os.urandom(5 * 2**20 + 17)
    (folder / "large.bin").write_bytes(content)
    item = items(source)["large.bin"]
    assert source.open(item.id, item.version).content == content


def test_a_folder_that_may_not_be_listed_fails_the_sweep_and_not_the_scan(
    domain: Domain, folder: Path
) -> None:
    wire = signed_in(domain, "administrator", "docs")
    everybody = descriptor(allow("S-1-1-0", FULL))
    set_list(wire, folder.name, everybody)
    set_list(wire, f"{folder.name}\\hr", descriptor(allow(domain.sids["Administrator"], FULL)))
    wire.close()
    source = connect(domain, folder, username=f"alice@{REALM}")
    failures = [fact.id for fact in source.scan(None) if isinstance(fact, Failure)]
    assert [uri.rpartition("/")[2] for uri in failures] == ["hr"]
    assert items(source).keys() == {"notice.txt"}
    with pytest.raises(SourceUnavailableError, match="cannot be listed"):
        list(source.list_ids(None))
    source.close()


def test_a_share_that_vanished_is_an_outage(folder: Path, source: SmbConnector) -> None:
    (*_, cursor) = source.scan(None)
    assert isinstance(cursor, Cursor)
    moved = folder.rename(folder.with_name(folder.name + "-moved"))
    for listing in (source.scan, source.list_ids):
        with pytest.raises(SourceUnavailableError):
            list(listing(cursor))
    assert not source.check().ok
    moved.rename(folder)
    assert source.check().ok


def test_a_share_that_is_suddenly_empty_is_an_outage(folder: Path, source: SmbConnector) -> None:
    (*_, cursor) = source.scan(None)
    (folder / "notice.txt").unlink()
    (folder / "hr" / "leave.md").unlink()
    assert isinstance(cursor, Cursor)
    for listing in (source.scan, source.list_ids):
        with pytest.raises(SourceUnavailableError, match="no files at all"):
            list(listing(cursor))


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        pytest.param({"username": f"nobody@{REALM}"}, "refused the sign-in", id="a wrong name"),
        pytest.param({"share": "nothing"}, "no share of this name", id="a wrong share"),
        pytest.param({"port": 446}, "cannot be reached", id="nobody listens"),
        pytest.param({"port": 389, "timeout_seconds": 5}, "cannot be reached", id="no such server"),
    ],
)
def test_what_keeps_us_out_is_told_in_one_sentence(
    domain: Domain, folder: Path, settings: dict[str, object], reason: str
) -> None:
    source = connect(domain, folder, **settings)
    health = source.check()
    assert not health.ok
    assert reason in health.detail
    with pytest.raises(SourceUnavailableError, match=reason):
        list(source.list_ids(None))


def test_a_wrong_password_keeps_us_out_and_is_never_told(
    domain: Domain, folder: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "password"
    wrong.write_text("Quite-Wrong-2\n")
    health = connect(domain, folder, password_file=wrong).check()
    assert not health.ok
    assert "refused the sign-in" in health.detail
    assert "Quite" not in health.detail
    missing = connect(domain, folder, password_file=tmp_path / "none").check()
    assert "cannot be read" in missing.detail


def test_a_server_that_hangs_up_is_an_outage_and_is_dialled_again(
    domain: Domain, folder: Path, source: SmbConnector
) -> None:
    assert source.check().ok
    source._live().connection.transport.close()
    assert source.check().ok


def test_everything_on_the_wire_is_encrypted_unless_told_otherwise(
    domain: Domain, folder: Path, source: SmbConnector
) -> None:
    assert source.check().ok
    assert source._live().session.encrypt_data
    signed = connect(domain, folder, encrypt=False)
    assert signed.check().ok
    assert signed._live().session.signing_required
    signed.close()
