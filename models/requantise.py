"""Rewriting GGUF weights in another precision with llama.cpp."""

import ctypes
import logging
from pathlib import Path

from models.errors import ModelInvalidError


def requantise(source: Path, target: Path, *, threads: int = 1) -> None:
    """Write the weights of ``source`` to ``target`` as Q8_0, one scale per 32 values.

    The bytes written depend on the weights and the version of llama.cpp alone.

    Args:
        source: GGUF file, already checked.
        target: GGUF file to write; it may not be there.
        threads: worker threads.

    Raises:
        ModelInvalidError: llama.cpp cannot read the source or write the target.
    """
    import llama_cpp  # noqa: PLC0415  (loads native code; only building a model needs it)

    if target.exists():
        raise ModelInvalidError(f"{target.name!r} is there already")
    logging.getLogger("llama-cpp-python").setLevel(logging.ERROR)
    params = llama_cpp.llama_model_quantize_default_params()
    params.ftype = llama_cpp.LLAMA_FTYPE_MOSTLY_Q8_0
    params.allow_requantize = True
    params.nthread = threads
    status = llama_cpp.llama_model_quantize(
        str(source).encode(), str(target).encode(), ctypes.byref(params)
    )
    if status != 0:
        raise ModelInvalidError(f"{source.name!r} cannot be requantised")
