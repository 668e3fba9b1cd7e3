"""Regular expressions that take time in proportion to the text, whoever wrote them."""

from functools import lru_cache

from pydantic_core import SchemaError, SchemaValidator, ValidationError, core_schema

from vault.domain.errors import InvalidRequestError

MOST_CHARACTERS = 512
"""Length of a pattern; real ones are far below it."""


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> SchemaValidator:
    if len(pattern) > MOST_CHARACTERS:
        raise InvalidRequestError(f"a pattern is longer than {MOST_CHARACTERS} characters")
    try:
        return SchemaValidator(core_schema.str_schema(pattern=pattern, regex_engine="rust-regex"))
    except SchemaError as error:
        raise InvalidRequestError(
            "a pattern is no regular expression, or has lookaround or backreferences, "
            "which no engine can bound"
        ) from error


def check_pattern(pattern: str) -> None:
    """Return only if texts can be matched with this pattern in linear time.

    Raises:
        InvalidRequestError: it is too long, malformed or needs an engine that backtracks.

    Source:
        Cox, "Regular Expression Matching Can Be Simple And Fast" (2007).
    """
    _compiled(pattern)


def matches(pattern: str, text: str) -> bool:
    """Tell whether ``pattern`` is found anywhere in ``text``.

    Raises:
        InvalidRequestError: the pattern cannot be matched in bounded time.
    """
    try:
        _compiled(pattern).validate_python(text, strict=True)
    except ValidationError:
        return False
    return True


def check_name_pattern(pattern: str) -> None:
    """Return only if names can be matched with this pattern by an engine that backtracks.

    The library that checks schemas uses one for the names of members. Without groups and with
    one repetition a bounded name takes it bounded time.

    Raises:
        InvalidRequestError: it has a group, or repeats more than once.
    """
    check_pattern(pattern)
    if "(" in pattern or sum(pattern.count(sign) for sign in "*+{?") > 1:
        raise InvalidRequestError("a pattern of names has no groups and repeats at most once")
