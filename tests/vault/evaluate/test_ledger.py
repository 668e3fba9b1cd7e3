"""The ledger is measured on entries that were really written, proved and checked."""

import tempfile
from pathlib import Path

import pytest

from vault.domain.errors import InvalidRequestError
from vault.evaluate.ledger import measure_ledger


def test_a_ledger_is_written_proved_and_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    told: list[tuple[str, int]] = []
    figures = measure_ledger(120, advance=lambda doing, done, of: told.append((doing, of)))
    form = figures.form()
    assert form["events"] == 120
    assert all(value > 0 for value in form.values())
    assert sorted({of for _, of in told}) == [12, 108]
    assert not list(tmp_path.iterdir())


def test_a_ledger_too_small_to_measure_is_refused() -> None:
    with pytest.raises(InvalidRequestError, match="10 events"):
        measure_ledger(9, advance=lambda doing, done, of: None)
