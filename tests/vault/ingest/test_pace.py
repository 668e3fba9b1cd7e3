"""Reads are spread evenly, and without a limit nothing waits."""

from dataclasses import dataclass, field

from vault.ingest.pace import Pace


@dataclass
class Watch:
    now: float = 100.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def test_reads_come_no_faster_than_allowed() -> None:
    watch = Watch()
    pace = Pace(60, sleep=watch.sleep, clock=lambda: watch.now)
    for _ in range(3):
        pace.wait()
    assert watch.slept == [1.0, 1.0]


def test_a_slow_reader_never_waits_and_saves_nothing_up() -> None:
    watch = Watch()
    pace = Pace(60, sleep=watch.sleep, clock=lambda: watch.now)
    for _ in range(3):
        pace.wait()
        watch.now += 10.0
    assert watch.slept == []
    pace.wait()
    pace.wait()
    assert watch.slept == [1.0]


def test_without_a_limit_nothing_waits() -> None:
    watch = Watch()
    pace = Pace(None, sleep=watch.sleep, clock=lambda: watch.now)
    for _ in range(100):
        pace.wait()
    assert watch.slept == []
