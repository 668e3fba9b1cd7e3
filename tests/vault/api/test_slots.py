"""Answers under way are bounded, in all and for each principal."""

import pytest

from vault.api.slots import AnswerSlots
from vault.domain.errors import LimitExceededError


def test_one_principal_never_takes_every_slot() -> None:
    slots = AnswerSlots(4)
    with slots.hold("ana"), slots.hold("ana"):
        with pytest.raises(LimitExceededError):
            slots.hold("ana").__enter__()
        with slots.hold("bo"), slots.hold("bo"), pytest.raises(LimitExceededError):
            slots.hold("cleo").__enter__()


def test_a_slot_is_free_again_whatever_ended_it() -> None:
    slots = AnswerSlots(1)
    for _ in range(3):
        with pytest.raises(ValueError, match="broke"), slots.hold("ana"):
            raise ValueError("broke")
    with slots.hold("ana"):
        pass
