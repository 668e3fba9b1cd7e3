"""A model's manifest: what the model is, and the digest of every file it is made of.

It lives as ``manifest.toml`` in the model's own folder. Nothing in the folder is opened
by a backend before ``load`` and ``models.files.check_files`` have passed.
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Annotated, Self

import rfc8785
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from models.errors import ModelInvalidError, ModelMissingError

MANIFEST_NAME = "manifest.toml"

Line = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,400}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,99}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Prefix = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x09\x0b-\x1f\x7f]{0,2000}$")]
Count = Annotated[int, Field(gt=0, le=10_000_000)]


class ModelKind(StrEnum):
    """What a model does."""

    EMBEDDER = "embedder"
    GENERATOR = "generator"
    RERANKER = "reranker"


_NEEDS = {
    ModelKind.EMBEDDER: {"dimension", "max_tokens"},
    ModelKind.GENERATOR: {"context_tokens", "chat_template"},
    ModelKind.RERANKER: {"max_tokens"},
}
_SIZES = ("dimension", "max_tokens", "context_tokens", "chat_template")
_EMBEDDING = ("query_prefix", "passage_prefix", "pooling")


class Pooling(StrEnum):
    """How the vectors of tokens become the vector of a text."""

    MEAN = "mean"
    FIRST = "cls"
    LAST = "lasttoken"
    MAX = "max"


class ModelManifest(BaseModel):
    """The identity of one model; two manifests are equal when their digests are.

    Args:
        name: name of the folder and of the model in answers.
        kind: what the model does.
        backend: name of the loader, see ``models.registry``.
        revision: the publisher's version or commit.
        licence: SPDX expression.
        source: where the files came from, for people.
        dimension: length of an embedder's vectors.
        max_tokens: longest input of an embedder or reranker, in tokens.
        context_tokens: window of a generator, in tokens.
        chat_template: name of one of our templates, for a generator.
        query_prefix: words an embedder wants before a question, where its folder names none.
        passage_prefix: words it wants before a passage, where its folder names none.
        pooling: of an embedder whose folder does not state it; rows are made unit-norm always.
        files: path inside the folder, with ``/``, to SHA-256 in hexadecimal.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: Name
    kind: Annotated[ModelKind, Field(strict=False)]
    backend: Name
    revision: Line
    licence: Line
    source: Line
    dimension: Count | None = None
    max_tokens: Count | None = None
    context_tokens: Count | None = None
    chat_template: Name | None = None
    query_prefix: Prefix | None = None
    passage_prefix: Prefix | None = None
    pooling: Annotated[Pooling, Field(strict=False)] | None = None
    files: dict[str, Sha256] = Field(min_length=1)

    @field_validator("files")
    @classmethod
    def _paths_stay_inside(cls, files: dict[str, str]) -> dict[str, str]:
        for name in files:
            check_path(name)
        return files

    @model_validator(mode="after")
    def _sizes_fit_the_kind(self) -> Self:
        given = {name for name in _SIZES if getattr(self, name) is not None}
        if given != _NEEDS[self.kind]:
            raise ValueError(f"a {self.kind} states exactly {sorted(_NEEDS[self.kind])}")
        stray = [name for name in _EMBEDDING if getattr(self, name) is not None]
        if stray and self.kind is not ModelKind.EMBEDDER:
            raise ValueError(f"only an embedder states {stray}")
        return self

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the canonical JSON of all fields, as ``sha256:`` and hexadecimal.

        Source:
            RFC 8785, JSON Canonicalization Scheme.
        """
        canonical = rfc8785.dumps(self.model_dump(mode="json", exclude_none=True))
        return "sha256:" + hashlib.sha256(canonical).hexdigest()


def check_path(name: str) -> None:
    """Return only if ``name`` is a plain relative path inside a model folder.

    Raises:
        ValueError: it is absolute, climbs out, hides or is not in its simplest form.
    """
    path = PurePosixPath(name)
    plain = path.parts and str(path) == name and "\\" not in name and name.isprintable()
    if not plain or path.is_absolute() or any(part.startswith(".") for part in path.parts):
        raise ValueError(f"{name!r} is not a plain path inside the model folder")
    if name == MANIFEST_NAME:
        raise ValueError("a manifest does not list itself")


def load(folder: Path) -> ModelManifest:
    """Return the manifest of the model in ``folder``; no other file is opened.

    Raises:
        ModelMissingError: there is no such folder or no manifest in it.
        ModelInvalidError: the manifest is not valid TOML or breaks a rule.
    """
    path = folder / MANIFEST_NAME
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelMissingError(f"no {MANIFEST_NAME} in model folder {folder.name!r}") from error
    try:
        fields = tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ModelInvalidError(f"manifest of {folder.name!r}: {error}") from error
    return parse(fields, name=folder.name)


def parse(fields: Mapping[str, object], *, name: str) -> ModelManifest:
    """Return the manifest that ``fields`` state.

    Args:
        fields: keys and values as in the file.
        name: name of the folder, for the message.

    Raises:
        ModelInvalidError: a key is unknown or missing, or a value breaks a rule.
    """
    try:
        return ModelManifest.model_validate(fields)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise ModelInvalidError(f"manifest of {name!r}: {faults}") from error


def save(folder: Path, manifest: ModelManifest) -> None:
    """Write ``manifest`` into ``folder``, in place of an earlier one."""
    fields = manifest.model_dump(mode="json", exclude_none=True)
    files: dict[str, str] = fields.pop("files")
    lines = [f"{key} = {_toml(value)}" for key, value in fields.items()]
    lines += ["", "[files]", *(f"{_toml(key)} = {_toml(value)}" for key, value in files.items())]
    (folder / MANIFEST_NAME).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _toml(value: str | int) -> str:
    # A JSON string without control characters is a TOML basic string, and integers agree.
    return json.dumps(value, ensure_ascii=False)
