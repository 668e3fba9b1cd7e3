"""The gate that ships answers what is there and refuses what is not."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.vault.answer.worlds import gate_saying
from vault.answer.fit import Logistic
from vault.answer.gate import Band, Bands, Gate
from vault.answer.signals import FEATURES

RISING = [name for name in FEATURES if name not in {"missing_names", "log_terms"}]


def test_the_shipped_gate_names_its_sets_and_kept_its_promise_on_sets_it_had_not_seen() -> None:
    gate = Gate.load()
    assert len(gate.trained_on) >= 3
    areas = {name: value for name, value in gate.figures.items() if "AUROC" in name}
    assert min(areas.values()) > 0.8
    assert areas["clapnq whole: AUROC when left out"] >= 0.86
    assert areas["xquad-en whole: AUROC when left out"] >= 0.93


@pytest.mark.parametrize("name", RISING)
def test_more_of_a_good_sign_never_makes_the_shipped_gate_less_sure(name: str) -> None:
    gate = Gate.load()
    row = gate.model.means.copy()
    less = gate.judge(row).probability
    row[FEATURES.index(name)] += gate.model.scales[FEATURES.index(name)]
    assert gate.judge(row).probability >= less


def test_names_that_are_missing_make_the_shipped_gate_less_sure() -> None:
    gate = Gate.load()
    row = gate.model.means.copy()
    sure = gate.judge(row).probability
    row[FEATURES.index("missing_names")] += 1.0
    assert gate.judge(row).probability < sure


def test_nothing_found_is_refused_and_a_full_match_is_answered() -> None:
    gate = Gate.load()
    nothing = dict.fromkeys(FEATURES, 0.0) | {"missing_names": 1.0, "log_terms": np.log1p(4)}
    full = nothing | {
        "dense_top": 0.75,
        "lexical_gap": 0.4,
        "sentence_cosine": 0.8,
        "passage_coverage": 1.0,
        "sentence_coverage": 1.0,
        "best_score": 1.35,
        "score_gap": 0.6,
        "missing_names": 0.0,
    }
    assert gate.judge(np.array([nothing[name] for name in FEATURES])).band is Band.ABSTAIN
    assert gate.judge(np.array([full[name] for name in FEATURES])).band is Band.ANSWER


@pytest.mark.parametrize(
    ("log_odds", "band"), [(3.0, Band.ANSWER), (-0.5, Band.RELATED), (-4.0, Band.ABSTAIN)]
)
def test_the_chance_decides_the_band(log_odds: float, band: Band) -> None:
    assert gate_saying(log_odds).judge(np.zeros(len(FEATURES))).band is band


def test_a_stored_gate_judges_as_before(tmp_path: Path) -> None:
    gate = Gate.load()
    gate.save(tmp_path / "gate.json")
    again = Gate.load(tmp_path / "gate.json")
    rows = np.random.default_rng(1).normal(size=(20, len(FEATURES)))
    assert [again.judge(row) for row in rows] == [gate.judge(row) for row in rows]
    assert (again.trained_on, again.figures, again.bands) == (
        gate.trained_on,
        gate.figures,
        gate.bands,
    )


@pytest.mark.parametrize("change", [{"format": 2}, {"features": ["other"]}])
def test_a_gate_of_another_shape_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    path = tmp_path / "gate.json"
    gate_saying(0.0).save(path)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(ValueError, match="not a gate"):
        Gate.load(path)


@pytest.mark.parametrize(
    "flaw", [{"scales": np.zeros(9)}, {"coefficients": np.zeros(2)}, {"intercept": float("nan")}]
)
def test_numbers_that_cannot_judge_are_refused(flaw: dict[str, object]) -> None:
    parts = {
        "means": np.zeros(9), "scales": np.ones(9), "coefficients": np.zeros(9), "intercept": 0.0,
    }  # fmt: skip
    with pytest.raises(ValueError, match="gate"):
        Gate(Logistic(**(parts | flaw)), Bands(answer=0.5, related=0.2))


@pytest.mark.parametrize(("answer", "related"), [(0.2, 0.5), (1.2, 0.5), (0.5, -0.1)])
def test_bands_are_ordered(answer: float, related: float) -> None:
    with pytest.raises(ValueError, match="bands"):
        Bands(answer=answer, related=related)
