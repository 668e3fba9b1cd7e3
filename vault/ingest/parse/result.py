"""What parsing one file gives: its document, the files inside it, and remarks."""

from dataclasses import dataclass

from vault.domain.documents import ParsedDocument


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file found inside another one, to be parsed under the rights of its parent.

    Attributes:
        name: file name as written inside the parent; never a path on this machine.
        content: its bytes.
        media_type: what the parent claims it is, if it claims anything.
    """

    name: str
    content: bytes
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """A parsed document, its attachments, and remarks for the operator.

    Attributes:
        document: canonical text and elements.
        attachments: files inside, not yet parsed.
        notes: what was odd or left out, in sentences without any of the text.
    """

    document: ParsedDocument
    attachments: tuple[Attachment, ...] = ()
    notes: tuple[str, ...] = ()
