"""A directory in this very process: entries by kind, for tests that need no network."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from connectors.errors import SourceUnavailableError
from connectors.ldap_client import Entry


def entry(dn: str, **values: str | bytes | Sequence[str | bytes]) -> Entry:
    """Return an entry; text is encoded, one value stands for a list of one."""
    lists = {
        name.replace("__", ";range=").replace("_to_", "-").replace("_end", "-*"): (
            [given] if isinstance(given, str | bytes) else given
        )
        for name, given in values.items()
    }
    return Entry(
        dn,
        {
            name.lower(): tuple(
                value.encode() if isinstance(value, str) else value for value in given
            )
            for name, given in lists.items()
        },
    )


@dataclass
class InlineDirectory:
    """Answers a filter that mentions an object class with the entries kept under that class."""

    kinds: Mapping[str, list[Entry]]
    own: Entry = field(default_factory=lambda: Entry(""))
    more: dict[str, Entry] = field(default_factory=dict)
    base: str = "dc=vault,dc=test"
    closed: int = 0

    def search(self, base: str, wanted: str, names: Sequence[str]) -> Iterator[Entry]:
        assert base == self.base
        for kind, entries in self.kinds.items():
            if f"objectClass={kind})" in wanted:
                yield from entries

    def entry(self, dn: str, names: Sequence[str]) -> Entry:
        if not dn:
            return self.own
        if dn == self.base:
            return Entry(dn)
        for name in names:
            if name in self.more:
                return self.more[name]
        raise SourceUnavailableError("the directory does not show an entry that it named")

    def close(self) -> None:
        self.closed += 1
