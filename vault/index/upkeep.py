"""When a label's cells are trained anew or its tail is folded into them."""

from dataclasses import dataclass, replace
from typing import NamedTuple

LARGEST_TAIL = 1024
"""Most rows of one label that are searched outside its cells."""
_TAIL_SHARE = 32
_LEAST_DEAD = 32
_DEAD_SHARE = 4
_GROWTH_SHARE = 2


class Upkeep(NamedTuple):
    """What counting one batch row by row came to.

    Attributes:
        counters: after the batch.
        trained_after: rows of the batch taken when training last came due; -1 if it did not.
        folded_after: the same for folding; training folds as well.
    """

    counters: "Counters"
    trained_after: int
    folded_after: int


@dataclass(frozen=True, slots=True)
class Counters:
    """How far a label has moved from its last training and its last fold.

    The counts come from the label's own rows one at a time, so the outcome is the same
    however a caller batches them, and whatever happens to other labels.

    Attributes:
        trained: live rows when the cells were last trained.
        added: rows added since then.
        folded: live rows at the last fold.
        tail: rows added since the last fold.
        died: rows removed since the last fold.
        live: rows now.
    """

    trained: int = 0
    added: int = 0
    folded: int = 0
    tail: int = 0
    died: int = 0
    live: int = 0

    def after_adding(self, rows: int) -> Upkeep:
        """Count ``rows`` additions."""
        now, trained, folded, taken = self, -1, -1, 0
        while taken < rows:
            until_training = max(1, now.trained // _GROWTH_SHARE) - now.added
            until_fold = max(1, min(now.folded // _TAIL_SHARE, LARGEST_TAIL)) - now.tail
            step = max(1, min(until_training, until_fold, rows - taken))
            taken += step
            now = replace(now, added=now.added + step, tail=now.tail + step, live=now.live + step)
            if step >= until_training:
                now, trained = now._trained(), taken
            elif step >= until_fold:
                now, folded = now._folded(), taken
        return Upkeep(now, trained, folded)

    def after_removing(self, rows: int) -> Upkeep:
        """Count ``rows`` removals; there are at least as many live rows."""
        now, trained, folded = self, -1, -1
        for taken in range(1, rows + 1):
            now = replace(now, died=now.died + 1, live=now.live - 1)
            if now.live < now.trained // _GROWTH_SHARE:
                now, trained = now._trained(), taken
            elif now.died >= max(_LEAST_DEAD, now.folded // _DEAD_SHARE):
                now, folded = now._folded(), taken
        return Upkeep(now, trained, folded)

    def _trained(self) -> "Counters":
        return Counters(trained=self.live, folded=self.live, live=self.live)

    def _folded(self) -> "Counters":
        return replace(self, folded=self.live, tail=0, died=0)
