"""English words reduced to the stem they share with their inflections."""

import re

_VOWELS = frozenset("aeiouy")
_DOUBLES = ("bb", "dd", "ff", "gg", "mm", "nn", "pp", "rr", "tt")
_LI_ENDINGS = frozenset("cdeghkmnrt")
_REGION = re.compile(r"[aeiouy][^aeiouy]")
_EARLY_REGION = re.compile(r"(?:gener|commun|arsen)")
_CONSONANT_Y = re.compile(r"(?:^|(?<=[aeiouy]))y")

_WHOLE = {
    "skis": "ski",
    "skies": "sky",
    "dying": "die",
    "lying": "lie",
    "tying": "tie",
    "idly": "idl",
    "gently": "gentl",
    "ugly": "ugli",
    "early": "earli",
    "only": "onli",
    "singly": "singl",
} | {word: word for word in ("sky", "news", "howe", "atlas", "cosmos", "bias", "andes")}
_FINISHED = frozenset(
    ("inning", "outing", "canning", "herring", "earring", "proceed", "exceed", "succeed")
)

# Longest ending first: the first that matches decides, whether or not it then applies.
_STEP_2 = (
    ("ational", "ate"),
    ("fulness", "ful"),
    ("iveness", "ive"),
    ("ization", "ize"),
    ("ousness", "ous"),
    ("biliti", "ble"),
    ("lessli", "less"),
    ("tional", "tion"),
    ("alism", "al"),
    ("aliti", "al"),
    ("ation", "ate"),
    ("entli", "ent"),
    ("fulli", "ful"),
    ("iviti", "ive"),
    ("ousli", "ous"),
    ("abli", "able"),
    ("alli", "al"),
    ("anci", "ance"),
    ("ator", "ate"),
    ("enci", "ence"),
    ("izer", "ize"),
    ("bli", "ble"),
    ("ogi", "og"),
    ("li", ""),
)
_STEP_3 = (
    ("ational", "ate"),
    ("tional", "tion"),
    ("alize", "al"),
    ("ative", ""),
    ("icate", "ic"),
    ("iciti", "ic"),
    ("ical", "ic"),
    ("ness", ""),
    ("ful", ""),
)
_STEP_4 = (
    "ement",
    "able",
    "ance",
    "ence",
    "ible",
    "ment",
    "ant",
    "ate",
    "ent",
    "ion",
    "ism",
    "iti",
    "ive",
    "ize",
    "ous",
    "al",
    "er",
    "ic",
)


def stem(word: str) -> str:
    """Return the stem of one lower-case English word; words of one or two letters stay.

    Source:
        Porter, "The English (Porter2) stemming algorithm", Snowball, 2002.
    """
    if len(word) <= 2:
        return word
    if word in _WHOLE:
        return _WHOLE[word]
    word = _plural(_CONSONANT_Y.sub("Y", word.strip("'").removesuffix("'s")))
    if word in _FINISHED:
        return word
    first, second = _regions(word)
    word = _final_y(_participle(word, first))
    word = _derived(word, first)
    word = _adjective(word, first, second)
    return _last_letter(_ending(word, second), first, second).lower()


def _regions(word: str) -> tuple[int, int]:
    """Return where the parts begin that follow the first and second vowel-consonant pair."""
    early = _EARLY_REGION.match(word)
    first = early.end() if early else _after_pair(word, 0)
    return first, _after_pair(word, first)


def _after_pair(word: str, start: int) -> int:
    pair = _REGION.search(word, start)
    return pair.end() if pair else len(word)


def _plural(word: str) -> str:
    if word.endswith("sses"):
        return word[:-2]
    if word.endswith(("ied", "ies")):
        return word[:-2] if len(word) > 4 else word[:-1]
    if word.endswith("s") and not word.endswith(("us", "ss")) and _has_vowel(word[:-2]):
        return word[:-1]
    return word


def _participle(word: str, first: int) -> str:
    for ending in ("eedly", "eed"):
        if word.endswith(ending):
            return word[: 2 - len(ending)] if len(word) - len(ending) >= first else word
    for ending in ("ingly", "edly", "ing", "ed"):
        if word.endswith(ending):
            rest = word[: -len(ending)]
            return _repaired(rest, first) if _has_vowel(rest) else word
    return word


def _repaired(rest: str, first: int) -> str:
    if rest.endswith(("at", "bl", "iz")):
        return rest + "e"
    if rest.endswith(_DOUBLES):
        return rest[:-1]
    return rest + "e" if first >= len(rest) and _ends_short(rest) else rest


def _final_y(word: str) -> str:
    if len(word) > 2 and word[-1] in "yY" and word[-2] not in _VOWELS:
        return word[:-1] + "i"
    return word


def _derived(word: str, first: int) -> str:
    for ending, replacement in _STEP_2:
        if word.endswith(ending):
            rest = word[: -len(ending)]
            if len(rest) < first or not _allows(ending, rest):
                return word
            return rest + replacement
    return word


def _allows(ending: str, rest: str) -> bool:
    if ending == "li":
        return rest[-1:] in _LI_ENDINGS
    return ending != "ogi" or rest.endswith("l")


def _adjective(word: str, first: int, second: int) -> str:
    for ending, replacement in _STEP_3:
        if word.endswith(ending):
            rest = word[: -len(ending)]
            if len(rest) < (second if ending == "ative" else first):
                return word
            return rest + replacement
    return word


def _ending(word: str, second: int) -> str:
    for ending in _STEP_4:
        if word.endswith(ending):
            rest = word[: -len(ending)]
            if len(rest) < second or (ending == "ion" and not rest.endswith(("s", "t"))):
                return word
            return rest
    return word


def _last_letter(word: str, first: int, second: int) -> str:
    rest = word[:-1]
    if word.endswith("e"):
        droppable = len(rest) >= second or (len(rest) >= first and not _ends_short(rest))
        return rest if droppable else word
    if word.endswith("ll") and len(rest) >= second:
        return rest
    return word


def _has_vowel(text: str) -> bool:
    return not _VOWELS.isdisjoint(text)


def _ends_short(text: str) -> bool:
    """Tell whether ``text`` ends in a short syllable, as in *hop* or *at*."""
    if len(text) == 2:
        return text[0] in _VOWELS and text[1] not in _VOWELS
    return (
        len(text) > 2
        and text[-3] not in _VOWELS
        and text[-2] in _VOWELS
        and text[-1] not in _VOWELS
        and text[-1] not in "wxY"
    )
