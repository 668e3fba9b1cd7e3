"""A branch is followed from commit to commit, and nothing outside it is read."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.facts import Cursor, Item, Tombstone
from connectors.git import GitConfig, GitConnector
from tests.connectors import contract
from tests.connectors.repositories import Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "handbook")
    made.commit({"notice.md": "Closed at noon.", "hr/leave.md": "Thirty days."})
    return made


def connect(repository: Repository, **settings: object) -> GitConnector:
    return GitConnector(source_id="g", config=GitConfig(repository.folder, **settings))


def found(connector: GitConnector, cursor: Cursor | None = None) -> tuple[set[str], set[str]]:
    """Return the names of items and of tombstones."""
    facts = list(connector.scan(cursor))
    items = {fact.id.split("/-/")[1] for fact in facts if isinstance(fact, Item)}
    return items, {fact.id.split("/-/")[1] for fact in facts if isinstance(fact, Tombstone)}


def end(connector: GitConnector) -> Cursor:
    (*_, last) = connector.scan(None)
    assert isinstance(last, Cursor)
    return last


def id_of(connector: GitConnector, name: str) -> str:
    (item,) = [slim.id for slim in connector.list_ids(None) if slim.id.endswith("/" + name)]
    return item


def test_it_keeps_the_contract(repository: Repository) -> None:
    contract.keeps_the_contract(connect(repository))


def test_a_bare_repository_keeps_the_contract_after_packing(
    repository: Repository, tmp_path: Path
) -> None:
    repository.commit({"notice.md": "Closed at one."})
    repository.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    repository.git("-C", str(tmp_path / "bare.git"), "gc", "--quiet", "--aggressive")
    config = GitConfig(tmp_path / "bare.git", branch="main")
    contract.keeps_the_contract(GitConnector(source_id="g", config=config))


def test_only_what_changed_comes_after_a_cursor(repository: Repository) -> None:
    connector = connect(repository)
    cursor = end(connector)
    assert found(connector, cursor) == (set(), set())
    repository.commit({"notice.md": "Closed at four.", "hr/leave.md": None, "new.md": "New."})
    assert found(connector, cursor) == ({"notice.md", "new.md"}, {"hr/leave.md"})
    assert found(connector, end(connector)) == (set(), set())


def test_a_moved_file_is_gone_and_new_with_the_same_version(repository: Repository) -> None:
    connector = connect(repository)
    cursor = end(connector)
    before = {slim.id: slim.version for slim in connector.list_ids(None)}
    old = id_of(connector, "hr/leave.md")
    repository.git("mv", "hr/leave.md", "hr/holidays.md")
    repository.commit({})
    item, tombstone = list(connector.scan(cursor))[:2]
    assert isinstance(item, Item)
    assert tombstone == Tombstone(old)
    assert item.version == before[old]


def test_a_rewritten_branch_is_followed(repository: Repository) -> None:
    first = repository.git("rev-parse", "HEAD")
    repository.commit({"draft.md": "A draft.", "notice.md": "Closed at two."})
    connector = connect(repository)
    cursor = end(connector)
    repository.git("reset", "--quiet", "--hard", first)
    repository.commit({"final.md": "The final text."})
    assert found(connector, cursor) == ({"final.md", "notice.md"}, {"draft.md"})


def test_a_commit_that_was_thrown_away_leads_to_a_listing_of_everything(
    repository: Repository,
) -> None:
    first = repository.git("rev-parse", "HEAD")
    repository.commit({"draft.md": "A draft."})
    cursor = end(connect(repository))
    repository.git("reset", "--quiet", "--hard", first)
    repository.git("reflog", "expire", "--expire=now", "--all")
    repository.git("gc", "--quiet", "--prune=now")
    assert found(connect(repository), cursor) == ({"hr/leave.md", "notice.md"}, set())


def test_other_settings_lead_to_a_listing_of_everything(repository: Repository) -> None:
    cursor = end(connect(repository))
    assert found(connect(repository, paths=("hr",)), cursor) == ({"hr/leave.md"}, set())


def test_only_paths_that_are_asked_for_are_followed(repository: Repository) -> None:
    repository.commit({"hr2/other.md": "Other.", "legal/a.md": "A.", "legal/b.md": "B."})
    connector = connect(repository, paths=("hr/", "/legal/b.md"))
    assert found(connector)[0] == {"hr/leave.md", "legal/b.md"}
    everything = connect(repository)
    with pytest.raises(SourceRejectedError, match="outside"):
        connector.open(id_of(everything, "legal/a.md"), "1")


def test_another_branch_is_another_listing(repository: Repository) -> None:
    repository.git("checkout", "--quiet", "-b", "work/next")
    repository.commit({"next.md": "Next."})
    assert found(connect(repository, branch="main"))[0] == {"hr/leave.md", "notice.md"}
    assert "next.md" in found(connect(repository, branch="work/next"))[0]
    assert "next.md" in found(connect(repository))[0]


def test_links_submodules_and_hidden_files_are_not_followed(
    repository: Repository, tmp_path: Path
) -> None:
    (tmp_path / "secret.md").write_text("not yours")
    (repository.folder / "link.md").symlink_to(tmp_path / "secret.md")
    head = repository.git("rev-parse", "HEAD")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{head},inner")
    repository.commit({".ci/run.md": "x", ".env": "x"})
    assert repository.git("ls-files", "--stage", "link.md").startswith("120000")
    connector = connect(repository)
    assert found(connector)[0] == {"hr/leave.md", "notice.md"}
    assert found(connect(repository, include_hidden=True))[0] >= {".env", ".ci/run.md"}
    base = id_of(connector, "notice.md").removesuffix("notice.md")
    with pytest.raises(SourceUnavailableError, match="does not have"):
        connector.open(base + "link.md", "1")


def test_a_file_that_becomes_a_link_is_gone(repository: Repository) -> None:
    connector = connect(repository)
    cursor = end(connector)
    (repository.folder / "notice.md").unlink()
    (repository.folder / "notice.md").symlink_to("hr/leave.md")
    repository.commit({})
    assert found(connector, cursor) == (set(), {"notice.md"})


def test_bytes_come_with_the_time_and_the_author_of_their_last_change(
    repository: Repository,
) -> None:
    repository.commit({"notice.md": "Closed at four."}, at=1_750_000_000)
    connector = connect(repository)
    notice = connector.open(id_of(connector, "notice.md"), "1")
    leave = connector.open(id_of(connector, "hr/leave.md"), "1")
    assert notice.modified_at == datetime.fromtimestamp(1_750_000_000, UTC)
    assert leave.modified_at == datetime.fromtimestamp(1_700_000_000, UTC)
    assert notice.facts == {"author": "Ada Writer"}
    assert leave.content == b"Thirty days."


def test_a_name_that_is_no_text_keeps_its_bytes(repository: Repository) -> None:
    tree = repository.git("rev-parse", "HEAD^{tree}")
    assert tree
    name = b"caf\xe9.md".decode("utf-8", "surrogateescape")
    repository.commit({name: "odd"})
    connector = connect(repository)
    (item,) = [fact for fact in connector.scan(None) if isinstance(fact, Item) and "%" in fact.id]
    assert item.id.endswith("/caf%E9.md")
    item.name.encode()
    assert connector.open(item.id, item.version).content == b"odd"


def test_a_large_file_is_rejected_when_it_is_opened(repository: Repository) -> None:
    repository.commit({"large.bin": b"\x00" * 4096})
    connector = connect(repository, max_bytes=4095)
    with pytest.raises(SourceRejectedError, match="larger than 4095"):
        connector.open(id_of(connector, "large.bin"), "1")


@pytest.mark.parametrize("item", ["no-such-item", "git+file:///elsewhere@HEAD/-/notice.md"])
def test_what_lies_outside_is_rejected(repository: Repository, item: str) -> None:
    with pytest.raises(SourceRejectedError, match="outside"):
        connect(repository).open(item, "1")


def test_a_vanished_repository_is_an_outage(repository: Repository) -> None:
    connector = connect(repository)
    cursor = end(connector)
    shutil.rmtree(repository.folder)
    assert not connector.check().ok
    with pytest.raises(SourceUnavailableError):
        list(connector.scan(cursor))
    with pytest.raises(SourceUnavailableError):
        list(connector.list_ids(cursor))


def test_a_vanished_branch_is_an_outage(repository: Repository) -> None:
    assert not connect(repository, branch="gone").check().ok
    with pytest.raises(SourceUnavailableError):
        list(connect(repository, branch="gone").list_ids(None))


def test_a_damaged_repository_is_an_outage_and_no_shorter_listing(repository: Repository) -> None:
    tree = repository.git("rev-parse", "HEAD:hr")
    (repository.folder / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    with pytest.raises(SourceUnavailableError, match="damaged"):
        list(connect(repository).list_ids(None))


def test_a_tree_with_too_many_files_is_refused_as_a_whole(repository: Repository) -> None:
    with pytest.raises(SourceUnavailableError, match="more than 1 files"):
        list(connect(repository, max_files=1).list_ids(None))
    cursor = end(connect(repository))
    repository.commit({"a.md": "a", "b.md": "b"})
    with pytest.raises(SourceUnavailableError, match="more than 1 files"):
        list(connect(repository, max_files=1).scan(cursor))
