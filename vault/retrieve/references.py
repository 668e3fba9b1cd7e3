"""Follow-up questions: what a short question points back to is said out loud."""

import re
from collections.abc import Callable, Mapping, Sequence

from vault.index.analysis import analyse

CARRIED = 4
"""Most words carried over from the question before."""
FEW = 3
"""Content words up to which a pronoun is taken to point out of its question."""

_WORD = re.compile(r"[\w'\u2019\u2010\u2011-]+")
_POINTING_WORDS = """
it its they them their theirs he him his she her hers this that these those
er ihn ihm sein seine ihr ihre ihnen dies diese dieser dieses davon dafür damit dazu
él ella ellos ellas ello eso esto ese esa su sus
il elle ils elles lui leur leurs sa ses ça cela celui celle ceux
"""
_POINTING = frozenset(_POINTING_WORDS.split())
"""Words that stand for something named before."""
_LINKING = re.compile(
    r"(?:and|but|or|so|also|what about|how about|und|aber|oder|wie ist es mit|was ist mit|"
    r"y|pero|qué tal|et|mais|qu'en est-il de)\b",
    re.IGNORECASE,
)
"""Openings of a question that goes on from the one before."""
_NAME = re.compile(r"(?<=\s)(?!I\b)[A-Z\u00c0-\u00de]\w*")
_JOINT = re.compile(r",|;|\b(?:and|or|but|und|oder|aber|y|o|pero|et|ou|mais)\b", re.IGNORECASE)
_ASKING_WORDS = """
many much long often far old big tell me please give show find list explain describe need
know use used using get got make made may might must shall should allowed
wie viele viel lange oft bitte sage zeige erkläre gibt
der die das den dem des ein eine einen einer eines und oder ist sind war was wer wo wann
warum welche welcher welches für mit auf aus bei nach von zu zum zur im am in an ich wir sie es
cuánto cuánta cuántos cuántas qué quién cuándo dónde cómo cuál por favor el la los las un una lo
de del en con para que y o es son hay se
combien quel quelle quels quelles qui quand où comment pourquoi le les une des du
et ou est sont pour avec dans sur par qu on je nous vous
"""
_ASKING = frozenset(_ASKING_WORDS.split())
"""Words that say how a question is put, and not what it is about."""

Weights = Callable[[str], Mapping[str, float]]
"""Gives the weight of each term of a text among the chunks the subject may read."""


def rewrite(text: str, earlier: Sequence[str], weights: Weights) -> str | None:
    """Return ``text`` with the salient words of what it follows, or None if it stands alone.

    A question follows another one when it has hardly a content word of its own, opens like a
    continuation or is short and holds a pronoun. The words carried over are those of the last
    question that weigh most among the chunks the subject may read; what no such chunk holds
    still counts, because the caller wrote it.

    Args:
        text: the new question.
        earlier: the subject's earlier questions, oldest first.
        weights: weighs the words of the earlier question.
    """
    subject = ""
    for question in earlier:
        subject = _joined(question, subject, weights) or question
    return _joined(text, subject, weights)


def _joined(text: str, subject: str, weights: Weights) -> str | None:
    if not subject or not _follows(text):
        return None
    carried = _salient(subject, text, weights)
    return f"{text.rstrip(' ?!.')} {' '.join(carried)}" if carried else None


def _follows(text: str) -> bool:
    content = set(analyse(" ".join(_content(text))))
    if len(content) > FEW:
        return False
    if not content or _LINKING.match(text):
        return True
    named = _NAME.search(text)
    return _points_out(text) or (len(content) == 1 and named is None)


def _points_out(text: str) -> bool:
    """Tell whether a pronoun has nothing before it in its own question to stand for.

    A name before it, or a first half that speaks of something, is what it stands for.
    """
    place = next(
        (word.start() for word in _WORD.finditer(text) if word[0].casefold() in _POINTING), None
    )
    if place is None:
        return False
    before = text[:place]
    halves = _JOINT.split(before)
    return _NAME.search(before) is None and not (len(halves) > 1 and _content(halves[0]))


def _content(text: str) -> list[str]:
    """Return the words of ``text`` that say what it is about, as they were written."""
    return [
        word
        for word in _WORD.findall(text)
        if word.casefold() not in _ASKING and word.casefold() not in _POINTING and analyse(word)
    ]


def _salient(subject: str, text: str, weights: Weights) -> list[str]:
    """Return the weightiest words of ``subject`` that ``text`` lacks, in their own order."""
    there = set(analyse(text))
    words = [word for word in dict.fromkeys(_content(subject)) if there.isdisjoint(analyse(word))]
    known = weights(" ".join(words))
    heaviest = max(known.values(), default=1.0)

    def weight(word: str) -> float:
        return max(known.get(term, heaviest) for term in analyse(word))

    best = sorted(words, key=weight, reverse=True)[:CARRIED]
    return [word for word in words if word in best]
