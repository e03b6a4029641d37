"""Patterns searched in lower case, or letter by letter: they find what they find as they are written."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from digestbot.analysis.cues import load_cues
from digestbot.analysis.sentences import split_text
from digestbot.analysis.wordings import Wording, by_letter
from digestbot.analysis.words import lowered
from digestbot.cleaning import vocabulary

DOCUMENTS = Path(__file__).parents[1] / "quality" / "documents"


def sentences() -> list[str]:
    found = []
    for path in sorted(DOCUMENTS.glob("*.json"))[:12]:
        text = json.loads(path.read_text(encoding="utf-8"))["text"]
        found += [text[start:end] for start, end in split_text(text)]
    return [*found, *map(str.upper, found[:80]), "İzmir: “TILL Ünal goes, NO Élan,” said İnönü.", ""]


def test_cues_find_in_lower_case_what_they_find_as_written() -> None:
    for cue in load_cues().all:
        wordings = [cue.pattern, cue.needs_before, cue.needs_after, *cue.needs_any]
        for wording in filter(None, wordings):
            for sentence in sentences()[::7]:
                low = lowered(sentence)
                told = [match.span() for match in wording.finditer(sentence, low)]
                assert told == [match.span() for match in wording.pattern.finditer(sentence)], cue.id


@pytest.mark.parametrize("name", ["FURNITURE_START", "SELF_REFERENCE", "LABEL_START", "TEASER_HEAD"])
def test_lines_begin_in_lower_case_as_they_are_written(name: str) -> None:
    wording: Wording = getattr(vocabulary, name)
    for line in [*sentences(), "Read More: the list", "SIGN UP for our newsletter", "Skip to main content"]:
        assert (wording.match(line) is None) == (wording.pattern.match(line) is None), line


@pytest.mark.parametrize(
    ("source", "text", "found"),
    [
        (r"(?:Ask|[A-F]lso) him", "He may ASK HIM. Also him.", ["ASK HIM", "Also him"]),
        (r"ask (?-i:[A-Z])\w+", "They ASK Iran, they ask iran.", ["ASK Iran"]),
        (r"[^A-Z] Été", "an ÉTÉ, 1 été", ["1 été"]),
        (r"(?<=\bThe )end\b", "the END. the bend", ["END"]),
        (r"(\w)\1e", "AAe and bBe", ["AAe", "bBe"]),
    ],
)
def test_case_tells_where_a_pattern_says_so_and_nowhere_else(
    source: str, text: str, found: list[str]
) -> None:
    matches = Wording(source).finditer(text, lowered(text))
    assert [text[match.start() : match.end()] for match in matches] == found


def test_what_is_no_pattern_is_refused() -> None:
    with pytest.raises(re.error):
        Wording("(ask")


@pytest.mark.parametrize(
    "source",
    [
        r"\b(?:says|said|so|tells|told|say|\w+ing|sad|s)\b",
        r"(?:ab|abc|a|)c?",
        r"(?:ab?|ac|b|ad)+(?=e|ef|\b)",
    ],
)
def test_alternatives_letter_by_letter_find_the_same(source: str) -> None:
    joined, plain = by_letter(source), re.compile(source)
    for text in ["so he said: sad, saying s", "abcabc acad ade", "tells, told, tell", ""]:
        assert [m.span() for m in joined.finditer(text)] == [m.span() for m in plain.finditer(text)], text


@pytest.mark.parametrize(
    ("source", "text", "found"),
    [
        (r"\bask (?=(?-i:[A-Z]))", "They ASK Iran, they ask iran.", ["ASK "]),
        (r"\bask (?!(?-i:[A-Z]))", "They ASK Iran, they ask iran.", ["ask "]),
        (r"\bask (?-i:[^A-Z])", "They ask Iran, they ask iran.", ["ask i"]),
        (r"\bif (?-i:[A-Z])\w+", "İf Iran, ıf Iran, IF Iran", ["İf Iran", "ıf Iran", "IF Iran"]),
    ],
)
def test_what_minds_case_finds_what_it_finds_as_written(source: str, text: str, found: list[str]) -> None:
    wording, low = Wording(source), lowered(text)
    places = [place for place in range(len(text)) if not place or text[place - 1] == " "]
    assert [match[0] for match in wording.at(places, text, low)] == found
    assert [match[0] for match in wording.finditer(text, low)] == found
    first = wording.search(text, low)
    assert first is not None
    assert first[0] == found[0]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Read more: the list", "Read more"),
        ("READ ME", None),
        ("Reading is good", None),
        ("“Share” it", "“Share”"),
        ("Éa more", "Éa"),
        ("12 shares of it", "12 shares"),
        ("12 parts", None),
        ("Go", "Go"),
        ("Goat", "Go"),
        ("", None),
    ],
)
def test_a_text_is_asked_only_what_it_can_begin_with(text: str, found: str | None) -> None:
    wording = Wording(r"read (?:more|on)|“share”|éa|\d+ (?:shares|likes)\b|go")
    match = wording.match(text)
    assert (match[0] if match else None) == found
    plain = wording.pattern.match(text)
    assert (match is None) == (plain is None)
