"""Whose rights hold in a run, read anew for every call."""

from collections import OrderedDict
from threading import Lock

from vault.domain.charters import Charter
from vault.domain.identity import Principal, PrincipalKind, Subject
from vault.orchestrate.write_path import LoadedRun
from vault.store.run_events import GovernedRun
from vault.store.session import UnitOfWork

REMEMBERED = 1024


class Subjects:
    """Finds the subject of a run; what it remembers ends with the rights epoch."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[object, ...], Subject | None] = OrderedDict()
        self._lock = Lock()

    def of(self, unit: UnitOfWork, loaded: LoadedRun) -> Subject | None:
        """Return who acts in a run and for whom, or None if one of them is gone.

        The rights are those of the agent, of the person and of every principal the task came
        through, all at once, and only in the collections of the charter.
        """
        run, charter = loaded.run, loaded.charter
        names = (run.actor, run.on_behalf_of, *run.through)
        place = (names, loaded.version.digest, unit.epoch())
        with self._lock:
            if place in self._known:
                return self._known[place]
        made = _subject(unit, run, charter)
        with self._lock:
            self._known[place] = made
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return made


def _subject(unit: UnitOfWork, run: GovernedRun, charter: Charter) -> Subject | None:
    known_as = unit.principals.kind(run.actor)
    person = None if run.on_behalf_of is None else unit.principals.get(run.on_behalf_of)
    through = [unit.principals.get(name) for name in run.through]
    known = [found for found in through if found is not None]
    if known_as is not PrincipalKind.AGENT or len(known) != len(through):
        return None
    if run.on_behalf_of is not None and person is None:
        return None
    # The version that runs says what its agent may read, whatever a later version says.
    groups = unit.principals.with_groups(charter.groups)
    actor = Principal(run.actor, PrincipalKind.AGENT, charter.label_ceiling, groups)
    return Subject(actor, person, tuple(known), charter.collections)
