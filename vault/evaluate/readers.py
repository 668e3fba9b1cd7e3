"""Real readers of a workload's labels: their VisibleSets come from the policy, as in use."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vault.domain.decisions import VisibleSet
from vault.domain.identity import Principal, PrincipalKind, Subject
from vault.domain.labels import AccessLabel, Classification, Label
from vault.evaluate.scratch import scratch_store
from vault.evaluate.workload import VisibleShare, Workload
from vault.policy.engine import DEFAULT_FOLDER, PolicyEngine
from vault.retrieve.permissions import Permissions
from vault.store.session import UnitOfWork

_LEVEL = Label(Classification.INTERNAL)


class Readers:
    """One principal per visible share, who may read exactly its labels.

    Args:
        workload: whose labels are interned in a database made for the purpose.
        folder: an empty folder for that database.

    Attributes:
        label_ids: (n,) int64, the interned AccessLabel of each row.
    """

    def __init__(self, workload: Workload, folder: Path) -> None:
        with scratch_store(folder) as store:
            with store.write() as unit:
                ids = _interned(unit, workload)
            permissions = Permissions(PolicyEngine.from_folder(DEFAULT_FOLDER))
            with store.read() as unit:
                self._sets: Mapping[float, VisibleSet] = {
                    visible.share: permissions.visible(unit, _subject(unit, visible))
                    for visible in workload.visible
                }
        self.label_ids: NDArray[np.int64] = ids[workload.labels]

    def visible_set(self, visible: VisibleShare) -> VisibleSet:
        """Return what the policy lets the reader of this share see."""
        return self._sets[visible.share]


def _interned(unit: UnitOfWork, workload: Workload) -> NDArray[np.int64]:
    """Return the interned id of each label number, with a group of readers for each share."""
    now = datetime.now(UTC)
    readers: list[set[str]] = [set() for _ in range(int(workload.labels.max()) + 1)]
    for visible in workload.visible:
        name = _name(visible)
        unit.principals.add(Principal(name, PrincipalKind.PERSON, _LEVEL), name="", now=now)
        unit.principals.add_group(name, now=now)
        unit.principals.add_member(name, f"user:{name}")
        for number in visible.labels:
            readers[number].add(f"group:{name}")
    labels = [
        AccessLabel(f"collection-{number}", _LEVEL, frozenset(found))
        for number, found in enumerate(readers)
    ]
    ids = [unit.labels.intern(label, now=now)[0] for label in labels]
    unit.raise_epoch()
    return np.array(ids, np.int64)


def _subject(unit: UnitOfWork, visible: VisibleShare) -> Subject:
    principal = unit.principals.get(_name(visible))
    if principal is None:
        raise LookupError("a reader that was just added is missing")
    return Subject(principal)


def _name(visible: VisibleShare) -> str:
    return f"reader-{visible.share:g}"
