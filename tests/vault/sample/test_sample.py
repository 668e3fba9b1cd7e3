"""The sample organisation is whole: ids resolve, files exist, and every golden claim holds."""

import email
import email.policy
import json
import re
import tomllib
from collections import Counter
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pptx
import pypdfium2
import pytest

from vault.ingest.screen.screening import screen

SAMPLE = Path(__file__).parents[3] / "vault" / "sample"
DOCUMENTS = SAMPLE / "documents"
ORGANISATION = tomllib.loads((SAMPLE / "organisation.toml").read_text(encoding="utf-8"))
LEVELS = ("public", "internal", "confidential", "secret")
COMPARTMENTS = {"hr-casework", "infection-outbreak"}
SCAN = "facilities/generator-test-record.pdf"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
DAYS = {"d": 1, "m": 30, "y": 365}
FEWEST = {"md": 28, "html": 10, "docx": 6, "pptx": 4, "xlsx": 5, "pdf": 6, "eml": 4}
OVERRIDABLE = {
    *("file", "title", "classification", "compartments", "readers", "denied", "owner"),
    *("retention", "review_every", "fresh_for", "modified_at", "supersedes"),
}

GROUPS = {group["id"]: group["members"] for group in ORGANISATION["group"]}
PRINCIPALS = {principal["id"]: principal for principal in ORGANISATION["principal"]}


def _lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SAMPLE / name).read_text(encoding="utf-8").splitlines()]


def _documents() -> dict[str, dict[str, Any]]:
    """Map every document's path below documents/ to its batch fields with its override applied."""
    found = {}
    for batch in ORGANISATION["batch"]:
        overrides = {override["file"]: override for override in batch.get("override", [])}
        for path in sorted((SAMPLE / batch["path"]).iterdir()):
            key = path.relative_to(DOCUMENTS).as_posix()
            found[key] = {**batch, **overrides.get(path.name, {})}
    return found


GOLDEN = _lines("golden.jsonl")
ANSWERABLE = [row for row in GOLDEN if row["expect"] == "answer"]
FORBIDDEN = [row for row in GOLDEN if row.get("reason") == "not_permitted"]
ABSENT = [row for row in GOLDEN if row.get("reason") == "absent"]
HELD_BACK = [row for row in GOLDEN if row.get("reason") == "held_back"]
GOVERNED = _documents()


def _holds(principal: str) -> set[str]:
    """Every reference that stands for this principal: itself and its groups, nested ones too."""
    held = {f"user:{principal}", *(f"group:{name}" for name in PRINCIPALS[principal]["groups"])}
    while True:
        wider = held | {f"group:{name}" for name, members in GROUPS.items() if held & set(members)}
        if wider == held:
            return held
        held = wider


def _may_read(principal: str, document: str) -> bool:
    person, governed, held = PRINCIPALS[principal], GOVERNED[document], _holds(principal)
    cleared = LEVELS.index(person["clearance"]) >= LEVELS.index(governed["classification"])
    admitted = set(governed["compartments"]) <= set(person["compartments"])
    return (
        cleared
        and admitted
        and bool(held & set(governed["readers"]))
        and not held & set(governed["denied"])
    )


class _HtmlText(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def _html(source: str) -> str:
    parser = _HtmlText()
    parser.feed(source)
    return " ".join(parser.parts)


def _eml(path: Path) -> str:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    parts = [part for part in message.walk() if not part.is_multipart()]
    return "\n".join(
        _html(part.get_content())
        if part.get_content_type() == "text/html"
        else str(part.get_content())
        for part in parts
    )


def _docx(path: Path) -> str:
    document = docx.Document(str(path))
    rows = [row for table in document.tables for row in table.rows]
    tables = [" ".join(cell.text for cell in row.cells) for row in rows]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *tables])


def _pptx(path: Path) -> str:
    shapes = [shape for slide in pptx.Presentation(str(path)).slides for shape in slide.shapes]
    frames = [shape.text_frame.text for shape in shapes if shape.has_text_frame]
    rows = [row for shape in shapes if shape.has_table for row in shape.table.rows]
    return "\n".join([*frames, *(" ".join(cell.text for cell in row.cells) for row in rows)])


def _xlsx(path: Path) -> str:
    sheets = openpyxl.load_workbook(path, read_only=True).worksheets
    rows = [row for sheet in sheets for row in sheet.iter_rows(values_only=True)]
    return "\n".join(" ".join(str(cell) for cell in row if cell is not None) for row in rows)


