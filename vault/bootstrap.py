"""The composition root: builds every service of one home, once, and only when it is needed."""

import logging
import shutil
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Self

from connectors.base import Connector
from connectors.registry import build as build_connector
from models.base import Embedder, Generator
from models.cores import physical_cores
from models.errors import ModelError
from models.registry import load_embedder, load_generator
from vault.answer.answerer import Answerer
from vault.answer.gate import Gate
from vault.answer.policy import AnswerPolicy
from vault.answer.qualification import Qualification
from vault.answer.selftest import SelfTest
from vault.answer.service import AnswerService
from vault.authenticate import Authenticator
from vault.domain.errors import HomeUnavailableError, ModelUnavailableError, VaultError
from vault.domain.identity import Subject
from vault.index.follower import IndexFollower
from vault.ingest.arrivals import Reception
from vault.ingest.keeper import Keeper
from vault.ingest.parse.limits import MEBIBYTE, ParseLimits
from vault.ingest.parse.sandbox import Parser
from vault.ingest.pipeline import Pipeline
from vault.ingest.sources import Sources
from vault.ingest.sync import SourceSync
from vault.ledger.journal import Journal
from vault.ledger.log import Ledger
from vault.ledger.runbook import RunBook
from vault.ledger.signing import Signer
from vault.lifecycle.directory import Directory
from vault.lifecycle.shelf import Shelf
from vault.lifecycle.staff import Staff
from vault.policy.engine import DEFAULT_FOLDER, PolicyEngine
from vault.retrieve.permissions import Permissions
from vault.retrieve.search import Retriever
from vault.retrieve.service import SearchService
from vault.settings import FILE_NAME, Settings, cores, load
from vault.store import versions
from vault.store.database import Database
from vault.store.home import Home, HomeKeys, create_keys, open_keys, read_passphrase, write_private
from vault.store.keys import KeyRing
from vault.store.session import Store

LOG = logging.getLogger(__name__)
ORIGIN = "ledger_origin"


def utc_now() -> datetime:
    """Return the time now, in UTC."""
    return datetime.now(UTC)


