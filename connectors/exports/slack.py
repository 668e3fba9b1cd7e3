"""Slack exports: one transcript for each conversation and day, read by who was a member."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar
from urllib.parse import quote

from connectors.base import AclSupport, Capabilities
from connectors.errors import SourceRejectedError
from connectors.exports.archive import Archive, read
from connectors.exports.export import NOBODY, Export, ExportConnector, ExportItem, Rights
from connectors.exports.export import allow as allowed
from connectors.exports.export import deny as denied
from connectors.exports.slack_text import files_of, transcript
from connectors.facts import EVERYONE, Failure, SourcePrincipal

_LISTS = {"channels.json": False, "groups.json": True, "dms.json": True, "mpims.json": True}
"""Files that list conversations, and whether those are for their members alone."""
_USERS = "users.json"
_CLOSED = ("is_private", "is_im", "is_mpim")
_GUEST = ("is_restricted", "is_ultra_restricted", "is_stranger")


@dataclass(frozen=True, slots=True)
class SlackConfig:
    """Which export to take in.

    Attributes:
        path: zip archive of a workspace export, or its folder.
        max_bytes: a larger day of a conversation is rejected.
    """

    path: Path
    max_bytes: int = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Conversation:
    """A channel, or a private one, or messages between few."""

    id: str
    name: str
    folder: str
    rights: Rights


class SlackConnector(ExportConnector):
    """Reads the conversations of a workspace export.

    A public channel may be read by the workspace without its guests; a guest, and anyone in
    a private conversation, must be listed as a member.

    Args:
        source_id: stable name of this source.
        config: which export.
    """

    config_type: ClassVar[type] = SlackConfig
    capabilities: ClassVar[Capabilities] = Capabilities(acl=AclSupport.NATIVE, principals=True)

    def __init__(self, *, source_id: str, config: SlackConfig) -> None:
        super().__init__(source_id=source_id, config=config)

    def read_export(self, archive: Archive) -> Export:
        """Return the days of every conversation."""
        users = {str(user["id"]): user for user in self._rows(archive, _USERS, needed=True)}
        names = {each: _shown(user) for each, user in users.items()}
        folders: dict[str, Conversation] = {}
        for found in self._conversations(archive, users):
            # Two conversations in one folder: whose members may read cannot be told.
            known = found.folder in folders
            folders[found.folder] = _closed(found) if known else found
        items: dict[str, ExportItem] = {}
        missing: list[Failure] = []
        for name in archive.files:
            folder, slash, day = name.rpartition("/")
            moment = _day(day)
            if not slash or moment is None:
                continue
            if folder not in folders:
                missing.append(Failure(name, "no list of the export names its conversation"))
                continue
            item, files = self._item(archive, name, folders[folder], moment, names)
            items[item.id] = item
            missing.extend(files)
        people = [_principal(user) for user in users.values()]
        return Export(MappingProxyType(items), missing, people)

    def _conversations(
        self, archive: Archive, users: Mapping[str, Mapping[str, Any]]
    ) -> Iterator[Conversation]:
        guests = [each for each, user in users.items() if any(user.get(key) for key in _GUEST)]
        for file, closed in _LISTS.items():
            for found in self._rows(archive, file, needed=False):
                members = _members(found)
                private = closed or any(found.get(key) for key in _CLOSED)
                rights = _rights(members, closed=private, guests=guests)
                name = str(found.get("name") or found["id"])
                yield Conversation(str(found["id"]), name, name, rights)

    def _rows(self, archive: Archive, name: str, *, needed: bool) -> Sequence[Mapping[str, Any]]:
        if name not in archive.files and not needed:
            return ()
        found = _json(read(archive, name, max_bytes=self._max_bytes), name)
        rows = [each for each in found if isinstance(each, dict)]
        if len(rows) < len(found) or not all(_is_name(row.get("id")) for row in rows):
            raise SourceRejectedError(f"file {name!r} of the export has another form")
        return rows

    def _item(
        self,
        archive: Archive,
        name: str,
        conversation: Conversation,
        moment: datetime,
        names: Mapping[str, str],
    ) -> tuple[ExportItem, Sequence[Failure]]:
        day = moment.date().isoformat()
        title = f"{conversation.name} {day}"
        item = f"slack://{self.source_id}/{conversation.id}/{day}"
        text, files = self._told(archive, name, title, names)
        found = ExportItem(
            id=item,
            name=f"{quote(title, safe=' ')}.txt",
            # The names of people are in the text, and may change where the messages do not.
            version=archive.files[name].token if text is None else sha256(text).hexdigest(),
            read=partial(self._transcript, archive, name, title, names),
            modified_at=moment + timedelta(days=1, seconds=-1),
            rights=conversation.rights,
            size=None if text is None else len(text),
            media_type="text/plain",
            facts=MappingProxyType({"title": title, "created_at": moment.isoformat()}),
        )
        reason = "the export has a link to this file and not the file"
        return found, [Failure(f"{item}#{file}", reason, retry=False) for file in files]

    def _told(
        self, archive: Archive, name: str, title: str, names: Mapping[str, str]
    ) -> tuple[bytes | None, Sequence[str]]:
        """Return a day's text and the ids of its files; no text if the day cannot be read.

        Such a day stays listed, so that what the vault holds of it lives on.
        """
        try:
            messages = self._messages(archive, name)
        except SourceRejectedError:
            return None, ()
        files = [file for message in messages for file in files_of(message)]
        return transcript(title, messages, names), list(dict.fromkeys(files))

    def _messages(self, archive: Archive, name: str) -> list[object]:
        return _json(read(archive, name, max_bytes=self._max_bytes), name)

    def _transcript(
        self, archive: Archive, name: str, title: str, names: Mapping[str, str]
    ) -> bytes:
        return transcript(title, self._messages(archive, name), names)


def _members(conversation: Mapping[str, Any]) -> Sequence[str] | None:
    given = conversation.get("members")
    return [each for each in given if _is_name(each)] if isinstance(given, list) else None


def _rights(members: Sequence[str] | None, *, closed: bool, guests: Sequence[str]) -> Rights:
    if closed:
        if members is None:
            return NOBODY
        return Rights(allowed(*(f"name:{each}" for each in dict.fromkeys(members))))
    outside = [f"name:{guest}" for guest in guests if guest not in (members or ())]
    return Rights(denied(*outside) + allowed(EVERYONE))


def _closed(conversation: Conversation) -> Conversation:
    return Conversation(conversation.id, conversation.name, conversation.folder, NOBODY)


def _principal(user: Mapping[str, Any]) -> SourcePrincipal:
    mail = _profile(user).get("email")
    aliases = (f"mail:{mail.lower()}",) if isinstance(mail, str) and mail else ()
    name = str(user.get("name") or user["id"])
    return SourcePrincipal(
        f"name:{user['id']}",
        name,
        is_group=False,
        aliases=aliases,
        active=not user.get("deleted", False),
    )


def _shown(user: Mapping[str, Any]) -> str:
    return str(_profile(user).get("real_name") or user.get("name") or user["id"])


def _profile(user: Mapping[str, Any]) -> Mapping[str, Any]:
    profile = user.get("profile")
    return profile if isinstance(profile, dict) else {}


def _is_name(given: object) -> bool:
    return isinstance(given, str) and bool(given)


def _json(content: bytes, name: str) -> list[object]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise SourceRejectedError(f"file {name!r} of the export is not JSON") from error
    if not isinstance(found, list):
        raise SourceRejectedError(f"file {name!r} of the export has another form")
    return found


def _day(name: str) -> datetime | None:
    if not name.endswith(".json"):
        return None
    try:
        return datetime.strptime(name.removesuffix(".json"), "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None
