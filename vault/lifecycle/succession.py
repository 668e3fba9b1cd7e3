"""Which embedder a home uses, and the acts that change it."""

from collections.abc import Callable

from models.base import Embedder, space_of
from vault.domain.errors import InvalidRequestError, NotFoundError, RevisionConflictError
from vault.index.followers import Followers
from vault.ledger.journal import Journal
from vault.lifecycle.reembedding import Progress, Reembedding
from vault.store.session import Store, UnitOfWork
from vault.store.vectors import VectorsMissingError

ABOUT = "embedder"
"""Name under which the ledger finds these events."""
_ATTEMPTS = 10

Told = Callable[[Progress], None]


def _silent(_: Progress) -> None:
    """Tell nobody."""


class Succession:
    """Lets one embedder's vectors take the place of another's, in one transaction.

    Until then searches answer from the old ones, and afterwards from the new ones; the index
    of either model holds its own vectors only.

    Args:
        store: the database.
        journal: the ledger.
        followers: the home's indexes.
    """

    def __init__(self, store: Store, *, journal: Journal, followers: Followers) -> None:
        self._store = store
        self._journal = journal
        self._followers = followers

    def prepare(self, embedder: Embedder, *, told: Told = _silent) -> Progress:
        """Make every vector that is missing of the embedder's model, and write its index.

        It may be killed and run again at any time; what is in use is not touched.

        Raises:
            ModelUnavailableError: the embedder failed.
        """
        follower = self._followers.of(embedder)
        return self._caught_up(embedder, told, follower.rebuild)

    def go_over(self, embedder: Embedder, *, told: Told = _silent) -> None:
        """Let searches and new documents use the embedder from now on; calling twice is fine.

        What came in since it was prepared is embedded first.

        Raises:
            RevisionConflictError: documents come in faster than they can be embedded.
            ModelUnavailableError: the embedder failed.
        """
        follower = self._followers.of(embedder)

        def change() -> None:
            # Whoever asks first after the change should not wait for the index.
            with self._store.read() as unit:
                follower.current(unit)
            self.switch(space_of(embedder.fingerprint))

        self._caught_up(embedder, told, change)
        follower.save()

    def _caught_up(self, embedder: Embedder, told: Told, then: Callable[[], object]) -> Progress:
        """Embed what is missing and do ``then``, again if something came in between."""
        for _ in range(_ATTEMPTS):
            progress = self._catch_up(embedder, told)
            try:
                then()
            except (VectorsMissingError, RevisionConflictError):
                continue
            return progress
        raise RevisionConflictError(
            "documents come in faster than they can be embedded; try again when it is quieter"
        )

    def _catch_up(self, embedder: Embedder, told: Told) -> Progress:
        work = Reembedding(self._store, embedder=embedder)
        progress = work.progress()
        told(progress)
        for progress in work.run():
            told(progress)
        return progress

    def in_use(self) -> str | None:
        """Return the space that searches use, None while the home holds no vector."""
        with self._store.read() as unit:
            return unit.vectors.in_use()

    def before(self) -> str:
        """Return the space that was in use before the last change.

        Raises:
            NotFoundError: there was none, or its vectors were forgotten.
        """
        with self._store.read() as unit:
            space = unit.vectors.before()
        if space is None:
            raise NotFoundError("no other embedder was in use before this one")
        return space

    def switch(self, space: str) -> None:
        """Let searches and new documents use ``space`` from this moment on.

        Raises:
            RevisionConflictError: some live document has no vectors of it; nothing changed.
        """
        with self._store.write() as unit:
            old = unit.vectors.in_use()
            if old == space:
                return
            done, total = unit.vectors.covered(space)
            if done < total:
                raise RevisionConflictError(
                    f"{total - done} of {total} chunks have no vectors of that model; "
                    "make them with: strongroom model reembed"
                )
            unit.vectors.use(space)
            self._note(unit, "embedder.switched", {"from": old or "", "to": space, "chunks": total})

    def forget(self, space: str) -> int:
        """Delete every vector and index of a space not in use; return of how many revisions.

        Raises:
            InvalidRequestError: it is in use.
        """
        with self._store.write() as unit:
            used = unit.vectors.in_use()
            if used == space:
                raise InvalidRequestError(
                    "that model is in use; go over to another one first: strongroom model switch"
                )
            gone = unit.vectors.forget(space)
            if gone:
                self._note(unit, "embedder.forgotten", {"space": space, "revisions": gone})
        if used is not None:
            self._followers.leave_only(used)
        return gone

    def _note(self, unit: UnitOfWork, event: str, facts: dict[str, object]) -> None:
        self._journal.note(unit, event, subject=None, about=ABOUT, facts=facts)
