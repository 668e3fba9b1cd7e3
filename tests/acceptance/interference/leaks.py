"""Faults that let one reader's replies tell of what that reader may not know.

Each replaces one collaborator of a vault, or wraps its application, for one pair of vaults.
They are the faults that systems of this kind are known for; the machine must find each of them.
"""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from tests.acceptance.interference.faults import App, CountingHeader, Fault, twin
from tests.acceptance.interference.vaults import SteadyVault
from vault.bootstrap import Vault
from vault.domain.decisions import VisibleSet
from vault.domain.errors import AccessDeniedError, NotFoundError
from vault.domain.identity import Subject
from vault.ingest.keeper import Keeper
from vault.ingest.places import Places
from vault.ledger.runbook import OpenRun, RunBook
from vault.lifecycle.shelf import Shelf
from vault.retrieve.permissions import Permissions
from vault.retrieve.search import Found, Retriever
from vault.retrieve.service import SearchService
from vault.store.session import Store, UnitOfWork


class SharedSearches(SearchService):
    """Remembers what was found under the question alone."""

    known: ClassVar[dict[tuple[int, str], Any]] = {}

    def search(self, question: str, subject: Subject, **options: Any) -> Any:
        place = (id(self), question)
        if place not in self.known:
            self.known[place] = super().search(question, subject, **options)
        return self.known[place]


@dataclass
class OneScope:
    """A generator that takes every caller for the same one."""

    inner: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def generate(self, prompt: Any, *, prefix_scope: str, **options: Any) -> Any:
        return self.inner.generate(prompt, prefix_scope="all", **options)


class SharedWindow(Fault):
    """Lets the generator go on from whatever anybody asked before."""

    def spoil(self, vault: SteadyVault) -> None:
        vault.__dict__["_generator"] = OneScope(vault.generator)


@dataclass
class OneMemory:
    """Vectors of sentences that are remembered for everybody at once."""

    inner: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def within(self, scope: str) -> Any:
        return self.inner.within("all")


class SharedSentences(Fault):
    """Embeds a sentence once for all who cite it."""

    def spoil(self, vault: SteadyVault) -> None:
        answerer = vault._made_answerer
        answerer._vectors = OneMemory(answerer._vectors)


class EagerRetriever(Retriever):
    """Reads what the owner of all may read as well, and throws it away."""

    overseer: Subject

    def find(self, question: str, subject: Subject, **options: Any) -> Found:
        super().find(question, self.overseer, **options)
        return super().find(question, subject, **options)


class CurrentOnlyRetriever(Retriever):
    """Leaves out every text that has been replaced, whoever may read what replaced it."""

    def find(self, question: str, subject: Subject, **options: Any) -> Found:
        found = super().find(question, subject, **options)
        with self._store.read() as unit:
            kept = unit.documents.many({one.document_id for one in found.retrieval.passages})
        passages = tuple(
            one
            for one in found.retrieval.passages
            if kept[one.document_id].document.superseded_by is None
        )
        return replace(found, retrieval=replace(found.retrieval, passages=passages))


@dataclass
class LeakyRetriever(Fault):
    """Puts a leaky retriever under searches and answers."""

    kind: type[Retriever]

    def spoil(self, vault: SteadyVault) -> None:
        made = twin(vault.retriever, self.kind)
        made.overseer = vault.authenticator.subject("olga")
        vault.__dict__["retriever"] = made


class SharedSearchFault(Fault):
    """Puts a cache of searches before the service."""

    def spoil(self, vault: SteadyVault) -> None:
        vault.__dict__["searches"] = twin(vault.searches, SharedSearches)


class RefusingShelf(Shelf):
    """Says of a hidden document that it is not for the reader."""

    def show(self, document_id: str, subject: Subject) -> Any:
        try:
            return super().show(document_id, subject)
        except NotFoundError:
            self.refuse(document_id)
            raise

    def refuse(self, document_id: str) -> None:
        with self._store.read() as unit:
            if unit.documents.get(document_id) is not None:
                raise AccessDeniedError("this document is not for you")


class NamingShelf(RefusingShelf):
    """Names what it does not show."""

    def refuse(self, document_id: str) -> None:
        with self._store.read() as unit:
            kept = unit.documents.get(document_id)
        if kept is not None:
            raise NotFoundError(f"there is no {kept.document.title!r} for you")


class FrankShelf(Shelf):
    """Shows that a document was replaced, whoever may read what replaced it."""

    def show(self, document_id: str, subject: Subject) -> Any:
        super().show(document_id, subject)
        with self._store.read() as unit:
            return unit.documents.get(document_id)


@dataclass
class LeakyShelf(Fault):
    """Puts a leaky shelf under the documents."""

    kind: type[Shelf]

    def spoil(self, vault: SteadyVault) -> None:
        vault.__dict__["shelf"] = twin(vault.shelf, self.kind)


class GlobalRunBook(RunBook):
    """Tells a run its place among everybody's."""

    def begin(self, *passed: Any, **options: Any) -> OpenRun:
        run = super().begin(*passed, **options)
        with self._store.read() as unit:
            return replace(run, number=unit.ledger.size())


class GlobalLedger(Fault):
    """Puts the global run book under searches and answers."""

    def spoil(self, vault: SteadyVault) -> None:
        vault.__dict__["runs"] = twin(vault.runs, GlobalRunBook)


class NamedPermissions(Permissions):
    """Keeps rights under the name of whoever acts."""

    def visible(self, unit: UnitOfWork, subject: Subject) -> VisibleSet:
        known = self.__dict__.setdefault("by_name", {})
        place = (subject.actor.id, unit.epoch())
        if place not in known:
            known[place] = super().visible(unit, subject)
        return known[place]


class RightsByName(Fault):
    """Puts the cache by name under everything that asks for rights."""

    def spoil(self, vault: SteadyVault) -> None:
        vault.__dict__["permissions"] = twin(vault.permissions, NamedPermissions)


class CountingPlaces(Places):
    """Numbers documents as they come."""

    numbers: ClassVar[dict[tuple[int, str, str], str]] = {}
    store: Store

    def id_of(self, source_id: str, item_id: str) -> str:
        place = (id(self.store), source_id, item_id)
        if place not in self.numbers:
            with self.store.read() as unit:
                count = sum(unit.documents.count().values())
            self.numbers[place] = f"00000000-0000-8000-8000-{count + 1:012d}"
        return self.numbers[place]


class NumberedDocuments(Fault):
    """Gives new documents numbers for ids."""

    def spoil(self, vault: SteadyVault) -> None:
        made = vault.keeper

        def counting(subject: Subject | None = None) -> Keeper:
            keeper = made(subject)
            places = twin(keeper._places, CountingPlaces)
            places.store = vault.store
            keeper._places = places
            return keeper

        vault.__dict__["keeper"] = counting


def documents_in_all(vault: Vault) -> int:
    with vault.store.read() as unit:
        return sum(unit.documents.count().values())


def facets(vault: Vault) -> dict[str, int]:
    """Return how many labels each collection has, whoever may read them."""
    with vault.store.read() as unit:
        named = sorted(label.collection for label in unit.labels.all().values())
    return {name: named.count(name) for name in named}


@dataclass
class NumberedRequests(Fault):
    """Gives requests ids that count up, whoever sends them."""

    sent: int = 0

    def wrapped(self, app: App, vault: Vault) -> App:
        counter = CountingHeader("", b"x-request-number", lambda _: next(numbers))
        numbers = iter(range(1, 10**9))
        return counter.wrapped(app, vault)
