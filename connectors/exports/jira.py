"""Jira XML backups: issues with their comments, for whom the backup's schemes let see them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar
from urllib.parse import quote

from connectors.base import AclSupport, Capabilities
from connectors.errors import SourceRejectedError
from connectors.exports.archive import Archive, reading
from connectors.exports.export import Export, ExportConnector, ExportItem, Rights
from connectors.exports.jira_entities import Backup, Comment, Issue, moment_of
from connectors.exports.jira_rights import rights_of_comment, rights_of_issue
from connectors.exports.records import Node, records
from connectors.facts import Failure

ENTITIES = "entities.xml"


@dataclass(frozen=True, slots=True)
class JiraConfig:
    """Which backup to take in.

    Attributes:
        path: zip archive of an XML backup, or its folder.
        max_bytes: larger issues are rejected.
        max_dump_bytes: a larger dump of entities is rejected.
        max_text_characters: issues with more text than this, all together, are rejected.
    """

    path: Path
    max_bytes: int = 64 * 2**20
    max_dump_bytes: int = 16 * 2**30
    max_text_characters: int = 2**30


class JiraConnector(ExportConnector):
    """Reads the issues of an XML backup, with the comments that all who see them may see.

    A comment for a group or a role alone is an item of its own. Attached files are not in
    such a backup.

    Args:
        source_id: stable name of this source.
        config: which backup.
    """

    config_type: ClassVar[type] = JiraConfig
    capabilities: ClassVar[Capabilities] = Capabilities(acl=AclSupport.NATIVE, principals=True)

    def __init__(self, *, source_id: str, config: JiraConfig) -> None:
        super().__init__(source_id=source_id, config=config)
        self._config = config

    def read_export(self, archive: Archive) -> Export:
        """Return the issues of a backup."""
        backup = self._backup(archive)
        items: dict[str, ExportItem] = {}
        for issue in backup.issues.values():
            for item in self._items(issue, backup):
                items[item.id] = item
        missing = [
            Failure(
                f"{self._id(backup.issues[issue], backup)}#{quote(name)}",
                "an XML backup does not hold attached files",
                retry=False,
            )
            for issue, name in backup.files
            if issue in backup.issues
        ]
        people = backup.people
        return Export(MappingProxyType(items), missing, people.principals(), people.memberships)

    def _backup(self, archive: Archive) -> Backup:
        backup, room = Backup(), self._config.max_text_characters
        with reading(), archive.stream(ENTITIES) as stream:
            for record in records(stream, max_bytes=self._config.max_dump_bytes):
                if record.tag in {"Issue", "Action"}:
                    room -= _length(record)
                    if room < 0:
                        raise SourceRejectedError("the texts of the backup need too much memory")
                backup.take(record)
        return backup

    def _items(self, issue: Issue, backup: Backup) -> Iterator[ExportItem]:
        open_to_all: list[Comment] = []
        closed: list[Comment] = []
        for comment in backup.comments.get(issue.id, []):
            (closed if comment.group or comment.role else open_to_all).append(comment)
        lines = [f"# {self._key(issue, backup)} {issue.summary}", "", issue.description]
        lines += [line for comment in open_to_all for line in _lines(comment, backup)]
        yield self._item(
            self._id(issue, backup), issue, lines, rights_of_issue(issue, backup), backup
        )
        for comment in closed:
            name = f"{self._id(issue, backup)}/{comment.id}"
            head = [f"# {self._key(issue, backup)} {issue.summary}"]
            rights = rights_of_comment(comment, issue, backup)
            said = replace(issue, reporter=comment.author, created=comment.created)
            yield self._item(name, said, head + _lines(comment, backup), rights, backup)

    def _item(
        self, name: str, issue: Issue, lines: list[str], rights: Rights, backup: Backup
    ) -> ExportItem:
        content = ("\n".join(lines) + "\n").encode()
        key = self._key(issue, backup)
        author = backup.people.principal(issue.reporter) or ""
        facts = {
            "title": f"{key} {issue.summary}",
            "author": author.removeprefix("name:"),
            "created_at": moment_of(issue.created).isoformat() if issue.created else "",
        }
        return ExportItem(
            id=name,
            name=f"{key}.md",
            version=sha256(content).hexdigest()[:32],
            read=partial(bytes, content),
            modified_at=moment_of(issue.updated),
            rights=rights,
            size=len(content),
            media_type="text/markdown",
            facts=MappingProxyType({name: value for name, value in facts.items() if value}),
        )

    def _key(self, issue: Issue, backup: Backup) -> str:
        if not issue.key.isdigit():
            return issue.key or issue.id
        project = backup.projects.get(issue.project, ("", ""))[0]
        return f"{project}-{issue.key}" if project else issue.id

    def _id(self, issue: Issue, backup: Backup) -> str:
        return f"jira://{self.source_id}/{quote(self._key(issue, backup), safe='-')}"


def _length(record: Node) -> int:
    texts = (node.text for node in (record, *record.children))
    return sum(len(text) for text in (*texts, *record.attributes.values()))


def _lines(comment: Comment, backup: Backup) -> list[str]:
    author = (backup.people.principal(comment.author) or "unknown").removeprefix("name:")
    return ["", f"## {author}, {comment.created}", "", comment.body]
