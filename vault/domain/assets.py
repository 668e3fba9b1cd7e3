"""Governed things in their immutable versions: agents, tools, workflows and what they rest on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vault.domain.errors import RunStateError
from vault.domain.tools import digest_of


class AssetKind(StrEnum):
    """What a governed thing is."""

    AGENT = "agent"
    TOOL = "tool"
    WORKFLOW = "workflow"
    PROMPT = "prompt"
    MODEL = "model"
    ROUTE = "route"
    SUITE = "suite"
    RUBRIC = "rubric"
    BOUNDARY = "boundary"


class AssetState(StrEnum):
    """How far a version has come; only approved and active ones may be used."""

    DRAFT = "draft"
    APPROVED = "approved"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    RETIRED = "retired"

    @property
    def stage(self) -> str:
        """What people are told of it: until it is active, an approved version is a pilot."""
        return {"approved": "pilot", "active": "production"}.get(self.value, self.value)


USABLE = frozenset({AssetState.APPROVED, AssetState.ACTIVE})
"""States in which a version may be used."""

_STEPS: Mapping[AssetState, frozenset[AssetState]] = {
    AssetState.DRAFT: frozenset({AssetState.APPROVED, AssetState.RETIRED}),
    AssetState.APPROVED: frozenset({AssetState.ACTIVE, AssetState.SUSPENDED, AssetState.RETIRED}),
    AssetState.ACTIVE: frozenset({AssetState.SUSPENDED, AssetState.RETIRED}),
    # What was stopped starts over: nobody may lift a suspension and promote in one act.
    AssetState.SUSPENDED: frozenset({AssetState.APPROVED, AssetState.RETIRED}),
    AssetState.RETIRED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class AssetVersion:
    """One immutable state of a governed thing; only its ``state`` ever changes.

    Attributes:
        name: what people call it.
        number: counts its versions from 1.
        digest: ``sha256:`` of the canonical bytes of the body.
        body: what it is, as JSON that fits the schema of its kind.
        applied_by: reference of whoever brought it in; ``operator`` is the one at the home.
        approved_by: reference of whoever looked at it and let it be used.
    """

    kind: AssetKind
    name: str
    number: int
    digest: str
    body: Mapping[str, object]
    state: AssetState
    applied_by: str
    applied_at: datetime
    approved_by: str | None = None

    @property
    def reference(self) -> str:
        """The version as people write it: ``name@number``."""
        return f"{self.name}@{self.number}"

    def check_step(self, to: AssetState) -> None:
        """Return only if a version may go from its state to this one.

        Raises:
            RunStateError: it may not.
        """
        if to not in _STEPS[self.state]:
            raise RunStateError(
                f"{self.kind.value} {self.reference} is {self.state.value} and cannot become "
                f"{to.value}"
            )


@dataclass(frozen=True, slots=True)
class Difference:
    """One place in which two bodies differ; None stands for what is not there.

    Attributes:
        pointer: where.
        before: value there in the older one.
        after: value there in the newer one.

    Source:
        RFC 6901 for the pointer.
    """

    pointer: str
    before: object
    after: object


def digest_of_body(body: Mapping[str, object]) -> str:
    """Return the digest by which a version is addressed.

    Raises:
        InvalidRequestError: the body has no canonical form.
    """
    return digest_of(dict(body))


def differences(before: object, after: object, *, at: str = "") -> Iterator[Difference]:
    """Yield every place in which two JSON values differ, by pointer."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in sorted({*before, *after}):
            place = f"{at}/{str(name).replace('~', '~0').replace('/', '~1')}"
            yield from differences(before.get(name), after.get(name), at=place)
    elif isinstance(before, list) and isinstance(after, list):
        for index in range(max(len(before), len(after))):
            yield from differences(_item(before, index), _item(after, index), at=f"{at}/{index}")
    elif before != after:
        yield Difference(at, before, after)


def _item(values: list[object], place: int) -> object:
    return values[place] if place < len(values) else None
