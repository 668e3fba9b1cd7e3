"""What a site asks for is done, the longest rule first."""

import pytest

from connectors.web_robots import Robots, parse_robots

TEXT = """
User-agent: other
Disallow: /

User-Agent: *            # everybody
Disallow: /private
Allow: /private/open
Disallow: /*.pdf$
Disallow: /a*b*c
Disallow:
"""


@pytest.mark.parametrize(
    ("target", "allowed"),
    [
        ("/", True),
        ("/private", False),
        ("/private/x", False),
        ("/private/open/x", True),
        ("/x.pdf", False),
        ("/x.pdf?y", True),
        ("/a1b2c3", False),
        ("/a1c2b3", True),
        ("/robots.txt", True),
    ],
)
def test_the_longest_rule_that_fits_decides(target: str, allowed: bool) -> None:
    assert parse_robots(TEXT).allows(target) is allowed


def test_rules_for_this_crawler_go_ahead_of_those_for_everybody() -> None:
    text = "User-agent: *\nDisallow: /\n\nUser-agent: x\nUser-agent: Strongroom\nDisallow: /no\n"
    robots = parse_robots(text)
    assert robots.allows("/yes")
    assert not robots.allows("/no")
    assert not parse_robots(text, agent="unheard-of").allows("/yes")


def test_an_allowance_wins_over_an_equal_refusal() -> None:
    assert Robots(((False, "/page"), (True, "/page"))).allows("/page")


def test_a_rule_of_nobody_and_no_text_mean_nothing() -> None:
    assert parse_robots("Disallow: /\nnonsense\n").allows("/x")
    assert parse_robots("").allows("/x")


def test_a_pattern_made_to_take_for_ever_does_not() -> None:
    robots = Robots(((False, "/" + "*a" * 2000 + "$"),))
    assert robots.allows("/" + "a" * 1999 + "b")
    assert not Robots(((False, "/exact$"),)).allows("/exact")
    assert Robots(((False, "/exact$"),)).allows("/exactly")
