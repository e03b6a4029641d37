"""What spares sentences patterns: no pattern that matches may ever be left out."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from digestbot.analysis.cues import load_cues
from digestbot.analysis.prefilter import Openings, Screen, needed_words
from digestbot.analysis.sentences import split_text

DOCUMENTS = Path(__file__).parents[1] / "quality" / "documents"
CASES = Path(__file__).parent / "sentence_cases.txt"


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"\bunless\b", {"unless"}),
        (r"\bdemands?\b", {"demand"}),
        (r"\b(?:only if|provided) that\b", {"only if that", "provided that"}),
        (r"\b(?:Until|\w+ed)\b", {"until", "ed"}),
        (r"\b(?:Until|\w+)\b", set()),
        (r"\w+ (?:not )?before\b", {"before"}),
        (r"\b(?:must|will) (?:\w+ ){0,3}(?:pay|[A-Z]\w+)", {"must", "will"}),
        (r"\bdefen[cs]e pacts?", {"defence pact", "defense pact"}),
        (r"(?:threat){1,2}", {"threat"}),
        (r"\d+", set()),
    ],
)
def test_needed_words_are_those_every_match_holds(pattern: str, words: set[str]) -> None:
    assert needed_words(re.compile(pattern, re.IGNORECASE)) == words


def test_no_cue_that_stands_in_a_sentence_is_screened_out() -> None:
    cues = load_cues()
    texts = [json.loads(path.read_text(encoding="utf-8"))["text"] for path in DOCUMENTS.glob("*.json")]
    texts.append(CASES.read_text(encoding="utf-8"))
    found = 0
    for text in texts:
        for start, end in split_text(text):
            sentence = text[start:end]
            standing = [cue.id for cue in cues.all if any(True for _ in cue.matches(sentence))]
            possible = [cue.id for cue in cues.possible(sentence)]
            assert set(standing) <= set(possible), sentence
            assert possible == [cue.id for cue in cues.all if cue.id in possible]
            found += len(standing)
    assert found > 200


def test_patterns_without_certain_words_are_always_tried() -> None:
    screen = Screen([re.compile(r"\w+"), re.compile("sea"), re.compile("Land", re.IGNORECASE)])
    assert screen.possible("By LAND") == [0, 2]
    assert screen.possible("") == [0]


def test_patterns_tried_at_their_openings_are_found_as_often_as_by_searching() -> None:
    patterns = [
        re.compile(rf"\b(?:{stems})")
        for stems in (
            r"troops?\b|ro?ubles?|air ?strikes?|(?<!think )tanks?\b|f-\d\d",
            r"us\$|\$ ?\d|%|per cent|dut(?:y|ies) on",
            r"de-?mining|no-fly|the (?:army|talks)|of the\b|of\b|to",
            r"releas\w+ (?:the|all)|end\b",
        )
    ]
    openings = Openings(patterns)
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in DOCUMENTS.glob("*.json")]
    texts = [document["text"].lower() for document in documents]
    texts += ["us$5, 5% of 7 per cent", "a think tank and tanks", "f-16s, rubles, roubles released the end"]
    for text in texts:
        assert openings.counts(text) == [len(pattern.findall(text)) for pattern in patterns]
    assert sum(map(sum, map(openings.counts, texts))) > 500


@pytest.mark.parametrize("pattern", [r"\b(?:troops|\w+ed)", r"troops", r"\b(?:an? )?army|\b"])
def test_patterns_that_may_begin_with_anything_have_no_openings(pattern: str) -> None:
    with pytest.raises(ValueError, match="not known"):
        Openings([re.compile(pattern)])
