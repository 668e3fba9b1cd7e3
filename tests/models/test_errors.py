"""Every failure of a model is one kind that callers translate."""

import pytest

from models import errors
from models.errors import ModelError, PromptTooLongError


def test_every_failure_is_a_model_error() -> None:
    found = [each for each in vars(errors).values() if isinstance(each, type)]
    assert len(found) > 5
    assert all(issubclass(each, ModelError) for each in found)
    assert not issubclass(ModelError, OSError | ValueError)


def test_a_prompt_that_is_too_long_says_by_how_much() -> None:
    error = PromptTooLongError(prompt_tokens=1900, reply_tokens=200, context_tokens=2048)
    assert (error.prompt_tokens, error.reply_tokens, error.context_tokens) == (1900, 200, 2048)
    for number in ("1900", "200", "2048"):
        assert number in str(error)
    with pytest.raises(TypeError):
        PromptTooLongError(1900, 200, 2048)  # type: ignore[misc]
