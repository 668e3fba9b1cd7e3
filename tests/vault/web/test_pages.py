"""Pages escape what they are given and refuse to be given too little."""

import pytest
from jinja2 import UndefinedError

from vault.web.pages import STATIC, render


def test_every_value_is_escaped() -> None:
    problem = {"type": '"><script>', "title": "<b>", "status": 1, "description": "&"}
    page = render("problems.html", problems=[problem])
    assert "<script>" not in page
    assert "<b>" not in page


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        render("problems.html")


def test_no_script_ever_turns_text_into_markup_or_code() -> None:
    for script in STATIC.glob("*.js"):
        text = script.read_text(encoding="utf-8")
        for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert word not in text, script.name
