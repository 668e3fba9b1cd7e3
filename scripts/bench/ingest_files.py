"""Every file of a folder through the sandbox, compared with what two other engines agree on."""

import argparse
import json
import os
import time
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from ingest_oracle import agreed, words

from vault.domain.errors import VaultError
from vault.ingest.parse import media
from vault.ingest.parse.failures import ReadError
from vault.ingest.parse.limits import ParseLimits
from vault.ingest.parse.pdf import read_pdf
from vault.ingest.parse.pieces import Original
from vault.ingest.parse.reader import read
from vault.ingest.parse.result import Attachment, Parsed
from vault.ingest.parse.sandbox import Parser

ENOUGH = 0.9
FEW = 5
"""Words that an oracle must have before its share means anything."""
SLOW = 55.0


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one file.

    Attributes:
        recall: share of the oracle's words that the text and what is inside it hold.
        silent: whether words were lost without anybody being told.
    """

    path: str
    kind: str
    outcome: str
    reason: str
    seconds: float
    inside: int
    refused_inside: int
    recall: float | None
    silent: bool


def show_files(options: argparse.Namespace) -> None:
    """Print a table by format, and what was slow or lost."""
    files = [json.loads(line) for line in (options.data / "manifest.jsonl").open(encoding="utf-8")]
    rows: list[Row] = []
    with Parser(hidden=[Path.home()]) as parser:
        parser.parse(b"warm", name="a.txt")
        start = most = _resident()
        for file in files:
            rows.append(_row(parser, options.data / file["path"], file["type"]))
            most = max(most, _resident())
    if options.json is not None:
        options.json.write_text("\n".join(json.dumps(asdict(row)) for row in rows) + "\n")
    _print(rows)
    print(f"parent's memory grew by {most - start:.1f} MB over {len(rows)} files")


def show_pdf(options: argparse.Namespace) -> None:
    """Print pages a second of PDF files with text: the reader alone, and with its guard."""
    warnings.simplefilter("ignore")
    pages, alone, whole = 0, 0.0, 0.0
    for path in sorted(options.data.rglob("*.pdf")):
        original = Original(
            path.read_bytes(), path.name, media.PDF, ParseLimits(), time.monotonic() - 1
        )
        try:
            started = time.process_time()
            found = read_pdf(original)
            middle = time.process_time()
            read(original)
        except ReadError:
            continue
        if found.pages and found.readable == 1 and found.engine == "pypdfium2":
            pages += found.pages
            alone += middle - started
            whole += time.process_time() - middle
    print(
        f"{pages} pages: {pages / alone:.0f} pages/s, with guard and assembly {pages / whole:.0f}"
    )


def _row(parser: Parser, path: Path, kind: str) -> Row:
    started = time.perf_counter()
    outcome, reason, text, inside, refused = "parsed", "", "", 0, 0
    try:
        found = parser.parse(path.read_bytes(), name=path.name)
    except VaultError as problem:
        outcome, reason = "refused", problem.detail
    else:
        below = list(_inside(parser, found, depth=1))
        inside, refused = len(below), sum(isinstance(each, VaultError) for each in below)
        texts = [found, *(each for each in below if isinstance(each, Parsed))]
        text = "\n".join(each.document.text for each in texts)
        reason = "; ".join(found.notes)
    seconds = time.perf_counter() - started
    oracle = agreed(path, kind)
    recall = None
    if oracle is not None and len(oracle) >= FEW:
        recall = len(oracle & words(text)) / len(oracle)
    told = bool(reason) or outcome == "refused"
    wrong = outcome == "refused" and "no text" in reason
    silent = recall is not None and recall < ENOUGH and (not told or wrong)
    return Row(str(path), kind, outcome, reason, seconds, inside, refused, recall, silent)


def _inside(parser: Parser, parsed: Parsed, *, depth: int) -> Iterable[Parsed | VaultError]:
    for file in parsed.attachments:
        found = _inner(parser, file, depth)
        yield found
        if isinstance(found, Parsed) and depth < ParseLimits().nesting:
            yield from _inside(parser, found, depth=depth + 1)


def _inner(parser: Parser, file: Attachment, depth: int) -> Parsed | VaultError:
    try:
        return parser.parse(file.content, name=file.name, media_type=file.media_type, depth=depth)
    except VaultError as problem:
        return problem


def _print(rows: list[Row]) -> None:
    kinds: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        kinds[row.kind].append(row)
    print("kind      files parsed refused inside recall  <0.9  lost  reasons")
    for kind, some in sorted(kinds.items(), key=lambda item: -len(item[1])):
        print(_line(kind, some))
    print(_line("all", rows))
    for row in rows:
        if row.silent or row.seconds > SLOW or "stopped while" in row.reason:
            shown = "-" if row.recall is None else f"{row.recall:.2f}"
            print(f"  {shown} {row.seconds:5.1f} s {row.outcome} {row.path}: {row.reason}")


def _line(kind: str, rows: list[Row]) -> str:
    parsed = [row for row in rows if row.outcome == "parsed"]
    recalls = [row.recall for row in parsed if row.recall is not None]
    mean = f"{sum(recalls) / len(recalls):.3f}" if recalls else "    -"
    low = sum(recall < ENOUGH for recall in recalls)
    reasons = Counter(row.reason for row in rows if row.outcome == "refused")
    told = "" if kind == "all" else "; ".join(f"{n}x {text}" for text, n in reasons.most_common())
    return (
        f"{kind:9} {len(rows):5} {len(parsed):6} {len(rows) - len(parsed):7} "
        f"{sum(row.inside for row in rows):6} {mean:6} {low:5} "
        f"{sum(row.silent for row in rows):5}  {told}"
    )


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
