"""Small files of our own, made in memory."""

import io
import time
import zipfile
from collections.abc import Mapping, Sequence

import docx
import openpyxl
import pptx
import pypdf
from PIL import Image, ImageDraw, ImageFont

from vault.ingest.parse.limits import ParseLimits
from vault.ingest.parse.pieces import Original

LEAVE = "Every employee has thirty days of paid leave in a calendar year."
SICK = "Tell your manager before nine in the morning when you are ill."
RULES = "What is left over by the end of March is lost without payment."


def original(
    content: bytes, media_type: str, *, name: str = "file", limits: ParseLimits | None = None
) -> Original:
    return Original(content, name, media_type, limits or ParseLimits(), time.monotonic() + 30)


def zipped(members: Mapping[str, bytes | str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def word(*, box: str = "") -> bytes:
    document = docx.Document()
    document.core_properties.title = "Leave policy"
    document.add_heading("Leave", level=1)
    document.add_paragraph(LEAVE)
    document.add_heading("Illness", level=2)
    document.add_paragraph(SICK, style="List Bullet")
    table = document.add_table(2, 2)
    for row, cells in enumerate((("Grade", "Days"), ("Senior", "35"))):
        for column, cell in enumerate(cells):
            table.cell(row, column).text = cell
    target = io.BytesIO()
    document.save(target)
    return _with_text_box(target.getvalue(), box) if box else target.getvalue()


def _with_text_box(content: bytes, text: str) -> bytes:
    shape = (
        '<w:p><w:r><w:pict xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:textbox>'
        f"<w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent>"
        "</v:textbox></v:shape></w:pict></w:r></w:p>"
    )
    source = zipfile.ZipFile(io.BytesIO(content))
    members = {name: source.read(name) for name in source.namelist()}
    body = members["word/document.xml"].decode()
    members["word/document.xml"] = body.replace("<w:sectPr", shape + "<w:sectPr", 1).encode()
    return zipped(members)


def slides() -> bytes:
    presentation = pptx.Presentation()
    for title, body in (("Leave", LEAVE), ("Illness", SICK)):
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = body
    presentation.slides[1].notes_slide.notes_text_frame.text = RULES
    target = io.BytesIO()
    presentation.save(target)
    return target.getvalue()


def workbook(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def pdf(pages: Sequence[Sequence[tuple[int, int, str]]]) -> bytes:
    """Return a PDF whose pages hold (font size, height on the page, text) lines."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for lines in pages:
        stream = "".join(
            f"BT /F1 {size} Tf 72 {height} Td ({text}) Tj ET\n" for size, height, text in lines
        )
        page = len(objects) + 1
        kids.append(f"{page} 0 R")
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 "
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> "
            f"/Contents {page + 1} 0 R >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}endstream")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    return _assembled(objects)


def _assembled(objects: Sequence[str]) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    size = len(objects) + 1
    out += f"trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def leave_pdf() -> bytes:
    return pdf(
        [
            [(24, 720, "Leave policy"), (11, 680, LEAVE), (11, 667, RULES)],
            [(18, 720, "Illness"), (11, 680, SICK)],
        ]
    )


def encrypted_pdf() -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(leave_pdf()))
    writer.encrypt("secret", algorithm="RC4-128")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def picture(text: str, *, kind: str = "PNG") -> bytes:
    image = Image.new("L", (1400, 200), color=255)
    ImageDraw.Draw(image).text((40, 60), text, fill=0, font=ImageFont.load_default(size=64))
    target = io.BytesIO()
    image.save(target, kind)
    return target.getvalue()


def scanned_pdf(text: str) -> bytes:
    target = io.BytesIO()
    Image.open(io.BytesIO(picture(text))).save(target, "PDF", resolution=150)
    return target.getvalue()


def odt(body: str) -> bytes:
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{part}:1.0"'
        for name, part in (
            ("office", "office"),
            ("text", "text"),
            ("table", "table"),
            ("draw", "drawing"),
            ("presentation", "presentation"),
        )
    )
    content = f"<office:document-content {spaces}><office:body>{body}</office:body>"
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "META-INF/manifest.xml": "<manifest/>",
            "content.xml": content + "</office:document-content>",
        }
    )


def epub() -> bytes:
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container><rootfiles><rootfile full-path="OEBPS/b.opf"/>'
            "</rootfiles></container>",
            "OEBPS/b.opf": '<package xmlns="http://www.idpf.org/2007/opf" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>Staff book'
            "</dc:title></metadata><manifest>"
            '<item id="a" href="first%20part.xhtml"/><item id="b" href="second.xhtml"/>'
            '</manifest><spine><itemref idref="b"/><itemref idref="a"/></spine></package>',
            "OEBPS/first part.xhtml": f"<html><body><h1>Leave</h1><p>{LEAVE}</p></body></html>",
            "OEBPS/second.xhtml": f"<html><body><h1>Illness</h1><p>{SICK}</p></body></html>",
        }
    )
