"""Each path has the time at which the branch got what it holds there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from dulwich.objects import ObjectID
from dulwich.repo import Repo

from connectors.git_history import History
from tests.connectors.repositories import Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "r")
    for number, name in enumerate(("a.md", "b.md", "c.md")):
        made.commit({name: name}, at=1_700_000_000 + number)
    return made


@pytest.fixture
def repo(repository: Repository) -> Iterator[Repo]:
    opened = Repo(str(repository.folder))
    yield opened
    opened.close()


def times(repo: Repo, *paths: bytes, max_commits: int = 100) -> list[int]:
    history = History(repo.object_store, repo.head(), max_commits=max_commits)
    return [int(history.touch(path).at.timestamp()) - 1_700_000_000 for path in paths]


def test_a_path_has_the_time_of_its_own_change(repo: Repo) -> None:
    assert times(repo, b"a.md", b"b.md", b"c.md") == [0, 1, 2]
    assert times(repo, b"c.md", b"a.md", b"b.md") == [2, 0, 1]


def test_what_is_older_than_the_walk_counts_as_of_its_end(repo: Repo) -> None:
    assert times(repo, b"a.md", b"c.md", max_commits=2) == [1, 2]


def test_what_was_merged_counts_from_the_merge(repository: Repository, repo: Repo) -> None:
    repository.git("checkout", "--quiet", "-b", "side", "HEAD~1")
    repository.commit({"d.md": "d"}, at=1_700_000_003)
    repository.git("checkout", "--quiet", "main")
    repository.git("merge", "--quiet", "--no-ff", "--message", "m", "side", at=1_700_000_009)
    assert times(repo, b"d.md", b"c.md") == [9, 2]


def test_a_shallow_copy_ends_where_it_ends(repository: Repository, tmp_path: Path) -> None:
    source = repository.folder.as_uri()
    repository.git("clone", "--quiet", "--depth=1", source, str(tmp_path / "shallow"))
    opened = Repo(str(tmp_path / "shallow"))
    assert times(opened, b"a.md", b"c.md") == [2, 2]
    opened.close()


def test_an_author_is_named_without_an_address(repo: Repo) -> None:
    history = History(repo.object_store, repo.head(), max_commits=1)
    assert history.touch(b"c.md").author == "Ada Writer"


def test_a_head_that_is_no_commit_has_no_history(repository: Repository, repo: Repo) -> None:
    tree = ObjectID(repository.git("rev-parse", "HEAD^{tree}").encode())
    with pytest.raises(KeyError):
        History(repo.object_store, tree, max_commits=5).touch(b"a.md")
    with pytest.raises(KeyError):
        History(repo.object_store, repo.head(), max_commits=0).touch(b"a.md")
