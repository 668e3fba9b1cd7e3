"""Whether the loaded generator may write sentences of its own, found out once per model."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from models.base import Embedder, Generator
from vault import __version__
from vault.answer.selftest import SelfTest, SelfTestRow, self_test
from vault.answer.span import Writer
from vault.answer.vectors import SentenceVectors
from vault.store.session import Store

QUESTIONS = Path(__file__).resolve().parent.parent / "sample" / "selftest.jsonl"


class Qualification:
    """Remembers self-test results in the home, by what was tested with which questions.

    Args:
        store: where results are kept.
        clock: monotonic seconds.
        seconds: longest time for one question.
    """

    def __init__(self, store: Store, *, clock: Callable[[], float], seconds: float = 20.0) -> None:
        self._store = store
        self._clock = clock
        self._seconds = seconds

    def known(self, generator: Generator) -> SelfTest | None:
        """Return the result this model had, or None if it was never tested here."""
        with self._store.read() as unit:
            kept = unit.fact(_fact(generator))
        if kept is None:
            return None
        form = json.loads(kept)
        return SelfTest(asked=form["asked"], contained=form["contained"])

    def examine(self, generator: Generator, embedder: Embedder) -> SelfTest:
        """Return the model's result, testing it now if it was never tested here."""
        known = self.known(generator)
        if known is not None:
            return known
        writer = Writer(generator, self._clock, self._seconds)
        result = self_test(writer, SentenceVectors(embedder), questions())
        form = {"asked": result.asked, "contained": result.contained}
        with self._store.write() as unit:
            unit.set_fact(_fact(generator), json.dumps(form))
        return result


def questions() -> list[SelfTestRow]:
    """Return the shipped questions; all facts in them are invented."""
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    return [SelfTestRow(**json.loads(line)) for line in lines if line.strip()]


def _fact(generator: Generator) -> str:
    """Return the name of a result: another model, question or release has to earn it anew."""
    tested = (generator.manifest.digest, __version__, QUESTIONS.read_text(encoding="utf-8"))
    return f"selftest:{sha256(json.dumps(tested).encode()).hexdigest()[:48]}"
