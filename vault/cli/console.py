"""What every command shares: where output goes, and how a failure is told."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from rich.console import Console
from rich.markup import escape

from vault.bootstrap import Vault
from vault.domain.errors import InvalidRequestError, VaultError
from vault.domain.identity import Subject
from vault.logs import configure
from vault.settings import home_folder, load

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def print_json(form: object) -> None:
    """Print one JSON document on standard output and nothing else."""
    sys.stdout.write(json.dumps(form, ensure_ascii=False, indent=2) + "\n")


def say(text: str) -> None:
    """Print one line for a person; square brackets in it are plain text."""
    out.print(escape(text))


def refuse(error: VaultError) -> NoReturn:
    """Tell a failure with its problem type on standard error and exit with its code."""
    err.print(f"[bold red]{escape(error.title)}[/] [dim](/problems/{error.slug})[/]")
    err.print(escape(error.detail))
    raise SystemExit(error.exit_code)


@contextmanager
def opened() -> Iterator[Vault]:
    """Open the vault of this home for one command; failures end it with their exit code."""
    try:
        home = home_folder()
        settings = load(home)
        configure(settings.log_level)
        with Vault.open(home, settings) as vault:
            yield vault
    except VaultError as error:
        refuse(error)


def acting(vault: Vault, name: str | None) -> Subject | None:
    """Return who acts in a command: the principal it names, or None for the operator."""
    return None if name is None else vault.authenticator.subject(name)


@contextmanager
def told() -> Iterator[None]:
    """Tell any expected failure inside the block and exit with its code."""
    try:
        yield
    except VaultError as error:
        refuse(error)


@contextmanager
def writing(output: Path) -> Iterator[None]:
    """Tell that a file cannot be written, without its path.

    Raises:
        InvalidRequestError: the system refuses it.
    """
    try:
        yield
    except OSError as error:
        raise InvalidRequestError(f"{output.name} cannot be written") from error
