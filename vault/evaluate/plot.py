"""Recall over processor time, one panel for each visible share."""

import importlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from vault.domain.errors import InvalidRequestError
from vault.evaluate.engine import EXTRA
from vault.evaluate.figures import Row

_KINDS = (".png", ".svg")
_INCHES_EACH, _HEIGHT = 3.1, 4.4
_OURS = "strongroom"
_COLOURS = (
    "#0b6e4f",
    "#6c757d",
    "#c1121f",
    "#e07a00",
    "#1d4ed8",
    "#7b2cbf",
    "#0891b2",
    "#a16207",
    "#db2777",
)
_MARKS = "*osDv^P<X"


def check_plot(path: Path) -> None:
    """Return only if a picture can be drawn into ``path``.

    Raises:
        InvalidRequestError: the library is missing, or the name or folder will not do.
    """
    if path.suffix.lower() not in _KINDS:
        raise InvalidRequestError(f"a plot is a file ending in {' or '.join(_KINDS)}")
    if not path.resolve().parent.is_dir():
        raise InvalidRequestError("the folder of the plot does not exist")
    if importlib.util.find_spec("matplotlib") is None:
        raise InvalidRequestError(
            f"plots need the extra {EXTRA!r}; install it with: pip install 'strongroom[{EXTRA}]'"
        )


def draw(rows: Sequence[Row], path: Path) -> None:
    """Write the picture of all rows into ``path``."""
    agg: Any = importlib.import_module("matplotlib.backends.backend_agg")
    figures: Any = importlib.import_module("matplotlib.figure")
    shares = list(dict.fromkeys(row.visible for row in rows))
    engines = list(dict.fromkeys(row.engine for row in rows))
    figure = figures.Figure((_INCHES_EACH * len(shares), _HEIGHT), layout="constrained")
    agg.FigureCanvasAgg(figure)
    panels = figure.subplots(1, len(shares), sharey=True, squeeze=False)[0]
    for panel, share in zip(panels, shares, strict=True):
        for number, engine in enumerate(engines):
            own = [row for row in rows if row.engine == engine and row.visible == share]
            _line(panel, own, number)
        panel.set_title(f"{share:.1%} visible".replace(".0%", "%"))
        panel.set_xscale("log")
        panel.set_xlabel("processor ms per query, median")
        panel.grid(visible=True, alpha=0.3)
    panels[0].set_ylabel("recall@10")
    panels[0].set_ylim(-0.03, 1.03)
    handles, names = panels[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=len(engines), frameon=False)
    figure.suptitle(f"{rows[0].size:,} rows, one thread; up and to the left is better")
    figure.savefig(path, dpi=150)


def _line(panel: Any, rows: Sequence[Row], number: int) -> None:  # noqa: ANN401 - matplotlib
    """Draw one engine's curve, its settings joined in the order in which they were measured."""
    ours = rows[0].engine == _OURS
    panel.plot(
        [row.cpu_ms_p50 for row in rows],
        [row.recall for row in rows],
        label=rows[0].engine,
        color=_COLOURS[number % len(_COLOURS)],
        marker=_MARKS[number % len(_MARKS)],
        markersize=13 if ours else 5,
        linewidth=1.2,
        zorder=5 if ours else 2,
    )
