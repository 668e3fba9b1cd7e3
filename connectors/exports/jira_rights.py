"""Who may see a Jira issue: who may browse its project and is let in by its security level."""

from collections.abc import Iterable, Iterator

from connectors.exports.export import NOBODY, Entries, Rights, allow
from connectors.exports.jira_entities import Backup, Comment, Grant, Issue
from connectors.facts import EVERYONE

_GROUP_ACTOR = "atlassian-group-role-actor"
_PERSON_ACTOR = "atlassian-user-role-actor"


def rights_of_issue(issue: Issue, backup: Backup) -> Rights:
    """Return the rights of an issue; nobody where the backup does not say who may browse.

    Kinds of grants that this cannot resolve, such as fields of an issue, let nobody in.
    """
    schemes = backup.schemes.get(issue.project, [])
    if len(schemes) != 1:
        return NOBODY
    browse = _entries(backup.browse.get(schemes[0], []), issue, backup)
    if not issue.security:
        return Rights(browse)
    return Rights(browse, (_entries(backup.levels.get(issue.security, []), issue, backup),))


def rights_of_comment(comment: Comment, issue: Issue, backup: Backup) -> Rights:
    """Return the rights of a comment: those of its issue, behind each level it is for."""
    rights = rights_of_issue(issue, backup)
    given = (("projectrole", comment.role), ("group", comment.group))
    levels = (_entries([Grant(*each)], issue, backup) for each in given if each[1])
    return Rights(rights.entries, (*rights.gates, *levels))


def _entries(grants: Iterable[Grant], issue: Issue, backup: Backup) -> Entries:
    found = (each for grant in grants for each in _principals(grant, issue, backup))
    return allow(*dict.fromkeys(principal for principal in found if principal is not None))


def _principals(grant: Grant, issue: Issue, backup: Backup) -> Iterator[str | None]:
    kind, parameter = grant.kind, grant.parameter
    if kind == "group":
        # A group without a name stands for anyone at all.
        yield f"group:{parameter.lower()}" if parameter else EVERYONE
    elif kind == "applicationRole" and not parameter:
        yield EVERYONE
    elif kind == "user":
        yield backup.people.principal(parameter)
    elif kind == "projectrole":
        for actor in backup.actors.get((issue.project, parameter), []):
            yield _actor(actor, backup)
    else:
        yield backup.people.principal(_party(kind, issue, backup))


def _actor(actor: Grant, backup: Backup) -> str | None:
    if actor.kind == _GROUP_ACTOR and actor.parameter:
        return f"group:{actor.parameter.lower()}"
    return backup.people.principal(actor.parameter) if actor.kind == _PERSON_ACTOR else None


def _party(kind: str, issue: Issue, backup: Backup) -> str:
    lead = backup.projects.get(issue.project, ("", ""))[1]
    parties = {"reporter": issue.reporter, "assignee": issue.assignee, "lead": lead}
    return parties.get(kind, "")
