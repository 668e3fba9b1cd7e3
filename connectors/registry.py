"""Finds connectors by kind and builds them from the settings a person gave."""

import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from connectors.base import Connector
from connectors.errors import ConnectorConfigError

GROUP = "strongroom.connectors"
"""Entry points of other packages: name of a kind to a class like ours."""

CONNECTORS = {
    "bundle": "connectors.bundle:BundleConnector",
    "filesystem": "connectors.filesystem:FilesystemConnector",
    "git": "connectors.git:GitConnector",
    "jira": "connectors.exports.jira:JiraConnector",
    "notion": "connectors.exports.notion:NotionConnector",
    "takeout": "connectors.exports.takeout:TakeoutConnector",
    "ldap": "connectors.directory:DirectoryConnector",
    "imap": "connectors.imap:ImapConnector",
    "mail": "connectors.mail_tree:MailTreeConnector",
    "s3": "connectors.s3:S3Connector",
    "sftp": "connectors.sftp:SftpConnector",
    "smb": "connectors.smb:SmbConnector",
    "webdav": "connectors.webdav:WebdavConnector",
    "sql": "connectors.sql:SqlConnector",
    "web": "connectors.web:WebConnector",
    "confluence": "connectors.exports.confluence:ConfluenceConnector",
    "slack": "connectors.exports.slack:SlackConnector",
}
"""Our own kinds, imported when a source asks for them; no package replaces them."""

_TRUE = frozenset({"1", "on", "true", "yes"})
_FALSE = frozenset({"0", "false", "no", "off"})


def kinds() -> tuple[str, ...]:
    """Return the kinds of source that are installed, in order."""
    return tuple(sorted(_points()))


def load(kind: str) -> type[Connector]:
    """Return the connector class for ``kind``.

    Raises:
        ConnectorConfigError: no such kind is installed, or a library that it needs is not.
    """
    point = _points().get(kind)
    if point is None:
        raise ConnectorConfigError(
            f"connector {kind!r} is not installed; installed: {', '.join(kinds())}"
        )
    try:
        found: type[Connector] = point.load()
    except ModuleNotFoundError as error:
        raise ConnectorConfigError(
            f"connector {kind!r} needs the library {error.name!r}; "
            "install it with: pip install 'strongroom[connectors]'"
        ) from error
    return found


def _points() -> dict[str, EntryPoint]:
    others = {point.name: point for point in entry_points(group=GROUP)}
    ours = {name: EntryPoint(name, value, GROUP) for name, value in CONNECTORS.items()}
    return others | ours


def build(kind: str, *, source_id: str, settings: Mapping[str, str]) -> Connector:
    """Return a connector for one source.

    Args:
        kind: name of an installed connector.
        source_id: stable name of the source.
        settings: settings as text, as the command line and the database keep them.

    Raises:
        ConnectorConfigError: the kind or a setting is unknown, missing or malformed.
    """
    found = load(kind)
    factory: Any = found
    connector: Connector = factory(
        source_id=source_id, config=parse(found.config_type, settings, kind=kind)
    )
    return connector


def parse(config_type: type, settings: Mapping[str, str], *, kind: str) -> object:
    """Return a value of the frozen dataclass ``config_type`` made from text.

    Raises:
        ConnectorConfigError: a setting is unknown, missing or malformed.
    """
    known = {field.name: field for field in fields(config_type)}
    hints = get_type_hints(config_type)
    unknown = sorted(settings.keys() - known.keys())
    if unknown:
        raise ConnectorConfigError(
            f"connector {kind!r} has no setting {', '.join(map(repr, unknown))}; "
            f"it has {', '.join(sorted(known))}"
        )
    missing = sorted(
        name
        for name, field in known.items()
        if name not in settings and field.default is MISSING and field.default_factory is MISSING
    )
    if missing:
        raise ConnectorConfigError(f"connector {kind!r} needs the setting {', '.join(missing)}")
    values = {
        name: _convert(text, hints[name], name=name, kind=kind) for name, text in settings.items()
    }
    return config_type(**values)


def _convert(text: str, wanted: object, *, name: str, kind: str) -> object:
    if get_origin(wanted) in (types.UnionType, typing.Union):
        wanted = next(option for option in get_args(wanted) if option is not type(None))
    if get_origin(wanted) is tuple:
        inner = get_args(wanted)[0]
        parts = [part for part in text.split("\n") if part]
        return tuple(_convert(part, inner, name=name, kind=kind) for part in parts)
    if wanted is bool:
        if text.lower() in _TRUE | _FALSE:
            return text.lower() in _TRUE
        raise ConnectorConfigError(f"setting {name!r} of connector {kind!r} must be true or false")
    if wanted is int:
        if text.isascii() and text.isdigit():
            return int(text)
        raise ConnectorConfigError(f"setting {name!r} of connector {kind!r} must be a number")
    return Path(text) if wanted is Path else text
