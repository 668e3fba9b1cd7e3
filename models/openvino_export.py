"""Writes the network of a loaded sentence-transformers model in OpenVINO's format."""

import warnings
from pathlib import Path
from typing import Any

from models.errors import ModelInvalidError
from models.manifest import Pooling
from models.sentence_transformers_embedder import SentenceTransformersEmbedder

NETWORK = "model.xml"
TOKENIZER = "tokenizer.json"


def export(reference: SentenceTransformersEmbedder, folder: Path) -> Pooling:
    """Write the network and the tokenizer into ``folder``; return how to pool its output.

    The network takes the tokens of one text, (1, n), and gives one vector a token,
    (1, n, d). It sees no padding, so it needs no mask.

    Raises:
        ModelInvalidError: the model is more than a transformer that is pooled, or it cannot
            be followed.
    """
    pooling = _pooling_of(reference)
    try:
        _save(_traced(reference.model[0].auto_model), folder / NETWORK)
    except (RuntimeError, TypeError, ValueError, AttributeError, IndexError) as error:
        name = reference.manifest.name
        raise ModelInvalidError(f"model {name!r} cannot be exported") from error
    (folder / TOKENIZER).write_text(reference.tokenizer, encoding="utf-8")
    return pooling


def _pooling_of(reference: SentenceTransformersEmbedder) -> Pooling:
    from sentence_transformers.sentence_transformer import modules as known  # noqa: PLC0415 (slow)

    modules = list(reference.model)
    prefixed = any(reference.prefixes.values())
    plain = (
        len(modules) >= 2
        and isinstance(modules[0], known.Transformer)
        and isinstance(modules[1], known.Pooling)
        and all(isinstance(module, known.Normalize) for module in modules[2:])
        and (modules[1].include_prompt or not prefixed)
    )
    mode = modules[1].pooling_mode if plain else ""
    if mode not in set(Pooling):
        raise ModelInvalidError(f"model {reference.manifest.name!r} is not one pooled transformer")
    return Pooling(mode)


def _traced(network: Any) -> Any:  # noqa: ANN401 - torch modules have no useful type here
    import torch  # noqa: PLC0415  (seconds to import)
    from transformers.utils import logging  # noqa: PLC0415  (as above)

    class TokenVectors(torch.nn.Module):
        """The network with one input and one output."""

        def __init__(self) -> None:
            super().__init__()
            self.network = network.eval()

        def forward(self, input_ids: torch.Tensor) -> Any:  # noqa: ANN401 - what it returns
            return self.network(input_ids=input_ids).last_hidden_state

    example = torch.ones((1, 12), dtype=torch.int64)
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    # What tracing warns of, branches on a shape, the probe finds out by comparing vectors.
    with torch.no_grad(), warnings.catch_warnings(action="ignore"):
        return torch.jit.trace(TokenVectors(), (example,), strict=False), example  # type: ignore[no-untyped-call]


def _save(traced: Any, path: Path) -> None:  # noqa: ANN401 - as above
    import openvino  # noqa: PLC0415  (an extra)
    from openvino.frontend import FrontEndManager  # noqa: PLC0415  (as above)
    from openvino.frontend.pytorch.ts_decoder import (  # noqa: PLC0415  (as above)
        TorchScriptPythonDecoder,
    )

    module, example = traced
    front = FrontEndManager().load_by_framework("pytorch")
    # The network reads its constants through the decoder, which must live until it is saved.
    decoder = TorchScriptPythonDecoder(module, example_input=(example,))
    network = front.convert(front.load(decoder))
    network.reshape([1, -1])
    openvino.save_model(network, str(path), compress_to_fp16=False)
