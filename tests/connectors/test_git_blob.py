"""The size of a blob is known before it is unpacked, however it is stored."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from dulwich.objects import ObjectID
from dulwich.repo import Repo

from connectors.errors import SourceRejectedError
from connectors.git_blob import read_blob, size_of
from tests.connectors.repositories import Repository

TEXT = "".join(f"Line {number} of a text that barely changes.\n" for number in range(2000))
FILES = {
    "empty.txt": b"",
    "small.txt": b"x",
    "text.txt": TEXT.encode(),
    "changed.txt": (TEXT + "And one more.\n").encode(),
    "zeros.bin": b"\x00" * 300_000,
}


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "r")
    made.commit(FILES)
    return made


@pytest.fixture(params=["loose", "packed", "by offset", "alternate"])
def opened(
    repository: Repository, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Repo]:
    folder = repository.folder
    if request.param == "packed":
        repository.git("-c", "repack.useDeltaBaseOffset=false", "repack", "-adfq")
        repository.git("prune-packed")
    elif request.param == "by offset":
        repository.git("repack", "-adfq")
    elif request.param == "alternate":
        folder = tmp_path / "borrowing"
        repository.git("clone", "--quiet", "--shared", ".", str(folder))
    repo = Repo(str(folder))
    yield repo
    repo.close()


def blob(repository: Repository, name: str) -> ObjectID:
    return ObjectID(repository.git("rev-parse", f"HEAD:{name}").encode())


def test_the_size_is_that_of_the_content(repository: Repository, opened: Repo) -> None:
    for name, content in FILES.items():
        assert size_of(opened.object_store, blob(repository, name)) == len(content), name


def test_the_content_is_read_within_the_limit_only(repository: Repository, opened: Repo) -> None:
    name = blob(repository, "changed.txt")
    size = len(FILES["changed.txt"])
    assert read_blob(opened.object_store, name, max_bytes=size) == FILES["changed.txt"]
    with pytest.raises(SourceRejectedError, match="larger"):
        read_blob(opened.object_store, name, max_bytes=size - 1)


def test_packing_made_a_delta(repository: Repository) -> None:
    repository.git("repack", "-adfq")
    (index,) = (repository.folder / ".git" / "objects" / "pack").glob("*.idx")
    told = repository.git("verify-pack", "-v", str(index))
    assert "chain length = 1" in told


def test_what_is_missing_or_no_blob_is_refused(repository: Repository) -> None:
    repo = Repo(str(repository.folder))
    with pytest.raises(KeyError):
        size_of(repo.object_store, ObjectID(b"0" * 39 + b"1"))
    tree = ObjectID(repository.git("rev-parse", "HEAD^{tree}").encode())
    with pytest.raises(SourceRejectedError, match="not a file"):
        read_blob(repo.object_store, tree, max_bytes=10_000)
    repo.close()


def test_a_pointer_to_a_file_kept_elsewhere_is_not_taken_for_the_file(
    repository: Repository,
) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345\n"
    repository.commit({"film.mp4": pointer})
    repo = Repo(str(repository.folder))
    with pytest.raises(SourceRejectedError, match="elsewhere"):
        read_blob(repo.object_store, blob(repository, "film.mp4"), max_bytes=10_000)
    repo.close()
