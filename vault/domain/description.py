"""What is known about a document beside its text, and what a collection demands of that."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from vault.domain.errors import InvalidRequestError

DESCRIPTION = "description"
"""Kind of the blob that holds a description, sealed with the key of its document."""
FIELDS = (
    "title",
    "author",
    "created_at",
    "modified_at",
    "language",
    "source",
    "record_class",
    "keywords",
)
"""Every field of a description, under one name whatever a source calls it."""


@dataclass(frozen=True, slots=True)
class Description:
    """What is known about one revision beside its text.

    Attributes:
        title: what it is called.
        author: who wrote it, as the source or the file says.
        created_at: when it was first written, where that is known.
        modified_at: when it last changed.
        language: ISO 639-1 code, or empty.
        source: name of the source it came from.
        record_class: schedule that its source names, or empty.
        keywords: what it is about, in the words of the source or the file.
        found: what screening found, with the number of different values, none of the text.
    """

    title: str
    author: str = ""
    created_at: datetime | None = None
    modified_at: datetime | None = None
    language: str = ""
    source: str = ""
    record_class: str = ""
    keywords: tuple[str, ...] = ()
    found: tuple[tuple[str, int], ...] = ()

    def form(self) -> dict[str, Any]:
        """Return the description as plain values; times are RFC 3339."""
        form = asdict(self)
        for name in ("created_at", "modified_at"):
            if form[name] is not None:
                form[name] = form[name].isoformat()
        form["keywords"] = list(self.keywords)
        form["found"] = dict(self.found)
        return form

    def to_bytes(self) -> bytes:
        """Return the description as JSON."""
        return json.dumps(self.form(), ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, body: bytes) -> "Description":
        """Return the description that ``to_bytes`` wrote."""
        form = json.loads(body)
        for name in ("created_at", "modified_at"):
            if form[name] is not None:
                form[name] = datetime.fromisoformat(form[name])
        form["keywords"] = tuple(form["keywords"])
        form["found"] = tuple(form["found"].items())
        return cls(**form)


@dataclass(frozen=True, slots=True)
class DescriptionSchema:
    """What a collection demands of the descriptions of its documents.

    Attributes:
        required: fields that may not be empty.
        allowed: the only values that a field may have, where they are listed.
        renamed: the collection's field for a name that a source uses.
        defaults: value of a field that nothing else fills.
    """

    required: tuple[str, ...] = ()
    allowed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, form: Mapping[str, Any]) -> "DescriptionSchema":
        """Return the schema that plain values write down.

        Raises:
            InvalidRequestError: a member is unknown or has another shape, or a field is not
                one of ``FIELDS``.
        """
        extra = form.keys() - {"required", "allowed", "renamed", "defaults"}
        if extra:
            raise InvalidRequestError(f"a schema has no member {min(extra)!r}")
        required = form.get("required", [])
        allowed = form.get("allowed", {})
        if not _is_words(required) or not _is_table(allowed):
            raise InvalidRequestError("required is a list of fields, allowed a table of lists")
        plain = {name: form.get(name, {}) for name in ("renamed", "defaults")}
        for name, table in plain.items():
            if not _is_table(table) or not all(isinstance(each, str) for each in table.values()):
                raise InvalidRequestError(f"{name} is a table of words")
        if not all(map(_is_words, allowed.values())):
            raise InvalidRequestError("allowed is a table of lists of words")
        made = cls(
            tuple(required),
            {name: frozenset(values) for name, values in allowed.items()},
            plain["renamed"],
            plain["defaults"],
        )
        made._check_fields()
        return made

    def form(self) -> dict[str, Any]:
        """Return the schema as plain values."""
        return {
            "required": list(self.required),
            "allowed": {name: sorted(values) for name, values in self.allowed.items()},
            "renamed": dict(self.renamed),
            "defaults": dict(self.defaults),
        }

    def misfits(self, description: Description) -> Iterator[str]:
        """Yield the name of each rule that a description breaks, without its value."""
        for name in self.required:
            if not getattr(description, name):
                yield f"missing:{name}"
        for name, values in self.allowed.items():
            stated = getattr(description, name)
            words = stated if isinstance(stated, tuple) else (stated,) if stated else ()
            if not values.issuperset(map(str, words)):
                yield f"not-allowed:{name}"

    def _check_fields(self) -> None:
        named = {*self.required, *self.allowed, *self.renamed.values(), *self.defaults}
        unknown = named - set(FIELDS)
        if unknown:
            raise InvalidRequestError(
                f"a description has no field {min(unknown)!r}; it has {', '.join(FIELDS)}"
            )


def _is_words(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping)
