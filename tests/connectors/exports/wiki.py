"""A small wiki as its XML export, written record by record."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from xml.sax.saxutils import escape

from connectors.exports.confluence_objects import Dump
from connectors.exports.records import records
from tests.connectors.exports.packed import zip_of


def record(kind: str, id: str, *parts: str, identity: str = "id", **values: str) -> str:  # noqa: A002
    """Return one object of a dump, with text properties and whatever parts are given."""
    properties = "".join(
        f'<property name="{name}">{escape(value)}</property>' for name, value in values.items()
    )
    named = f'<id name="{identity}">{id}</id>' if id else ""
    return f'<object class="{kind}" package="wiki">{named}{properties}{"".join(parts)}</object>'


def refers(name: str, to: str, kind: str = "Page") -> str:
    """Return a property that points at another object."""
    return f'<property name="{name}" class="{kind}"><id name="id">{to}</id></property>'


def lists(name: str, *ids: str) -> str:
    """Return a collection that points at other objects."""
    elements = "".join(f'<element><id name="id">{each}</id></element>' for each in ids)
    return f'<collection name="{name}">{elements}</collection>'


def page(id: str, *parts: str, parent: str = "", **values: str) -> str:  # noqa: A002
    """Return a page of space 1 with its text."""
    given = {"title": f"Page {id}", "version": "1", "lastModificationDate": "2024-03-05 10:00:00.5"}
    above = refers("parent", parent) if parent else ""
    whole = record("Page", id, refers("space", "1", "Space"), above, *parts, **(given | values))
    body = record("BodyContent", f"9{id}", refers("content", id), body=f"<p>Text of {id}.</p>")
    return whole + body


def viewer(id: str, *parts: str, space: str = "1", **values: str) -> str:  # noqa: A002
    """Return a right to view a space."""
    given = {"type": "VIEWSPACE"} | values
    return record("SpacePermission", id, refers("space", space, "Space"), *parts, **given)


def restriction(id: str, on: str, *names: str, kind: str = "View") -> str:  # noqa: A002
    """Return a set of restrictions on a page, and whom it lets in."""
    whole = record("ContentPermissionSet", id, refers("owningContent", on), type=kind)
    for number, name in enumerate(names):
        owner = refers("owningSet", id, "ContentPermissionSet")
        whole += record("ContentPermission", f"{id}{number}", owner, type=kind, userName=name)
    return whole


def person(key: str, name: str) -> str:
    """Return a person that the rest of a dump names by a key."""
    return record("ConfluenceUserImpl", key, identity="key", name=name, lowerName=name.lower())


SPACE = record("Space", "1", name="Finance", key="FIN")
STAFF = viewer("31", group="Staff")
WIKI = (
    SPACE,
    STAFF,
    person("k1", "Alice"),
    page("10", title="Budget & plan"),
    page("11", parent="10"),
)


def export(path: Path, *given: str, files: Mapping[str, bytes] = MappingProxyType({})) -> Path:
    """Write a zip archive with these records, and files by name, and return its path."""
    dump = f"<?xml version='1.0' encoding='UTF-8'?><hibernate>{''.join(given)}</hibernate>"
    return zip_of(path, {"entities.xml": dump, **files})


def dump_of(*given: str) -> Dump:
    """Return what is taken from some records."""
    dump, whole = Dump(), f"<hibernate>{''.join(given)}</hibernate>".encode()
    for found in records(BytesIO(whole), max_bytes=2**20):
        dump.take(found)
    return dump
