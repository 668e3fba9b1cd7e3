"""The kind of thing a question asks for, and whether a sentence holds one."""

import re
from collections.abc import Sequence

_DATE = re.compile(
    r"\b(?:1\d{3}|20\d{2})\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\b(?:january|february|march|april|may|"
    r"june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|"
    r"friday|saturday|sunday|century|day|week|month|year|hour|minute|o.clock|noon|midnight|morning|"
    r"evening|night|spring|summer|autumn|winter)s?\b|\b\d{1,2}:\d{2}\b",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|hundred|half|"
    r"once|twice|none|several|thousand|million|billion|percent|dozen)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"(?<!^)\b[A-Z]\w+|\b(?:manager|director|officer|owner|lead|team|board|staff)\b"
)
_ASKED = (
    (re.compile(r"\b(?:when|what (?:year|date|day|time)|how long|how often)\b", re.I), _DATE),
    (re.compile(r"\bhow (?:many|much|old|far|tall|high|large|big)\b|\bpercent", re.I), _AMOUNT),
    (re.compile(r"\b(?:who|whom|whose)\b", re.I), _PERSON),
)


_COUNTED = re.compile(r"\bhow (?:many|much|old|far|tall|high|large|big|long|often)\b", re.I)
_FIGURE = re.compile(r"(?<![\w-])\d[\d.,:/]*(?![\w-])")
_NUMBER_WORD = re.compile(
    r"\b(?:no|none|once|twice|half|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|"
    r"sixty|seventy|eighty|ninety|hundred|thousand|million|billion|dozen|daily|weekly|monthly|"
    r"quarterly|yearly|annually|every|each|until|always|never)\b",
    re.I,
)


def amount_missing(question: str, texts: Sequence[str]) -> bool:
    """Tell whether an amount is asked for and none of ``texts`` holds one.

    A figure that stands in the question already, and one inside a name such as "6A", is none.
    """
    if not _COUNTED.search(question):
        return False
    asked = set(_FIGURE.findall(question))
    return not any(
        _NUMBER_WORD.search(text) or set(_FIGURE.findall(text)) - asked for text in texts
    )


def kind_found(question: str, texts: Sequence[str]) -> float:
    """Return 1.0 when one of ``texts`` holds what is asked for, 0.0 when none, 0.5 when open.

    A date or a span of time answers "when", a number "how many", a name or an office "who".
    """
    for asked, wanted in _ASKED:
        if asked.search(question):
            return float(any(wanted.search(text) for text in texts))
    return 0.5
