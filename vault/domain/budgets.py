"""What runs use up, and the caps that no number of concurrent runs can pass."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from statistics import median
from typing import Self

from vault.domain.errors import InvalidRequestError


class Method(StrEnum):
    """How a figure came about."""

    MEASURED = "measured"
    ESTIMATED = "estimated"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much of each unit; whole numbers, so that sums never drift.

    Attributes:
        tokens: tokens that a model read and wrote.
        calls: tool calls.
        attempts: times that a call was tried.
        milliseconds: time at work.
        millijoules: energy.
        micros: millionths of the home's currency.
    """

    tokens: int = 0
    calls: int = 0
    attempts: int = 0
    milliseconds: int = 0
    millijoules: int = 0
    micros: int = 0

    def __add__(self, other: "Amounts") -> "Amounts":
        """Return the sum, unit by unit."""
        return Amounts(**{unit: getattr(self, unit) + getattr(other, unit) for unit in UNITS})

    def __sub__(self, other: "Amounts") -> "Amounts":
        """Return the difference, unit by unit."""
        return Amounts(**{unit: getattr(self, unit) - getattr(other, unit) for unit in UNITS})

    def items(self) -> Iterator[tuple[str, int]]:
        """Yield every unit with its amount."""
        for unit in UNITS:
            yield unit, getattr(self, unit)

    def form(self) -> dict[str, int]:
        """Return the amounts that are not zero, as JSON."""
        return {unit: amount for unit, amount in self.items() if amount}

    @classmethod
    def parse(cls, form: Mapping[str, object]) -> Self:
        """Return the amounts in a JSON object; units that are absent are zero."""
        return cls(**{unit: int(str(form.get(unit, 0))) for unit in UNITS})


UNITS: tuple[str, ...] = tuple(found.name for found in fields(Amounts))
"""Name of every unit, in order."""
NOTHING = Amounts()
_WORDS = {
    "tokens": ("tokens", 1),
    "calls": ("calls", 1),
    "attempts": ("attempts", 1),
    "seconds": ("milliseconds", 1000),
    "joules": ("millijoules", 1000),
    "money": ("micros", 1_000_000),
}
"""Words of a charter, the unit each stands for, and how many of it make one."""
SOFT_SHARE = 0.8
"""Share of a hard cap from which on people are told, unless a charter says otherwise."""


@dataclass(frozen=True, slots=True)
class Caps:
    """Ceilings of one account; a unit without one is not bounded.

    Attributes:
        hard: what is never passed.
        soft_share: share of it from which on a person is asked.
    """

    hard: Mapping[str, int]
    soft_share: float = SOFT_SHARE

    @classmethod
    def of_words(cls, words: Mapping[str, object], *, soft_share: float = SOFT_SHARE) -> Self:
        """Return the caps that a charter names, such as ``{"tokens": 2000, "seconds": 60}``.

        Raises:
            InvalidRequestError: a word is not a unit, or an amount is negative.
        """
        hard: dict[str, int] = {}
        for word, amount in words.items():
            if word not in _WORDS or not isinstance(amount, int | float) or amount < 0:
                raise InvalidRequestError(f"budget {word!r} must be a known unit and not negative")
            unit, scale = _WORDS[word]
            hard[unit] = round(amount * scale)
        return cls(hard, soft_share)

    def form(self) -> dict[str, object]:
        """Return the caps as JSON."""
        return {"hard": dict(self.hard), "soft_share": self.soft_share}

    def passed_by(self, drawn: Amounts) -> str | None:
        """Return the first unit of which more is drawn than there may be, or None."""
        amounts = dict(drawn.items())
        return next((unit for unit, cap in self.hard.items() if amounts[unit] > cap), None)

    def nearly(self, drawn: Amounts) -> str | None:
        """Return the first unit of which the soft share is drawn, or None."""
        amounts = dict(drawn.items())
        return next(
            (
                unit
                for unit, cap in self.hard.items()
                if amounts[unit] and amounts[unit] >= cap * self.soft_share
            ),
            None,
        )


@dataclass(frozen=True, slots=True)
class Balance:
    """What one account has reserved and spent under its caps."""

    account: str
    caps: Caps
    reserved: Amounts = NOTHING
    spent: Amounts = NOTHING

    @property
    def drawn(self) -> Amounts:
        """What is gone or spoken for."""
        return self.reserved + self.spent


FEWEST_RUNS = 8
"""Runs of its own that an agent needs before any of them can be called unusual."""
UNUSUAL = 6.0
"""Robust deviations above its own median from which on a run is unusual."""
_NORMAL = 0.6745
"""Makes the median absolute deviation comparable with a standard deviation."""


def robust_score(value: float, history: Sequence[float]) -> float:
    """Return how many robust deviations a value lies above its history.

    The deviation never counts as less than a tenth of the median or one, so that an agent
    which always does the same is not stopped by one step more.

    Source:
        Iglewicz and Hoaglin, "How to Detect and Handle Outliers" (1993), modified z-score.
    """
    middle = median(history)
    spread = median(abs(found - middle) for found in history)
    return _NORMAL * (value - middle) / max(spread, abs(middle) / 10, 1.0)


def unusual_unit(run: Amounts, history: Sequence[Amounts]) -> str | None:
    """Return the unit in which a run is far above its agent's own past, or None."""
    if len(history) < FEWEST_RUNS:
        return None
    past = [dict(found.items()) for found in history]
    for unit, amount in run.items():
        if robust_score(amount, [found[unit] for found in past]) > UNUSUAL:
            return unit
    return None
