"""Prompts as turns, and the chat templates that are ours rather than a weight file's.

A rendered prompt is a list of pieces, each marked as template or as data. A backend reads
turn markers in template pieces only, so a passage that spells a marker stays a passage.
"""

from dataclasses import dataclass
from enum import StrEnum

from models.errors import ModelInvalidError


class Role(StrEnum):
    """Who speaks a turn after the system text."""

    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing said by one side."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A system text and alternating turns that end with the user's.

    Earlier pairs of user and assistant turns serve as worked examples.

    Raises:
        ValueError: the turns do not alternate from user to user.
    """

    system: str
    turns: tuple[Turn, ...]

    def __post_init__(self) -> None:
        expected = [Role.ASSISTANT if n % 2 else Role.USER for n in range(len(self.turns))]
        if len(self.turns) % 2 == 0 or [turn.role for turn in self.turns] != expected:
            raise ValueError("turns alternate and both begin and end with the user")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a rendered prompt; ``markers`` says whether turn markers are read in it."""

    text: str
    markers: bool


@dataclass(frozen=True, slots=True)
class ChatTemplate:
    """The text that a family of models expects around each turn.

    Args:
        markers: every control token of the template; each must be one token of the model.
        system: opening of the system turn, or an empty string where a family has no such
            turn and the system text goes before the first user text.
        user: opening of a user turn.
        assistant: opening of an assistant turn.
        close: end of any turn.
    """

    markers: tuple[str, ...]
    system: str
    user: str
    assistant: str
    close: str


TEMPLATES = {
    "chatml": ChatTemplate(
        markers=("<|im_start|>", "<|im_end|>"),
        system="<|im_start|>system\n",
        user="<|im_start|>user\n",
        assistant="<|im_start|>assistant\n",
        close="<|im_end|>\n",
    ),
    "llama-3": ChatTemplate(
        markers=("<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"),
        system="<|start_header_id|>system<|end_header_id|>\n\n",
        user="<|start_header_id|>user<|end_header_id|>\n\n",
        assistant="<|start_header_id|>assistant<|end_header_id|>\n\n",
        close="<|eot_id|>",
    ),
    "gemma": ChatTemplate(
        markers=("<start_of_turn>", "<end_of_turn>"),
        system="",
        user="<start_of_turn>user\n",
        assistant="<start_of_turn>model\n",
        close="<end_of_turn>\n",
    ),
}


def template_named(name: str) -> ChatTemplate:
    """Return the chat template of that name.

    Raises:
        ModelInvalidError: there is no such template.
    """
    if name not in TEMPLATES:
        raise ModelInvalidError(f"chat template {name!r} is none of {sorted(TEMPLATES)}")
    return TEMPLATES[name]


def render(prompt: Prompt, template: ChatTemplate) -> tuple[Piece, ...]:
    """Return the pieces of ``prompt``, ending where the assistant is to speak.

    Equal beginnings of two prompts give equal beginnings of their pieces.
    """
    pieces: list[Piece] = []
    if template.system:
        pieces += _turn(template.system, prompt.system, template)
    lead = "" if template.system else f"{prompt.system}\n\n"
    for number, turn in enumerate(prompt.turns):
        opening = template.user if turn.role is Role.USER else template.assistant
        pieces += _turn(opening, turn.text if number else lead + turn.text, template)
    return (*pieces, Piece(template.assistant, markers=True))


def _turn(opening: str, text: str, template: ChatTemplate) -> list[Piece]:
    return [
        Piece(opening, markers=True),
        Piece(text, markers=False),
        Piece(template.close, markers=True),
    ]
