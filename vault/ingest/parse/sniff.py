"""Finds out what a file is from its bytes; its name is a hint only."""

import re
import struct
import zipfile
from io import BytesIO
from pathlib import PurePosixPath

import olefile

from vault.ingest.parse import media
from vault.ingest.parse.archives import member_bytes, open_zip
from vault.ingest.parse.encoding import decode, is_binary
from vault.ingest.parse.failures import Failure, ReadError
from vault.ingest.parse.limits import ParseLimits

_HEAD = 4096
_PDF_WINDOW = 1024
_MAGIC = (
    (b"{\\rtf", media.RTF),
    (b"\x89PNG\r\n\x1a\n", media.PNG),
    (b"\xff\xd8\xff", media.JPEG),
    (b"II*\0", media.TIFF),
    (b"MM\0*", media.TIFF),
    (b"GIF8", media.GIF),
    (b"\x1f\x8b", media.GZIP),
    (b"BZh", media.BZIP2),
)
_IWORK = (".iwa", ".apxl", "buildVersionHistory.plist")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = (
    ("EncryptedPackage", None),
    ("EncryptedSummary", None),
    ("WordDocument", media.DOC),
    ("PowerPoint Document", media.PPT),
    ("Workbook", media.XLS),
    ("Book", media.XLS),
    ("__properties_version1.0", media.MSG),
)
_FOREIGN_STREAMS = frozenset({"fileheader", "visiodocument", "quill", "contents"})
"""Hangul, Visio, Publisher and Works documents."""
_STRANGERS = (
    (b"7z\xbc\xaf\x27\x1c", Failure.PACKED),
    (b"Rar!\x1a\x07", Failure.PACKED),
    (b"\xfd7zXZ\0", Failure.PACKED),
    (b"!BDN", Failure.MAIL_STORE),
    (b"\x78\x9f\x3e\x22", Failure.MAIL_STORE),
    (b"HWP Document", Failure.FOREIGN),
    (b"\xffWPC", Failure.FOREIGN),
    (b"AC10", Failure.FOREIGN),
    (b"ID3", Failure.SOUND),
    (b"OggS", Failure.SOUND),
    (b"fLaC", Failure.SOUND),
)
"""How files begin that are known and not read, and what a person can do about it."""
_PKCS7 = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07"
_BRANDS = {b"heic": Failure.PICTURE, b"mif1": Failure.PICTURE, b"avif": Failure.PICTURE}
_WORD_FLAGS = 10
_WORD_ENCRYPTED = 0x0100
_OOXML_PARTS = (
    (b"ms-excel.sheet.binary.macroEnabled.main", media.XLSB),
    (b"wordprocessingml.document.main", media.DOCX),
    (b"wordprocessingml.template.main", media.DOCX),
    (b"ms-word.document.macroEnabled.main", media.DOCX),
    (b"ms-word.template.macroEnabledTemplate.main", media.DOCX),
    (b"presentationml.presentation.main", media.PPTX),
    (b"presentationml.slideshow.main", media.PPTX),
    (b"presentationml.template.main", media.PPTX),
    (b"ms-powerpoint.presentation.macroEnabled.main", media.PPTX),
    (b"ms-powerpoint.slideshow.macroEnabled.main", media.PPTX),
    (b"spreadsheetml.sheet.main", media.XLSX),
    (b"spreadsheetml.template.main", media.XLSX),
    (b"ms-excel.sheet.macroEnabled.main", media.XLSX),
    (b"ms-excel.template.macroEnabled.main", media.XLSX),
)
_MAIL_FIELD = re.compile(
    r"^(from|to|cc|subject|date|received|return-path|message-id|mime-version|delivered-to"
    r"|reply-to|sender|content-type|x-[a-z-]+)\s*:",
    re.IGNORECASE,
)
_MAIL_FIRST = re.compile(r"^(?:[!-9;-~]+:|\s|From )")
_FODF = {"text": media.ODT, "spreadsheet": media.ODS, "presentation": media.ODP}
_PLAIN = frozenset(
    {media.MARKDOWN, media.RST, media.ORG, media.CSV, media.TSV, media.JSON, media.NDJSON}
)


def promised(name: str) -> str | None:
    """Return the media type that the extension of ``name`` promises, if we know it."""
    return media.BY_EXTENSION.get(PurePosixPath(name).suffix[1:].lower())


def detect(content: bytes, *, name: str, claimed: str | None, limits: ParseLimits) -> str:
    """Return the media type of ``content``.

    Args:
        content: the whole file.
        name: its name; its extension decides only between kinds of plain text.
        claimed: media type that its container states; used if the name has no extension.
        limits: ceilings for archives.

    Raises:
        ReadError: the file is empty, of no kind the vault reads, or a bad archive.
    """
    if not content.strip(b"\0 \t\r\n"):
        raise ReadError(Failure.EMPTY if not content.strip() else _binary(name))
    found = _by_magic(content, name=name, limits=limits)
    if found is not None:
        return found
    stranger = _stranger(content)
    if stranger is not None:
        raise ReadError(stranger)
    if is_binary(content):
        raise ReadError(_binary(name))
    return _textual(decode(content) or "", hint=promised(name) or claimed)


