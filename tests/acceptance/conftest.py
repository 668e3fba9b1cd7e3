"""A home with the sample organisation, made once by the command a person would type."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from vault.bootstrap import Vault
from vault.settings import load

Command = Callable[..., subprocess.CompletedProcess[str]]


def run_command(home: Path, models: Path, *arguments: str, **options: object) -> (
    subprocess.CompletedProcess[str]
):
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home.parent),
        "STRONGROOM_HOME": str(home),
        "VAULT_MODELS_DIR": str(models),
        "LANG": "C.UTF-8",
    }
    environment.update(options.pop("environment", {}))  # type: ignore[call-overload]
    return subprocess.run(
        [sys.executable, "-m", "vault", *arguments],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        timeout=600,
        **options,  # type: ignore[call-overload]
    )


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Path:
    home = tmp_path_factory.mktemp("sample") / "home"
    done = run_command(home, models_dir, "init", "--sample")
    assert done.returncode == 0, done.stderr
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
    """The command, on a home of this test's own."""

    def command(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
        return run_command(tmp_path / "home", models_dir, *arguments, **options)

    return command
