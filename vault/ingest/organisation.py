"""An organisation in one file: who there is, and under which rules each folder is kept."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from vault.domain.errors import InvalidRequestError
from vault.domain.identity import Principal, PrincipalKind
from vault.domain.labels import Classification, Label
from vault.domain.records import Governance
from vault.ingest.intake import Intake, access_label

Text = Annotated[str, Field(min_length=1, max_length=200)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class GroupEntry(_Strict):
    """A group and its direct members, as references."""

    id: Text
    members: tuple[str, ...] = ()


class PrincipalEntry(_Strict):
    """A principal with its clearance and direct groups."""

    id: Text
    kind: PrincipalKind
    name: str = ""
    role: str = ""
    clearance: Text
    compartments: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    def principal(self) -> Principal:
        """Return the principal without its groups."""
        held = Label(Classification.of(self.clearance), frozenset(self.compartments))
        return Principal(self.id, self.kind, held)


class OverrideEntry(_Strict):
    """What is different for one file of a batch."""

    file: Text
    classification: str | None = None
    compartments: tuple[str, ...] | None = None
    readers: tuple[str, ...] | None = None
    denied: tuple[str, ...] | None = None
    owner: str | None = None
    retention: str | None = None
    review_every: str | None = None
    fresh_for: str | None = None
    modified_at: datetime | None = None
    supersedes: str | None = None
    title: str | None = None


class BatchEntry(_Strict):
    """A folder of documents kept under the same rules."""

    path: Text
    collection: Text
    classification: Text
    compartments: tuple[str, ...] = ()
    readers: tuple[str, ...]
    denied: tuple[str, ...] = ()
    owner: Text
    retention: str | None = None
    review_every: str | None = None
    fresh_for: str | None = None
    override: tuple[OverrideEntry, ...] = ()


class Organisation(_Strict):
    """Everything that one organisation file says."""

    format: Literal["strongroom-organisation-1"] = "strongroom-organisation-1"
    group: tuple[GroupEntry, ...] = ()
    principal: tuple[PrincipalEntry, ...] = ()
    batch: tuple[BatchEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One file of a batch, with the rights and rules it is taken in under.

    Attributes:
        supersedes: name of the file in the same folder that it replaces.
    """

    path: Path
    intake: Intake
    supersedes: Path | None = None


def read_organisation(file: Path) -> Organisation:
    """Return what an organisation file says.

    Raises:
        InvalidRequestError: it is not TOML, or says something unknown.
    """
    try:
        return Organisation.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise InvalidRequestError(f"{file.name} is not valid TOML: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InvalidRequestError(f"{file.name}, {place}: {first['msg']}") from None


def plan(organisation: Organisation, root: Path, *, source_id: str) -> Iterator[PlannedFile]:
    """Yield every file of every batch with its rights and rules, in a stable order.

    Raises:
        InvalidRequestError: a folder or an overridden file does not exist.
    """
    for batch in organisation.batch:
        folder = root / batch.path
        if not folder.is_dir():
            raise InvalidRequestError(f"batch folder {batch.path!r} does not exist")
        overrides = {found.file: found for found in batch.override}
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        names = {path.relative_to(folder).as_posix() for path in files}
        missing = sorted(overrides.keys() - names)
        if missing:
            raise InvalidRequestError(f"batch {batch.path!r} has no file {missing[0]!r}")
        for path in files:
            override = overrides.get(path.relative_to(folder).as_posix())
            yield _planned(batch, override, path, source_id=source_id)


def _planned(
    batch: BatchEntry, override: OverrideEntry | None, path: Path, *, source_id: str
) -> PlannedFile:
    found = override or OverrideEntry(file=path.name)
    access = access_label(
        collection=batch.collection,
        classification=found.classification or batch.classification,
        compartments=batch.compartments if found.compartments is None else found.compartments,
        readers=batch.readers if found.readers is None else found.readers,
        denied=batch.denied if found.denied is None else found.denied,
    )
    governance = Governance(
        owner=found.owner or batch.owner,
        retention=found.retention or batch.retention,
        review_every=found.review_every or batch.review_every,
        fresh_for=found.fresh_for or batch.fresh_for,
    )
    intake = Intake(source_id, access, governance, found.title, found.modified_at)
    replaced = None if found.supersedes is None else path.parent / found.supersedes
    return PlannedFile(path, intake, replaced)