def _pdf(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as pdf:
        return "\n".join(page.get_textpage().get_text_range() for page in pdf)


READERS = {
    ".md": lambda path: path.read_text(encoding="utf-8"),
    ".html": lambda path: _html(path.read_text(encoding="utf-8")),
    ".eml": _eml,
    ".docx": _docx,
    ".pptx": _pptx,
    ".xlsx": _xlsx,
    ".pdf": _pdf,
}


def _text(document: str) -> str:
    path = DOCUMENTS / document
    return " ".join(READERS[path.suffix](path).split())


def _age(governed: dict[str, Any]) -> timedelta:
    return NOW - datetime.fromisoformat(governed["modified_at"])


def _duration(text: str) -> timedelta:
    return timedelta(days=int(text[:-1]) * DAYS[text[-1]])


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {document: _text(document) for document in GOVERNED}


def test_every_reference_names_a_group_or_a_principal_that_exists() -> None:
    known = {f"group:{name}" for name in GROUPS} | {f"user:{name}" for name in PRINCIPALS}
    used = {reference for members in GROUPS.values() for reference in members}
    for governed in GOVERNED.values():
        used |= {*governed["readers"], *governed["denied"], f"user:{governed['owner']}"}
    for principal in PRINCIPALS.values():
        used |= {f"group:{name}" for name in principal["groups"]}
    assert used <= known


def _depth(group: str, above: tuple[str, ...] = ()) -> int:
    assert group not in above, f"{group} contains itself"
    nested = [name[6:] for name in GROUPS[group] if name.startswith("group:")]
    return 1 + max((_depth(name, (*above, group)) for name in nested), default=0)


def test_groups_nest_at_least_three_deep_and_never_in_a_circle() -> None:
    assert max(_depth(group) for group in GROUPS) >= 3


def test_there_are_nine_people_an_agent_and_a_service() -> None:
    kinds = Counter(principal["kind"] for principal in PRINCIPALS.values())
    assert kinds["person"] >= 9
    assert kinds["agent"] == kinds["service"] == 1
    assert {principal["clearance"] for principal in PRINCIPALS.values()} == set(LEVELS)


@pytest.mark.parametrize("batch", ORGANISATION["batch"], ids=lambda batch: batch["collection"])
def test_a_batch_governs_one_folder_and_its_overrides_name_files_in_it(
    batch: dict[str, Any],
) -> None:
    names = {path.name for path in (SAMPLE / batch["path"]).iterdir()}
    for override in batch["override"]:
        assert override.keys() <= OVERRIDABLE
        assert override["file"] in names
        assert override.get("supersedes", override["file"]) in names
    assert len(names) == len({override["file"] for override in batch["override"]})


def test_no_folder_is_left_without_a_batch() -> None:
    folders = {f"documents/{path.name}" for path in DOCUMENTS.iterdir()}
    assert folders == {batch["path"] for batch in ORGANISATION["batch"]}


@pytest.mark.parametrize("document", GOVERNED)
def test_every_document_has_a_label_an_owner_and_dates(document: str) -> None:
    governed = GOVERNED[document]
    assert governed["classification"] in LEVELS
    assert set(governed["compartments"]) <= COMPARTMENTS
    assert PRINCIPALS[governed["owner"]]["kind"] == "person"
    for field in ("retention", "review_every", "fresh_for"):
        assert re.fullmatch(r"[1-9]\d*[dmy]", governed[field])
    assert _age(governed) > timedelta(0)


def test_the_owner_of_a_document_may_read_it_unless_it_keeps_records_for_others() -> None:
    keeper = "daniel.moreau"
    for document, governed in GOVERNED.items():
        assert governed["owner"] == keeper or _may_read(governed["owner"], document)


def test_the_sample_holds_every_format_in_number_and_stays_small() -> None:
    paths = [path for path in DOCUMENTS.rglob("*") if path.is_file()]
    counts = Counter(path.suffix[1:] for path in paths)
    assert counts.keys() == FEWEST.keys()
    assert all(counts[kind] >= least for kind, least in FEWEST.items())
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file()) < 3_000_000


def test_documents_are_neither_stubs_nor_books(texts: dict[str, str]) -> None:
    lengths = {document: len(text.split()) for document, text in texts.items() if document != SCAN}
    assert {name for name, words in lengths.items() if not 150 <= words <= 900} == set()


def test_the_scan_is_an_image_without_a_text_layer() -> None:
    assert _text(SCAN) == ""
    with pypdfium2.PdfDocument(DOCUMENTS / SCAN) as pdf:
        kinds = [thing.type for thing in pdf[0].get_objects()]
    assert kinds == [pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]


def test_some_documents_are_stale_some_superseded_some_denied_some_duplicated(
    texts: dict[str, str],
) -> None:
    superseded = {
        governed["supersedes"] for governed in GOVERNED.values() if "supersedes" in governed
    }
    stale = {
        document
        for document, governed in GOVERNED.items()
        if _age(governed) > _duration(governed["fresh_for"])
    }
    current_but_stale = {document for document in stale if Path(document).name not in superseded}
    denials = {name for governed in GOVERNED.values() for name in governed["denied"]}
    assert len(superseded) >= 4
    assert len(current_but_stale) >= 3
    assert {"user:helen.brandt", "user:oskar.lindqvist", "group:agents"} == denials
    twins = ("contractor-pack/fire-evacuation-plan.md", "facilities/fire-evacuation-plan.md")
    assert texts[twins[0]] == texts[twins[1]]
    assert {GOVERNED[twin]["classification"] for twin in twins} == {"public", "internal"}


