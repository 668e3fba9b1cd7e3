"""A home with the sample organisation, made once by the command a person would type."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from vault.bootstrap import Vault
from vault.settings import load

LONGEST_SECONDS = 600


@dataclass
class Command:
    """The ``strongroom`` command on one home, in a process of its own."""

    home: Path
    models: Path
    prefix: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.words(*arguments),
            capture_output=True,
            text=True,
            env=self.environment(**settings),
            check=False,
            timeout=LONGEST_SECONDS,
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.words(*arguments),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
            env=self.environment(),
            start_new_session=True,
        )

    def words(self, *arguments: str) -> list[str]:
        return [*self.prefix, sys.executable, "-m", "vault", *arguments]

    def environment(self, **settings: str) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home.parent),
            "STRONGROOM_HOME": str(self.home),
            "VAULT_MODELS_DIR": str(self.models),
            "LANG": "C.UTF-8",
            **self.settings,
            **settings,
        }

    def well(self, *arguments: str, **settings: str) -> str:
        """Run a command that must succeed; return what it printed."""
        done = self(*arguments, **settings)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Path:
    home = tmp_path_factory.mktemp("sample") / "home"
    Command(home, models_dir).well("init", "--sample")
    return home


@pytest.fixture(scope="session")
def sample(sample_home: Path, models_dir: Path) -> Iterator[Vault]:
    """The sample organisation's vault, open in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VAULT_MODELS_DIR", str(models_dir))
        settings = load(sample_home)
    with Vault.open(sample_home, settings) as vault:
        yield vault


@pytest.fixture
def strongroom(tmp_path: Path, models_dir: Path) -> Command:
    """The command, on a home of this test's own that does not exist yet."""
    return Command(tmp_path / "home", models_dir)


@pytest.fixture
def ward(strongroom: Command) -> Command:
    """A home with a nurse and the owner of her documents."""
    strongroom.well("init")
    strongroom.well("principal", "add", "amara", "--clearance", "internal", "--group", "nurses")
    strongroom.well("principal", "add", "owner", "--clearance", "internal")
    return strongroom
