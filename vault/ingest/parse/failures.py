"""Why a file was not read, in words that repeat none of it."""

from enum import StrEnum
from pathlib import PurePosixPath

from vault.domain.errors import DocumentTooLargeError, UnsupportedDocumentError, VaultError
from vault.ingest.parse.limits import MEBIBYTE, ParseLimits


class Failure(StrEnum):
    """Reasons a file is refused; the sandbox reports nothing freer than these."""

    BROKEN = "broken"
    CRASH = "crash"
    EMPTY = "empty"
    ENTITIES = "entities"
    EXPANDS = "expands"
    FOREIGN = "foreign"
    MAIL_STORE = "mail-store"
    MEMORY = "memory"
    MISMATCH = "mismatch"
    NO_TEXT = "no-text"
    OUTPUT = "output"
    PACKED = "packed"
    PASSWORD = "password"  # noqa: S105 - a reason, not a secret
    PICTURE = "picture"
    PIXELS = "pixels"
    SCAN = "scan"
    SEALED_MAIL = "sealed-mail"
    SOUND = "sound"
    TIMEOUT = "timeout"
    TOO_LARGE = "too-large"
    UNSUPPORTED = "unsupported"


_TOO_LARGE = frozenset(
    {Failure.EXPANDS, Failure.MEMORY, Failure.OUTPUT, Failure.PIXELS, Failure.TOO_LARGE}
)

_DETAIL = {
    Failure.BROKEN: "the {kind} is damaged and cannot be read",
    Failure.CRASH: "the parser stopped while it read the file; saving it anew in the program that "
    "made it may help",
    Failure.EMPTY: "the file is empty",
    Failure.ENTITIES: "the file defines XML entities, which are refused",
    Failure.EXPANDS: "the archive expands to more than {archive} MiB, {ratio} times its size, "
    "or {members} entries",
    Failure.FOREIGN: "documents of this program are not read; export it as PDF or Office file",
    Failure.MAIL_STORE: "mail stores of Outlook are not read; export the messages as .msg or .eml",
    Failure.MEMORY: "parsing needed more than {memory} MiB of memory",
    Failure.MISMATCH: "the file is not a {extension} although its name says so",
    Failure.NO_TEXT: "the {kind} holds no text that can be read",
    Failure.OUTPUT: "the text of the file is larger than {text} MiB",
    Failure.PACKED: "archives of this kind are not unpacked; pack the files as ZIP",
    Failure.PASSWORD: "the {kind} is protected by a password",
    Failure.PICTURE: "pictures of this kind are not read; save it as PNG or JPEG",
    Failure.PIXELS: "the image has more than {pixels} million pixels",
    Failure.SCAN: "the {kind} holds images only, and text recognition is not installed",
    Failure.SEALED_MAIL: "the file is encrypted or signed as a whole (PKCS #7); take it out of its "
    "envelope first",
    Failure.SOUND: "sound and video are not read; take in a transcript instead",
    Failure.TIMEOUT: "parsing took longer than {seconds:g} s",
    Failure.TOO_LARGE: "the file is larger than {content} MiB",
    Failure.UNSUPPORTED: "files of this kind cannot be read",
}


class ReadError(Exception):
    """A reader refuses the file; only the reason leaves the sandbox."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.value)
        self.failure = failure


def problem(failure: Failure, *, name: str, kind: str, limits: ParseLimits) -> VaultError:
    """Return the error that tells a caller about ``failure``.

    Args:
        failure: what the sandbox reported.
        name: the file's name; only its extension is repeated.
        kind: what the file was taken for, in words, or empty.
        limits: the ceilings it was read under.
    """
    suffix = PurePosixPath(name).suffix
    detail = _DETAIL[failure].format(
        archive=limits.archive_bytes // MEBIBYTE,
        content=limits.content_bytes // MEBIBYTE,
        extension=suffix[1:].upper()[:8] if suffix[1:].isalnum() else "document",
        kind=kind or "file",
        members=limits.archive_members,
        memory=limits.memory_bytes // MEBIBYTE,
        pixels=limits.pixels // 1_000_000,
        ratio=limits.archive_ratio,
        seconds=limits.seconds,
        text=limits.text_bytes // MEBIBYTE,
    )
    return (
        DocumentTooLargeError(detail) if failure in _TOO_LARGE else UnsupportedDocumentError(detail)
    )
