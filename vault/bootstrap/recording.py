"""The services that decide over records: holds, schedules, dispositions, erasure."""

import shutil
from functools import cached_property

from vault.bootstrap.keeping import Keeping
from vault.bootstrap.reading import Reading
from vault.domain.errors import ModelUnavailableError
from vault.lifecycle.collections import CollectionDesk
from vault.lifecycle.dispositions import Dispositions
from vault.lifecycle.duplicates import DuplicateDesk
from vault.lifecycle.erasure import Erasure
from vault.lifecycle.freshness import FreshnessDesk
from vault.lifecycle.holds import HoldDesk
from vault.lifecycle.lowering import LoweringDesk
from vault.lifecycle.quarantine import Quarantine
from vault.lifecycle.requests import RequestDesk
from vault.lifecycle.schedules import Schedules
from vault.lifecycle.transfer import Transfer
from vault.lifecycle.validity import ValidityDesk


class Recording(Reading, Keeping):
    """A home whose records are governed."""

    @cached_property
    def holds(self) -> HoldDesk:
        """Places and releases legal holds."""
        return HoldDesk(self.store, journal=self.journal, policy=self.policy, now=self.now)

    @cached_property
    def freshness(self) -> FreshnessDesk:
        """Lists what is stale."""
        return FreshnessDesk(self.store, journal=self.journal, policy=self.policy, now=self.now)

    @cached_property
    def validity(self) -> ValidityDesk:
        """Says how long texts hold."""
        return ValidityDesk(self.store, journal=self.journal, policy=self.policy, now=self.now)

    @cached_property
    def erasure(self) -> Erasure:
        """Erases documents and certifies it."""
        return Erasure(
            self.store,
            journal=self.journal,
            signer=self.signer,
            policy=self.policy,
            purge=self._purge_index,
            now=self.now,
        )

    def _purge_index(self) -> None:
        try:
            self.followers.purge(self.embedder)
        except ModelUnavailableError:
            # The saved index can be built again from the database; an erasure cannot wait.
            shutil.rmtree(self.home.index)
            self.home.index.mkdir(mode=0o700)

    def keep_up(self) -> None:
        """Finish what was cut off, make the index fast for its readers and save it.

        To be called now and then, off the way of any request.
        """
        self.erasure.finish_interrupted()
        self.validity.note_expired()
        self.follower.accelerate(share=self.settings.index_union_share)
        self.refresh_index()

    @cached_property
    def requests(self) -> RequestDesk:
        """Keeps what waits for a second person."""
        return RequestDesk(self.store, journal=self.journal, policy=self.policy, now=self.now)

    @cached_property
    def quarantine(self) -> Quarantine:
        """Shows what is held back."""
        return Quarantine(
            self.store,
            journal=self.journal,
            policy=self.policy,
            requests=self.requests,
            now=self.now,
        )

    @cached_property
    def lowering(self) -> LoweringDesk:
        """Lowers levels that screening raised."""
        return LoweringDesk(
            self.store,
            journal=self.journal,
            policy=self.policy,
            requests=self.requests,
            now=self.now,
        )

    @cached_property
    def duplicates(self) -> DuplicateDesk:
        """Reports copies and spills."""
        return DuplicateDesk(self.store, policy=self.policy, permissions=self.permissions)

    @cached_property
    def collections(self) -> CollectionDesk:
        """Says what collections demand of descriptions."""
        return CollectionDesk(self.store, journal=self.journal, now=self.now)

    @cached_property
    def schedules(self) -> Schedules:
        """Says how long records are kept."""
        return Schedules(
            self.store, journal=self.journal, policy=self.policy, requests=self.requests
        )

    @cached_property
    def dispositions(self) -> Dispositions:
        """Disposes of what is due."""
        return Dispositions(
            self.store,
            requests=self.requests,
            erasure=self.erasure,
            transfer=Transfer(self.store, signer=self.signer, now=self.now),
            now=self.now,
        )
