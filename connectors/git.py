"""A branch of a git repository on this machine as a source."""

import json
import mimetypes
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar
from urllib.parse import quote_from_bytes, unquote_to_bytes

from dulwich.objects import ObjectID

from connectors.base import AclSupport, Capabilities, Health
from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.facts import (
    Cursor,
    Failure,
    Item,
    Membership,
    RawAcl,
    SlimItem,
    SourceContent,
    SourcePrincipal,
    Tombstone,
)
from connectors.git_branch import Branch, GitFile, of_prefix
from connectors.local_files import uri_of

_SAFE = "/-._~!$&'()*+,;=:@"


@dataclass(frozen=True, slots=True)
class GitConfig:
    """What to follow.

    Attributes:
        repository: folder of the repository, bare or not; nothing is fetched into it.
        branch: name of the branch; empty for the one that HEAD names.
        paths: files or folders to follow; none for all. One a line as text.
        max_bytes: larger files are rejected.
        max_files: a tree with more files is refused as a whole.
        max_commits: how far back to look for the time of a change.
        include_hidden: whether names that start with a dot are followed too.
    """

    repository: Path
    branch: str = ""
    paths: tuple[str, ...] = ()
    max_bytes: int = 256 * 2**20
    max_files: int = 1_000_000
    max_commits: int = 5_000
    include_hidden: bool = False


class GitConnector:
    """Follows the regular files of one branch; links and submodules are not followed.

    Readers are mapped: git knows authors, not readers. Folders with different readers are
    sources of their own, each with its ``paths``.

    Args:
        source_id: stable name of this source.
        config: what to follow.
    """

    config_type: ClassVar[type] = GitConfig
    capabilities: ClassVar[Capabilities] = Capabilities(
        acl=AclSupport.MAPPED, delta=True, tombstones=True
    )

    def __init__(self, *, source_id: str, config: GitConfig) -> None:
        self.source_id = source_id
        self._config = config
        self._branch = Branch(config.repository, name=config.branch, max_files=config.max_files)
        self._prefixes = tuple(path.strip("/").encode() for path in config.paths)
        branch = quote_from_bytes(config.branch.encode(), safe="") or "HEAD"
        self._base = f"git+{uri_of(config.repository.absolute())}@{branch}/-/"

    def check(self) -> Health:
        """Tell whether the repository has the branch."""
        try:
            commit = self._branch.head().decode()
        except SourceUnavailableError as error:
            return Health(ok=False, detail=str(error))
        return Health(ok=True, detail=f"the branch is at {commit[:12]}")

    def scan(self, cursor: Cursor | None) -> Iterator[Item | Tombstone | Failure | Cursor]:
        """Yield what differs from the commit of ``cursor``, then what is gone, then the new commit.

        Two trees are compared, whatever happened between them, so that a rewritten branch is
        followed as well. A commit that was thrown away cannot be compared: then every file comes.
        """
        head = self._branch.head()
        since = self._since(cursor)
        gone: list[bytes] = []
        files: Iterable[GitFile]
        if since is None:
            files = self._branch.files(head)
        else:
            files, gone = self._branch.changes(since, head)
        for file in files:
            if self._follows(file.path):
                yield self._item(file)
        yield from (Tombstone(self._id(path)) for path in gone if self._follows(path))
        yield Cursor(json.dumps({"commit": head.decode(), "of": self._scope()}))

    def list_ids(self, cursor: Cursor | None) -> Iterator[SlimItem]:  # noqa: ARG002
        """Yield every file of the branch as it is now."""
        for file in self._branch.files(self._branch.head()):
            if self._follows(file.path):
                yield SlimItem(self._id(file.path), file.blob.decode())

    def acl(self, ids: Iterable[str]) -> Iterator[RawAcl]:
        """Yield no entries for any item: its readers come from the data owner."""
        for item in ids:
            yield RawAcl(item, b"", None)

    def principals(
        self,
        cursor: Cursor | None,  # noqa: ARG002 - the seam's shape
    ) -> Iterator[SourcePrincipal | Membership | Tombstone | Cursor]:
        """Yield nothing: git knows authors, not readers."""
        yield from ()

    def open(self, id: str, version: str) -> SourceContent:  # noqa: A002, ARG002 - the seam's shape
        """Return the bytes of one file as the branch has it now."""
        if not id.startswith(self._base):
            raise SourceRejectedError(f"the item is outside source {self.source_id!r}")
        path = unquote_to_bytes(id.removeprefix(self._base))
        if not self._follows(path):
            raise SourceRejectedError(f"the item is outside source {self.source_id!r}")
        head = self._branch.head()
        file = self._branch.find(head, path)
        if file is None:
            raise SourceUnavailableError("the branch does not have the file now")
        touch = self._branch.touched(head, path, max_commits=self._config.max_commits)
        return SourceContent(
            content=self._branch.read(file, max_bytes=self._config.max_bytes),
            version=file.blob.decode(),
            media_type=mimetypes.guess_type(_shown(path))[0],
            modified_at=touch.at,
            facts=MappingProxyType({"author": touch.author} if touch.author else {}),
        )

    def can_read(self, id: str, principal: str) -> bool | None:  # noqa: A002, ARG002
        """Return None: git knows no readers."""
        return None

    def _since(self, cursor: Cursor | None) -> ObjectID | None:
        """Return the commit to compare with, or None if every file has to come."""
        if cursor is None:
            return None
        before = json.loads(cursor.value)
        if before.get("of") != self._scope() or not self._branch.knows(before["commit"]):
            return None
        return ObjectID(before["commit"].encode())

    def _scope(self) -> list[object]:
        return [self._base, sorted(self._config.paths), self._config.include_hidden]

    def _follows(self, path: bytes) -> bool:
        hidden = any(step.startswith(b".") for step in path.split(b"/"))
        return (self._config.include_hidden or not hidden) and of_prefix(path, self._prefixes)

    def _item(self, file: GitFile) -> Item:
        item = self._id(file.path)
        return Item(item, item, file.blob.decode(), _shown(file.path))

    def _id(self, path: bytes) -> str:
        return self._base + quote_from_bytes(path, safe=_SAFE)


def _shown(path: bytes) -> str:
    return path.rpartition(b"/")[2].decode("utf-8", "replace")
