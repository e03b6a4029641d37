"""Where alone matches can begin: no place where one does may be left out."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from digestbot.analysis.beginnings import beginnings, head_of, places
from digestbot.analysis.cues import load_cues
from digestbot.analysis.sentences import split_text
from digestbot.analysis.wordings import Wording
from digestbot.analysis.words import lowered

DOCUMENTS = Path(__file__).parents[1] / "quality" / "documents"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"\bunless\b", {"unl"}),
        (r"\b(?:only if|provided)\b", {"onl", "pro"}),
        (r"\b(?:if|no|nor) ", {"if ", "no ", "nor"}),
        (r"\bno\b", {"no "}),
        (r"\bgo(?= on| home)", {"go "}),
        (r"\bgo", None),
        (r"\b[“\"]?(?:until|till) now", {"“", '"', "unt", "til"}),
        (r"(?:^|(?<=[:;] ))(?:then )?(?:stop|end) ", {"the", "sto", "end"}),
        (r"(?<=: )(?:stop|end) ", {"sto", "end"}),
        (r"(?<=\w)(?:stop|end) ", None),
        (r"(?:un)?less", None),
        (r"\w+ asked", None),
        (r" while\b", None),
        (r"demands?", None),
        (r"(?:)", None),
    ],
)
def test_beginnings_are_what_every_match_begins_with(source: str, expected: set[str] | None) -> None:
    assert beginnings(Wording(source).tree) == expected


def test_words_and_marks_begin_at_their_places() -> None:
    assert places("al-burhan’s, a  “no") == [
        ("al ", 0),
        ("-", 2),
        ("bur", 3),
        ("’", 9),
        ("s  ", 10),
        (",", 11),
        ("a  ", 13),
        ("“", 16),
        ("no ", 17),
    ]


@pytest.mark.parametrize(
    ("text", "head"),
    [("share this", "sha"), ("a week", "a  "), ("“it”", "“"), (" it", " "), ("if, then", "if "), ("", "")],
)
def test_a_text_begins_with_the_head_of_its_first_word(text: str, head: str) -> None:
    assert head_of(text) == head


def test_every_match_of_a_cue_begins_at_a_place_told() -> None:
    cues = load_cues()
    known = [
        (cue, begins) for cue, begins in zip(cues.all, cues.beginnings, strict=True) if begins is not None
    ]
    assert len(known) > 90
    found = 0
    for path in sorted(DOCUMENTS.glob("*.json"))[:15]:
        text = json.loads(path.read_text(encoding="utf-8"))["text"]
        for start, end in split_text(text):
            sentence = re.sub(r"\s", " ", text[start:end])
            begun = {place: head for head, place in places(lowered(sentence))}
            for cue, begins in known:
                for match in cue.pattern.pattern.finditer(sentence):
                    assert begun.get(match.start()) in begins, cue.id
                    found += 1
    assert found > 100
