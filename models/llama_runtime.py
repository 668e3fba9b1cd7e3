"""llama.cpp through its C interface: a vocabulary and one window of evaluated tokens.

The high-level class of the Python binding compiles the chat template it finds inside a
weight file; this module never reads one.
"""

import ctypes
import logging
import weakref
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import ModelError, ModelInvalidError

_BATCH_TOKENS = 512
# C functions take their flags by position.
_YES, _NO = True, False


class LlamaRuntime:
    """One loaded model with one context; the caller keeps threads apart.

    Reading the vocabulary (``tokenise``, ``text_of``, ``is_end``) is safe from any thread.

    Args:
        weights: GGUF file, already checked.
        context_tokens: size of the window.
        threads: threads for evaluation; physical cores are best.

    Raises:
        ModelInvalidError: llama.cpp cannot load the file or make the window.
    """

    def __init__(self, weights: Path, *, context_tokens: int, threads: int) -> None:
        import llama_cpp  # noqa: PLC0415  (loads native code; only a loaded model needs it)

        logging.getLogger("llama-cpp-python").setLevel(logging.ERROR)
        llama_cpp.llama_backend_init()
        self._api: Any = llama_cpp
        model = self._api.llama_model_load_from_file(
            str(weights).encode(), self._api.llama_model_default_params()
        )
        if not model:
            raise ModelInvalidError(f"llama.cpp cannot load {weights.name!r}")
        context = self._api.llama_init_from_model(
            model, self._context_params(context_tokens=context_tokens, threads=threads)
        )
        if not context:
            self._api.llama_model_free(model)
            raise ModelInvalidError(f"no window of {context_tokens} tokens for {weights.name!r}")
        self.close = weakref.finalize(self, _free, self._api, context=context, model=model)
        self._model, self._context = model, context
        self._context_tokens = context_tokens
        self._vocab = self._api.llama_model_get_vocab(model)
        self._memory = self._api.llama_get_memory(context)
        self.vocabulary_size = int(self._api.llama_vocab_n_tokens(self._vocab))
        self.window: list[int] = []

    @property
    def vocabulary(self) -> Any:  # noqa: ANN401  (untyped module)
        """The native vocabulary, for libraries that read it themselves."""
        return self._vocab

    @property
    def precision(self) -> str:
        """Precision of the weights as llama.cpp names it, such as ``q8_0``."""
        buffer = ctypes.create_string_buffer(128)
        self._api.llama_model_desc(self._model, buffer, len(buffer))
        return buffer.value.decode().rsplit(" ", 1)[-1].lower()

    def opening(self) -> list[int]:
        """Return the tokens the model expects before any text."""
        if self._api.llama_vocab_get_add_bos(self._vocab):
            return [int(self._api.llama_vocab_bos(self._vocab))]
        return []

    def tokenise(self, text: str, *, markers: bool) -> list[int]:
        """Return the tokens of ``text``; turn markers are read only if ``markers`` is true."""
        content = text.encode("utf-8", "replace")
        # No token is shorter than one byte, but a vocabulary may add a leading space.
        size = len(content) + 2
        buffer = (ctypes.c_int32 * size)()
        count = self._api.llama_tokenize(
            self._vocab, content, len(content), buffer, size, _NO, markers
        )
        if count < 0:
            raise ModelError("a text has more tokens than bytes")
        return list(buffer[:count])

    def text_of(self, token: int) -> bytes:
        """Return the bytes a token stands for: perhaps part of a character, none for markers."""
        buffer = ctypes.create_string_buffer(256)
        count = self._api.llama_token_to_piece(self._vocab, token, buffer, len(buffer), 0, _NO)
        if count < 0:
            raise ModelError(f"token {token} stands for an overlong text")
        return buffer.raw[:count]

    def is_end(self, token: int) -> bool:
        """Tell whether the model ends its turn with this token."""
        return bool(self._api.llama_vocab_is_eog(self._vocab, token))

    def keep(self, tokens: list[int]) -> int:
        """Shorten the window to what it shares with the beginning of ``tokens``.

        The last token is never kept, because its logits are wanted.

        Returns:
            How many tokens were kept.
        """
        limit = min(len(self.window), len(tokens) - 1)
        shared = next((n for n in range(limit) if self.window[n] != tokens[n]), limit)
        # Some architectures cannot forget a part, and say so.
        if not self._api.llama_memory_seq_rm(self._memory, -1, shared, -1):
            self.clear()
            return 0
        del self.window[shared:]
        return shared

    def evaluate(self, tokens: list[int]) -> None:
        """Extend the window by ``tokens``; ``logits`` then speaks of the last one.

        Raises:
            ModelError: the window is full or the computation failed; the window is empty.
        """
        # Past the window llama.cpp aborts the process instead of reporting an error.
        if len(self.window) + len(tokens) > self._context_tokens:
            self.clear()
            raise ModelError(f"a window of {self._context_tokens} tokens is full")
        for start in range(0, len(tokens), _BATCH_TOKENS):
            part = tokens[start : start + _BATCH_TOKENS]
            array = (ctypes.c_int32 * len(part))(*part)
            batch = self._api.llama_batch_get_one(array, len(part))
            if self._api.llama_decode(self._context, batch) != 0:
                self.clear()
                raise ModelError("the model could not evaluate its window")
            self.window += part

    def logits(self) -> NDArray[np.float32]:
        """Return a copy of the scores of every next token: (vocabulary_size,) float32."""
        pointer = self._api.llama_get_logits_ith(self._context, -1)
        return np.ctypeslib.as_array(pointer, shape=(self.vocabulary_size,)).copy()

    def clear(self) -> None:
        """Empty the window and overwrite what the model remembered of it."""
        self._api.llama_memory_clear(self._memory, _YES)
        self.window = []

    def _context_params(self, *, context_tokens: int, threads: int) -> object:
        params = self._api.llama_context_default_params()
        params.n_ctx = context_tokens
        params.n_batch = params.n_ubatch = min(_BATCH_TOKENS, context_tokens)
        params.n_threads = params.n_threads_batch = threads
        params.flash_attn_type = self._api.LLAMA_FLASH_ATTN_TYPE_ENABLED
        params.no_perf = True
        return params


def _free(api: Any, *, context: object, model: object) -> None:  # noqa: ANN401  (untyped module)
    api.llama_free(context)
    api.llama_model_free(model)
