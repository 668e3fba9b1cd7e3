"""Every folder of a share, each visited once, links left alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from connectors.smb_messages import Folder, Found
from connectors.smb_share import FolderRefusedError

_SKIPPED_FOLDERS = frozenset({"$recycle.bin", "system volume information"})
_SKIPPED_FILES = frozenset({"thumbs.db", "desktop.ini"})
_LOCK_PREFIX = "~$"
_DEEPEST = 128


@dataclass(frozen=True, slots=True)
class Visited:
    """A folder and the files directly in it, in order of their names."""

    path: str
    files: tuple[Found, ...]

    def path_of(self, file: Found) -> str:
        """Return the path of one of the files."""
        return below(self.path, file.name)


@dataclass(frozen=True, slots=True)
class Refused:
    """A folder whose files are unknown, and why."""

    path: str
    reason: str


class Lists(Protocol):
    """What can list a folder."""

    def listing(self, folder: str) -> Folder:
        """Return every name in a folder."""
        ...


def below(folder: str, name: str) -> str:
    """Return the path of a name in a folder."""
    return f"{folder}\\{name}" if folder else name


def walk(share: Lists, top: str, *, include_hidden: bool) -> Iterator[Visited | Refused]:
    """Yield ``top`` and every folder below it, a folder ahead of those in it.

    A folder that leads back to one it lies in is passed over. A folder that cannot be listed is
    told as refused, but the top must be listed.

    Raises:
        SourceUnavailableError: the top cannot be listed, or the share stopped answering.
    """
    yield from _visit(share, share.listing(top), top, (), include_hidden=include_hidden)


def _visit(
    share: Lists, folder: Folder, path: str, above: tuple[int, ...], *, include_hidden: bool
) -> Iterator[Visited | Refused]:
    kept = [found for found in folder.found if _is_kept(found, include_hidden=include_hidden)]
    yield Visited(path, tuple(found for found in kept if not found.is_folder))
    ancestors = (*above, folder.number)
    for found in kept:
        # Zero is what a server says that does not number its files.
        if not found.is_folder or (found.file_id and found.file_id in ancestors):
            continue
        inner = below(path, found.name)
        if len(ancestors) > _DEEPEST:
            yield Refused(inner, "a folder lies too deep")
            continue
        try:
            listed = share.listing(inner)
        except FolderRefusedError as error:
            yield Refused(inner, str(error))
            continue
        yield from _visit(share, listed, inner, ancestors, include_hidden=include_hidden)


def _is_kept(found: Found, *, include_hidden: bool) -> bool:
    name = found.name.lower()
    if found.is_link or name in (_SKIPPED_FOLDERS if found.is_folder else _SKIPPED_FILES):
        return False
    if name.startswith(_LOCK_PREFIX) and not found.is_folder:
        return False
    return include_hidden or not (found.is_hidden or name.startswith("."))
