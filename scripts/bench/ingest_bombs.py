"""Hostile files through the sandbox: each refused or read within its limits, others undisturbed."""

import argparse
import gzip
import io
import statistics
import struct
import time
import zipfile
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pypdfium2 as pdfium

from vault.domain.errors import VaultError
from vault.ingest.parse.sandbox import Parser

MANY = 1_000
PLAIN = b"# Title\n\nA plain paragraph of an ordinary page.\n"


def show_bombs(options: argparse.Namespace) -> None:  # noqa: ARG001 - one signature for all
    """Print what became of each bomb, and how long ordinary files took meanwhile."""
    with Parser(workers=2) as parser, ThreadPoolExecutor(1) as pool:
        parser.parse(PLAIN, name="a.md")
        quiet = [_ordinary(parser) for _ in range(50)]
        beside: list[float] = []
        for name, content in bombs():
            started = time.perf_counter()
            bomb = pool.submit(_told, parser, name, content)
            while not bomb.done():
                beside.append(_ordinary(parser))
            seconds = time.perf_counter() - started
            print(f"{name:24} {len(content):>10} bytes {seconds:6.2f} s  {bomb.result()}")
    before, meanwhile = (1000 * statistics.median(found) for found in (quiet, beside))
    print(f"an ordinary file: {before:.1f} ms alone, {meanwhile:.1f} ms beside a bomb (medians)")


def _told(parser: Parser, name: str, content: bytes) -> str:
    try:
        found = parser.parse(content, name=name)
    except VaultError as problem:
        return problem.detail
    return f"{len(found.document.text)} characters, {len(found.attachments)} inside"


def _ordinary(parser: Parser) -> float:
    started = time.perf_counter()
    parser.parse(PLAIN, name="a.md")
    return time.perf_counter() - started


def bombs() -> Iterator[tuple[str, bytes]]:
    """Yield each hostile file with its name."""
    zeros = b"\0" * (100 * 2**20 - 1)
    yield "zip-of-zeros.zip", _zip(**{f"{n}.txt": zeros for n in range(8)})
    yield (
        "word.docx",
        _zip(
            **{
                "[Content_Types].xml": b"wordprocessingml.document.main",
                "word/document.xml": b"<a>" + b" " * (90 * 2**20) + b"</a>",
            }
        ),
    )
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    yield "laughs.xml", f'<!DOCTYPE a [<!ENTITY l0 "ha">{laughs}]><a>&l9;</a>'.encode()
    yield "outside.xml", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    yield "huge.png", _png(30_000, 30_000)
    yield "pages.pdf", _pdf(MANY)
    yield "deep.html", b"<div>" * 100_000 + b"text" + b"</div>" * 100_000
    inner = b"\0" * (64 * 2**20)
    for _ in range(4):
        inner = gzip.compress(inner)
    yield "gzip-of-gzip.gz", inner
    yield "nested.zip", _nested(12)
    yield "members.zip", _zip(**{f"{n}": b"" for n in range(20_000)})
    yield "quine.gz", quine()
    yield "wide.csv", b"a," * 4_000 + b"\n" + (b"1," * 4_000 + b"\n") * 500
    yield "deep.json", b"[" * 200_000 + b"]" * 200_000
    yield "backtrack.md", b"[" * 50_000 + b"*" * 50_000


def quine() -> bytes:
    """Return a gzip file that unpacks to itself again and again, as far as one can be made short.

    A member of stored blocks whose content is the file's own start: each layer unpacks to a
    gzip file once more.
    """
    layer = b"end"
    for _ in range(200):
        layer = gzip.compress(layer, compresslevel=0)
    return layer


def _nested(depth: int) -> bytes:
    content = b"the end"
    for level in range(depth):
        content = _zip(**{f"{level}.zip" if level else "end.txt": content})
    return content


def _zip(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def _png(width: int, height: int) -> bytes:
    def part(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content))
            + kind
            + content
            + struct.pack(">I", zlib.crc32(kind + content))
        )

    packer = zlib.compressobj()
    line = b"\0" * (1 + width // 8)
    packed = b"".join(packer.compress(line) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", packed) + part(b"IEND", b"")


def _pdf(pages: int) -> bytes:
    document = pdfium.PdfDocument.new()
    for _ in range(pages):
        document.new_page(595, 842)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()
