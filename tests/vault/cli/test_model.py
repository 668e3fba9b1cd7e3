"""A person lists embedders, makes vectors with another one, goes over to it and back."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.models import tiny
from tests.vault.cli.conftest import LEAVE, Kept, QuickParser, Strongroom, Template, keep
from tests.vault.cli.words import write_model
from vault.bootstrap import Vault
from vault.lifecycle.reembedding import REVISIONS_AT_ONCE
from vault.settings import load

NEW = "letters"


@pytest.fixture(autouse=True)
def models(template: Template, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The models of the home with a second embedder."""
    folder = tmp_path / "models"
    shutil.copytree(template.models, folder)
    write_model(folder, name=NEW)
    (folder / "broken").mkdir()
    (folder / "broken" / "manifest.toml").write_text("not TOML")
    monkeypatch.setenv("VAULT_MODELS_DIR", str(folder))
    return folder


def rows(strongroom: Strongroom) -> dict[str, tuple[str, int]]:
    listed = json.loads(strongroom("model", "list", "--json").stdout)["embedders"]
    return {row["name"]: (row["state"], row["chunks"]) for row in listed}


def found(strongroom: Strongroom) -> list[str]:
    done = strongroom("search", "annual leave", "--as", "ana", "--json")
    assert done.exit_code == 0, done.stderr
    return [hit["document_id"] for hit in json.loads(done.stdout)["hits"]]


def test_embedders_are_listed_with_what_they_have_vectors_of(strongroom: Strongroom) -> None:
    assert rows(strongroom) == {"words": ("in use", 2), NEW: ("not embedded", 0)}
    table = strongroom("model", "list").stdout
    assert "in use" in table
    assert "0 of 2" in table


def test_one_embedder_is_shown(strongroom: Strongroom) -> None:
    form = json.loads(strongroom("model", "show", NEW, "--json").stdout)
    assert form["digest"].startswith("sha256:")
    assert (form["dimension"], form["licence"]) == (64, "Apache-2.0")
    assert "not decided" in form["runs_on"]
    assert "made in a test" in strongroom("model", "show", NEW).stdout
    assert strongroom("model", "show", "absent").exit_code == 66


def test_going_over_and_back_and_forgetting(strongroom: Strongroom, kept: Kept) -> None:
    assert strongroom("model", "rollback").exit_code == 66
    done = strongroom("model", "reembed", NEW, "--sample", "4")
    assert done.exit_code == 0, done.stderr
    assert "2 of 2 chunks" in done.stdout
    assert f"strongroom model switch {NEW}" in done.stdout
    assert rows(strongroom) == {"words": ("in use", 2), NEW: ("ready", 2)}
    assert found(strongroom) == [kept.leave]
    compared = json.loads(strongroom("model", "compare", NEW, "--json", "--sample", "4").stdout)
    assert compared["overlap_at_10"] == 1.0
    assert compared["now"] == compared["then"]

    assert strongroom("model", "switch", NEW).exit_code == 0
    assert rows(strongroom) == {"words": ("ready", 2), NEW: ("in use", 2)}
    assert found(strongroom) == [kept.leave]
    assert strongroom("model", "forget", NEW).exit_code == 65
    back = json.loads(strongroom("model", "rollback", "--json").stdout)
    assert back["name"] == "words"
    assert json.loads(strongroom("model", "forget", NEW, "--json").stdout)["revisions"] == 2
    assert rows(strongroom) == {"words": ("in use", 2), NEW: ("not embedded", 0)}
    assert strongroom("model", "rollback").exit_code == 66


