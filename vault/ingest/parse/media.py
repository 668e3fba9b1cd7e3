"""Every kind of file the vault can read, by media type."""

from dataclasses import dataclass

_OFFICE = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."

PDF = "application/pdf"
DOCX = _OFFICE + "wordprocessingml.document"
PPTX = _OFFICE + "presentationml.presentation"
XLSX = _OFFICE + "spreadsheetml.sheet"
XLSB = "application/vnd.ms-excel.sheet.binary.macroEnabled.12"
DOC = "application/msword"
PPT = "application/vnd.ms-powerpoint"
XLS = "application/vnd.ms-excel"
ODT = _ODF + "text"
ODP = _ODF + "presentation"
ODS = _ODF + "spreadsheet"
EPUB = "application/epub+zip"
RTF = "application/rtf"
HTML = "text/html"
XML = "application/xml"
MARKDOWN = "text/markdown"
TEXT = "text/plain"
RST = "text/x-rst"
ORG = "text/org"
CSV = "text/csv"
TSV = "text/tab-separated-values"
JSON = "application/json"
NDJSON = "application/x-ndjson"
EML = "message/rfc822"
MBOX = "application/mbox"
MSG = "application/vnd.ms-outlook"
PNG = "image/png"
JPEG = "image/jpeg"
TIFF = "image/tiff"
BMP = "image/bmp"
GIF = "image/gif"
WEBP = "image/webp"
ZIP = "application/zip"
TAR = "application/x-tar"
GZIP = "application/gzip"
BZIP2 = "application/x-bzip2"


@dataclass(frozen=True, slots=True)
class MediaType:
    """A kind of file the vault can read.

    Attributes:
        name: media type.
        label: what people call it, for messages.
        extensions: usual extensions, the first one foremost.
        guarded: whether a second engine checks how much of the text was found.
    """

    name: str
    label: str
    extensions: tuple[str, ...]
    guarded: bool = False


SUPPORTED: dict[str, MediaType] = {
    kind.name: kind
    for kind in (
        MediaType(PDF, "PDF", ("pdf",), guarded=True),
        MediaType(DOCX, "Word document", ("docx", "docm", "dotx", "dotm"), guarded=True),
        MediaType(PPTX, "PowerPoint file", ("pptx", "pptm", "ppsx", "potx"), guarded=True),
        MediaType(XLSX, "Excel file", ("xlsx", "xlsm", "xltx", "xltm"), guarded=True),
        MediaType(XLSB, "Excel file", ("xlsb",)),
        MediaType(DOC, "Word document", ("doc", "dot")),
        MediaType(PPT, "PowerPoint file", ("ppt", "pps")),
        MediaType(XLS, "Excel file", ("xls", "xlt")),
        MediaType(ODT, "OpenDocument text", ("odt", "ott", "fodt"), guarded=True),
        MediaType(ODP, "OpenDocument presentation", ("odp", "otp", "fodp")),
        MediaType(ODS, "OpenDocument spreadsheet", ("ods", "ots", "fods"), guarded=True),
        MediaType(EPUB, "EPUB", ("epub",), guarded=True),
        MediaType(RTF, "RTF file", ("rtf",)),
        MediaType(HTML, "HTML page", ("html", "htm", "xhtml"), guarded=True),
        MediaType(XML, "XML file", ("xml",)),
        MediaType(MARKDOWN, "Markdown file", ("md", "markdown")),
        MediaType(TEXT, "text file", ("txt", "text", "log", "vtt", "srt", "ics")),
        MediaType(RST, "reStructuredText file", ("rst",)),
        MediaType(ORG, "Org file", ("org",)),
        MediaType(CSV, "CSV file", ("csv",)),
        MediaType(TSV, "TSV file", ("tsv", "tab")),
        MediaType(JSON, "JSON file", ("json",)),
        MediaType(NDJSON, "JSON lines file", ("ndjson", "jsonl")),
        MediaType(EML, "e-mail", ("eml", "mht", "mhtml")),
        MediaType(MBOX, "mailbox", ("mbox",)),
        MediaType(MSG, "Outlook message", ("msg",)),
        MediaType(PNG, "image", ("png",)),
        MediaType(JPEG, "image", ("jpg", "jpeg")),
        MediaType(TIFF, "image", ("tiff", "tif")),
        MediaType(BMP, "image", ("bmp",)),
        MediaType(GIF, "image", ("gif",)),
        MediaType(WEBP, "image", ("webp",)),
        MediaType(ZIP, "archive", ("zip",)),
        MediaType(TAR, "archive", ("tar",)),
        MediaType(GZIP, "archive", ("gz", "tgz")),
        MediaType(BZIP2, "archive", ("bz2",)),
    )
}
"""Kinds by media type; anything else is refused."""

BY_EXTENSION: dict[str, str] = {
    extension: kind.name for kind in SUPPORTED.values() for extension in kind.extensions
}
"""Media type that a file extension promises."""


def describe() -> str:
    """Return one line per supported kind, as the manual prints them."""
    return "\n".join(
        f"{kind.label} ({', '.join('.' + extension for extension in kind.extensions)}): {kind.name}"
        for kind in SUPPORTED.values()
    )
