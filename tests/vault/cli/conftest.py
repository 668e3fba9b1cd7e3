"""A small home and the command on it, in this process; no weights are loaded."""

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.vault.cli.words import write_model, write_package
from tests.vault.conftest import PlainParser
from vault.bootstrap import Vault
from vault.cli.app import app
from vault.domain.identity import Principal, PrincipalKind
from vault.domain.labels import Classification, Label
from vault.domain.records import Governance
from vault.ingest.arrivals import Arrival, Bytes
from vault.ingest.intake import Intake, access_label

LEAVE = "Leave policy\n\nEmployees receive 25 days of annual leave."
MERGER = "Project Halyard\n\nThe offer for Halyard is 41 million."
EMBEDDER = "words"


class QuickParser(PlainParser):
    """Takes every file for one paragraph, and has no child to end."""

    def close(self) -> None:
        """Leave everything as it is."""


@dataclass(frozen=True)
class Kept:
    """Ids of the documents in the home."""

    leave: str
    merger: str


@dataclass(frozen=True)
class Template:
    """A home that is copied for every test, and what its model needs."""

    folder: Path
    models: Path
    site: Path
    kept: Kept


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Ana and olga are staff, bo is not; olga owns a document for staff and one of her own."""
    base = tmp_path_factory.mktemp("cli")
    write_model(base / "models", name=EMBEDDER)
    write_package(base / "site")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(base / "site"))
        patch.setenv("VAULT_EMBEDDER", EMBEDDER)
        patch.setenv("VAULT_GENERATOR", "")
        with Vault.create(base / "home", models_dir=base / "models") as vault:
            for name, groups in (("ana", ["staff"]), ("olga", ["staff"]), ("bo", [])):
                person = Principal(name, PrincipalKind.PERSON, Label(Classification.INTERNAL))
                vault.directory.add_principal(person, name=name.title(), groups=groups)
            vault.__dict__["parser"] = QuickParser()
            kept = Kept(keep(vault, LEAVE, "group:staff"), keep(vault, MERGER, "user:olga"))
            vault.refresh_index()
    return Template(base / "home", base / "models", base / "site", kept)


def keep(vault: Vault, text: str, reader: str) -> str:
    """Take one text in; return the document's id."""
    title = text.partition("\n")[0]
    access = access_label(collection="papers", classification="internal", readers=[reader])
    intake = Intake("shelf", access, Governance("olga", "7y"), title)
    moment = datetime(2026, 11, 1, tzinfo=UTC)
    arrival = Arrival(f"file:///{title}", title, None, intake, lambda: Bytes(text.encode(), moment))
    [outcome] = vault.reception().receive("shelf", [arrival])
    assert outcome.document_id is not None
    return outcome.document_id


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    """Every command sends the logs of its process to standard error."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def kept(template: Template) -> Kept:
    return template.kept


@pytest.fixture
def home(template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the home, which the command finds by its environment."""
    folder = tmp_path / "home"
    shutil.copytree(template.folder, folder)
    for name in list(os.environ):
        if name.startswith("VAULT_"):
            monkeypatch.delenv(name)
    monkeypatch.syspath_prepend(str(template.site))
    monkeypatch.setenv("STRONGROOM_HOME", str(folder))
    monkeypatch.setenv("VAULT_EMBEDDER", EMBEDDER)
    monkeypatch.setenv("VAULT_GENERATOR", "")
    return folder


Strongroom = Callable[..., Result]


@pytest.fixture
def strongroom(home: Path) -> Strongroom:
    """Run one command on the home."""

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, [*words])

    return run