def test_one_message_carries_instructions_to_an_assistant(texts: dict[str, str]) -> None:
    hostile = [name for name, text in texts.items() if "Ignore all previous instructions" in text]
    assert hostile == ["patient-relations/visitor-feedback-2026-09-14.eml"]


def test_office_files_name_a_role_and_no_account() -> None:
    for path in sorted(DOCUMENTS.rglob("*")):
        if path.suffix == ".docx":
            author = docx.Document(str(path)).core_properties.author
        elif path.suffix == ".pptx":
            author = pptx.Presentation(str(path)).core_properties.author
        elif path.suffix == ".xlsx":
            author = openpyxl.load_workbook(path).properties.creator
        else:
            continue
        assert author not in {None, "", "root", "openpyxl", "python-docx", "Steve Canny"}


def test_the_golden_file_is_large_and_varied() -> None:
    assert [row["id"] for row in GOLDEN] == [f"q{n:03d}" for n in range(1, len(GOLDEN) + 1)]
    assert len(GOLDEN) >= 90
    assert len(ANSWERABLE) >= 65
    assert len(ABSENT) >= 15
    assert len(FORBIDDEN) >= 15
    assert len({row["principal"] for row in GOLDEN}) >= 7
    assert {Path(row["document"]).suffix for row in ANSWERABLE} == READERS.keys()


@pytest.mark.parametrize("row", ANSWERABLE, ids=lambda row: row["id"])
def test_an_answerable_question_is_answered_by_a_document_its_asker_may_read(
    row: dict[str, Any], texts: dict[str, str]
) -> None:
    assert row["answer"].casefold() in row["quote"].casefold()
    assert _may_read(row["principal"], row["document"])
    if row["kind"] == "scan":
        assert row["document"] == SCAN
    else:
        assert row["quote"] in texts[row["document"]]


@pytest.mark.parametrize("row", FORBIDDEN, ids=lambda row: row["id"])
def test_a_forbidden_question_is_answerable_for_somebody_else_only(
    row: dict[str, Any], texts: dict[str, str]
) -> None:
    allowed = [other for other in ANSWERABLE if other["question"] == row["question"]]
    assert allowed
    assert not _may_read(row["principal"], row["document"])
    for other in allowed:
        visible = [name for name in texts if _may_read(row["principal"], name)]
        assert not [name for name in visible if other["quote"] in texts[name]]


@pytest.mark.parametrize("row", ABSENT, ids=lambda row: row["id"])
def test_an_absent_question_is_asked_by_a_principal_and_names_no_document(
    row: dict[str, Any],
) -> None:
    assert row["principal"] in PRINCIPALS
    assert row["document"] is None
    assert row["question"] not in {other["question"] for other in ANSWERABLE}


def test_conflicts_are_between_current_documents_of_two_collections_the_asker_may_read(
    texts: dict[str, str],
) -> None:
    conflicts = [row for row in ANSWERABLE if row["kind"] == "conflict"]
    assert len(conflicts) >= 2
    for row in conflicts:
        rival = row["conflicts_with"]
        assert _may_read(row["principal"], rival["document"])
        assert rival["quote"] in texts[rival["document"]]
        assert rival["answer"] in rival["quote"]
        assert rival["answer"] != row["answer"]
        assert Path(rival["document"]).parent != Path(row["document"]).parent
        for document in (row["document"], rival["document"]):
            assert _age(GOVERNED[document]) <= _duration(GOVERNED[document]["fresh_for"])


def test_a_superseded_question_points_at_the_current_version() -> None:
    for row in (row for row in ANSWERABLE if row["kind"] == "superseded"):
        assert "supersedes" in GOVERNED[row["document"]]


def test_the_selftest_has_thirty_passages_that_hold_their_answers() -> None:
    rows = _lines("selftest.jsonl")
    assert len(rows) == len({row["question"] for row in rows}) == 30
    assert all(row["answer"] in row["passage"] for row in rows)


def test_the_demo_asks_one_question_of_three_people_and_one_that_nothing_answers() -> None:
    asks = tomllib.loads((SAMPLE / "demo.toml").read_text(encoding="utf-8"))["ask"]
    expected = {(row["principal"], row["question"]): row["expect"] for row in GOLDEN}
    assert all(expected[ask["principal"], ask["question"]] == ask["expect"] for ask in asks)
    shared = [ask for ask in asks if ask["question"] == asks[0]["question"]]
    assert [ask["expect"] for ask in shared] == ["answer", "answer", "abstain"]
    assert asks[-1]["question"] in {row["question"] for row in ABSENT}


PLAIN = frozenset({".md", ".html", ".eml"})


def test_the_one_hostile_document_is_the_one_that_is_held_back() -> None:
    suspicious = {
        path.relative_to(DOCUMENTS).as_posix()
        for path in DOCUMENTS.rglob("*")
        if path.suffix in PLAIN and screen(path.read_text(encoding="utf-8", errors="replace"))
    }
    assert suspicious == {row["document"] for row in HELD_BACK}
