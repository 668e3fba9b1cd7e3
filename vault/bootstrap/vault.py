"""One open home with all its services; how it is opened, and how it is made."""

import json
import shutil
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from vault.bootstrap.federating import Federating
from vault.bootstrap.foundations import ORIGIN
from vault.bootstrap.orchestrating import Orchestrating
from vault.domain.errors import HomeUnavailableError, InvalidRequestError
from vault.policy.engine import DEFAULT_FOLDER
from vault.settings import FILE_NAME, Settings, load
from vault.store import versions
from vault.store.home import Home, create_keys, open_keys, read_passphrase, write_private


class Vault(Orchestrating, Federating):
    """One open home and its services; each is built once, when it is first needed."""

    @classmethod
    def open(cls, folder: Path, settings: Settings, *, upgrade: bool = False) -> Self:
        """Open the vault of a home, first bringing its database up if ``upgrade`` is said.

        Raises:
            HomeUnavailableError: there is none, a part of it is missing, it is of another
                version, or it has no policy.
            UnauthenticatedError: its passphrase is missing or wrong.
        """
        home = Home(folder)
        keys = open_keys(home, passphrase=read_passphrase(settings.passphrase_file))
        home.require_databases()
        vault = cls(home, settings, keys)
        with ExitStack() as stack:
            stack.callback(vault.close)
            if upgrade and versions.upgrade(vault._database):
                vault._schedule_all()
            versions.check(vault._database)
            vault.policy.digest  # noqa: B018 - without a valid policy nothing may be served
            stack.pop_all()
        return vault

    def _schedule_all(self) -> None:
        """Compute the dates that an earlier release did not keep."""
        with self.store.write() as unit:
            unit.retention.schedule([kept.document.id for kept in unit.documents.everything()])

    @classmethod
    def create(cls, folder: Path, *, models_dir: Path | None = None) -> Self:
        """Make a home with its keys, policy, settings and database, and open it.

        Raises:
            HomeUnavailableError: there is a vault here already, or what is left of one, or the
                disk refuses.
            InvalidRequestError: the home's settings name another folder of models.
        """
        home, settings = Home(folder), load(folder)
        passphrase = read_passphrase(settings.passphrase_file)
        try:
            with ExitStack() as undo:
                keys = create_keys(home, passphrase=passphrase)
                # Half a home would be neither usable nor makeable again.
                undo.callback(home.unmake)
                if models_dir is not None:
                    settings = _with_models(folder, models_dir, settings)
                for file in DEFAULT_FOLDER.glob("*.cedar*"):
                    shutil.copy(file, home.policy / file.name)
                vault = cls(home, settings, keys)
                undo.callback(vault.close)
                vault._first_rows()
                home.finish()
                undo.pop_all()
        except OSError as error:
            raise HomeUnavailableError("the home cannot be written") from error
        return vault

    def _first_rows(self) -> None:
        self.key_ring.create_store()
        versions.upgrade(self._database)
        with self.store.write() as unit:
            unit.set_fact(ORIGIN, f"strongroom.local/{self._keys.identifiers.hex()[:16]}")
            unit.raise_epoch()
        with self.store.write() as unit:
            self.journal.note(unit, "home.created", subject=None, about="home", facts={})
            self.ledger.checkpoint(unit.ledger)
        write_private(self.home.verifier_key, (self.signer.key.vkey + "\n").encode())

    def __enter__(self) -> Self:
        """Return the open vault."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()


def _with_models(folder: Path, models_dir: Path, settings: Settings) -> Settings:
    """Name the folder of models in the home's settings, keeping what an operator wrote there."""
    chosen = models_dir.absolute()
    if settings.models_dir == chosen:
        return settings
    if settings.models_dir is not None:
        raise InvalidRequestError(f"the settings name models in {settings.models_dir} already")
    file = folder / FILE_NAME
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    # A string of JSON is a string of TOML.
    line = f"models_dir = {json.dumps(str(chosen), ensure_ascii=False)}\n"
    write_private(file, (line + before).encode())
    return load(folder)
