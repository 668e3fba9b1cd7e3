"""Credentials that somebody left in a document."""

import re
from collections.abc import Iterator

from vault.domain.documents import CharSpan
from vault.domain.findings import Finding, FindingKind

RULES = {
    "private-key": re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]{100,}"),
    "aws-access-key": re.compile(r"\b(?:AKIA|ASIA)(?=[A-Z2-7]*\d)[A-Z2-7]{16}\b(?<!EXAMPLE)"),
    "github-token": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,})\b"),
    "slack-token": re.compile(r"\bxox[abprs]-\d{8,}-[A-Za-z0-9-]{16,}\b"),
    "google-api-key": re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b"),
    "stripe-key": re.compile(r"\b[rs]k_live_[0-9A-Za-z]{24,}\b"),
    "json-web-token": re.compile(
        r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}"
    ),
    "url-with-password": re.compile(
        r"\b[a-z][a-z0-9+]{2,9}://[\w.-]{1,40}:(?!pass|pwd|secret|xxx|\*|<|\$|%|\{)[^\s:@/<>\"'$]{8,64}"
        r"@(?!example|localhost|host)[\w.-]+\.\w{2,}",
        re.IGNORECASE,
    ),
}
"""Forms that their issuers gave their credentials, so that hardly anything else has them."""


def secrets(text: str) -> Iterator[Finding]:
    """Yield what has the form of a credential that works somewhere."""
    for name, rule in RULES.items():
        for match in rule.finditer(text):
            yield Finding(FindingKind.CREDENTIAL, CharSpan(*match.span()), name)
