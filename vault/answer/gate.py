"""The decision to answer, to show what is near, or to abstain: a calibrated logistic gate."""

import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from vault.answer.fit import Logistic
from vault.answer.signals import FEATURES

FORMAT = 1
"""Version of the file's shape; another one is refused."""

SHIPPED = Path(__file__).with_name("gate.json")
"""Coefficients fitted on public question sets; ``calibrate`` replaces them per vault."""


class Band(StrEnum):
    """What to do with a question, surest first."""

    ANSWER = "answer"
    RELATED = "related"
    ABSTAIN = "abstain"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The gate's verdict: the chance that the evidence answers, and the band it falls in."""

    probability: float
    band: Band


@dataclass(frozen=True, slots=True)
class Bands:
    """Probabilities from which the vault answers, and from which it shows related passages.

    Raises:
        ValueError: the two are not ordered within 0 to 1.
    """

    answer: float
    related: float

    def __post_init__(self) -> None:
        if not 0 <= self.related <= self.answer <= 1:
            raise ValueError("bands need 0 <= related <= answer <= 1")


class Gate:
    """A fitted model with its bands and where it came from.

    Args:
        model: logistic model over the features of ``vault.answer.signals``.
        bands: thresholds.
        trained_on: names of the question sets it was fitted on.
        figures: what was measured when it was fitted, by name.

    Raises:
        ValueError: the model has another number of features, or a number that is not finite.
    """

    def __init__(
        self,
        model: Logistic,
        bands: Bands,
        *,
        trained_on: tuple[str, ...] = (),
        figures: dict[str, float] | None = None,
    ) -> None:
        parts = np.concatenate([model.means, model.scales, model.coefficients, [model.intercept]])
        if parts.shape != (3 * len(FEATURES) + 1,) or not np.isfinite(parts).all():
            raise ValueError(f"a gate has finite numbers for {len(FEATURES)} features")
        if not (model.scales > 0).all():
            raise ValueError("a gate divides by its scales, so all are above zero")
        self.model = model
        self.bands = bands
        self.trained_on = trained_on
        self.figures = dict(figures or {})

    def judge(self, features: NDArray[np.float64]) -> Judgement:
        """Return the verdict on one row of features: (len(FEATURES),) float64."""
        probability = float(self.model.probability(features[None, :])[0])
        if probability >= self.bands.answer:
            return Judgement(probability, Band.ANSWER)
        related = probability >= self.bands.related
        return Judgement(probability, Band.RELATED if related else Band.ABSTAIN)

    @classmethod
    def load(cls, path: Path = SHIPPED) -> Self:
        """Return the gate stored at ``path``, by default the one that ships.

        Raises:
            ValueError: the file is of another format or was fitted on other features.
        """
        stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if stored.get("format") != FORMAT or stored.get("features") != list(FEATURES):
            raise ValueError(f"{path.name} is not a gate for these {len(FEATURES)} features")
        model = Logistic(
            means=np.array(stored["means"], dtype=np.float64),
            scales=np.array(stored["scales"], dtype=np.float64),
            coefficients=np.array(stored["coefficients"], dtype=np.float64),
            intercept=float(stored["intercept"]),
        )
        return cls(
            model,
            Bands(**stored["bands"]),
            trained_on=tuple(stored["trained_on"]),
            figures=stored["figures"],
        )

    def save(self, path: Path) -> None:
        """Write the gate as JSON; loading it gives the same verdicts."""
        model = self.model
        stored = {
            "format": FORMAT,
            "features": list(FEATURES),
            "means": model.means.tolist(),
            "scales": model.scales.tolist(),
            "coefficients": model.coefficients.tolist(),
            "intercept": model.intercept,
            "bands": {"answer": self.bands.answer, "related": self.bands.related},
            "trained_on": list(self.trained_on),
            "figures": self.figures,
        }
        path.write_text(json.dumps(stored, indent=2) + "\n", encoding="utf-8")
