"""What earlier bundles listed comes back from the cursor as it was."""

import json

import pytest

from connectors.bundle_memory import BundleMemory
from connectors.errors import SourceUnavailableError
from connectors.facts import Cursor


def test_a_memory_comes_back_from_its_cursor() -> None:
    memory = BundleMemory(7, "ab", {"bundle://s/a": ("v1", "r1")})
    assert BundleMemory.of(memory.cursor()) == memory
    assert BundleMemory.of(BundleMemory(7, "ab", None).cursor()).known is None
    assert BundleMemory.of(None).known == {}


@pytest.mark.parametrize(
    "value",
    [
        "7",
        "{",
        "[]",
        json.dumps({"sequence": 1}),
        json.dumps({"sequence": "x", "digest": ""}),
        json.dumps({"sequence": 1, "digest": "", "known": "!"}),
        json.dumps({"sequence": 1, "digest": "", "known": "AAAA"}),
    ],
)
def test_a_cursor_of_another_kind_is_refused(value: str) -> None:
    with pytest.raises(SourceUnavailableError, match="cursor"):
        BundleMemory.of(Cursor(value))


def test_a_bundle_is_the_last_one_or_a_later_one() -> None:
    memory = BundleMemory(7, "ab")
    memory.demand_later(sequence=7, digest="ab")
    memory.demand_later(sequence=8, digest="cd")
    for sequence, digest in ((6, "ab"), (7, "cd")):
        with pytest.raises(SourceUnavailableError):
            memory.demand_later(sequence=sequence, digest=digest)
