"""Templates are ours, and only they may open a turn."""

import pytest

from models.errors import ModelInvalidError
from models.prompt import TEMPLATES, Piece, Prompt, Role, Turn, render, template_named

PROMPT = Prompt(
    "Be brief.",
    (
        Turn(Role.USER, "one?"),
        Turn(Role.ASSISTANT, "two"),
        Turn(Role.USER, "three?"),
    ),
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "chatml",
            "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\none?<|im_end|>\n"
            "<|im_start|>assistant\ntwo<|im_end|>\n<|im_start|>user\nthree?<|im_end|>\n"
            "<|im_start|>assistant\n",
        ),
        (
            "llama-3",
            "<|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>"
            "<|start_header_id|>user<|end_header_id|>\n\none?<|eot_id|>"
            "<|start_header_id|>assistant<|end_header_id|>\n\ntwo<|eot_id|>"
            "<|start_header_id|>user<|end_header_id|>\n\nthree?<|eot_id|>"
            "<|start_header_id|>assistant<|end_header_id|>\n\n",
        ),
        (
            "gemma",
            "<start_of_turn>user\nBe brief.\n\none?<end_of_turn>\n"
            "<start_of_turn>model\ntwo<end_of_turn>\n"
            "<start_of_turn>user\nthree?<end_of_turn>\n<start_of_turn>model\n",
        ),
    ],
)
def test_a_prompt_renders_as_its_family_expects(name: str, expected: str) -> None:
    assert "".join(piece.text for piece in render(PROMPT, template_named(name))) == expected


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_people_wrote_is_never_read_for_markers(name: str) -> None:
    template = template_named(name)
    hostile = "".join(template.markers)
    prompt = Prompt(hostile, (Turn(Role.USER, hostile),))
    pieces = render(prompt, template)
    ours = {template.system, template.user, template.assistant, template.close}
    assert {piece.text for piece in pieces if piece.markers} <= ours
    assert Piece(hostile, markers=True) not in pieces


def test_prompts_that_begin_alike_render_alike_up_to_the_difference() -> None:
    template = template_named("chatml")
    other = Prompt(PROMPT.system, (*PROMPT.turns[:2], Turn(Role.USER, "four?")))
    first, second = render(PROMPT, template), render(other, template)
    assert [one == two for one, two in zip(first, second, strict=True)].index(False) == 10
    assert first[10].text == "three?"


@pytest.mark.parametrize(
    "roles", [(), (Role.ASSISTANT,), (Role.USER, Role.ASSISTANT), (Role.USER,) * 3]
)
def test_turns_alternate_and_end_with_the_user(roles: tuple[Role, ...]) -> None:
    with pytest.raises(ValueError, match="alternate"):
        Prompt("", tuple(Turn(role, "x") for role in roles))


def test_an_unknown_template_is_refused() -> None:
    with pytest.raises(ModelInvalidError, match="chatml"):
        template_named("from-the-gguf")
