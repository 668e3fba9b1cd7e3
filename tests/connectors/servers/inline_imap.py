"""A small IMAP server in this very process, over a pair of sockets, for quick tests."""

import re
import socket
import threading
from dataclasses import dataclass, field

USER, PASSWORD = "scribe", "sesame"
_DATE = "23-Nov-2026 10:00:00 +0000"
_LINE = re.compile(rb"(\S+) (\S+) ?(.*)\r\n")


@dataclass
class Folder:
    """Messages by UID, and what the server says of them."""

    messages: dict[int, bytes] = field(default_factory=dict)
    validity: int = 7
    modseq: int = 1
    changed: dict[int, int] = field(default_factory=dict)
    vanished: dict[int, int] = field(default_factory=dict)
    acl: str | None = "scribe lrswipkxtea"
    is_shut: bool = False
    claims: int | None = None

    def add(self, uid: int, content: bytes) -> None:
        """Take a message in."""
        self.modseq += 1
        self.messages[uid], self.changed[uid] = content, self.modseq

    def drop(self, uid: int) -> None:
        """Lose a message."""
        self.modseq += 1
        del self.messages[uid]
        self.vanished[uid] = self.modseq


class InlineImap:
    """Serves folders to whoever signs in; counts callers and commands."""

    def __init__(self) -> None:
        self.folders: dict[str, Folder] = {}
        self.capabilities = "IMAP4rev1 ENABLE CONDSTORE QRESYNC ACL"
        self.breaks_at = ""
        self.asked: list[str] = []
        self.callers = 0

    def dial(self) -> socket.socket:
        """Return a socket whose other end is served."""
        ours, theirs = socket.socketpair()
        self.callers += 1
        threading.Thread(target=self._serve, args=(theirs,), daemon=True).start()
        return ours

    def _serve(self, line: socket.socket) -> None:
        folder = Folder()
        with line, line.makefile("rwb") as file:
            file.write(b"* OK ready\r\n")
            file.flush()
            while matched := _LINE.match(file.readline()):
                tag, command, rest = (part.decode() for part in matched.groups())
                self.asked.append(f"{command} {rest}")
                if self.breaks_at and self.breaks_at in f"{command} {rest}":
                    return
                if command in ("EXAMINE", "SELECT"):
                    folder = self.folders[rest.strip('"')]
                for answer in self._answers(command, rest, folder):
                    file.write((answer.encode() if isinstance(answer, str) else answer) + b"\r\n")
                verdict = self._verdict(command, rest, folder)
                file.write(f"{tag} {verdict}\r\n".encode())
                file.flush()

    def _verdict(self, command: str, rest: str, folder: Folder) -> str:
        if command == "LOGIN" and rest != f'{USER} "{PASSWORD}"':
            return "NO wrong password"
        if (command == "EXAMINE" and folder.is_shut) or (
            command == "GETACL" and self.folders[rest.strip('"')].acl is None
        ):
            return "NO not for you"
        return "OK done"

    def _answers(self, command: str, rest: str, folder: Folder) -> list[str | bytes]:
        if command == "CAPABILITY":
            return [f"* CAPABILITY {self.capabilities}"]
        if command == "LIST":
            return [f'* LIST (\\HasNoChildren) "/" "{name}"' for name in self.folders] + [
                '* LIST (\\Noselect) "/" "parent"'
            ]
        if command == "EXAMINE":
            exists = len(folder.messages) if folder.claims is None else folder.claims
            known = "QRESYNC" in self.capabilities
            return [
                f"* {exists} EXISTS",
                f"* OK [UIDVALIDITY {folder.validity}] valid",
                f"* OK [HIGHESTMODSEQ {folder.modseq}] highest"
                if known
                else "* OK [NOMODSEQ] none",
            ]
        if command == "GETACL":
            acl = self.folders[rest.strip('"')].acl
            return [] if acl is None else [f"* ACL {rest} {acl}"]
        return self._fetched(rest, folder) if command == "UID" else []

    def _fetched(self, rest: str, folder: Folder) -> list[str | bytes]:
        asked = re.match(r"FETCH (\d+)(:\*)? (.*)", rest)
        assert asked is not None
        first, ranged, parts = int(asked[1]), bool(asked[2]), asked[3]
        since = re.search(r"CHANGEDSINCE (\d+)", parts)
        answers: list[str | bytes] = []
        if since is not None:
            gone = [str(uid) for uid, at in folder.vanished.items() if at > int(since[1])]
            answers += [f"* VANISHED (EARLIER) {','.join(gone)}"] if gone else []
        for number, (uid, content) in enumerate(sorted(folder.messages.items()), start=1):
            is_last = uid == max(folder.messages)
            if not (uid == first or (ranged and (uid >= first or is_last))):
                continue
            if since is not None and folder.changed.get(uid, 0) <= int(since[1]):
                continue
            head = f'* {number} FETCH (UID {uid} RFC822.SIZE {len(content)} INTERNALDATE "{_DATE}"'
            if "BODY" in parts:
                answers.append(f"{head} BODY[] {{{len(content)}}}\r\n".encode() + content + b")")
            else:
                answers.append(head + ")")
        return answers
