"""The embedders of one home: the one in use, which all its processes share, and the others."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cached_property
from pathlib import Path
from threading import RLock

from models.base import Embedder, ModelKind, ModelManifest, space_of
from models.errors import ModelError
from models.manifest import MANIFEST_NAME, load
from models.prepared import FOLDER
from models.registry import load_embedder
from vault.bootstrap.foundations import Foundations, utc_now
from vault.domain.errors import ModelUnavailableError, NotFoundError
from vault.index.followers import Followers
from vault.lifecycle.succession import Succession
from vault.settings import Settings, cores
from vault.store.home import Home, HomeKeys


class Embedders(Foundations):
    """A home with its embedders and an index for each."""

    def __init__(
        self,
        home: Home,
        settings: Settings,
        keys: HomeKeys,
        *,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__(home, settings, keys, now=now)
        self._models = RLock()

    @property
    def models_dir(self) -> Path:
        """Where model folders are."""
        return self.settings.models_dir or self.home.models

    @property
    def prepared_models(self) -> Path:
        """Where copies of models for faster runtimes are kept."""
        return self.models_dir / FOLDER

    @property
    def embedder(self) -> Embedder:
        """The embedder in use: the one that made the home's vectors, else the settings' one.

        It is loaded on first use, and again when another process went over to another one.

        Raises:
            ModelUnavailableError: it is missing or was altered.
        """
        with self.store.read() as unit:
            space = unit.vectors.in_use()
        with self._models:
            loaded = self.__dict__.get("_embedder")
            if loaded is not None and space and space_of(loaded.fingerprint) != space:
                self._drop_embedder()
            return self._embedder

    @cached_property
    def _embedder(self) -> Embedder:
        with self.store.read() as unit:
            space = unit.vectors.in_use()
        return self._loaded(self.folder_in(space))

    def _drop_embedder(self) -> None:
        """Forget the loaded embedder and whatever was made with it."""
        for name in ("_embedder", "_made_answerer"):
            self.__dict__.pop(name, None)

    def embedder_named(self, name: str) -> Embedder:
        """Return the embedder in the folder ``name``, whether or not it is in use.

        Raises:
            NotFoundError: there is no such embedder.
            ModelUnavailableError: it was altered or cannot be loaded.
        """
        manifest = self.embedder_manifests().get(name)
        if manifest is None:
            raise NotFoundError(f"there is no embedder {name!r} among the models of this home")
        return self._sharing(manifest.digest) or self._loaded(self.models_dir / name)

    def embedder_in(self, space: str) -> Embedder:
        """Return the embedder whose vectors are of ``space``.

        Raises:
            ModelUnavailableError: no folder holds it, or it cannot be loaded.
        """
        return self._sharing(space) or self._loaded(self.folder_in(space))

    def _sharing(self, space: str) -> Embedder | None:
        with self._models:
            loaded: Embedder | None = self.__dict__.get("_embedder")
        return loaded if loaded and space_of(loaded.fingerprint) == space else None

    def embedder_manifests(self) -> dict[str, ModelManifest]:
        """Return the manifest of each embedder by the name of its folder; broken ones are not."""
        return dict(self._manifests())

    def folder_in(self, space: str | None) -> Path:
        """Return the folder of the embedder of ``space``; None is the one that settings name.

        Raises:
            ModelUnavailableError: no folder holds that model.
        """
        usual = self.settings.embedder
        if space is None:
            return self.models_dir / usual
        named = self.embedder_manifests()
        found = [name for name, manifest in named.items() if manifest.digest == space]
        if not found:
            raise ModelUnavailableError(
                f"the vectors of this home were made by the model {space[:19]}, which no model "
                "folder holds; bring it back, or go over to another one with: strongroom model"
            )
        return self.models_dir / (usual if usual in found else found[0])

    def _manifests(self) -> Iterator[tuple[str, ModelManifest]]:
        if not self.models_dir.is_dir():
            return
        for folder in sorted(self.models_dir.iterdir()):
            if folder.name.startswith(".") or not (folder / MANIFEST_NAME).is_file():
                continue
            try:
                manifest = load(folder)
            except ModelError:
                continue
            if manifest.kind is ModelKind.EMBEDDER:
                yield folder.name, manifest

    def _loaded(self, folder: Path) -> Embedder:
        try:
            return load_embedder(
                folder, threads=cores(self.settings), prepared=self.prepared_models
            )
        except ModelError as error:
            raise ModelUnavailableError(str(error)) from error

    @cached_property
    def followers(self) -> Followers:
        """This process's indexes, one for each embedder."""
        return Followers(self.store, root=self.home.index, key=self._keys.index)

    @cached_property
    def succession(self) -> Succession:
        """Lets another embedder take the place of the one in use."""
        return Succession(self.store, journal=self.journal, followers=self.followers)
