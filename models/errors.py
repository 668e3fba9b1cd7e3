"""Every way a model can fail on purpose; callers translate these, they never leak a path."""


class ModelError(Exception):
    """A model could not do what was asked of it."""


class ModelMissingError(ModelError):
    """The model folder, its manifest or a file named in the manifest is not there."""


class ModelDigestError(ModelError):
    """A file no longer has the digest that its manifest states, so it was not loaded."""


class ModelInvalidError(ModelError):
    """The manifest, a file beside it or the loaded model breaks a rule of this package."""


class ModelBusyError(ModelError):
    """The waiting line is full or the wait was too long; the caller may try again later."""


class PromptTooLongError(ModelError):
    """The prompt and the space asked for the reply do not fit the context window.

    Args:
        prompt_tokens: tokens of the prompt.
        reply_tokens: tokens asked for the reply.
        context_tokens: tokens of the window.
    """

    def __init__(self, *, prompt_tokens: int, reply_tokens: int, context_tokens: int) -> None:
        super().__init__(
            f"{prompt_tokens} prompt tokens and {reply_tokens} reply tokens do not fit"
            f" a context of {context_tokens}"
        )
        self.prompt_tokens = prompt_tokens
        self.reply_tokens = reply_tokens
        self.context_tokens = context_tokens
