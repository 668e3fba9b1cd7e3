"""The one place where a VisibleSet is made."""

import hashlib
from collections import OrderedDict
from threading import Lock

from vault.domain.decisions import VisibleSet
from vault.domain.identity import Subject
from vault.policy.engine import PolicyEngine
from vault.retrieve.withholding import Withholding
from vault.store.session import UnitOfWork

CACHED_SETS = 1024


class Permissions:
    """Asks the policy which AccessLabels a subject may read.

    What it remembers is kept under the subject's rights themselves, the policy's digest,
    the rights epoch and what is withheld, never under a name alone, so a change of rights is
    seen at once.

    Args:
        policy: decides.
        withholding: tells which rights are too old to count; None takes none for that.
    """

    def __init__(self, policy: PolicyEngine, *, withholding: Withholding | None = None) -> None:
        self.policy = policy
        self._withholding = withholding
        self._known: OrderedDict[tuple[Subject, str, int, frozenset[int]], VisibleSet] = (
            OrderedDict()
        )
        self._lock = Lock()

    def visible(self, unit: UnitOfWork, subject: Subject) -> VisibleSet:
        """Return what ``subject`` may read in this transaction's view of the rights.

        An agent that acts for a person sees what both may read.
        """
        epoch = unit.epoch()
        withheld = frozenset() if self._withholding is None else self._withholding.labels(unit)
        place = (subject, self.policy.digest, epoch, withheld)
        with self._lock:
            known = self._known.get(place)
        if known is not None:
            return known
        labels, openings = unit.labels.all(), unit.labels.openings()
        readable = frozenset.intersection(
            *(self.policy.readable(principal, labels, openings) for principal in subject.principals)
        )
        readable -= withheld
        if subject.collections is not None:
            readable &= {
                found for found in readable if labels[found].collection in subject.collections
            }
        made = VisibleSet(readable, self.policy.digest, epoch, self._key(readable, epoch))
        with self._lock:
            self._known[place] = made
            while len(self._known) > CACHED_SETS:
                self._known.popitem(last=False)
        return made

    def _key(self, readable: frozenset[int], epoch: int) -> str:
        listed = ",".join(map(str, sorted(readable)))
        return hashlib.sha256(f"{self.policy.digest}|{epoch}|{listed}".encode()).hexdigest()
