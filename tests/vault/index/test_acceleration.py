"""Unions are made from use, within a budget, and go when nobody uses them."""

import numpy as np

from tests.vault.index.reference import visible
from tests.vault.index.test_unions import SEEN, World
from vault.index.acceleration import accelerate
from vault.index.unions import ROUNDS_UNUSED, SEARCHES_WORTH_A_UNION


def test_a_union_is_made_once_it_was_asked_for_often_enough() -> None:
    world = World()
    world.ask(SEEN, SEARCHES_WORTH_A_UNION - 1)
    assert accelerate(world.index) == 0
    world.ask(SEEN, 1)
    assert accelerate(world.index) == 1
    assert world.served(SEEN)
    assert accelerate(world.index) == 0


def test_a_set_read_whole_needs_no_union() -> None:
    world = World()
    world.index.remove(np.arange(0, 3_000, 4)[200:])
    world.ask(visible(0), 50)
    assert accelerate(world.index) == 0


def test_memory_is_bounded_and_a_share_of_nothing_makes_none() -> None:
    world = World()
    world.ask(SEEN)
    assert accelerate(world.index, share=0.0) == 0
    world.ask(SEEN)
    world.ask(visible(0, 1))
    assert accelerate(world.index, share=1.2) == 1
    world.ask(visible(0, 1))
    assert accelerate(world.index, share=1.5) == 1


def test_one_that_nobody_uses_goes() -> None:
    world = World()
    world.ask(SEEN)
    accelerate(world.index)
    for _ in range(ROUNDS_UNUSED):
        accelerate(world.index)
    assert world.served(SEEN)
    world.ask(SEEN, 1)
    accelerate(world.index)
    assert world.served(SEEN)
    for _ in range(ROUNDS_UNUSED):
        accelerate(world.index)
    assert not world.served(SEEN)
