"""A reply is written token by token, bounded, repeatable, and the model is always given back."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from models.base import FinishReason
from models.errors import ModelError
from models.llama_generation import LlamaGeneration, Sampling

PIECES = [b"<end>", b"Caf", b"\xc3", b"\xa9", b" noir", b"!"]
END = 0
GREEDY = Sampling(temperature=0.0, seed=0)


@dataclass
class Runtime:
    """Says the tokens of a script, then ends; counts what it was given to evaluate."""

    script: list[int]
    window: list[int] = field(default_factory=list)
    failing_at: int | None = None
    evaluated: list[int] = field(default_factory=list)
    step: int = 0
    chances: np.ndarray | None = None

    def evaluate(self, tokens: list[int]) -> None:
        if self.failing_at == self.step:
            raise ModelError("out of memory")
        self.evaluated += tokens

    def logits(self) -> np.ndarray:
        self.step += 1
        if self.chances is not None:
            return self.chances.copy()
        found = np.zeros(len(PIECES), dtype=np.float32)
        found[[*self.script, *[END] * 99][self.step - 1]] = 9.0
        return found

    def text_of(self, token: int) -> bytes:
        return PIECES[token]

    def is_end(self, token: int) -> bool:
        return token == END


@dataclass
class Bounds:
    """A grammar whose texts are complete after some tokens and end after more."""

    complete_from: int
    exhausted_at: int = 99
    allowed: tuple[int, ...] = tuple(range(len(PIECES)))
    taken: list[int] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        return len(self.taken) >= self.complete_from

    @property
    def exhausted(self) -> bool:
        return len(self.taken) >= self.exhausted_at

    def restrict(self, logits: np.ndarray) -> None:
        refused = [token for token in range(len(logits)) if token not in self.allowed]
        logits[refused] = -np.inf

    def accept(self, token: int) -> None:
        self.taken.append(token)


@dataclass
class Desk:
    """Counts how often the model was given back."""

    released: int = 0

    def begin(
        self,
        runtime: Runtime,
        *,
        most: int = 50,
        sampling: Sampling = GREEDY,
        grammar: Bounds | None = None,
    ) -> LlamaGeneration:
        return LlamaGeneration(
            runtime,  # type: ignore[arg-type]
            [7, 8, 9],
            max_tokens=most,
            sampling=sampling,
            grammar=grammar,  # type: ignore[arg-type]
            release=self.release,
        )

    def release(self) -> None:
        self.released += 1


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_reply_is_its_pieces_and_ends_by_itself(desk: Desk) -> None:
    runtime = Runtime([1, 4, 5])
    with desk.begin(runtime) as generation:
        assert generation.finish_reason is None
        assert list(generation) == ["Caf", " noir", "!"]
    assert generation.finish_reason is FinishReason.STOP
    assert runtime.evaluated == [7, 8, 9, 1, 4, 5]
    assert desk.released == 1


def test_a_character_of_several_tokens_comes_whole(desk: Desk) -> None:
    assert list(desk.begin(Runtime([1, 2, 3, 4]))) == ["Caf", "é", " noir"]


def test_a_character_that_is_cut_off_is_marked_as_such(desk: Desk) -> None:
    assert "".join(desk.begin(Runtime([1, 2]), most=2)) == "Caf\ufffd"


def test_the_longest_reply_has_as_many_tokens_as_asked_for(desk: Desk) -> None:
    generation = desk.begin(Runtime([1, 4, 5]), most=2)
    assert "".join(generation) == "Caf noir"
    assert generation.finish_reason is FinishReason.LENGTH
    assert generation.usage.output_tokens == 2


def test_only_what_is_not_in_the_window_is_computed(desk: Desk) -> None:
    generation = desk.begin(Runtime([1], window=[7, 8]))
    list(generation)
    assert (generation.usage.input_tokens, generation.usage.evaluated_tokens) == (3, 1)


def test_a_reader_who_stops_gives_the_model_back_once(desk: Desk) -> None:
    with desk.begin(Runtime([1, 4, 5])) as generation:
        assert next(generation) == "Caf"
    generation.close()
    assert generation.finish_reason is FinishReason.CANCELLED
    assert list(generation) == []
    assert desk.released == 1


def test_a_reply_that_nobody_holds_any_more_gives_the_model_back(desk: Desk) -> None:
    generation = desk.begin(Runtime([1]))
    del generation
    assert desk.released == 1


def test_a_model_that_fails_is_free_for_the_next_caller(desk: Desk) -> None:
    generation = desk.begin(Runtime([1, 4], failing_at=1))
    assert next(generation) == "Caf"
    with pytest.raises(ModelError, match="out of memory"):
        next(generation)
    assert desk.released == 1
    assert list(generation) == []


def test_what_does_not_yet_belong_to_the_grammar_is_held_back(desk: Desk) -> None:
    pieces = list(desk.begin(Runtime([1, 4, 5]), grammar=Bounds(complete_from=2)))
    assert pieces == ["Caf noir", "!"]


def test_a_reply_cut_by_its_length_still_belongs_to_the_grammar(desk: Desk) -> None:
    generation = desk.begin(Runtime([1, 4, 5]), most=2, grammar=Bounds(complete_from=3))
    assert list(generation) == []
    assert generation.finish_reason is FinishReason.LENGTH


def test_a_grammar_that_allows_no_more_ends_the_reply(desk: Desk) -> None:
    bounds = Bounds(complete_from=1, exhausted_at=2)
    generation = desk.begin(Runtime([1, 4, 5]), grammar=bounds)
    assert "".join(generation) == "Caf noir"
    assert generation.finish_reason is FinishReason.STOP


def test_a_token_outside_the_grammar_is_never_taken(desk: Desk) -> None:
    bounds = Bounds(complete_from=1, allowed=(1, 5))
    list(desk.begin(Runtime([4, 4, 4]), most=3, grammar=bounds))
    assert set(bounds.taken) <= {1, 5}


def test_a_grammar_without_any_next_token_ends_the_reply(desk: Desk) -> None:
    generation = desk.begin(Runtime([1]), grammar=Bounds(complete_from=1, allowed=()))
    assert list(generation) == []
    assert generation.finish_reason is FinishReason.STOP


def test_draws_repeat_with_their_seed_and_differ_without(desk: Desk) -> None:
    chances = np.array([-99.0, 1.0, 1.0, 1.0, 1.0, 1.0], dtype=np.float32)

    def drawn(seed: int) -> str:
        sampling = Sampling(temperature=1.0, seed=seed)
        return "".join(desk.begin(Runtime([], chances=chances), most=20, sampling=sampling))

    assert drawn(3) == drawn(3)
    assert len({drawn(seed) for seed in range(5)}) > 1
