"""Sensitivity labels, the order that decides who may read, and the label a chunk carries."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import reduce

from vault.domain.errors import InvalidRequestError


class Classification(IntEnum):
    """Hierarchical sensitivity level, least sensitive first."""

    PUBLIC = 0
    INTERNAL = 1
    CONFIDENTIAL = 2
    SECRET = 3

    @property
    def word(self) -> str:
        """The level as people and the wire write it."""
        return self.name.lower()

    @classmethod
    def of(cls, word: str) -> "Classification":
        """Return the level named ``word``.

        Raises:
            InvalidRequestError: no level has that name.
        """
        try:
            return cls[word.strip().upper()]
        except KeyError:
            known = ", ".join(level.word for level in cls)
            raise InvalidRequestError(
                f"classification {word!r} is unknown; choose one of {known}"
            ) from None


@dataclass(frozen=True, slots=True)
class Label:
    """A classification and the compartments a reader must all belong to.

    The same shape describes a document (its label) and a person (their clearance),
    because the rules compare the two directly.
    """

    classification: Classification
    compartments: frozenset[str] = frozenset()


LOWEST = Label(Classification.PUBLIC)


def dominates(clearance: Label, label: Label) -> bool:
    """Tell whether a holder of ``clearance`` may read material under ``label``.

    This is the simple-security rule: at least the same classification and every
    compartment. It is reflexive and transitive but not total.

    Source:
        Bell and LaPadula, MTR-2997 Rev. 1 (1976), simple security property.
    """
    return (
        clearance.classification >= label.classification
        and clearance.compartments >= label.compartments
    )


def join(first: Label, second: Label) -> Label:
    """Return the least label that dominates both, for text derived from both.

    Source:
        Denning, "A Lattice Model of Secure Information Flow", CACM 19(5), 1976.
    """
    return Label(
        max(first.classification, second.classification),
        first.compartments | second.compartments,
    )


def join_all(labels: Iterable[Label]) -> Label:
    """Return the least label above all of ``labels``; of none, the lowest label."""
    return reduce(join, labels, LOWEST)


@dataclass(frozen=True, slots=True)
class AccessLabel:
    """Everything that decides who may read a chunk, interned once per distinct value.

    Attributes:
        collection: collection that holds the material.
        label: classification and compartments.
        readers: ``user:ID`` and ``group:ID`` references that may read; empty is nobody.
        denied: references that may not read, whatever else permits them.
    """

    collection: str
    label: Label
    readers: frozenset[str]
    denied: frozenset[str] = frozenset()

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical form, so equal rights share one label everywhere."""
        form = {
            "classification": self.label.classification.word,
            "collection": self.collection,
            "compartments": sorted(self.label.compartments),
            "denied": sorted(self.denied),
            "readers": sorted(self.readers),
        }
        text = json.dumps(form, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
