"""Markings that authors put on their own text: sharing labels, banners, portion marks.

A marking counts where markings stand: alone on a line, or after a word such as
"Classification:". In running prose the same words are only spoken about.
"""

import re
from collections.abc import Iterator

from vault.domain.documents import CharSpan
from vault.domain.findings import Finding, FindingKind
from vault.ingest.screen.places import folded, lines_with

_EDGES = " \t>*_#|=-\u2013\u2014[](){}.:/"
_EDGE = f"[{re.escape(_EDGES)}]"
_STATED = (
    r"(?:(?:document |security |information |data )?(?:classification|distribution|marking|"
    r"sensitivity|handling)(?: level)?|einstufung|klassifizierung|vertraulichkeit|"
    r"classification|mention|diffusion|tlp)"
)
_TLP = r"\bTLP ?: ?(?P<tlp>RED|AMBER ?\+ ?STRICT|AMBER|GREEN|CLEAR|WHITE)\b"
_BANNERS = {
    "top-secret": r"TOP SECRET|STRENG GEHEIM|TR[EÈ]S SECRET(?: D[EÉ]FENSE)?",
    "secret": r"(?:NATO |EU |UK )?SECRET(?: D[EÉ]FENSE| UE)?|(?:AMTLICH )?GEHEIM",
    "confidential": r"(?:NATO |EU |UK |STRICTLY |HIGHLY |COMPANY |BUSINESS |PRIVATE AND )?"
    r"CONFIDENTIAL|COMMERCIAL[ -]IN[ -]CONFIDENCE|(?:VS-|STRENG )?VERTRAULICH"
    r"|(?:STRICTEMENT )?CONFIDENTIEL(?:LE)?(?: D[EÉ]FENSE)?",
    "restricted": r"(?:NATO |EU |UK )?RESTRICTED|OFFICIAL[ :-]+SENSITIVE|CUI"
    r"|VS[ \-\u2013]*NUR F[UÜ]R DEN DIENSTGEBRAUCH|VS-NFD|DIFFUSION RESTREINTE",
    "internal": r"(?:FOR )?INTERNAL USE(?: ONLY)?|COMPANY INTERNAL|INTERNAL ONLY"
    r"|NUR F[UÜ]R (?:DEN )?INTERNEN GEBRAUCH|USAGE INTERNE|[AÀ] USAGE INTERNE",
    "unclassified": r"UNCLASSIFIED|OFFEN|NON CLASSIFI[EÉ]",
}
"""Levels and the words for them in English, German and French."""
_CAVEATS = r"(?://? ?[A-Z][A-Z0-9 ,/\-]{0,60})?"
_ANY = "|".join(
    f"(?P<{name.replace('-', '_')}>{words})" for name, words in reversed(_BANNERS.items())
)
_BANNER = re.compile(rf"{_EDGE}*(?:{_ANY}){_CAVEATS}{_EDGE}*", re.IGNORECASE)
_FIELD = re.compile(
    rf"{_EDGE}*(?:{_STATED}){_EDGE}*:{_EDGE}*(?:{_ANY}){_CAVEATS}{_EDGE}*",
    re.IGNORECASE,
)
_TLP_LINE = re.compile(
    rf"{_EDGE}*(?:{_STATED}{_EDGE}*)?{_TLP}{_EDGE}*(?:$|recipients|not for|limited)",
    re.IGNORECASE,
)
_PORTION = re.compile(
    r"^[ \t]*\((?P<level>TS|S|C|U)(?P<caveats>//[A-Z][A-Z0-9 ,/\-]{1,40})?\) ?"
    r"(?=[^\W\d_])(?!copyright)",
    re.MULTILINE,
)
_OTHER_LETTER = re.compile(r"^[ \t]*\([ABDE]\)", re.MULTILINE)
_PORTIONS = {"TS": "top-secret", "S": "secret", "C": "confidential", "U": "unclassified"}
FEW_PORTIONS = 2
"""One mark alone may be a list's, or of copyright."""
_HINTS = (
    *("tlp", "secret", "confiden", "restrict", "sensitive", "cui", "internal", "unclass"),
    *("geheim", "vertraulich", "dienst", "vs-nfd", "gebrauch", "offen"),
    *("usage interne", "restreinte", "non classifi"),
)
"""Words of which each marking holds one; only their lines are looked at."""
_TITLED = re.compile(r"[A-Z]\w+ [\w -]+|[A-Z][A-Z].*")
"""A banner in capitals, or one of several words; a heading of one word is a heading."""


def markings(text: str) -> Iterator[Finding]:
    """Yield every marking; its rule names the level in words that do not depend on a language.

    Source:
        FIRST, Traffic Light Protocol 2.0; US ISOO marking booklet (banner and portion marks);
        German VSA, annex III; French IGI 1300.
    """
    for start, line in lines_with(text, folded(text), _HINTS):
        for name in _of_line(line):
            yield Finding(FindingKind.MARKING, CharSpan(start, start + len(line)), name)
    yield from _portions(text)


def _portions(text: str) -> Iterator[Finding]:
    found = list(_PORTION.finditer(text))
    marked = any(match["caveats"] for match in found)
    if not marked and (len(found) < FEW_PORTIONS or _OTHER_LETTER.search(text)):
        return
    for match in found:
        yield _found(match, f"portion:{_PORTIONS[match['level']]}")


def _of_line(line: str) -> Iterator[str]:
    shared = _TLP_LINE.match(line)
    if shared:
        yield "tlp:" + shared["tlp"].lower().replace(" ", "")
        return
    banner = _BANNER.fullmatch(line)
    if banner and not _TITLED.match(line.strip(_EDGES)):
        banner = None
    match = banner or _FIELD.fullmatch(line)
    if match:
        yield f"banner:{match.lastgroup}".replace("_", "-")


def _found(match: re.Match[str], rule: str) -> Finding:
    return Finding(FindingKind.MARKING, CharSpan(*match.span()), rule)
