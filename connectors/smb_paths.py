"""Names of files on a share: as identifiers of items, and as the server takes them."""

from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

from connectors.errors import SourceRejectedError

_PORT = 445
_FORBIDDEN = frozenset('\\/:\0"<>|*?')
"""No file has these in its name; a colon would open another stream of the file."""


@dataclass(frozen=True, slots=True)
class SmbPaths:
    """The names below one folder of a share.

    Attributes:
        folder: names from the top of the share down to the folder, backslashes between them.
    """

    host: str
    port: int
    share: str
    folder: str

    def uri_of(self, path: str) -> str:
        """Return the identifier of the file at ``path``; the share's top when it is empty."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORT else f":{self.port}"
        names = [self.share, *path.split("\\")] if path else [self.share]
        return f"smb://{host}{port}/" + "/".join(map(_quoted, names))

    def path_of(self, uri: str) -> str:
        """Return the path on the share that ``uri`` names.

        Raises:
            SourceRejectedError: it names nothing inside the folder.
        """
        top = self.uri_of(self.folder) + "/"
        if not uri.startswith(top):
            raise SourceRejectedError("the item is outside the share's folder")
        names = [_unquoted(part) for part in uri[len(top) :].split("/")]
        if any(name in {"", ".", ".."} or _FORBIDDEN & set(name) for name in names):
            raise SourceRejectedError("the item has a name that no file of a share has")
        return "\\".join([*filter(None, [self.folder]), *names])


def folders_above(path: str) -> tuple[str, ...]:
    """Return the folders that lead to ``path``, the share's top first."""
    names = path.split("\\")[:-1]
    return ("", *("\\".join(names[: count + 1]) for count in range(len(names))))


def shown_name(name: str) -> str:
    """Return a name that can be written; halves of characters become replacement marks."""
    return name.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _quoted(name: str) -> str:
    return quote(name.encode("utf-8", "surrogatepass"), safe="")


def _unquoted(part: str) -> str:
    try:
        return unquote_to_bytes(part).decode("utf-8", "surrogatepass")
    except UnicodeError as error:
        raise SourceRejectedError("the item has a name that is no text") from error
