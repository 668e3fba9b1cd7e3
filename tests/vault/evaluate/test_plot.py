"""A plot that cannot be drawn is refused before anything is measured."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from vault.domain.errors import InvalidRequestError
from vault.evaluate.figures import Row
from vault.evaluate.plot import check_plot, draw

INSTALLED = find_spec("matplotlib") is not None


def row(engine: str, visible: float, setting: str, milliseconds: float) -> Row:
    return Row(
        engine=engine,
        size=1_000,
        visible=visible,
        recall=0.9,
        short=0,
        cpu_ms_p50=milliseconds,
        cpu_ms_p99=2 * milliseconds,
        memory_mb=1.0,
        setting=setting,
        visible_rows=10,
        queries=5,
        forbidden=0,
        build_seconds=0.1,
    )


ROWS = [
    row(engine, visible, setting, milliseconds)
    for engine in ("strongroom", "peer")
    for visible in (0.1, 1.0)
    for setting, milliseconds in (("a 1", 0.2), ("a 2", 0.4))
]


@pytest.mark.parametrize("name", ["plot.txt", "plot", "nowhere/plot.png"])
def test_a_file_that_cannot_hold_the_plot_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidRequestError, match="plot"):
        check_plot(tmp_path / name)


def test_a_plot_is_drawn_where_its_library_is_installed_and_else_refused(tmp_path: Path) -> None:
    path = tmp_path / "plot.svg"
    if INSTALLED:
        check_plot(path)
        draw(ROWS, path)
        assert path.read_text(encoding="utf-8").count("strongroom") >= 1
    else:
        with pytest.raises(InvalidRequestError, match=r"strongroom\[bench\]"):
            check_plot(path)
