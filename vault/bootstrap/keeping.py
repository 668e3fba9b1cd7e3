"""The services that change what a home holds: sources, documents, people."""

from collections.abc import Mapping
from functools import cached_property

from connectors.base import Connector
from connectors.registry import build as build_connector
from vault.bootstrap.models import Models
from vault.domain.identity import Subject
from vault.domain.labels import Classification, Label
from vault.ingest.arrivals import Reception
from vault.ingest.identities import IdentityDesk
from vault.ingest.keeper import Keeper
from vault.ingest.parse.limits import MEBIBYTE, ParseLimits
from vault.ingest.parse.sandbox import Parser
from vault.ingest.pipeline import Pipeline
from vault.ingest.rights import RightsDesk
from vault.ingest.screen.levels import load_levels
from vault.ingest.sources import Sources
from vault.ingest.survey import Surveyor
from vault.ingest.sync import SourceSync
from vault.ingest.turns import Turns
from vault.lifecycle.directory import Directory
from vault.lifecycle.group_provisioning import GroupProvisioning
from vault.lifecycle.provisioning import Provisioning
from vault.lifecycle.staff import Staff


class Keeping(Models):
    """A home that takes documents in."""

    def close(self) -> None:
        """End child processes and close the databases."""
        if "parser" in self.__dict__:
            self.parser.close()
        super().close()

    @cached_property
    def directory(self) -> Directory:
        """Changes principals and groups."""
        return Directory(self.store, journal=self.journal, now=self.now)

    @cached_property
    def provisioning(self) -> Provisioning:
        """Lets a directory outside change persons."""
        cleared = Label(Classification.of(self.settings.provisioned_clearance))
        return Provisioning(self.store, journal=self.journal, clearance=cleared, now=self.now)

    @cached_property
    def group_provisioning(self) -> GroupProvisioning:
        """Lets a directory outside change groups."""
        return GroupProvisioning(self.store, journal=self.journal, now=self.now)

    @cached_property
    def staff(self) -> Staff:
        """Enters an organisation's people and groups."""
        return Staff(self.store, journal=self.journal, now=self.now)

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
            levels=load_levels(self.home.folder),
        )
        return Reception(self.store, pipeline=pipeline, keeper=keeper)

    def sync(self, subject: Subject | None = None) -> SourceSync:
        """Return what follows a source on behalf of a subject."""
        keeper = self.keeper(subject)
        rights = RightsDesk(self.store, journal=self.journal, now=self.now)
        return SourceSync(
            self.store,
            reception=self.reception(subject),
            keeper=keeper,
            surveyor=Surveyor(self.store, rights=rights, keeper=keeper, now=self.now),
            now=self.now,
        )

    @cached_property
    def identities(self) -> IdentityDesk:
        """Follows people and groups of sources."""
        return IdentityDesk(self.store, journal=self.journal, now=self.now)

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
            identities=lambda: self.identities,
            turns=Turns(self.home.folder / "following"),
            now=self.now,
        )

    def keeper(self, subject: Subject | None = None) -> Keeper:
        """Return what writes documents on behalf of a subject."""
        return Keeper(
            self.store,
            journal=self.journal,
            now=self.now,
            identifiers=self._keys.identifiers,
            subject=subject,
        )
