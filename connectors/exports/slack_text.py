"""The messages of one day as text that a person can read."""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
_LINK = re.compile(r"<((?:https?|mailto):[^|>]+)(?:\|([^>]*))?>")
_CHANNEL = re.compile(r"<#[A-Z0-9]+\|([^>]*)>")


def transcript(title: str, messages: Sequence[object], names: Mapping[str, str]) -> bytes:
    """Return messages in their order, replies marked, with the names of who wrote them, in UTF-8.

    Args:
        title: first line.
        messages: as the export gives them; what is no message is left out.
        names: of people, by their id.
    """
    lines = [title, ""]
    for message in messages:
        if isinstance(message, dict):
            lines.extend(_lines(message, names))
    # JSON may hold half of a pair, which is no letter.
    return ("\n".join(lines) + "\n").encode(errors="replace")


def files_of(message: object) -> Iterator[str]:
    """Yield the ids of the files that a message carries."""
    if not isinstance(message, dict):
        return
    listed = message.get("files")
    for file in listed if isinstance(listed, list) else ():
        if isinstance(file, dict) and isinstance(file.get("id"), str):
            yield file["id"]


def _lines(message: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[str]:
    author = str(message.get("user") or "")
    given = message.get("username") or message.get("bot_id") or "unknown"
    reply = "  " if message.get("thread_ts") not in (None, message.get("ts")) else ""
    # A line of a text may not look like another message, so it is set in.
    text = "\n      ".join(_plain(str(message.get("text") or ""), names).splitlines())
    yield f"{reply}[{_clock(message)}] {names.get(author, author or str(given))}: {text}"
    listed = message.get("files")
    for file in listed if isinstance(listed, list) else ():
        if isinstance(file, dict):
            yield f"{reply}  (file: {file.get('name') or file.get('id')})"


def _plain(text: str, names: Mapping[str, str]) -> str:
    text = _MENTION.sub(lambda found: "@" + names.get(found[1], found[1]), text)
    text = _CHANNEL.sub(lambda found: f"#{found[1]}", text)
    text = _LINK.sub(lambda found: f"{found[2]} ({found[1]})" if found[2] else found[1], text)
    return html.unescape(text)


def _clock(message: Mapping[str, Any]) -> str:
    try:
        return datetime.fromtimestamp(float(message["ts"]), UTC).strftime("%H:%M")
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return "--:--"