def _stranger(content: bytes) -> Failure | None:
    for magic, failure in _STRANGERS:
        if content.startswith(magic):
            return failure
    if content[4:8] == b"ftyp":
        return _BRANDS.get(content[8:12], Failure.SOUND)
    # An ASN.1 sequence that starts with one of the PKCS #7 content types.
    if content[:1] == b"\x30" and _PKCS7 in content[:20]:
        return Failure.SEALED_MAIL
    return None


def _binary(name: str) -> Failure:
    return Failure.MISMATCH if promised(name) is not None else Failure.UNSUPPORTED


def _by_magic(content: bytes, *, name: str, limits: ParseLimits) -> str | None:
    for magic, found in _MAGIC:
        if content.startswith(magic):
            return found
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(content, name, limits)
    if content.startswith(_OLE):
        return _ole_kind(content)
    later = (
        (b"%PDF-" in content[:_PDF_WINDOW], media.PDF),
        (content[257:262] == b"ustar", media.TAR),
        (content.startswith(b"RIFF") and content[8:12] == b"WEBP", media.WEBP),
        (content.startswith(b"BM") and promised(name) == media.BMP, media.BMP),
    )
    return next((found for matches, found in later if matches), None)


def _ole_kind(content: bytes) -> str:
    """Return what a compound file holds; only its top level counts.

    Source:
        MS-DOC, section 2.5.1: bit 8 of the flags in the file information block.
    """
    try:
        with olefile.OleFileIO(BytesIO(content)) as file:
            # Names of streams do not depend on case.
            top = {entry[0].lower() for entry in file.listdir(streams=True, storages=True)}
            head = file.openstream("WordDocument").read(12) if "worddocument" in top else b""
    except (OSError, ValueError, IndexError, struct.error) as error:
        raise ReadError(Failure.BROKEN) from error
    if int.from_bytes(head[_WORD_FLAGS:], "little") & _WORD_ENCRYPTED:
        raise ReadError(Failure.PASSWORD)
    for stream, found in _OLE_STREAMS:
        if stream.lower() in top:
            if found is None:
                raise ReadError(Failure.PASSWORD)
            return found
    raise ReadError(Failure.FOREIGN if top & _FOREIGN_STREAMS else Failure.UNSUPPORTED)


def _zip_kind(content: bytes, name: str, limits: ParseLimits) -> str:
    archive = open_zip(content, limits)
    names = set(archive.namelist())
    if "[Content_Types].xml" in names:
        return _office_kind(archive, name)
    if "mimetype" in names:
        stated = member_bytes(archive, "mimetype")[:100].decode("ascii", "replace").strip()
        stated = stated.removesuffix("-template")
        if stated in media.SUPPORTED:
            return stated
        return _unknown_package(name)
    if "META-INF/container.xml" in names:
        return media.EPUB
    if any(member.endswith(_IWORK) for member in names):
        raise ReadError(Failure.FOREIGN)
    return media.ZIP


def _office_kind(archive: zipfile.ZipFile, name: str) -> str:
    types = member_bytes(archive, "[Content_Types].xml")
    for part, found in _OOXML_PARTS:
        if part in types:
            return found
    return _unknown_package(name)


def _unknown_package(name: str) -> str:
    """Return that a package of a kind unknown here is an archive, if it is called one."""
    if promised(name) == media.ZIP:
        return media.ZIP
    raise ReadError(Failure.FOREIGN)


def _textual(text: str, *, hint: str | None) -> str:
    head = text[:_HEAD].lstrip("\ufeff \t\r\n")
    if head.startswith("{\\rtf"):
        return media.RTF
    if hint in _PLAIN:
        return hint
    found = [_mail(head, hint), _markup(head)]
    if hint == media.HTML:
        found.reverse()
    return next((kind for kind in found if kind is not None), media.TEXT)


def _markup(head: str) -> str | None:
    lowered = head.lower()
    if re.search(r"<(?:!doctype\s+html|html)[\s>]", lowered):
        return media.HTML
    fodf = re.search(r'office:mimetype="application/vnd\.oasis\.opendocument\.(\w+)', head)
    if fodf:
        return _FODF.get(fodf[1], media.XML)
    if lowered.startswith(("<?xml", "<!doctype", "<!entity")):
        return media.XML
    if re.match(r"<(?:!--|head|body|div|p|h[1-6]|table|title|meta|span)\b", lowered):
        return media.HTML
    return None


def _mail(head: str, hint: str | None) -> str | None:
    lines = head.splitlines()
    if not lines or not _MAIL_FIRST.match(lines[0]):
        return None
    block = lines[: lines.index("")] if "" in lines else lines
    fields = sum(bool(_MAIL_FIELD.match(line)) for line in block)
    if lines[0].startswith("From ") and fields >= 2:
        return media.MBOX
    needed = 1 if hint in (media.EML, media.MBOX) else 3
    return media.EML if fields >= needed else None
