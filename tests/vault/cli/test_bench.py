"""``strongroom bench`` prints one JSON document, and problems before it measures."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vault.cli.app import app
from vault.evaluate.workload import SHARES

SMALL = ["bench", "retrieval", "--size", "400", "--labels", "20", "--queries", "5"]


def test_rows_are_printed_as_one_json_document() -> None:
    result = CliRunner().invoke(app, [*SMALL, "--engine", "strongroom", "--json"])
    assert result.exit_code == 0, result.stderr
    rows = json.loads(result.stdout)["rows"]
    assert [row["visible"] for row in rows] == list(SHARES)
    assert {(row["engine"], row["recall"], row["short"]) for row in rows} == {
        ("strongroom", 1.0, 0)
    }


def test_a_sweep_adds_the_curves() -> None:
    asked = [*SMALL, "--engine", "faiss-hnsw", "--sweep", "--json"]
    form = json.loads(CliRunner().invoke(app, asked).stdout)
    assert (len(form["rows"]), len(form["curves"])) == (5, 25)


def test_without_json_a_table_names_the_engine_and_its_setting() -> None:
    result = CliRunner().invoke(app, [*SMALL, "--engine", "faiss-ivf-sq8"])
    assert result.exit_code == 0
    assert "nprobe 64" in result.stdout
    assert "100.0%" in result.stdout


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--engine", "oracle"], "there is no engine 'oracle'"),
        (["--size", "0"], "a comparison needs"),
        (["--queries", "0"], "a comparison needs"),
        (["--vectors", "/nowhere/rows.npy"], "cannot be read"),
        (["--plot", "/nowhere/plot.png"], "folder of the plot"),
        (["--plot", "plot.gif"], "ending in .png or .svg"),
    ],
)
def test_what_cannot_be_measured_is_a_problem(
    options: list[str], reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, [*SMALL, *options, "--json"])
    assert result.exit_code == 65
    assert reason in " ".join(result.stderr.split())
    assert result.stdout == ""


def test_the_ledger_is_measured_as_one_json_document() -> None:
    result = CliRunner().invoke(app, ["bench", "ledger", "--events", "60", "--json"])
    assert result.exit_code == 0, result.stderr
    form = json.loads(result.stdout)
    assert form["events"] == 60
    assert form["prove_ms_p50"] > 0


def test_the_figures_of_the_ledger_are_told_by_name() -> None:
    result = CliRunner().invoke(app, ["bench", "ledger", "--events", "60"])
    assert "committed_per_second" in result.stdout


def test_questions_that_cannot_be_read_are_a_problem_before_a_home_is_opened(
    tmp_path: Path,
) -> None:
    asked = ["bench", "answer", "--questions", str(tmp_path / "none.jsonl")]
    result = CliRunner().invoke(app, asked)
    assert result.exit_code == 65
    assert "does not hold questions" in " ".join(result.stderr.split())


def test_an_ingest_of_nothing_is_a_problem_and_makes_no_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRONGROOM_HOME", str(tmp_path / "home"))
    result = CliRunner().invoke(app, ["bench", "ingest", str(tmp_path / "nowhere")])
    assert result.exit_code == 66
    assert not (tmp_path / "home").exists()


@pytest.mark.model
@pytest.mark.slow
def test_an_ingest_and_the_answers_of_a_home_are_measured(
    tmp_path: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRONGROOM_HOME", str(tmp_path / "home"))
    paper = tmp_path / "papers" / "kettle.md"
    paper.parent.mkdir()
    paper.write_text("# Kettle\n\nThe kettle boils in four minutes.\n", encoding="utf-8")
    asked = ["bench", "ingest", str(paper.parent), "--models", str(models_dir), "--json"]
    result = CliRunner().invoke(app, asked)
    assert result.exit_code == 0, result.stderr
    form = json.loads(result.stdout)
    assert (form["documents"], form["chunks"], form["quarantined"]) == (1, 1, 0)
    assert not (tmp_path / "home").exists()
