"""What two engines, neither of them the vault's first reader, agree that a file says."""

import io
import logging
import multiprocessing
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from email import message_from_bytes, policy
from multiprocessing.connection import Connection
from pathlib import Path

from vault.ingest.parse.encoding import decode

SECONDS = 60
_WORD = re.compile(r"[^\W\d_]{2,}")
_TAG = re.compile(r"<[^>]*>")
_ADDRESS = re.compile(r"\S*(?:://|data:)\S*")
_HYPHEN = re.compile(r"(?<=\w)[-\u00ad\u2010\u2011]\s*(?=\w)")

Engine = Callable[[Path], str]


def words(text: str) -> set[str]:
    """Return the different words of a text, parted words joined, addresses left out."""
    return {word.lower() for word in _WORD.findall(_HYPHEN.sub("", _ADDRESS.sub(" ", text)))}


def agreed(path: Path, kind: str) -> set[str] | None:
    """Return the words that both engines of a kind find, or None where there are not two."""
    engines = ENGINES.get(kind)
    if engines is None:
        return None
    first, second = (words(_guarded(engine, path)) for engine in engines)
    return first & second


def _guarded(engine: Engine, path: Path) -> str:
    """Run an engine in a process of its own; what hangs, dies or raises has found nothing."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.Process(target=_answer, args=(engine, path, there))
    process.start()
    there.close()
    try:
        return str(here.recv()) if here.poll(SECONDS) else ""
    except EOFError:
        return ""
    finally:
        process.kill()
        process.join()


def _answer(engine: Engine, path: Path, connection: Connection) -> None:
    logging.disable()
    connection.send(engine(path))


def _command(*words: str) -> Engine:
    def run(path: Path) -> str:
        program = shutil.which(words[0])
        if program is None:
            return ""
        given = [str(path) if word == "FILE" else word for word in (program, *words[1:])]
        done = subprocess.run(given, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
        return done.stdout.decode("utf-8", "replace")

    return run


def _pandoc(path: Path) -> str:
    import pypandoc  # noqa: PLC0415 - heavy, and only for this engine

    kind = path.suffix[1:].lower().replace("htm", "html").replace("htmll", "html")
    kind = {"docm": "docx", "dotx": "docx"}.get(kind, kind)
    return str(pypandoc.convert_file(str(path), "plain", format=kind, extra_args=["--wrap=none"]))


def _kreuzberg(path: Path) -> str:
    import kreuzberg  # noqa: PLC0415 - heavy, and only for this engine

    config = kreuzberg.ExtractionConfig(use_cache=False, output_format="plain")
    return str(kreuzberg.extract_file_sync(path, config=config).content)


def _pypdf(path: Path) -> str:
    import pypdf  # noqa: PLC0415 - heavy, and only for this engine

    return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def _members(path: Path) -> str:
    """Return the text of every part of an Office or OpenDocument file that holds content."""
    found = []
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        for name in archive.namelist():
            if re.search(
                r"slides/slide\d+\.xml|sharedStrings\.xml|content\.xml|document\.xml", name
            ):
                text = archive.read(name).decode("utf-8", "replace")
                found.append(_TAG.sub("", re.sub(r"</(?:a:p|w:p|si|text:p|text:h)>", "\n", text)))
    return "\n".join(found)


def _mail(path: Path) -> str:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    body = message.get_body(("plain", "html"))
    return "" if body is None else _TAG.sub(" ", str(body.get_content()))


def _stripped(path: Path) -> str:
    text = decode(path.read_bytes()) or ""
    text = re.sub(r"(?is)<(script|style|head|template)\b.*?</\1>|<!--.*?-->", " ", text)
    return _TAG.sub(" ", text)


def _plain(path: Path) -> str:
    return decode(path.read_bytes()) or ""


ENGINES: dict[str, tuple[Engine, Engine]] = {
    "pdf": (_command("pdftotext", "-q", "FILE", "-"), _pypdf),
    **dict.fromkeys(("docx", "docm", "dotx", "odt", "epub", "rtf"), (_kreuzberg, _pandoc)),
    **dict.fromkeys(("pptx", "pptm", "xlsx", "xlsm", "ods", "odp"), (_kreuzberg, _members)),
    **dict.fromkeys(("html", "htm", "xml"), (_kreuzberg, _stripped)),
    "doc": (_command("antiword", "-m", "UTF-8.txt", "FILE"), _command("catdoc", "-dutf-8", "FILE")),
    "ppt": (_kreuzberg, _command("catppt", "-dutf-8", "FILE")),
    "xls": (_kreuzberg, _command("xls2csv", "-dutf-8", "FILE")),
    "eml": (_kreuzberg, _mail),
    **dict.fromkeys(("txt", "md", "csv", "tsv", "vtt", "ics", "rst", "org"), (_plain, _plain)),
}
"""Two engines a kind, by extension."""