class Vault:
    """One open home and its services; models are loaded when first needed.

    Args:
        home: the folder.
        settings: the home's settings.
        keys: its opened keys.
        now: the clock.
    """

    def __init__(
        self,
        home: Home,
        settings: Settings,
        keys: HomeKeys,
        *,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.home = home
        self.settings = settings
        self.now = now
        self._keys = keys
        self._models = RLock()
        self._database = Database(
            home.database, key=keys.database, busy_seconds=settings.busy_seconds
        )
        self._key_database = Database(
            home.key_database, key=keys.key_database, busy_seconds=settings.busy_seconds
        )
        self.key_ring = KeyRing(self._key_database, master=keys.master)
        self.store = Store(self._database, keys=self.key_ring)

    @classmethod
    def open(cls, folder: Path, settings: Settings, *, upgrade: bool = False) -> Self:
        """Open the vault of a home, first bringing its database up if ``upgrade`` is said.

        Raises:
            HomeUnavailableError: there is none, it is of another version, or it has no policy.
            UnauthenticatedError: its passphrase is missing or wrong.
        """
        home = Home(folder)
        keys = open_keys(home, passphrase=read_passphrase(settings.passphrase_file))
        vault = cls(home, settings, keys)
        with ExitStack() as stack:
            stack.callback(vault.close)
            if upgrade:
                versions.upgrade(vault._database)
            versions.check(vault._database)
            vault.policy.digest  # noqa: B018 - without a valid policy nothing may be served
            stack.pop_all()
        return vault

    @classmethod
    def create(cls, folder: Path, *, models_dir: Path | None = None) -> Self:
        """Make a home with its keys, policy, settings and database, and open it.

        Raises:
            HomeUnavailableError: there is a vault here already, or the disk refuses.
        """
        home = Home(folder)
        try:
            settings = load(folder)
            passphrase = read_passphrase(settings.passphrase_file)
            keys = create_keys(home, passphrase=passphrase)
            if models_dir is not None:
                line = f'models_dir = "{models_dir.absolute()}"\n'
                write_private(folder / FILE_NAME, line.encode())
                settings = load(folder)
            for file in DEFAULT_FOLDER.glob("*.cedar*"):
                shutil.copy(file, home.policy / file.name)
        except OSError as error:
            raise HomeUnavailableError("the home cannot be written") from error
        vault = cls(home, settings, keys)
        try:
            vault._first_rows()
        except VaultError:
            # Half a home would be neither usable nor makeable again.
            vault.close()
            home.unmake()
            raise
        return vault

    def _first_rows(self) -> None:
        self.key_ring.create_store()
        versions.upgrade(self._database)
        with self.store.write() as unit:
            unit.set_fact(ORIGIN, f"strongroom.local/{self._keys.identifiers.hex()[:16]}")
            unit.raise_epoch()
        with self.store.write() as unit:
            self.journal.note(unit, "home.created", subject=None, about="home", facts={})
            self.ledger.checkpoint(unit.ledger)
        write_private(self.home.verifier_key, (self.signer.key.vkey + "\n").encode())

    def __enter__(self) -> Self:
        """Return the open vault."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """End child processes and close the databases."""
        if "parser" in self.__dict__:
            self.parser.close()
        self._database.close()
        self._key_database.close()

    @cached_property
    def policy(self) -> PolicyEngine:
        """The home's policy."""
        return PolicyEngine.from_folder(self.home.policy)

    @cached_property
    def signer(self) -> Signer:
        """Signs checkpoints and statements."""
        with self.store.read() as unit:
            origin = unit.fact(ORIGIN)
        if origin is None:
            raise HomeUnavailableError("the home is incomplete; it has no ledger")
        return Signer.from_seed(self._keys.ledger_seed, name=origin)

    @cached_property
    def ledger(self) -> Ledger:
        """The append-only log."""
        return Ledger(origin=self.signer.key.name, signer=self.signer)

    @cached_property
    def journal(self) -> Journal:
        """Writes events into the ledger."""
        return Journal(self.ledger, now=self.now)

    @cached_property
    def runs(self) -> RunBook:
        """Records and proves runs."""
        return RunBook(self.store, journal=self.journal, signer=self.signer, now=self.now)

    @cached_property
    def authenticator(self) -> Authenticator:
        """Turns tokens into subjects."""
        return Authenticator(self.store, now=self.now)

    @cached_property
    def directory(self) -> Directory:
        """Changes principals and groups."""
        return Directory(self.store, journal=self.journal, now=self.now)

    @cached_property
    def permissions(self) -> Permissions:
        """Makes VisibleSets."""
        return Permissions(self.policy)

    @property
    def models_dir(self) -> Path:
        """Where model folders are."""
        return self.settings.models_dir or self.home.models

    @property
    def embedder(self) -> Embedder:
        """The embedder, loaded on first use.

        Raises:
            ModelUnavailableError: it is missing or was altered.
        """
        with self._models:
            return self._embedder

    @cached_property
    def _embedder(self) -> Embedder:
        folder = self.models_dir / self.settings.embedder
        try:
            return load_embedder(folder, threads=cores(self.settings))
        except ModelError as error:
            raise ModelUnavailableError(str(error)) from error

    @property
    def generator(self) -> Generator | None:
        """The generator, loaded on first use; None when it is not set or cannot be loaded.

        Answers do without it and say so, because they rest on quotes.
        """
        with self._models:
            return self._generator

    @cached_property
    def _generator(self) -> Generator | None:
        if not self.settings.generator:
            return None
        folder = self.models_dir / self.settings.generator
        threads = min(cores(self.settings), physical_cores())
        try:
            return load_generator(
                folder, threads=threads, queue_limit=self.settings.generator_queue
            )
        except ModelError as error:
            LOG.warning("generator_unavailable", extra={"reason": type(error).__name__})
            return None

    @property
    def follower(self) -> IndexFollower:
        """This process's index."""
        with self._models:
            return self._follower

    @cached_property
    def _follower(self) -> IndexFollower:
        return IndexFollower(
            self.store,
            folder=self.home.index,
            key=self._keys.index,
            dimension=self.embedder.dimension,
            fingerprint=self.embedder.fingerprint,
        )

    @cached_property
    def retriever(self) -> Retriever:
        """Finds passages."""
        return Retriever(
            self.store,
            follower=lambda: self.follower,
            embedder=lambda: self.embedder,
            permissions=self.permissions,
            now=self.now,
            max_question=self.settings.max_question_characters,
        )

    @cached_property
    def searches(self) -> SearchService:
        """Search with its record."""
        return SearchService(
            self.retriever,
            runs=self.runs,
            embedder=lambda: self.embedder,
            max_hits=self.settings.max_hits,
        )

    @cached_property
    def answers(self) -> AnswerService:
        """Answers with their record."""
        return AnswerService(
            self.retriever,
            answerer=self._answerer,
            shelf=self.shelf,
            runs=self.runs,
            embedder=lambda: self.embedder,
            passages=self.settings.answer_passages,
        )

    @cached_property
    def qualification(self) -> Qualification:
        """Finds out what the generator may do."""
        return Qualification(self.store, clock=time.monotonic)

    def qualify(self) -> SelfTest | None:
        """Test the generator if it was never tested here; None when there is none.

        A model that passes may write sentences from the next answer on.
        """
        generator = self.generator
        if generator is None:
            return None
        result = self.qualification.examine(generator, self.embedder)
        with self._models:
            self.__dict__.pop("_made_answerer", None)
        return result

    def _answerer(self) -> Answerer:
        with self._models:
            return self._made_answerer

    @cached_property
    def _made_answerer(self) -> Answerer:
        generator = self.generator
        result = None if generator is None else self.qualification.known(generator)
        policy = AnswerPolicy(
            synthesis=result is not None and result.passed,
            watts=self.settings.assumed_watts_per_core,
        )
        return Answerer(self.embedder, generator, Gate.load(), policy=policy)

    @cached_property
    def shelf(self) -> Shelf:
        """Shows documents and ends their lives."""
        return Shelf(
            self.store,
            journal=self.journal,
            permissions=self.permissions,
            policy=self.policy,
            now=self.now,
        )

    @cached_property
    def parser(self) -> Parser:
        """Parses files in a child without a network, to which this home does not exist."""
        chosen = self.settings
        limits = ParseLimits(
            content_bytes=chosen.max_document_bytes,
            seconds=chosen.parse_timeout_seconds,
            memory_bytes=chosen.parse_memory_mib * MEBIBYTE,
        )
        return Parser(limits=limits, workers=chosen.parse_workers, hidden=[self.home.folder])

    def reception(self, subject: Subject | None = None) -> Reception:
        """Return what takes items in on behalf of a subject; None is the operator."""
        keeper = self.keeper(subject)
        pipeline = Pipeline(
            self.store,
            parser=self.parser,
            embedder=lambda: self.embedder,
            keeper=keeper,
            now=self.now,
        )
        return Reception(self.store, pipeline=pipeline, keeper=keeper)

    def sync(self, subject: Subject | None = None) -> SourceSync:
        """Return what follows a source on behalf of a subject."""
        return SourceSync(
            self.store,
            reception=self.reception(subject),
            keeper=self.keeper(subject),
            now=self.now,
        )

    def connect(self, kind: str, source_id: str, settings: Mapping[str, str]) -> Connector:
        """Return a connector for one source."""
        return build_connector(kind, source_id=source_id, settings=settings)

    @cached_property
    def sources(self) -> Sources:
        """Adds and follows sources."""
        return Sources(
            self.store,
            journal=self.journal,
            connect=self.connect,
            sync=self.sync,
            now=self.now,
        )

    def refresh_index(self) -> None:
        """Bring the index on disk up to the database, if the embedder was needed or is there."""
        self.follower.save()

    @cached_property
    def staff(self) -> Staff:
        """Enters an organisation's people and groups."""
        return Staff(self.store, journal=self.journal, now=self.now)

    def keeper(self, subject: Subject | None = None) -> Keeper:
        """Return what writes documents on behalf of a subject."""
        return Keeper(
            self.store,
            journal=self.journal,
            now=self.now,
            identifiers=self._keys.identifiers,
            subject=subject,
        )
