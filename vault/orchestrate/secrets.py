"""Credentials of tools: named in definitions, given out for one call, never written anywhere."""

import importlib.util
import os
import re
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from vault.orchestrate.tool import ToolFailedError

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")
MOST_BYTES = 64 * 1024
PREFIX = "STRONGROOM_SECRET_"
MASK = "[secret removed]"
SERVICE = "strongroom"
"""Name under which a keyring holds the secrets of this home."""


class Keeper(Protocol):
    """Somewhere secrets are kept."""

    def find(self, name: str) -> str | None:
        """Return the value of a secret, or None if it is not kept here.

        Raises:
            ToolFailedError: it is kept here, but not safely enough to be used.
        """
        ...


@dataclass(frozen=True, slots=True)
class FileSecrets:
    """Secrets in files of one folder, one value a file, readable by their owner alone.

    Attributes:
        folder: a file in it has the name of its secret.
    """

    folder: Path

    def find(self, name: str) -> str | None:
        """Return the file's text without the line's end, or None if there is no such file."""
        try:
            descriptor = os.open(self.folder / name, os.O_RDONLY | os.O_NOFOLLOW)
        except OSError:
            return None
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode) or status.st_mode & 0o077:
                raise ToolFailedError(f"others may read the file of secret {name!r}; use mode 600")
            content = file.read(MOST_BYTES + 1)
        return _text(name, content)


@dataclass(frozen=True, slots=True)
class EnvironmentSecrets:
    """Secrets in environment variables, ``STRONGROOM_SECRET_`` and the name in capitals."""

    variables: Mapping[str, str]

    def find(self, name: str) -> str | None:
        """Return the variable's value, or None if it is not set."""
        return self.variables.get(PREFIX + name.upper().replace("-", "_"))


@dataclass(frozen=True, slots=True)
class KeyringSecrets:
    """Secrets in the keyring of the operating system, where its package is installed."""

    service: str = SERVICE

    def find(self, name: str) -> str | None:
        """Return the keyring's entry, or None without a keyring or an entry."""
        if importlib.util.find_spec("keyring") is None:
            return None
        import keyring  # noqa: PLC0415 - optional, and slow to load
        import keyring.errors  # noqa: PLC0415 - optional

        try:
            value = keyring.get_password(self.service, name)
        except keyring.errors.KeyringError as error:
            raise ToolFailedError("the keyring does not open") from error
        return None if value is None else str(value)


@dataclass(slots=True)
class LentSecrets:
    """The secrets of one call: those its tool's definition names, and no others.

    It remembers what it gave out, so that no output or error can carry it away.
    """

    broker: "SecretBroker" = field(repr=False)
    names: frozenset[str]
    _given: dict[str, str] = field(default_factory=dict, repr=False)

    def reveal(self, name: str) -> str:
        """Return the value of a secret.

        Raises:
            ToolFailedError: the definition does not name it, or nobody keeps it.
        """
        if name not in self.names:
            raise ToolFailedError(f"the definition of this tool names no secret {name!r}")
        if name not in self._given:
            self._given[name] = self.broker.value(name)
        return self._given[name]

    def masked(self, text: str) -> str:
        """Return the text without any value that was given out."""
        # Longer ones first: a secret may hold another one.
        for value in sorted(self._given.values(), key=len, reverse=True):
            text = text.replace(value, MASK)
        return text


class SecretBroker:
    """Finds secrets where they are kept, at the time they are needed.

    Args:
        keepers: where to look, in this order.
    """

    def __init__(self, keepers: Sequence[Keeper]) -> None:
        self._keepers = tuple(keepers)

    def lend(self, names: frozenset[str]) -> LentSecrets:
        """Return what gives one call these secrets and no others."""
        return LentSecrets(self, names)

    def value(self, name: str) -> str:
        """Return the value of a secret.

        Raises:
            ToolFailedError: nobody keeps it, or it is no name of one.
        """
        if not _NAME.fullmatch(name):
            raise ToolFailedError("the name of a secret is lower-case letters, digits, _ and -")
        for keeper in self._keepers:
            value = keeper.find(name)
            if value:
                return value
        raise ToolFailedError(f"no secret {name!r} is set for this tool")

    def holds(self, name: str) -> bool:
        """Tell whether a secret can be given out, without telling it."""
        try:
            return bool(self.value(name))
        except ToolFailedError:
            return False


def _text(name: str, content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise ToolFailedError(f"the secret {name!r} is larger than {MOST_BYTES} bytes")
    try:
        return content.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        # Without the cause: its text would carry the bytes along.
        raise ToolFailedError(f"the secret {name!r} is not UTF-8") from None
