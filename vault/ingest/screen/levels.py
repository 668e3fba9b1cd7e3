"""The level that a text needs for what was found in it, by rules of the operator."""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from vault.domain.errors import InvalidRequestError
from vault.domain.findings import Finding, FindingKind
from vault.domain.labels import Classification
from vault.ingest.screen.markings import markings
from vault.ingest.screen.personal import personal

FILE_NAME = "screening.toml"
"""The file in a home that takes the place of the shipped rules."""
SHIPPED = Path(__file__).with_name("levels.toml")
"""The rules of a home that has none of its own."""
KINDS = (FindingKind.MARKING, FindingKind.PERSONAL_DATA)


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What a text needs, and why.

    Attributes:
        floor: the least level it may have, or None where nothing was found that needs one.
        found: names of what was found with the number of different values, none of the text.
    """

    floor: Classification | None = None
    found: tuple[tuple[str, int], ...] = ()


class _Rule(BaseModel):
    """A level, and how many different values it takes."""

    model_config = ConfigDict(extra="forbid")
    level: str
    distinct: int = Field(default=1, ge=1)


@dataclass(frozen=True, slots=True)
class Levels:
    """Which finding needs which level, by name of kind and rule: ``marking:tlp:red``.

    Attributes:
        rules: level, and number of different values it takes.
    """

    rules: Mapping[str, tuple[Classification, int]]

    def of(self, text: str) -> Sensitivity:
        """Return what a text needs; an empty list of rules needs nothing."""
        values: dict[str, set[str]] = defaultdict(set)
        for found in sensitive(text):
            values[_name(found)].add("".join(found.span.of(text).split()).casefold())
        counts = {name: len(distinct) for name, distinct in sorted(values.items())}
        levels = [
            level
            for name, (level, distinct) in self.rules.items()
            if counts.get(name, 0) >= distinct
        ]
        return Sensitivity(max(levels, default=None), tuple(counts.items()))

    def named(self, word: str) -> Classification | None:
        """Return the level that a source's own word for one names, or None for no such word."""
        if word.upper() in Classification.__members__:
            return Classification.of(word)
        return self.of(f"Classification: {word}").floor


def sensitive(text: str) -> Iterable[Finding]:
    """Yield markings and personal data, which raise a level and hold nothing back."""
    yield from markings(text)
    yield from personal(text)


def load_levels(folder: Path) -> Levels:
    """Return the rules of the home in ``folder``, or the shipped ones.

    Raises:
        InvalidRequestError: the home's file is not what it should be; nothing is screened by
            half a file.
    """
    own = folder / FILE_NAME
    return read_levels(own if own.exists() else SHIPPED)


def read_levels(file: Path) -> Levels:
    """Return the rules in a file.

    Raises:
        InvalidRequestError: it cannot be read, or names a kind or level there is not.
    """
    try:
        form = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidRequestError(f"{file.name} cannot be read as TOML") from error
    known = {kind.value for kind in KINDS}
    if form.keys() - known:
        raise InvalidRequestError(f"{file.name} may hold {' and '.join(sorted(known))} only")
    rules = {}
    for kind, entries in form.items():
        for rule, stated in entries.items():
            rules[f"{kind}:{rule}"] = _rule(file.name, rule, stated)
    return Levels(rules)


def _rule(file: str, name: str, stated: object) -> tuple[Classification, int]:
    try:
        rule = _Rule.model_validate(stated if isinstance(stated, dict) else {"level": stated})
    except ValidationError as error:
        raise InvalidRequestError(
            f"{file}: {name!r} needs a level, and may have distinct"
        ) from error
    return Classification.of(rule.level), rule.distinct


def _name(found: Finding) -> str:
    return f"{found.kind.value}:{found.rule}"
