"""What spares sentences patterns: no pattern that matches may ever be left out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from digestbot.analysis.cues import load_cues
from digestbot.analysis.prefilter import Screen, requirements
from digestbot.analysis.sentences import split_text
from digestbot.analysis.wordings import Wording
from digestbot.analysis.words import lowered

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
    most_telling = next(iter(requirements(Wording(pattern).tree)), frozenset())
    assert {word.strip() for word in most_telling} == words


def test_no_cue_that_stands_in_a_sentence_is_screened_out() -> None:
    cues = load_cues()
    texts = [json.loads(path.read_text(encoding="utf-8"))["text"] for path in DOCUMENTS.glob("*.json")]
    texts.append(CASES.read_text(encoding="utf-8"))
    found = 0
    for text in texts:
        for start, end in split_text(text):
            sentence = text[start:end]
            low = lowered(sentence)
            standing = [cue.id for cue in cues.all if any(True for _ in cue.matches(sentence, low))]
            possible = [cue.id for cue, _ in cues.possible(low)]
            for cue, places in cues.possible(low):
                told = [match.span() for match in cue.matches(sentence, low, places)]
                assert told == [match.span() for match in cue.matches(sentence, low)], cue.id
            assert set(standing) <= set(possible), sentence
            assert possible == [cue.id for cue in cues.all if cue.id in possible]
            found += len(standing)
    assert found > 200


def test_patterns_without_certain_words_are_always_tried() -> None:
    screen = Screen([requirements(Wording(pattern).tree) for pattern in (r"\w+", "sea", "Land")])
    assert screen.possible("by land") == [0, 2]
    assert screen.possible("") == [0]
