"""Engines are found by name; what is not installed is named, not guessed."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from vault.domain.errors import InvalidRequestError
from vault.evaluate.engine import ENGINES, USUAL_ENGINES, EngineKind, engine_kinds, make_engine
from vault.evaluate.workload import Workload

CORE = ["strongroom", "faiss-flat-bitmap", "faiss-ivf-sq8", "faiss-hnsw"]


def test_without_names_the_usual_engines_are_compared() -> None:
    assert tuple(kind.name for kind in engine_kinds([])) == USUAL_ENGINES


def test_an_engine_named_twice_takes_part_once() -> None:
    assert [kind.name for kind in engine_kinds(["faiss-hnsw", "faiss-hnsw"])] == ["faiss-hnsw"]


def test_an_unknown_engine_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(InvalidRequestError, match="'oracle'; known are strongroom"):
        engine_kinds(["oracle"])


def test_a_missing_library_is_a_problem_that_names_the_extra() -> None:
    kind = EngineKind("absent", "nowhere:Nothing", ("a_library_that_is_not_there",))
    with pytest.raises(InvalidRequestError, match=r"strongroom\[bench\]"):
        kind.require()


def test_the_engines_of_the_core_need_nothing_more() -> None:
    for kind in engine_kinds(CORE):
        assert all(find_spec(library) for library in kind.needs)


@pytest.mark.parametrize("name", CORE)
def test_every_engine_of_the_core_can_be_made_and_has_a_usual_setting(
    workload: Workload, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "engine"
    folder.mkdir()
    engine = make_engine(ENGINES[name].maker, workload, folder)
    assert engine.usual in engine.settings
    assert list(engine.settings) == sorted(engine.settings)
    assert (len(engine.settings) == 1) is (engine.knob == "")
    engine.close()
