"""Renders pages on the server; every value is escaped, and a missing one is an error."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from vault.web.words import REASONS, reason_words

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
"""Style sheet and scripts, served as they are."""

_PAGES = Environment(
    loader=FileSystemLoader(FOLDER / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGES.filters["reason"] = reason_words
_PAGES.globals["reasons"] = REASONS


def render(name: str, **values: object) -> str:
    """Return the page ``name`` with these values."""
    return _PAGES.get_template(name).render(values)
