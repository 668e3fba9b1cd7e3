"""A bar on standard error shows how far the work is; the report holds all that came of it."""

from collections.abc import Iterator

import pytest

from vault.cli.progress import watch
from vault.ingest.report import ItemOutcome, ItemState

Capture = pytest.CaptureFixture[str]


def outcomes(count: int) -> Iterator[ItemOutcome]:
    for number in range(count):
        yield ItemOutcome(f"file:///{number}", ItemState.INGESTED, chunks=number)


@pytest.mark.parametrize("total", [3, None])
@pytest.mark.parametrize("quiet", [True, False])
def test_every_outcome_is_in_the_report_and_none_on_standard_output(
    capsys: Capture, total: int | None, quiet: bool
) -> None:
    report = watch(outcomes(3), total=total, title="ingest", quiet=quiet)
    assert report.outcomes == list(outcomes(3))
    assert report.seconds > 0
    assert capsys.readouterr().out == ""


def test_nothing_to_do_is_an_empty_report(capsys: Capture) -> None:
    assert watch(outcomes(0), total=0, title="ingest").form()["documents"] == []
    assert capsys.readouterr().out == ""


def test_a_failure_on_the_way_goes_on_to_the_caller() -> None:
    def broken() -> Iterator[ItemOutcome]:
        yield from outcomes(1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        watch(broken(), total=2, title="ingest")
