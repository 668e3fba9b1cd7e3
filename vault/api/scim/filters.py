"""Filters that directories use to find a person or group: equality, joined by ``and``."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from vault.api.scim.failures import ScimError

LONGEST = 2000
_TERM = re.compile(
    r"\s*(?:(?P<urn>urn:[\w:.-]+):)?(?P<name>[A-Za-z$][\w$-]*)(?:\.(?P<sub>[A-Za-z$][\w$-]*))?"
    r'\s+eq\s+(?P<value>"(?:[^"\\]|\\.)*"|true|false|null|-?[0-9]+)\s*',
    re.IGNORECASE,
)
_AND = re.compile(r"and\s", re.IGNORECASE)
_EXACT = frozenset({"id", "externalid", "value"})
_KNOWN = frozenset({"active", "displayname", "externalid", "groups", "id", "members", "username"})

Predicate = Callable[[Mapping[str, Any]], bool]


def parse_filter(text: str) -> Predicate:
    """Return what tells whether a resource fits the filter.

    Raises:
        ScimError: it is malformed, names what is not kept, or uses another operator.

    Source:
        RFC 7644, section 3.4.2.2.
    """
    terms, place = [], 0
    if len(text) > LONGEST:
        raise _refusal()
    while True:
        found = _TERM.match(text, place)
        if found is None or found["name"].lower() not in _KNOWN:
            raise _refusal()
        terms.append(_term(found["name"].lower(), json.loads(_lowered(found["value"]))))
        place = found.end()
        if place == len(text):
            return lambda resource: all(term(resource) for term in terms)
        joined = _AND.match(text, place)
        if joined is None:
            raise _refusal()
        place = joined.end()


def fits(value: object, wanted: object, *, exact: bool) -> bool:
    """Tell whether a value equals the wanted one, by the attribute's rule on case."""
    if isinstance(value, str) and isinstance(wanted, str) and not exact:
        return value.casefold() == wanted.casefold()
    return type(value) is type(wanted) and value == wanted


def _term(name: str, wanted: object) -> Predicate:
    def holds(resource: Mapping[str, Any]) -> bool:
        for key, value in resource.items():
            if key.lower() != name:
                continue
            if isinstance(value, list):
                return any(fits(each["value"], wanted, exact=True) for each in value)
            return fits(value, wanted, exact=name in _EXACT)
        return wanted is None

    return holds


def _lowered(value: str) -> str:
    return value if value.startswith('"') else value.lower()


def _refusal() -> ScimError:
    return ScimError(400, "invalidFilter", "a filter is ATTRIBUTE eq VALUE, joined by and")
