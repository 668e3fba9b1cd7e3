"""An ingest that is killed goes on where it stopped: nothing lost, nothing doubled."""

import json
import os
import signal
import time
from pathlib import Path

import pytest

from tests.acceptance.conftest import Command
from tests.acceptance.test_bad_input import RULES

pytestmark = [pytest.mark.model, pytest.mark.slow]
PAPERS = 40
KILLS = 3


def _papers(folder: Path) -> Path:
    folder.mkdir()
    for number in range(PAPERS):
        words = " ".join(
            f"Rule {number}.{place} asks for form F-{number}{place}." * 3 for place in range(12)
        )
        (folder / f"{number:02}.md").write_text(f"# Paper {number}\n\n## Rules\n\n{words}\n")
    return folder


def _kept(command: Command) -> list[dict[str, object]]:
    listed = command.well("document", "list", "--as", "amara", "--json")
    documents: list[dict[str, object]] = json.loads(listed)["documents"]
    return documents


def test_a_killed_ingest_goes_on_where_it_stopped(ward: Command, tmp_path: Path) -> None:
    folder = str(_papers(tmp_path / "in"))
    seen = [0]
    for kill in range(KILLS):
        process = ward.start("ingest", folder, *RULES)
        time.sleep(5 + kill)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        kept = _kept(ward)
        assert len(kept) >= seen[-1]
        assert all(found["revision"] is not None for found in kept)
        seen.append(len(kept))
    report = json.loads(ward.well("ingest", folder, *RULES, "--json"))
    assert report["ingested"] + report["unchanged"] == PAPERS
    assert report["unchanged"] >= seen[-1]
    kept = _kept(ward)
    assert len({found["uri"] for found in kept}) == len(kept) == PAPERS
    assert {found["revision"]["number"] for found in kept} == {1}  # type: ignore[index]
    again = json.loads(ward.well("ingest", folder, *RULES, "--json"))
    assert (again["ingested"], again["unchanged"]) == (0, PAPERS)
    assert "every entry" in ward.well("ledger", "verify")
    hits = json.loads(ward.well("search", "form F-31", "--as", "amara", "--limit", "50", "--json"))
    places = [(hit["document_id"], hit["span"]["start"]) for hit in hits["hits"]]
    assert len(places) == len(set(places))
