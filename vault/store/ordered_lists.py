"""Which ordered lists of sources let somebody through, judged as the source would, now."""

from sqlalchemy import Connection, select

from vault.domain.source_rights import ItemRights, lets_through, list_group
from vault.store.sources_schema import source_list


def passed_lists(connection: Connection, references: frozenset[str]) -> frozenset[str]:
    """Return the groups of the ordered lists that let the holder of ``references`` through."""
    rows = connection.execute(
        select(source_list.c.source_id, source_list.c.id, source_list.c.lists)
    )
    return frozenset(
        list_group(row[0], row[1])
        for row in rows
        if lets_through(ItemRights.of(row[2]), references)
    )
