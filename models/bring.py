"""Takes in an embedder that a person brought: its data files, measured and described."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from models.errors import ModelInvalidError, ModelMissingError
from models.files import PAPERS, SUFFIXES, describe
from models.manifest import MANIFEST_NAME, ModelKind, ModelManifest
from models.sentence_transformers_embedder import SentenceTransformersEmbedder, sizes_of

BACKEND = "sentence-transformers"


@dataclass(frozen=True, slots=True)
class Stated:
    """What only the person can say of a model; ``None`` leaves what the folder says.

    Attributes:
        name: folder and name of the model here.
        licence: SPDX expression.
        source: where it comes from, for people.
        revision: the publisher's version or commit.
        query_prefix: words the model wants before a question.
        passage_prefix: words it wants before a passage.
        pooling: how token vectors become one.
    """

    name: str
    licence: str
    source: str
    revision: str
    query_prefix: str | None = None
    passage_prefix: str | None = None
    pooling: str | None = None


@dataclass(frozen=True, slots=True)
class Brought:
    """A model that was taken in, and the files that were left behind because they may hold code."""

    manifest: ModelManifest
    left_out: tuple[str, ...]


def bring(folder: Path, models_folder: Path, stated: Stated) -> Brought:
    """Copy a sentence-transformers folder among the models and write its manifest.

    Only data files are copied. Dimension and limit are read from the model itself, which must
    load and embed. It appears whole or not at all.

    Raises:
        ModelMissingError: there is no such folder, or no weights as safetensors in it.
        ModelInvalidError: a model of that name is there already, the folder cannot be loaded,
            or a statement breaks a rule of the manifest.
    """
    target = models_folder / stated.name
    if target.exists():
        raise ModelInvalidError(f"there is a model {stated.name!r} already")
    models_folder.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=".building-", dir=models_folder))
    try:
        left_out = _copy(folder, building)
        dimension, max_tokens = sizes_of(building)
        said = {key: getattr(stated, key) for key in Stated.__dataclass_fields__}
        manifest = describe(
            building,
            kind=ModelKind.EMBEDDER.value,
            backend=BACKEND,
            dimension=dimension,
            max_tokens=max_tokens,
            **{key: value for key, value in said.items() if value is not None},
        )
        SentenceTransformersEmbedder(building, manifest, threads=1).embed([stated.name])
        building.chmod(0o755)
        building.rename(target)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return Brought(manifest, left_out)


def _copy(folder: Path, target: Path) -> tuple[str, ...]:
    left_out = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if not path.is_file():
            continue
        hidden = any(part.startswith(".") for part in name.parts)
        known = path.suffix in SUFFIXES[BACKEND] or path.name in PAPERS
        if hidden or not known or path.name == MANIFEST_NAME:
            left_out.append(name.as_posix())
            continue
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        # A link of a download cache stands for the file it leads to.
        shutil.copyfile(path, target / name)
    if not any(target.rglob("*.safetensors")):
        raise ModelMissingError(f"{folder.name!r} holds no weights as .safetensors")
    return tuple(left_out)
