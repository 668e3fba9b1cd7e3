"""What one file may cost while it is read."""

from dataclasses import dataclass

MEBIBYTE = 2**20


@dataclass(frozen=True, slots=True)
class ParseLimits:
    """Ceilings for one file; above any of them it is refused or read in part.

    Attributes:
        content_bytes: size of the file.
        seconds: wall and processor time.
        memory_bytes: address space of the process that reads it.
        file_bytes: size of any scratch file.
        text_bytes: size of the encoded result, attachments apart.
        attachment_bytes: size of all files inside it that are handed back.
        attachments: number of files inside it that are handed back.
        nesting: how deep files inside files are followed.
        archive_members: entries of an archive or of a document that is one.
        archive_bytes: size of all entries, unpacked.
        member_bytes: size of one entry, unpacked.
        archive_ratio: unpacked over packed size, once above 16 MiB.
        pixels: size of one image.
    """

    content_bytes: int = 256 * MEBIBYTE
    seconds: float = 60.0
    memory_bytes: int = 3 * 1024 * MEBIBYTE
    file_bytes: int = 512 * MEBIBYTE
    text_bytes: int = 128 * MEBIBYTE
    attachment_bytes: int = 256 * MEBIBYTE
    attachments: int = 1_000
    nesting: int = 3
    archive_members: int = 10_000
    archive_bytes: int = 512 * MEBIBYTE
    member_bytes: int = 100 * MEBIBYTE
    archive_ratio: int = 200
    pixels: int = 100_000_000
