"""The two things in which two honest responses may differ: random ids, and the time of day.

A random id is replaced by a name that counts first appearances, so two vaults are alike
if one renaming turns all that the one ever said into all that the other said. Only ids that
are random by their own form (UUID version 4) are renamed: a counter would be compared.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime

from tests.acceptance.interference.wire import Reply, Request

_RANDOM = re.compile(
    r"(?<![0-9a-f])(?:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    r"|[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15})(?![0-9a-f])"
)
"""Source: RFC 9562, section 5.4."""


@dataclass
class Names:
    """The names one vault's random ids go by."""

    given: dict[str, str] = field(default_factory=dict)

    def settled(self, reply: Reply) -> Reply:
        """Return a reply with every random id renamed and the moment of sending left out."""
        headers = tuple((name, self._header(name, value)) for name, value in reply.headers)
        return replace(reply, headers=headers, parts=tuple(map(self._part, reply.parts)))

    def actual(self, request: Request) -> Request:
        """Return a request in which names given here stand for this vault's own ids."""
        ids: Mapping[str, str] = {name: found for found, name in self.given.items()}

        def restored(text: str) -> str:
            return _RANDOM.sub(lambda match: ids.get(match[0], match[0]), text)

        body = request.body
        if body is not None:
            body = restored(body.decode("latin-1")).encode("latin-1")
        return replace(request, path=restored(request.path), body=body)

    def text(self, said: str) -> str:
        """Return ``said`` with every random id renamed."""
        return _RANDOM.sub(lambda match: self._name(match[0]), said)

    def _part(self, part: bytes) -> bytes:
        return self.text(part.decode("latin-1")).encode("latin-1")

    def _header(self, name: str, value: str) -> str:
        if name.lower() == "date":
            parsedate_to_datetime(value)
            return "a moment"
        return self.text(value)

    def _name(self, found: str) -> str:
        if found not in self.given:
            count = len(self.given) + 1
            plain = f"{0:012x}4{0:03x}8{count:015x}"
            pieces = (plain[:8], plain[8:12], plain[12:16], plain[16:20], plain[20:])
            self.given[found] = "-".join(pieces) if "-" in found else plain
        return self.given[found]
