"""What a site asks crawlers to leave alone."""

from dataclasses import dataclass

AGENT = "strongroom"
"""The name this crawler goes by."""

MAX_BYTES = 500 * 2**10


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one site for this crawler; the longest rule that fits decides.

    Attributes:
        rules: whether a rule allows, and the pattern it is about.
    """

    rules: tuple[tuple[bool, str], ...] = ()

    def allows(self, target: str) -> bool:
        """Tell whether a path with its query may be asked for.

        Source:
            RFC 9309, section 2.2.2.
        """
        fitting = [(len(pattern), allow) for allow, pattern in self.rules if _fits(pattern, target)]
        return target == "/robots.txt" or max(fitting, default=(0, True))[1]


def parse_robots(text: str, *, agent: str = AGENT) -> Robots:
    """Return the rules that ``text`` has for ``agent``, or else for everybody.

    Source:
        RFC 9309, sections 2.1 and 2.2.
    """
    rules: dict[str, list[tuple[bool, str]]] = {}
    named: list[str] = []
    naming = False
    for line in text.splitlines():
        key, _, value = line.partition("#")[0].partition(":")
        field, value = key.strip().lower(), value.strip()
        if field == "user-agent":
            # Several names in a row begin one group.
            named = [*named, value.lower()] if naming else [value.lower()]
            naming = True
            rules.setdefault(value.lower(), [])
        elif field in ("allow", "disallow"):
            naming = False
            for name in named:
                if value:
                    rules[name].append((field == "allow", value))
    return Robots(tuple(rules.get(agent, rules.get("*", ()))))


def _fits(pattern: str, target: str) -> bool:
    """Tell whether ``target`` begins as ``pattern`` says, in time that grows with their length."""
    ends = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not target.startswith(first):
        return False
    position = len(first)
    for number, part in enumerate(others, start=1):
        if ends and number == len(others):
            return len(target) - len(part) >= position and target.endswith(part)
        found = target.find(part, position)
        if found < 0:
            return False
        position = found + len(part)
    return not ends or position == len(target)
