"""Brings what source and file say about a document under one name each, and checks it."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from vault.domain.description import FIELDS, Description, DescriptionSchema
from vault.domain.documents import CharSpan, ParsedDocument
from vault.domain.findings import Finding, FindingKind

LONGEST = 500
"""Characters of one field."""
MOST_KEYWORDS = 50
_SYNONYMS = {
    "creator": "author",
    "from": "author",
    "owner": "author",
    "created": "created_at",
    "date": "created_at",
    "modified": "modified_at",
    "lang": "language",
    "tags": "keywords",
    "labels": "keywords",
    "subject": "title",
    "name": "title",
}
"""What sources call a field; a collection's own schema comes first."""
_BETWEEN = re.compile(r"[,;\n]")

Schemas = Callable[[str], DescriptionSchema]
"""Gives the schema of a collection; one that demands nothing where none was set."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What is known of a document before it is described.

    Attributes:
        facts: what its source says, by the source's own names.
        source: name of the source.
        title: the title it is kept under.
        modified_at: when it last changed, as its owner or source says.
        record_class: the class its owner put it in, which wins over its source's.
    """

    facts: Mapping[str, str]
    source: str
    title: str
    modified_at: datetime
    record_class: str | None = None


def describe(
    stated: Stated,
    parsed: ParsedDocument,
    schema: DescriptionSchema,
    *,
    found: Iterable[tuple[str, int]] = (),
) -> tuple[Description, tuple[Finding, ...]]:
    """Return the description of a document and what its collection does not accept of it.

    A source's word counts before the file's own: files are copied from others, properties and
    all. A value that cannot be read, such as a date that is none, counts as not given and is
    reported.
    """
    values: dict[str, str] = {name: str(value) for name, value in schema.defaults.items()}
    values |= {name: value for name, value in parsed.properties if value}
    values |= {name: value for name, value in _named(stated.facts, schema.renamed).items() if value}
    problems: list[str] = []
    description = Description(
        title=stated.title,
        author=values.get("author", "")[:LONGEST],
        created_at=_time(values, "created_at", problems),
        modified_at=stated.modified_at,
        language=_language(values.get("language", "")) or parsed.language,
        source=stated.source,
        record_class=stated.record_class or values.get("record_class", "")[:LONGEST],
        keywords=_keywords(values.get("keywords", "")),
        found=tuple(found),
    )
    misfits = (*problems, *schema.misfits(description))
    return description, tuple(
        Finding(FindingKind.DESCRIPTION, CharSpan(0, 0), rule) for rule in dict.fromkeys(misfits)
    )


def _named(facts: Mapping[str, str], renamed: Mapping[str, str]) -> dict[str, str]:
    known = {name: name for name in FIELDS} | _SYNONYMS | {k.lower(): v for k, v in renamed.items()}
    return {
        known[name.lower()]: value.strip()
        for name, value in sorted(facts.items())
        if name.lower() in known
    }


def _time(values: Mapping[str, str], name: str, problems: list[str]) -> datetime | None:
    text = values.get(name, "")
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        problems.append(f"unreadable:{name}")
        return None
    return (found if found.tzinfo is not None else found.replace(tzinfo=UTC)).astimezone(UTC)


def _language(text: str) -> str:
    code = re.split(r"[-_ ]", text.strip().lower(), maxsplit=1)[0]
    return code if code.isalpha() and len(code) in (2, 3) else ""


def _keywords(text: str) -> tuple[str, ...]:
    words = (" ".join(each.split())[:LONGEST] for each in _BETWEEN.split(text))
    return tuple(dict.fromkeys(filter(None, words)))[:MOST_KEYWORDS]
