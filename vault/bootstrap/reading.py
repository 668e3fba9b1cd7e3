"""The services that read: the index, search and answers."""

from functools import cached_property

from vault.answer.answerer import Answerer
from vault.answer.gate import Gate
from vault.answer.policy import AnswerPolicy
from vault.answer.selftest import SelfTest
from vault.answer.service import AnswerService
from vault.bootstrap.models import Models
from vault.index.follower import IndexFollower
from vault.lifecycle.shelf import Shelf
from vault.retrieve.rerank import Rerankers
from vault.retrieve.search import Ranking, Retriever
from vault.retrieve.service import SearchService
from vault.retrieve.standing import Standing


class Reading(Models):
    """A home that can be asked."""

    @property
    def follower(self) -> IndexFollower:
        """This process's index of the vectors in use."""
        return self.followers.of(self.embedder)

    @cached_property
    def retriever(self) -> Retriever:
        """Finds passages."""
        return Retriever(
            self.store,
            follower=lambda: self.follower,
            embedder=lambda: self.embedder,
            permissions=self.permissions,
            now=self.now,
            ranking=Ranking(
                standing=Standing(self.settings.authority),
                rerankers=Rerankers(lambda: self.embedder, lambda: self.reranker),
                max_question=self.settings.max_question_characters,
            ),
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

    def refresh_index(self) -> None:
        """Bring the index on disk up to the database, if the embedder was needed or is there."""
        self.follower.save()
