"""The window holds exactly what was evaluated, and can forget all of it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from models.errors import ModelError
from models.llama_runtime import LlamaRuntime

pytestmark = pytest.mark.model


@pytest.fixture
def runtime(models_dir: Path) -> Iterator[LlamaRuntime]:
    weights = next((models_dir / "smollm2-135m-instruct").glob("*.gguf"))
    runtime = LlamaRuntime(weights, context_tokens=256, threads=1)
    yield runtime
    runtime.close()


def test_plain_text_survives_the_vocabulary(runtime: LlamaRuntime) -> None:
    text = "Łódź, 你好 \U0001f309 <|im_start|> and a NUL \x00 inside"
    tokens = runtime.tokenise(text, markers=False)
    assert b"".join(runtime.text_of(token) for token in tokens).decode() == text
    assert runtime.tokenise("<|im_start|>", markers=True) == [1]
    assert runtime.text_of(1) == b""


def test_half_a_surrogate_pair_is_no_accident(runtime: LlamaRuntime) -> None:
    assert runtime.tokenise("\ud83c", markers=False) == runtime.tokenise("?", markers=False)


def test_the_window_keeps_only_what_prompts_share(runtime: LlamaRuntime) -> None:
    first, second = (runtime.tokenise(f"one two {end}", markers=False) for end in ("red", "blue"))
    runtime.evaluate(first)
    assert runtime.window == first
    assert runtime.keep(second) == len(runtime.window) == 2
    runtime.evaluate(second[2:])
    warm = runtime.logits()
    runtime.clear()
    assert runtime.window == []
    assert runtime.keep(second) == 0
    runtime.evaluate(second)
    np.testing.assert_allclose(runtime.logits(), warm, atol=0.2)
    assert np.argmax(runtime.logits()) == np.argmax(warm)


def test_a_cleared_window_remembers_no_position(runtime: LlamaRuntime) -> None:
    def last_position() -> int:
        return runtime._api.llama_memory_seq_pos_max(runtime._memory, 0)

    runtime.evaluate(runtime.tokenise("one two three", markers=False))
    assert last_position() == 2
    runtime.clear()
    assert last_position() == -1


def test_the_last_token_is_always_evaluated_again(runtime: LlamaRuntime) -> None:
    tokens = runtime.tokenise("one two three", markers=False)
    runtime.evaluate(tokens)
    assert runtime.keep(tokens) == len(tokens) - 1


def test_a_full_window_is_an_error_and_leaves_it_empty(runtime: LlamaRuntime) -> None:
    tokens = runtime.tokenise("a " * 300, markers=False)
    assert len(tokens) > 256
    with pytest.raises(ModelError, match="is full"):
        runtime.evaluate(tokens)
    assert runtime.window == []
    runtime.evaluate(tokens[:10])
    assert runtime.window == tokens[:10]
