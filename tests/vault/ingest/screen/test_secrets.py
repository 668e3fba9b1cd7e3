"""Credentials have forms that their issuers gave them; placeholders have not."""

import pytest

from vault.ingest.screen.secrets import RULES, secrets

# Put together here, so that no file of the project holds what a scanner must stop at.
SAMPLES = {
    "private-key": "-----BEGIN RSA " + "PRIVATE KEY-----\n" + "MIIEow" * 20,
    "aws-access-key": "AKIA" + "Q3EGUVZ2KJ5RTL6M",
    "github-token": "ghp_" + "a1B2" * 9,
    "slack-token": "xoxb-" + "123456789012-abcdefghijklmnop",
    "google-api-key": "AIza" + "a1B2c" * 7,
    "stripe-key": "sk_live_" + "a1B2c3D4" * 3,
    "json-web-token": ".".join(["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxMjM0In0", "a1B2" * 8]),
    "url-with-password": "postgres://app:" + "t0pS3cret9@db.hospital.org/main",
}
PLACEHOLDERS = [
    "AKIA" + "IOSFODNN7EXAMPLE",
    "-----BEGIN PUBLIC KEY-----",
    "https://user:password@host.org",
    "postgres://app:${PASSWORD}@db.hospital.org/main",
    "postgres://app:t0pS3cret9@localhost/main",
    "ghp_short",
]


@pytest.mark.parametrize("rule", RULES)
def test_each_form_is_found(rule: str) -> None:
    text = f"Use {SAMPLES[rule]} for the test."
    assert [finding.rule for finding in secrets(text)] == [rule]


@pytest.mark.parametrize("text", PLACEHOLDERS)
def test_placeholders_are_left_alone(text: str) -> None:
    assert list(secrets(text)) == []
