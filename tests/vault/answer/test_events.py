"""Events are values that can be compared and kept."""

from vault.answer.events import SentenceReady, ShortReady
from vault.domain.evidence import AnswerSentence


def test_events_are_values() -> None:
    sentence = AnswerSentence("Doors close at six.", (1,))
    assert SentenceReady(sentence, ()) == SentenceReady(sentence, ())
    assert ShortReady("six") != ShortReady("seven")
