"""A cursor is good once everything before it is settled, in whatever order that happens."""

from vault.ingest.cursors import CursorTrail


def test_a_cursor_waits_for_all_that_came_before_it() -> None:
    trail = CursorTrail()
    for name in "abc":
        trail.offer(name)
        trail.reach(f"after {name}")
    assert trail.good() is None
    trail.settle("b")
    assert trail.good() is None
    trail.settle("a")
    assert trail.good() == "after b"
    assert trail.good() is None
    trail.settle("c")
    assert trail.good() == "after c"


def test_a_cursor_before_anything_is_good_at_once() -> None:
    trail = CursorTrail()
    trail.reach("start")
    assert trail.good() == "start"


def test_names_may_come_twice_and_strangers_make_no_difference() -> None:
    trail = CursorTrail()
    trail.offer("a")
    trail.offer("a")
    trail.reach("end")
    trail.settle("attachment of a")
    trail.settle("a")
    assert trail.good() is None
    trail.settle("a")
    trail.settle("a")
    assert trail.good() == "end"
