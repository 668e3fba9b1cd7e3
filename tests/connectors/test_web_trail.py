"""Each page is asked for once, and one of several addresses stands for it."""

from connectors.web_memory import Remembered
from connectors.web_trail import Trail


def page(*links: str, own: str = "") -> Remembered:
    return Remembered("1", "", "", 1, links, own)


def rest(trail: Trail) -> list[tuple[str, int]]:
    found = []
    while (step := trail.next()) is not None:
        found.append(step)
    return found


def test_pages_come_by_their_distance_and_once() -> None:
    trail = Trail(("a", "a"), depth=2)
    assert trail.next() == ("a", 0)
    assert trail.take(("a", 0), "a", page("b", "c", "b", "a"))
    assert trail.next() == ("b", 1)
    assert trail.take(("b", 1), "b", page("d"))
    assert rest(trail) == [("c", 1), ("d", 2)]


def test_links_are_followed_to_the_depth_and_no_further() -> None:
    trail = Trail(("a",), depth=1)
    trail.take(("a", 0), "a", page("b"))
    trail.take(("b", 1), "b", page("c"))
    assert rest(trail) == [("a", 0), ("b", 1)]


def test_a_page_that_was_moved_to_another_that_is_met_is_none_of_its_own() -> None:
    trail = Trail(("a", "old"), depth=3)
    assert trail.take(("old", 0), "new", page())
    assert not trail.take(("a", 0), "new", page())


def test_a_page_that_gives_another_address_as_its_own_is_replaced_by_it() -> None:
    trail = Trail(("print",), depth=1)
    assert trail.next() == ("print", 0)
    assert not trail.take(("print", 0), "print", page(own="page"))
    assert trail.next() == ("page", 1)
    assert trail.take(("page", 1), "page", page(own=""))


def test_pages_that_name_one_another_leave_one() -> None:
    trail = Trail(("a",), depth=5)
    taken = [
        trail.take((url, 0), url, page(own=own))
        for url, own in (("a", "b"), ("b", "c"), ("c", "a"))
    ]
    assert taken == [False, False, True]
