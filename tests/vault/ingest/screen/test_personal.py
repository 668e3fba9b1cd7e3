"""Personal data is told by its check, and numbers that only look alike are left alone."""

import pytest

from vault.ingest.screen.personal import NUMBERS, personal


def found_in(text: str) -> list[tuple[str, str]]:
    return [(found.rule, found.span.of(text)) for found in personal(text)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("iban", "DE89370400440532013000"),
        ("iban", "NL91 ABNA 0417 1643 00"),
        ("payment-card", "4111 1111 1111 1111"),
        ("payment-card", "5500-0000-0000-0004"),
        ("payment-card", "378282246310005"),
        ("us-social-security", "536-22-1234"),
        ("french-social-security", "2 55 08 14 168 025 38"),
        ("swiss-social-security", "756.9217.0769.85"),
        ("italian-tax-code", "RSSMRA85T10A562S"),
        ("email", "ann.lee@plant.org"),
        ("telephone", "+41 44 668 18 00"),
    ],
)
def test_a_value_that_passes_its_check_is_found_at_its_place(name: str, value: str) -> None:
    assert found_in(f"It is {value}, as of today.") == [(name, value)]


@pytest.mark.parametrize(
    ("name", "label", "value"),
    [
        ("uk-health-service", "NHS number", "943 476 5919"),
        ("german-tax-id", "Steuer-ID", "36 574 261 809"),
        ("spanish-identity", "DNI", "12345678Z"),
        ("dutch-citizen-number", "BSN", "111222333"),
    ],
)
def test_a_weak_check_counts_only_beside_its_name(name: str, label: str, value: str) -> None:
    assert found_in(f"{label}: {value}.") == [(name, value)]
    assert found_in(f"Order {value}.") == []
    assert found_in(f"{label} {'far away ' * 9} {value}.") == []


@pytest.mark.parametrize(
    "text",
    [
        "card 4111 1111 1111 1112",
        "DE89370400440532013001",
        "SSN 078-05-1120",
        "SSN 000-12-3456",
        "0000 0000 0000 0000",
        "serial 1234567812345670",
        "NHS number 943 476 5918",
        "call +1 000 000 0000",
        "call +99 9999 99999",
        "someone@example.org",
        "version 1.2.3.4.5.6.7.8.9.10",
        "2026-11-23 04:40:00",
        "10.1000/xyz-1234-5678-9012",
        "a + b = c",
        "",
    ],
)
def test_what_fails_its_check_or_only_looks_alike_is_left_alone(text: str) -> None:
    assert found_in(text) == []


def test_several_values_come_each_once() -> None:
    text = "a@b.org, c@d.org and 4111111111111111 or 5500000000000004; +41446681800"
    assert sorted(name for name, _ in found_in(text)) == [
        "email",
        "email",
        "payment-card",
        "payment-card",
        "telephone",
    ]


def test_a_number_with_many_digits_around_costs_no_more_than_its_length() -> None:
    assert found_in("1234567890 " * 5_000) == []
    assert "payment-card" in NUMBERS