def test_the_settings_do_not_undo_a_switch(
    strongroom: Strongroom, kept: Kept, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAULT_EMBEDDER", NEW)
    assert rows(strongroom)["words"] == ("in use", 2)
    assert found(strongroom) == [kept.leave]
    embedder = next(
        finding
        for finding in json.loads(strongroom("doctor", "--json").stdout)["findings"]
        if finding["name"] == "embedder"
    )
    assert embedder["ok"]
    assert embedder["detail"].startswith("words")
    assert f"the settings name '{NEW}'" in embedder["detail"]


def test_a_process_that_is_open_follows_a_switch(
    strongroom: Strongroom, home: Path, kept: Kept
) -> None:
    with Vault.open(home, load(home)) as vault:
        assert vault.embedder.manifest.name == "words"
        assert vault.embedder is vault.embedder
        assert strongroom("model", "switch", NEW).exit_code == 0
        assert vault.embedder.manifest.name == NEW
        ana = vault.authenticator.subject("ana")
        hits = vault.searches.search("annual leave", ana, limit=5)["hits"]
        assert [hit["document_id"] for hit in hits] == [kept.leave]  # type: ignore[attr-defined]


def test_an_ingest_that_embedded_before_a_switch_embeds_again(
    strongroom: Strongroom, home: Path, template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Vault.open(home, load(home)) as vault:
        old = vault.embedder
        assert strongroom("model", "switch", NEW).exit_code == 0
        asked = iter([old, old])
        real = type(vault).embedder.fget
        assert real is not None
        monkeypatch.setattr(
            type(vault), "embedder", property(lambda self: next(asked, None) or real(self))
        )
        vault.__dict__["parser"] = QuickParser()
        keep(vault, "Late paper\n\nTrains go before planes.", "group:staff")
    assert rows(strongroom) == {"words": ("partly embedded", 2), NEW: ("in use", 3)}


def test_questions_of_a_file_are_used(strongroom: Strongroom, kept: Kept, tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(json.dumps({"question": LEAVE, "document": kept.leave}))
    strongroom("model", "reembed", NEW, "--sample", "4")
    done = strongroom("model", "compare", NEW, "--questions", str(path), "--json")
    assert json.loads(done.stdout)["questions"] == 1
    assert json.loads(done.stdout)["now"]["recall_at_10"] == 1.0
    assert "agree to 100%" in strongroom("model", "compare", NEW, "--sample", "4").stdout
    path.write_text("")
    assert strongroom("model", "compare", NEW, "--questions", str(path)).exit_code == 65


def test_a_missing_model_in_use_says_how_to_go_on(strongroom: Strongroom, models: Path) -> None:
    shutil.rmtree(models / "words")
    done = strongroom("search", "leave", "--as", "ana")
    assert done.exit_code == 69
    assert "bring it back" in done.stderr
    assert strongroom("model", "switch", NEW).exit_code == 0
    assert rows(strongroom) == {NEW: ("in use", 2)}


def test_a_folder_that_a_person_brings_becomes_an_embedder(
    strongroom: Strongroom, tmp_path: Path, models: Path
) -> None:
    tiny.write_embedder(tmp_path / "published", hidden=16)
    done = strongroom(
        "model", "add", str(tmp_path / "published"), "--licence", "MIT", "--name", "small"
    )
    assert done.exit_code == 0, done.stderr
    assert "16 dimensions, 32 tokens" in done.stdout
    assert "left out manifest.toml" in done.stdout
    assert rows(strongroom)["small"] == ("not embedded", 0)
    again = strongroom(
        "model", "add", str(tmp_path / "published"), "--licence", "MIT", "--name", "small"
    )
    assert again.exit_code == 65
    assert strongroom("model", "switch", "small", "--json").exit_code == 0
    assert rows(strongroom)["small"] == ("in use", 2)
    assert (models / ".prepared").is_dir()


def test_a_killed_reembedding_goes_on_and_doubles_nothing(
    strongroom: Strongroom, home: Path, template: Template, kept: Kept
) -> None:
    papers = 2 * REVISIONS_AT_ONCE
    with Vault.open(home, load(home)) as vault:
        vault.__dict__["parser"] = QuickParser()
        for number in range(papers):
            keep(vault, f"Paper {number}\n\nForm {number} is filed on shelf {number}.", "user:bo")
        space = vault.embedder_manifests()[NEW].digest
        words = [sys.executable, "-m", "vault", "model", "reembed", NEW]
        path = os.pathsep.join([str(template.site), str(REPOSITORY)])
        seen = [0]
        while seen[-1] < REVISIONS_AT_ONCE:
            process = subprocess.Popen(
                words,
                env=os.environ | {"PYTHONPATH": path},
                cwd=REPOSITORY,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            while covered(vault, space) == seen[-1] and process.poll() is None:
                time.sleep(0.002)
            process.kill()
            process.wait()
            assert covered(vault, space) > seen[-1], "it ended before it had kept anything more"
            seen.append(covered(vault, space))
            assert found(strongroom) == [kept.leave]
        assert strongroom("model", "switch", NEW).exit_code == 0
        with vault.store.read() as unit:
            assert set(unit.vectors.stamps().values()) == {papers + 2}
            live = [revision for revision, _ in unit.revisions.live()]
            assert unit.vectors.opened(live, space).foreign == ()
    assert found(strongroom) == [kept.leave]
    assert strongroom("ledger", "verify").exit_code == 0


def test_erasing_a_document_destroys_the_vectors_of_both_models(
    strongroom: Strongroom, home: Path, kept: Kept
) -> None:
    assert strongroom("model", "reembed", NEW).exit_code == 0
    erased = strongroom("document", "erase", kept.leave, "--reason", "r", "--as", "olga")
    assert erased.exit_code == 0, erased.stderr
    with Vault.open(home, load(home)) as vault, vault.store.read() as unit:
        assert sorted(unit.vectors.stamps().values()) == [1, 1]
    assert len([path for path in (home / "index").iterdir() if path.is_dir()]) == 1
    assert strongroom("model", "switch", NEW).exit_code == 0
    assert found(strongroom) == []


def covered(vault: Vault, space: str) -> int:
    with vault.store.read() as unit:
        return unit.vectors.covered(space)[0]
