"""Fitting the gate, and what a gate does on a set it has not seen."""

from collections.abc import Sequence

import numpy as np

from scripts.bench.answers_cases import WEIGHTS, Cases
from vault.answer.fit import Logistic, auroc, fit
from vault.answer.gate import Bands

RIDGE = 5.0
"""Penalty on squared coefficients."""


def fitted(cases: Sequence[Cases]) -> Logistic:
    """Return the gate's model over all cases, every set and kind weighing what it should."""
    weights = [np.full(len(one.labels), _weight(one)) for one in cases]
    return fit(
        np.concatenate([one.rows for one in cases]),
        np.concatenate([one.labels for one in cases]),
        weights=np.concatenate(weights),
        ridge=RIDGE,
    )


def _weight(cases: Cases) -> float:
    return WEIGHTS.get(cases.kind, 1.0) / len(cases.labels)


def held_out(cases: Sequence[Cases], bands: Bands) -> dict[str, float]:
    """Print and return, per set and kind, what a gate fitted on the other sets does."""
    print("| set | cases | AUROC | answerable kept | refusal precision | refusal recall |")
    print("|---|---|---|---|---|---|")
    figures: dict[str, float] = {}
    for one in cases:
        model = fitted([other for other in cases if other.source != one.source])
        chances = model.probability(one.rows)
        refused, answered = chances < bands.answer, one.labels
        recall = float(refused[~answered].mean())
        name = f"{one.source} {one.kind}"
        if not answered.any():
            print(f"| {name} | {len(refused)} | | | | {recall:.3f} |")
            continue
        kept = float((~refused[answered]).mean())
        precision = float((refused & ~answered).sum() / max(1, refused.sum()))
        area = auroc(chances, answered)
        figures[f"{name}: AUROC when left out"] = round(area, 4)
        if one.kind == "whole":
            figures[f"{name}: answerable kept when left out"] = round(kept, 4)
            figures[f"{name}: refusal precision when left out"] = round(precision, 4)
            figures[f"{name}: refusal recall when left out"] = round(recall, 4)
        print(
            f"| {name} | {len(refused)} | {area:.3f} | {kept:.3f} | {precision:.3f}"
            f" | {recall:.3f} |"
        )
    return figures
