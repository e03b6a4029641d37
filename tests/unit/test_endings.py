"""Patterns read backwards find the same texts."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from digestbot.analysis import clauses, conditions, parties, voices
from digestbot.analysis.endings import Ending
from digestbot.cleaning import inline, vocabulary

DOCUMENTS = Path(__file__).parents[1] / "quality" / "documents"


def _all_endings() -> list[Ending]:
    modules = (clauses, conditions, parties, voices, inline, vocabulary)
    return [value for module in modules for value in vars(module).values() if isinstance(value, Ending)]


def test_an_ending_stands_where_its_pattern_is_found() -> None:
    endings = _all_endings()
    assert len(endings) > 10
    found = 0
    for path in sorted(DOCUMENTS.glob("*.json"))[:12]:
        for line in json.loads(path.read_text(encoding="utf-8"))["text"].split("\n"):
            for stop in range(0, len(line) + 1, 5):
                head = line[max(0, stop - 60) : stop]
                for ending in endings:
                    stands = ending.stands(head)
                    assert stands == bool(ending.forwards.search(head)), (ending.forwards.pattern, head)
                    found += stands
    assert found > 1_000


@pytest.mark.parametrize(
    ("pattern", "text", "stands"),
    [
        (r"\b(?:in|at)\s$", "meets in ", True),
        (r"\b(?:in|at)\s$", "meets within ", False),
        (r"^No\.$", "No.", True),
        (r"^No\.$", "Oh, No.", False),
        (r"(?<!not )ready\W*$", "they are ready.", True),
        (r"(?<!not )ready\W*$", "they are not ready.", False),
        (r"a(?=b)b$|c$", "xab", True),
        (r"\d{1,2} Ma[yr]$", "on 12 May", True),
    ],
)
def test_what_stands_at_the_end(pattern: str, text: str, stands: bool) -> None:
    assert Ending(pattern).stands(text) is stands
    assert bool(re.search(pattern, text)) is stands


@pytest.mark.parametrize("pattern", [r"\bin\b", r"a$|b", r"x(?:a$|b)?", r"(a)\1$", r"a(?=b|cd).*$"])
def test_patterns_that_cannot_be_read_backwards_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"end of the text|backwards"):
        Ending(pattern).stands("a")
