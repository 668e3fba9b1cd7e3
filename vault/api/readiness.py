"""Loads what the first question needs in the background, and tells when it is there."""

import logging
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait

from vault.bootstrap import Vault
from vault.domain.errors import HomeUnavailableError, ModelUnavailableError, VaultError

LOG = logging.getLogger(__name__)
RETRY_SECONDS = 5.0


class Readiness:
    """Knows whether a vault can answer now.

    Args:
        vault: the vault.
        retry_seconds: how long after a failed load a check starts the next one.
        qualify: whether a generator never tested here is tested once it is loaded.
    """

    def __init__(
        self, vault: Vault, *, retry_seconds: float = RETRY_SECONDS, qualify: bool = False
    ) -> None:
        self._vault = vault
        self._retry_seconds = retry_seconds
        self._qualify = qualify
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="warm-up")
        self._load: Future[None] | None = None
        self._begun = 0.0

    def start(self) -> None:
        """Begin to load the embedder and the index, and then the generator."""
        self._begun = time.monotonic()
        self._load = self._worker.submit(self._load_search)
        self._worker.submit(self._load_generator)

    def wait(self) -> None:
        """Return once what was begun has ended, well or not."""
        if self._load is not None:
            wait([self._load])

    def stop(self) -> None:
        """Wait for what is being loaded, so that nothing uses the vault afterwards."""
        self._worker.shutdown(wait=True, cancel_futures=True)

    def check(self) -> None:
        """Return if the vault can answer now.

        Raises:
            VaultError: it cannot, and why: no store, no policy, no key, no embedder.
        """
        with self._vault.store.read() as unit:
            unit.epoch()
        if not (self._vault.policy.digest and self._vault.signer.key.vkey):
            raise HomeUnavailableError("the vault has no policy or no key")
        load = self._load
        if load is None or not load.done():
            raise ModelUnavailableError("the embedder and the index are being loaded")
        failure = load.exception()
        if failure is not None:
            self._fail(failure)

    def _fail(self, failure: BaseException) -> None:
        LOG.error("warm_up_failed", extra={"error": type(failure).__name__})
        if time.monotonic() - self._begun >= self._retry_seconds:
            self.start()
        if isinstance(failure, VaultError):
            raise failure
        raise ModelUnavailableError("the embedder or the index could not be loaded")

    def _load_search(self) -> None:
        self._vault.embedder.count_tokens(["ready"])
        with self._vault.store.read() as unit:
            self._vault.follower.current(unit)

    def _load_generator(self) -> None:
        generator = self._vault.generator
        LOG.info("warmed_up", extra={"generator": generator is not None})
        result = self._vault.qualify() if self._qualify else None
        if result is not None:
            LOG.info("generator_tested", extra={"rate": result.rate, "passed": result.passed})
