"""Generation by llama.cpp: one window, a bounded line before it, prompts kept apart by scope."""

from collections.abc import Sequence
from pathlib import Path

from models.errors import ModelInvalidError, PromptTooLongError
from models.grammar import Grammar
from models.llama_generation import LlamaGeneration, Sampling
from models.llama_grammar import GrammarEngine, GrammarState
from models.llama_runtime import LlamaRuntime
from models.manifest import ModelManifest
from models.prompt import Prompt, render, template_named
from models.waiting_line import WaitingLine


class LlamaGenerator:
    """A generator over one GGUF folder whose files were checked.

    Args:
        folder: the model folder; the first GGUF file by name is loaded, and the parts that
            belong to it.
        manifest: its manifest.
        threads: threads for evaluation; physical cores are best.
        queue_limit: callers that may wait besides the one who is served.
        wait_seconds: longest wait of one caller.
        temperature: 0 always takes the likeliest token; above, tokens are drawn by seed.

    Raises:
        ModelInvalidError: the file cannot be loaded, or its vocabulary would let plain text
            open a turn.
    """

    def __init__(
        self,
        folder: Path,
        manifest: ModelManifest,
        *,
        threads: int,
        queue_limit: int = 8,
        wait_seconds: float = 60.0,
        temperature: float = 0.0,
    ) -> None:
        weights = sorted(name for name in manifest.files if name.endswith(".gguf"))
        if not weights or manifest.context_tokens is None or manifest.chat_template is None:
            raise ModelInvalidError(f"model {manifest.name!r} is no generator of llama.cpp")
        self._template = template_named(manifest.chat_template)
        self.manifest = manifest
        self.context_tokens = manifest.context_tokens
        self._runtime = LlamaRuntime(
            folder / weights[0], context_tokens=self.context_tokens, threads=threads
        )
        self._refuse_open_markers()
        self._temperature = temperature
        self.backend = f"llama-cpp/{self._runtime.precision}"
        self.fingerprint = f"{manifest.digest}+{self.backend}"
        self._line = WaitingLine(queue_limit=queue_limit, wait_seconds=wait_seconds)
        self._scope: str | None = None
        self._engine: GrammarEngine | None = None

    def generate(
        self,
        prompt: Prompt,
        *,
        max_tokens: int,
        prefix_scope: str,
        grammar: Grammar | None = None,
        seed: int = 0,
    ) -> LlamaGeneration:
        """Wait for the model, then start a reply; see ``models.base.Generator``.

        Raises:
            ModelBusyError: the waiting line is full, or the wait was too long.
            PromptTooLongError: prompt and reply do not fit ``context_tokens``.
            ModelError: the grammar does not compile.
        """
        tokens = self.tokenise(prompt)
        if max_tokens < 1 or len(tokens) + max_tokens > self.context_tokens:
            raise PromptTooLongError(
                prompt_tokens=len(tokens),
                reply_tokens=max_tokens,
                context_tokens=self.context_tokens,
            )
        self._line.enter()
        started = False
        try:
            self._enter_scope(prefix_scope)
            self._runtime.keep(tokens)
            generation = LlamaGeneration(
                self._runtime,
                tokens,
                max_tokens=max_tokens,
                sampling=Sampling(self._temperature, seed),
                grammar=self._start(grammar),
                release=self._line.leave,
            )
            started = True
        finally:
            if not started:
                self._line.leave()
        return generation

    def tokenise(self, prompt: Prompt) -> list[int]:
        """Return the tokens of a prompt; the text of a turn never yields a turn marker."""
        tokens = self._runtime.opening()
        for piece in render(prompt, self._template):
            tokens += self._runtime.tokenise(piece.text, markers=piece.markers)
        return tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the tokens of each text on its own, read as plain text."""
        return [len(self._runtime.tokenise(text, markers=False)) for text in texts]

    def reset(self) -> None:
        """Wait for the model, then forget every earlier prompt.

        Raises:
            ModelBusyError: the waiting line is full, or the wait was too long.
        """
        self._line.enter()
        try:
            self._forget()
        finally:
            self._line.leave()

    def close(self) -> None:
        """Give the memory of the model back; the generator cannot be used after."""
        self._runtime.close()

    def _enter_scope(self, scope: str) -> None:
        if scope != self._scope:
            self._forget()
            self._scope = scope

    def _forget(self) -> None:
        self._runtime.clear()
        self._scope = None

    def _start(self, grammar: Grammar | None) -> GrammarState | None:
        if grammar is None:
            return None
        if self._engine is None:
            self._engine = GrammarEngine(self._runtime)
        return self._engine.start(grammar)

    def _refuse_open_markers(self) -> None:
        for marker in self._template.markers:
            as_template = self._runtime.tokenise(marker, markers=True)
            as_text = self._runtime.tokenise(marker, markers=False)
            if len(as_template) != 1 or as_template[0] in as_text:
                raise ModelInvalidError(
                    f"the vocabulary of {self.manifest.name!r} does not set {marker!r} apart"
                )
