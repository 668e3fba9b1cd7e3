"""The one module that callers import holds every name they need, and the protocols tell apart."""

from dataclasses import FrozenInstanceError

import pytest

from models import base
from models.base import Embedder, Generation, Generator, Model, Purpose, Reranker, Usage, space_of
from tests.vault.answer.worlds import ScriptedGeneration, ScriptedGenerator
from tests.vault.homes import HomeEmbedder


def test_every_name_it_offers_is_there() -> None:
    assert len(set(base.__all__)) == len(base.__all__)
    assert [name for name in base.__all__ if not hasattr(base, name)] == []


def test_a_model_is_what_it_can_do() -> None:
    embedder = HomeEmbedder()
    generator = ScriptedGenerator(str.upper)
    assert isinstance(embedder, Embedder)
    assert isinstance(generator, Generator)
    assert isinstance(embedder, Model)
    assert not isinstance(embedder, Generator | Reranker)
    assert not isinstance(generator, Embedder | Reranker)
    assert isinstance(ScriptedGeneration("x"), Generation)


def test_purposes_are_written_as_words() -> None:
    assert [purpose.value for purpose in Purpose] == ["passage", "query"]


def test_what_a_reply_cost_does_not_change_afterwards() -> None:
    usage = Usage(input_tokens=5, evaluated_tokens=2, output_tokens=1)
    with pytest.raises(FrozenInstanceError):
        usage.output_tokens = 9  # type: ignore[misc]


def test_backends_of_one_model_share_a_space_and_two_models_never_do() -> None:
    one = {space_of("sha256:aa+torch/fp32"), space_of("sha256:aa+openvino/bf16")}
    assert len(one) == 1
    assert one.isdisjoint({space_of("sha256:ab+torch/fp32")})
