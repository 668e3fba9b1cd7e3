"""Who may view a Confluence page: whom its space lets in, its parents and it do not shut out."""

from collections.abc import Iterator

from connectors.exports.confluence_objects import Dump, Page
from connectors.exports.export import NOBODY, Entries, Rights, allow
from connectors.facts import EVERYONE

_DEEPEST = 1000


def rights_of(page: Page, dump: Dump) -> Rights:
    """Return the rights of a page; each restriction above it is one more gate.

    Where the space says nothing of viewers, or a parent is not in the dump, nobody may read:
    a restriction that cannot be seen may still be there.
    """
    line = list(_line(page, dump))
    viewers = dump.viewers.get(page.space) if page.space else None
    if not viewers or not line:
        return NOBODY
    restrictions = [
        _entries(dump.members.get(each, []), dump)
        for above in line
        for each in dict.fromkeys((*dump.restricted.get(above.id, ()), *above.sets))
        # A set that a page lists and the dump does not hold lets nobody in.
        if each not in dump.others
    ]
    return Rights(_entries(viewers, dump), tuple(restrictions))


def _line(page: Page, dump: Dump) -> Iterator[Page]:
    """Yield a page and those above it, or nothing at all if the line is broken or endless."""
    found, above = [page], page.parent
    while above:
        parent = dump.pages.get(above)
        if parent is None or len(found) > _DEEPEST:
            return
        found.append(parent)
        above = parent.parent
    yield from found


def _entries(named: list[tuple[str, str]], dump: Dump) -> Entries:
    """Return entries for whom the dump can name; whom it cannot is not let in."""
    found = (_principal(kind, name, dump) for kind, name in named)
    return allow(*dict.fromkeys(principal for principal in found if principal is not None))


def _principal(kind: str, name: str, dump: Dump) -> str | None:
    if kind == EVERYONE:
        return EVERYONE
    if kind == "key":
        return dump.people.principal(name)
    return f"{kind}:{name}" if kind in {"group", "name"} else None
