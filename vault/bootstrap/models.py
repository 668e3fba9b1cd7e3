"""The models of one home, each loaded when it is first needed."""

import logging
import time
from functools import cached_property

from models.base import Generator, Reranker
from models.cores import physical_cores
from models.errors import ModelError
from models.registry import load_generator, load_reranker
from vault.answer.qualification import Qualification
from vault.bootstrap.embedders import Embedders
from vault.domain.errors import ModelUnavailableError
from vault.settings import cores

LOG = logging.getLogger(__name__)


class Models(Embedders):
    """A home with its embedder, its generator and its reranker."""

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
    def reranker(self) -> Reranker | None:
        """The cross-encoder, loaded on first use; None when none is set.

        Raises:
            ModelUnavailableError: it is set, but missing or altered.
        """
        with self._models:
            return self._reranker

    @cached_property
    def _reranker(self) -> Reranker | None:
        if not self.settings.reranker:
            return None
        folder = self.models_dir / self.settings.reranker
        try:
            return load_reranker(folder, threads=cores(self.settings))
        except ModelError as error:
            raise ModelUnavailableError(str(error)) from error

    @cached_property
    def qualification(self) -> Qualification:
        """Finds out what the generator may do."""
        return Qualification(self.store, clock=time.monotonic)
