"""A bundle is read once its maker's signature was checked, and says who may read what."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from connectors import bundle_memory, registry
from connectors.errors import ConnectorConfigError, SourceRejectedError, SourceUnavailableError
from connectors.facts import AclEffect, AclEntry, Cursor, Failure, Item, Tombstone
from tests.connectors import bundles, contract
from tests.connectors.bundles import NAME, STRANGER, VKEY, bundle, connect

LEAVE = "bundle://share/hr/leave.md"
NOTICE = "bundle://share/notice.txt"


def cursor_of(path: Path) -> Cursor:
    (*_, last) = connect(path).scan(None)
    assert isinstance(last, Cursor)
    return last


@pytest.mark.parametrize("name", ["bundle", "bundle.tar"])
def test_a_folder_and_an_archive_keep_the_contract(name: str, tmp_path: Path) -> None:
    path = bundle(tmp_path, name=name)
    settings = {"path": str(path), "key": VKEY, "name": NAME}
    connector = registry.build("bundle", source_id="share", settings=settings)
    contract.keeps_the_contract(connector)
    assert connector.check().detail == "bundle 1 of finance-share lists 2 items"


def test_rights_come_in_order_and_an_item_without_any_has_no_reader(tmp_path: Path) -> None:
    leave, notice, unknown = connect(bundle(tmp_path)).acl([LEAVE, NOTICE, "bundle://share/no"])
    assert leave.entries == (
        AclEntry(AclEffect.DENY, "name:bob", reads=True),
        AclEntry(AclEffect.ALLOW, "name:staff", reads=True),
    )
    assert json.loads(leave.raw)["acl"][0]["principal"] == "name:bob"
    assert notice.entries is None
    assert unknown.entries is None


def test_what_the_manifest_says_of_an_item_comes_with_its_bytes(tmp_path: Path) -> None:
    content = connect(bundle(tmp_path)).open(LEAVE, "")
    assert content.content.startswith(b"# Leave")
    assert dict(content.facts) == {
        "title": "Leave",
        "uri": "smb://files/hr/leave.md",
        "classification": "internal",
    }


def _unsigned(path: Path) -> None:
    (path / "manifest.note").unlink()


def _strangers(path: Path) -> None:
    manifest = (path / "manifest.jsonl").read_bytes()
    (path / "manifest.note").write_bytes(bundles.note_of(manifest, key=STRANGER))


def _altered(path: Path) -> None:
    manifest = path / "manifest.jsonl"
    manifest.write_bytes(manifest.read_bytes().replace(b"name:staff", b"everyone"))


def _of_another_name(path: Path) -> None:
    manifest = (path / "manifest.jsonl").read_bytes()
    (path / "manifest.note").write_bytes(bundles.note_of(manifest, name="finance-shard"))


@pytest.mark.parametrize("harm", [_unsigned, _strangers, _altered, _of_another_name])
def test_nothing_of_an_unsigned_or_altered_bundle_is_read(harm, tmp_path: Path) -> None:
    path = bundle(tmp_path)
    harm(path)
    connector = connect(path)
    assert not connector.check().ok
    for read in (
        lambda: list(connector.scan(None)),
        lambda: list(connector.list_ids(None)),
        lambda: list(connector.acl([LEAVE])),
        lambda: connector.open(LEAVE, ""),
    ):
        with pytest.raises(SourceUnavailableError):
            read()


def test_a_bundle_altered_after_it_was_opened_is_noticed(tmp_path: Path) -> None:
    path = bundle(tmp_path)
    connector = connect(path)
    assert connector.check().ok
    _altered(path)
    assert not connector.check().ok


def test_a_bundle_of_another_source_is_refused(tmp_path: Path) -> None:
    connector = connect(bundle(tmp_path), name="legal-share")
    assert "finance-share" in connector.check().detail
    assert not connector.check().ok


def test_a_file_whose_bytes_were_not_signed_is_refused(tmp_path: Path) -> None:
    path = bundle(tmp_path)
    (path / "files" / "notice.txt").write_text("The office closes at once.")
    with pytest.raises(SourceRejectedError, match="digest"):
        connect(path).open(NOTICE, "")


def test_a_link_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    path = bundle(tmp_path)
    (path / "files" / "notice.txt").unlink()
    (path / "files" / "notice.txt").symlink_to(tmp_path / "files-of-bundle" / "notice.txt")
    with pytest.raises(SourceRejectedError, match="link"):
        connect(path).open(NOTICE, "")


def test_a_file_that_no_line_names_is_never_read(tmp_path: Path) -> None:
    path = bundle(tmp_path)
    (path / "files" / "extra.txt").write_text("unlisted")
    connector = connect(path)
    assert len(list(connector.list_ids(None))) == 2
    with pytest.raises(SourceRejectedError, match="not in the bundle"):
        connector.open("bundle://share/extra.txt", "")


def test_an_older_bundle_cannot_take_the_place_of_a_newer_one(tmp_path: Path) -> None:
    newer, older = bundle(tmp_path, name="new", sequence=7), bundle(tmp_path, name="old")
    cursor = cursor_of(newer)
    for listing in (connect(older).scan, connect(older).list_ids):
        with pytest.raises(SourceUnavailableError, match="older"):
            list(listing(cursor))
    assert list(connect(newer).scan(cursor_of(older)))


def test_two_bundles_of_one_number_are_noticed(tmp_path: Path) -> None:
    cursor = cursor_of(bundle(tmp_path, name="one"))
    files = bundles.folder_of_files(tmp_path / "more")
    manifest = bundles.manifest_of(files, bundles.LINES[1:])
    other = bundles.write_bundle(tmp_path / "two", manifest, bundles.note_of(manifest), files=files)
    with pytest.raises(SourceUnavailableError, match="another bundle"):
        list(connect(other).scan(cursor))


def partial(root: Path, sequence: int, *lines: dict[str, object]) -> Path:
    """Return a bundle that lists what changed since the last one."""
    files = bundles.folder_of_files(root / f"files-{sequence}")
    manifest = bundles.manifest_of(files, list(lines))
    note = bundles.note_of(manifest, sequence=sequence, complete=False)
    carried = tuple(str(line["path"]) for line in lines if not line.get("deleted"))
    return bundles.write_bundle(
        root / f"part-{sequence}", manifest, note, files=files, carried=carried
    )


def listed(path: Path, cursor: Cursor | None) -> dict[str, tuple[str, str]]:
    return {item.id: (item.version, item.acl_hash) for item in connect(path).list_ids(cursor)}


def after(path: Path, cursor: Cursor | None) -> Cursor:
    (*_, last) = connect(path).scan(cursor)
    assert isinstance(last, Cursor)
    return last


def test_a_partial_bundle_never_proves_a_deletion(tmp_path: Path) -> None:
    whole = bundle(tmp_path)
    before, cursor = listed(whole, None), cursor_of(whole)
    shared = {"acl": [{"effect": "allow", "principal": "everyone"}]}
    first = partial(tmp_path, 2, {"path": "notice.txt"} | shared)
    now = listed(first, cursor)
    assert now.keys() == before.keys()
    assert now[LEAVE] == before[LEAVE]
    assert now[NOTICE] != before[NOTICE]
    scanned = [fact.id for fact in connect(first).scan(cursor) if isinstance(fact, Item)]
    assert scanned == [NOTICE]
    second = partial(tmp_path, 3, {"path": "hr/leave.md", "deleted": True})
    assert listed(second, after(first, cursor)) == {NOTICE: now[NOTICE]}
    complete = bundle(tmp_path, name="again", sequence=4)
    assert listed(complete, after(second, after(first, cursor))) == before


def test_a_first_bundle_that_is_partial_lists_what_it_has(tmp_path: Path) -> None:
    assert listed(partial(tmp_path, 1, {"path": "notice.txt"}), None).keys() == {NOTICE}


def test_a_partial_bundle_for_too_many_items_lists_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle_memory, "MOST_KEPT", 1)
    cursor = cursor_of(bundle(tmp_path))
    path = partial(tmp_path, 2, {"path": "notice.txt"})
    with pytest.raises(SourceUnavailableError, match="complete one"):
        listed(path, cursor)
    assert len(listed(bundle(tmp_path, name="whole", sequence=3), cursor)) == 2


def test_a_deletion_is_told_and_an_item_left_at_home_is_listed(tmp_path: Path) -> None:
    files = bundles.folder_of_files(tmp_path / "files")
    lines = [bundles.LINES[0] | {"carried": False}, {"path": "notice.txt", "deleted": True}]
    manifest = bundles.manifest_of(files, lines)
    path = bundles.write_bundle(
        tmp_path / "bundle", manifest, bundles.note_of(manifest), files=files, carried=()
    )
    connector = connect(path)
    assert Tombstone(NOTICE) in list(connector.scan(None))
    assert [item.id for item in connector.list_ids(None)] == [LEAVE]
    assert [right.entries for right in connector.acl([NOTICE])] == [None]
    with pytest.raises(SourceUnavailableError, match="does not carry"):
        connector.open(LEAVE, "")
    with pytest.raises(SourceRejectedError, match="not in the bundle"):
        connector.open(NOTICE, "")


def test_a_file_above_the_limit_is_a_failure_of_its_own(tmp_path: Path) -> None:
    connector = connect(bundle(tmp_path), max_bytes=27)
    failures = [fact for fact in connector.scan(None) if isinstance(fact, Failure)]
    assert [failure.id for failure in failures] == [LEAVE]
    assert not failures[0].retry


def test_a_source_needs_a_key_that_is_one(tmp_path: Path) -> None:
    with pytest.raises(ConnectorConfigError, match="key"):
        registry.build("bundle", source_id="s", settings={"path": str(tmp_path), "key": "none"})


def test_a_bundle_knows_no_people(tmp_path: Path) -> None:
    assert list(connect(bundle(tmp_path)).principals(None)) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["bundle", "bundle.tar"])
def test_the_script_makes_a_bundle_that_is_read(name: str, tmp_path: Path) -> None:
    files = bundles.folder_of_files(tmp_path / "files")

    def run(*words: object) -> str:
        command = [sys.executable, "-I", str(bundles.SCRIPT), *map(str, words)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    key = run("key", tmp_path / "maker.key", "--name", "maker").strip()
    listed = [json.loads(line) for line in run("list", files).splitlines()]
    listed[0]["acl"] = [{"effect": "allow", "principal": "everyone"}]
    items = tmp_path / "items.jsonl"
    items.write_text("".join(json.dumps(line) + "\n" for line in listed))
    told = run(
        "make", files, items, tmp_path / name, "--key", tmp_path / "maker.key", "--sequence", 3
    )
    assert told == "2 items, 2 files carried, 1 without any reader\n"
    assert (tmp_path / "maker.key").stat().st_mode & 0o077 == 0
    settings = {"path": str(tmp_path / name), "key": key}
    contract.keeps_the_contract(registry.build("bundle", source_id="s", settings=settings))
