"""``strongroom bench retrieval``: one comparison of engines, from rows to figures."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from vault.evaluate.contest import Advance, compare
from vault.evaluate.embeddings import Shape, generated, read_embeddings, tiled
from vault.evaluate.engine import engine_kinds
from vault.evaluate.figures import Outcome


def compare_retrieval(
    shape: Shape,
    engines: Sequence[str],
    *,
    vectors: Path | None,
    sweep: bool,
    advance: Advance,
) -> Outcome:
    """Return how engines do at every visible share; what is written meanwhile is removed.

    Args:
        shape: size of the workload.
        engines: names; none means the usual ones.
        vectors: a ``.npy`` file of real embeddings to tile, or None for made-up rows.
        sweep: measure every setting of every engine.
        advance: told how far the work is.

    Raises:
        InvalidRequestError: an engine is unknown or not installed, or ``vectors`` cannot be read.
        VaultError: an engine failed.
    """
    kinds = engine_kinds(engines)
    with tempfile.TemporaryDirectory(prefix="strongroom-bench-") as name:
        folder = Path(name)
        rows_folder, engines_folder = folder / "rows", folder / "engines"
        rows_folder.mkdir()
        engines_folder.mkdir()
        advance("rows", 0, 1)
        workload = (
            generated(rows_folder, shape)
            if vectors is None
            else tiled(rows_folder, shape, read_embeddings(vectors))
        )
        return compare(workload, kinds, engines_folder, sweep=sweep, advance=advance)
