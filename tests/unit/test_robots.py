"""robots.txt by RFC 9309."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.robots import Robots

HOST = "https://x.example"


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("Disallow: /", "/a", False),
        ("Disallow:", "/a", True),
        ("Disallow: /a", "/abc", False),
        ("Disallow: /a/", "/a", True),
        ("Disallow: /*.pdf$", "/x/y.pdf", False),
        ("Disallow: /*.pdf$", "/x/y.pdf?page=2", True),
        ("Disallow: /*?", "/x?page=2", False),
        ("Disallow: /a*c*e", "/abcde/f", False),
        ("Disallow: /a*c*e$", "/abcdef", True),
        ("Disallow: /a*b$", "/ab", False),
        ("Disallow: /ab*b$", "/ab", True),
        ("Disallow: /\nAllow: /news/", "/news/a", True),
        ("Allow: /news\nDisallow: /news/private", "/news/private/a", False),
        ("Allow: /page\nDisallow: /page", "/page", True),
        ("Allow: /p\nDisallow: /*.htm", "/page.htm", False),
        ("Disallow: /ä", "/%C3%A4", False),
        ("Disallow: /%7Ejoe", "/~joe", False),
        ("Disallow: /a%3cd", "/a%3Cd", False),
        ("Disallow: /robots.txt", "/robots.txt", True),
        ("Crawl-delay: 10\nDisallow: /x", "/x", False),
    ],
)
def test_the_longest_rule_that_matches_decides(rules, path, allowed):
    assert Robots.read(f"User-agent: *\n{rules}", "digestbot").allows(HOST + path) is allowed


def test_the_group_that_names_us_counts_alone_and_groups_of_one_name_are_one():
    text = (
        "\ufeffUser-Agent: *  # everybody\nDisallow: /\n\nUSER-AGENT: OtherBot\nuser-agent: DigestBot/2.0\n"
        "disallow: /b\n\nUser-agent: digestbot\nDisallow: /c\nSitemap: https://x.example/s.xml"
    )
    robots = Robots.read(text, "digestbot")
    assert [robots.allows(HOST + path) for path in ("/a", "/b", "/c")] == [True, False, False]
    assert not Robots.read(text, "somebody").allows(f"{HOST}/a")
    assert Robots.read("User-agent: digestbot\n\nUser-agent: *\nDisallow: /", "other").allows(HOST) is False


def test_a_group_of_ours_without_rules_allows_everything():
    text = "User-agent: *\nDisallow: /\n\nUser-agent: digestbot\nDisallow:"
    assert Robots.read(text, "digestbot").allows(f"{HOST}/a")


def test_patterns_made_to_be_slow_come_to_an_end():
    rules = "\n".join(f"Disallow: /{'a*' * 900}b$" for _ in range(200))
    assert Robots.read(f"User-agent: *\n{rules}", "digestbot").allows(f"{HOST}/{'a' * 5000}")


@given(st.text(max_size=300), st.text(max_size=60))
def test_any_text_and_any_path_give_an_answer(text, path):
    assert Robots.read(f"User-agent: *\nDisallow: {text}", "digestbot").allows(f"{HOST}/{path}") in (
        True,
        False,
    )
