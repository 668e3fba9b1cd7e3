"""Sentences that speak to a model instead of to a reader.

A sentence that overrides ("ignore the previous instructions") is enough by itself. A
sentence that words somebody's reply is common in handbooks too, so it counts only as an
order about *your* reply or *your* code, which a document has no reason to give.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from vault.domain.documents import CharSpan
from vault.domain.findings import Finding, FindingKind
from vault.ingest.screen.places import folded, places

REACH = 200
"""Characters on either side of a telling word within which its sentence lies."""
_MODEL = r"(?:language model|ai (?:assistant|model|agent)|llm|chatbot|chatgpt|gpt-?\d)"
_REPLY = r"your (?:\w+ )?(?:reply|answer|response|elucidation|completion|generated text)\b"
_GIVEN = r"(?:following|subsequent|below|accompanying|given|provided|succeeding)"
_WORK = r"(?:code(?:base)?|implementation|elucidation|algorithm|script|solution|program|project)"
_CODE = r"(?:code|script)[ -]?(?:snippet|block|excerpt|fragment|segment|lines)?"


class Rule(NamedTuple):
    """A pattern, and words of which its matches hold at least one.

    Attributes:
        words: in lower case; only their neighbourhood is searched, since a search for a plain
            word is much faster than one for a pattern.
    """

    words: tuple[str, ...]
    pattern: re.Pattern[str]


def _rule(words: str, pattern: str) -> Rule:
    return Rule(tuple(words.split("|")), re.compile(pattern, re.IGNORECASE | re.MULTILINE))


RULES = {
    "override": _rule(
        "instruction|prompt|guidelines|text above",
        r"\b(?:ignore|disregard|forget|bypass)\b[^.\n]{0,40}"
        r"\b(?:previous|prior|above|earlier|preceding|former|all|any|your)\b[^.\n]{0,30}"
        r"\b(?:instructions?|prompts?|guidelines|text above)\b",
    ),
    "override-in-other-languages": _rule(
        "anweisung|befehl|instruc|consigne|指令|指示|提示|инструкц|указан|التعليمات",
        r"\b(?:ignorier\w*|vergiss|missachte\w*)\b[^.\n]{0,40}\b(?:anweisungen|befehle)\b"
        r"|\b(?:ignora|olvida)\b[^.\n]{0,40}\binstrucciones\b"
        r"|\b(?:ignore[rz]?|oublie[rz]?) (?:toutes |les |vos |tes )[^.\n]{0,30}"
        r"\b(?:instructions|consignes)\b"
        r"|(?:忽略|无视)[^。\n]{0,12}(?:指令|指示|提示)|игнорир\w+[^.\n]{0,30}(?:инструкции|указания)"
        r"|تجاهل[^.\n]{0,30}التعليمات",
    ),
    "system-prompt": _rule(
        "prompt|your instructions|hidden instructions",
        r"\b(?:reveal|print|repeat|show|output|display|leak|tell me)\b[^.\n]{0,40}"
        r"\b(?:system prompt|initial prompt|hidden (?:prompt|instructions)|"
        r"your (?:prompt|instructions))\b",
    ),
    "new-role": _rule(
        "you are now|you are no longer|from now on|pretend|act as|respond as|role of|jailbr",
        r"\byou are (?:now|no longer) an? [^.\n]{0,60}\b(?:bot|assistant|model|agent|ai|dan|hacker|"
        r"persona|expert)\b"
        r"|\bfrom now on,? (?:you (?:will|are|must|shall)|act|answer|respond|reply)\b"
        rf"|\b(?:pretend|act|respond) (?:to be |as if |as )[^.\n]{{0,40}}"
        rf"\b(?:{_MODEL}|unrestricted|jailbr\w+|dan|no (?:rules|restrictions))\b"
        r"|\b(?:play|take on|assume|immerse yourself in(?:to)?) the role of\b[^.\n]{0,60}"
        r"\b(?:a\.?[il]\b|model|assistant|bot|dan\b|hacker)",
    ),
    "to-the-model": _rule(
        "model|assistant|agent|llm|chatbot|gpt",
        rf"\b(?:dear|attention|hey|note to|instructions? (?:for|to)|important:?) "
        rf"(?:the |any |all )?{_MODEL}s?\b|\bif you are an? {_MODEL}\b"
        rf"|\bas an? {_MODEL},? you (?:must|should|will)\b",
    ),
    "chat-markup": _rule(
        "<|im_|<|system|<|user|<|assistant|<|endof|[inst]|<<sys>>",
        r"<\|(?:im_start|im_end|system|user|assistant|endoftext)\|>|\[/?INST\]|<<SYS>>",
    ),
    "order-about-the-reply": _rule(
        "reply|answer|response|elucidation|completion|generated text",
        r"(?:^|[.!?:;]\s|\bcan you )\s*(?:please |also,? |then |be sure to |make sure to )?"
        r"(?!(?:if|when|in|for|we|i|you|to|once|after|what|how|the|this|as|it|that)\b)\w+\b"
        rf"(?:[^.\n]|\.(?=\S)){{0,160}}?\b{_REPLY}"
        r"(?! (?:to|from|within|before|by) (?:the|this|us|\d))"
        r"|\bin your (?:reply|answer|response),? (?:suggest|tease|mention|include|add|recommend|"
        r"promote|claim|state|say|ask|invite|encourage|direct|urge)\b",
    ),
    "reply-in-a-code": _rule(
        "reply|respond|answer",
        r"(?:^|[.!?:;]\s)\s*(?:please |only )?(?:reply|respond|answer) (?:only )?(?:using|in|with) "
        r"(?:\w+ ){0,3}(?:base ?\d+|rot ?13|emojis?|binary|hex\w*|morse|cipher|encoding|reverse|"
        r"pig latin|leetspeak|anagrams?|rhymes?|haiku|pirate)\b",
    ),
    "code-for-the-reply": _rule(
        "snippet|code block|excerpt|following code|below code|subsequent code|code segment",
        rf"\b{_GIVEN} {_CODE}[^\n]{{0,80}}\byour (?:\w+ )?{_WORK}\b"
        rf"|\byour (?:\w+ )?{_WORK}\b[^\n]{{0,80}}\b{_GIVEN} {_CODE}"
        rf"|(?:^|[.!?]\s)(?!(?:in|see|use|run|the|with)\b)[^\n]{{0,60}}\b"
        rf"(?:incorporate|integrate|infuse|embed|weave|meld|enlist|append|include|merge|fuse|insert"
        rf"|adopt|employ|utili[sz]e|deploy)\w* (?:in )?the {_GIVEN} {_CODE}",
    ),
    "behind-the-readers-back": _rule(
        "the user|the reader|the human|this user",
        r"\b(?:without (?:telling|informing|notifying|mentioning it to)"
        r"|do not (?:tell|inform|alert)) (?:the|this) (?:user|reader|human)\b",
    ),
}
"""Rules by name; each finds what a document has no reason to say."""


def instructions(text: str) -> Iterator[Finding]:
    """Yield the sentences that try to instruct a model."""
    lower = folded(text)
    for name, rule in RULES.items():
        end = 0
        for place in places(lower, rule.words):
            start = max(end, place - REACH)
            match = None if place < end else rule.pattern.search(text, start, place + REACH)
            if match is not None:
                end = match.end()
                yield Finding(FindingKind.INSTRUCTIONS, CharSpan(*match.span()), name)
