"""Free sentences are released one by one, each only when its quotes carry it."""

from models.errors import ModelBusyError
from tests.vault.answer.worlds import Clock, ScriptedGenerator, WordEmbedder, passage
from vault.answer.span import Writer
from vault.answer.support import SupportCheck
from vault.answer.synthesis import Synthesis, synthesis_prompt
from vault.answer.vectors import SentenceVectors
from vault.domain.evidence import AnswerSentence, Citation

QUOTE = "Porters in Harrow get 28 days of paid leave each year."
GOOD = "Porters in Harrow get 28 days of paid leave."
ALSO = "Each year porters get paid leave."
BAD = "Porters in Harrow get 40 days of paid leave."


def cited() -> tuple[Citation, ...]:
    held = passage(QUOTE)
    return (Citation(n=1, passage=held, span=held.span, quote=QUOTE),)


def synthesis(said: str | ModelBusyError, clock: Clock | None = None) -> Synthesis:
    check = SupportCheck(cited(), SentenceVectors(WordEmbedder()))
    return Synthesis(Writer(ScriptedGenerator(lambda _: said), clock or Clock(), 10), check)


def released(said: str | ModelBusyError, clock: Clock | None = None) -> list[AnswerSentence]:
    return list(synthesis(said, clock).sentences("How much?", cited(), prefix_scope="s"))


def test_a_carried_sentence_is_released_with_its_citation() -> None:
    assert released(GOOD) == [AnswerSentence(GOOD, (1,))]


def test_what_is_not_carried_is_dropped_between_what_is() -> None:
    assert [one.text for one in released(f"{GOOD} {BAD} {ALSO}")] == [GOOD, ALSO]


def test_an_unfinished_last_sentence_is_dropped() -> None:
    assert [one.text for one in released(f"{GOOD} Each year porters get paid")] == [GOOD]


def test_a_busy_generator_writes_nothing() -> None:
    assert released(ModelBusyError("full")) == []


def test_the_clock_ends_a_long_reply() -> None:
    assert len(released(" ".join([GOOD] * 30), Clock(step=1))) < 2


def test_no_more_than_three_and_the_model_is_given_back() -> None:
    check = SupportCheck(cited(), SentenceVectors(WordEmbedder()))
    generator = ScriptedGenerator(lambda _: " ".join([GOOD] * 9))
    made = Synthesis(Writer(generator, Clock()), check)
    assert len(list(made.sentences("How much?", cited(), prefix_scope="s"))) == 3
    assert generator.replies[0].closed
    assert made.usage.output_tokens > 0


def test_a_caller_that_stops_listening_gives_the_model_back() -> None:
    check = SupportCheck(cited(), SentenceVectors(WordEmbedder()))
    generator = ScriptedGenerator(lambda _: f"{GOOD} {ALSO}")
    stream = Synthesis(Writer(generator, Clock()), check).sentences(
        "How much?", cited(), prefix_scope="s"
    )
    assert next(stream).text == GOOD
    stream.close()
    assert generator.replies[0].closed


def test_the_prompt_holds_the_quotes_and_no_more_of_the_passages() -> None:
    held = passage(f"{QUOTE} A secret follows.")
    citation = Citation(n=4, passage=held, span=held.span, quote=QUOTE)
    text = synthesis_prompt("How much?", [citation]).turns[-1].text
    assert f"(4) {QUOTE}" in text
    assert "secret" not in text
