"""People and groups in the words of a directory outside, which may change them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from vault.domain.errors import InvalidRequestError

LONGEST_NAME = 256
_FOREIGN = re.compile(r"[^A-Za-z0-9._@-]+")
_LEADING = re.compile(r"^[^A-Za-z0-9]+")
_LONGEST_ID = 100


class NameTakenError(InvalidRequestError):
    """Another person or group goes by that name."""


@dataclass(frozen=True, slots=True)
class PersonForm:
    """What a directory may say of a person.

    Attributes:
        user_name: sign-in name; no two persons have one alike, whatever the case.
        external_id: the directory's own name of the person.
        active: whether the person may sign in.
    """

    user_name: str
    display_name: str = ""
    external_id: str | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class Person:
    """A person as the directory sees one; ``groups`` are those that list the person directly."""

    id: str
    form: PersonForm
    created_at: datetime
    modified_at: datetime
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupForm:
    """What a directory may say of a group; ``members`` are references, ``user:`` or ``group:``."""

    display_name: str
    external_id: str | None = None
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A group as the directory sees one."""

    id: str
    form: GroupForm
    created_at: datetime
    modified_at: datetime


def check_name(name: str, *, noun: str) -> str:
    """Return a name without white space around it.

    Raises:
        InvalidRequestError: nothing is left, or it is too long or cannot be printed.
    """
    kept = name.strip()
    if not 0 < len(kept) <= LONGEST_NAME or not kept.isprintable():
        raise InvalidRequestError(f"a {noun} is 1 to {LONGEST_NAME} printable characters")
    return kept


def free_id(name: str, *, is_taken: Callable[[str], bool]) -> str:
    """Return an id made from a name that was never used before.

    An id that was used is not given again, because rights may still name it.
    """
    base = _LEADING.sub("", _FOREIGN.sub("-", name))[:_LONGEST_ID] or "id"
    if not is_taken(base):
        return base
    number = 2
    while is_taken(f"{base}-{number}"):
        number += 1
    return f"{base}-{number}"
