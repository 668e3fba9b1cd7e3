"""What every service of one home stands on: its databases, policy, ledger and rights."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property

from vault.authenticate import Authenticator
from vault.domain.errors import HomeUnavailableError
from vault.domain.labels import Classification
from vault.domain.records import parse_period
from vault.ledger.journal import Journal
from vault.ledger.log import Ledger
from vault.ledger.runbook import RunBook
from vault.ledger.signing import Signer
from vault.policy.engine import PolicyEngine
from vault.retrieve.permissions import Permissions
from vault.retrieve.withholding import Withholding
from vault.settings import Settings
from vault.store.database import Database
from vault.store.home import Home, HomeKeys
from vault.store.keys import KeyRing
from vault.store.session import Store

ORIGIN = "ledger_origin"
"""Name under which the store keeps the name of its ledger."""


def utc_now() -> datetime:
    """Return the time now, in UTC."""
    return datetime.now(UTC)


class Foundations:
    """An open home: what it stores, who may read it, and what happened in it.

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
        self._database = Database(
            home.database, key=keys.database, busy_seconds=settings.busy_seconds
        )
        self._key_database = Database(
            home.key_database, key=keys.key_database, busy_seconds=settings.busy_seconds
        )
        self.key_ring = KeyRing(self._key_database, master=keys.master)
        self.store = Store(self._database, keys=self.key_ring)

    def close(self) -> None:
        """Close the databases."""
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
    def permissions(self) -> Permissions:
        """Makes VisibleSets."""
        return Permissions(self.policy, withholding=self.withholding)

    @cached_property
    def withholding(self) -> Withholding:
        """Tells which rights of sources are too old to count."""
        ages = {
            Classification.of(level): parse_period(age)
            for level, age in self.settings.max_acl_age.items()
        }
        return Withholding(ages, now=self.now)
