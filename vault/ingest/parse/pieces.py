"""Values that readers take and give inside the sandbox."""

from dataclasses import dataclass

from vault.domain.documents import ElementKind
from vault.ingest.parse.limits import ParseLimits
from vault.ingest.parse.result import Attachment


@dataclass(frozen=True, slots=True)
class Original:
    """A file as it came, with what was found out about it.

    Attributes:
        content: its bytes.
        name: its name, a hint only.
        media_type: what its bytes are.
        limits: what reading it may cost.
        deadline: value of the monotonic clock, in seconds, by which reading should end.
    """

    content: bytes
    name: str
    media_type: str
    limits: ParseLimits
    deadline: float


@dataclass(frozen=True, slots=True)
class Piece:
    """A typed piece of text before it has a place in the canonical text.

    Attributes:
        depth: rank of a title, 0 for the highest; ignored for other kinds.
        page: page, slide or sheet number from 1.
        box: left, bottom, right, top in PDF points.
    """

    kind: ElementKind
    text: str
    page: int | None = None
    depth: int = 0
    box: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything a reader found in one file.

    Attributes:
        title: title the format itself states, or empty.
        readable: share of the pages that gave text, 0 to 1.
        notes: remarks without any of the text.
    """

    pieces: tuple[Piece, ...]
    engine: str
    title: str = ""
    pages: int | None = None
    attachments: tuple[Attachment, ...] = ()
    readable: float = 1.0
    notes: tuple[str, ...] = ()
