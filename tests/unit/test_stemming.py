"""Our English stemmer gives what nltk's gives, which sumy uses."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.analysis.stemming import stem_english
from digestbot.analysis.words import word_set

DOCUMENTS = Path(__file__).parents[1] / "quality" / "documents"
ENDINGS = sorted(
    word_set(
        "ization ational fulness ousness iveness tional biliti lessli entli ation alism aliti ousli iviti "
        "fulli enci anci abli izer ator alli bli ogi li ement ance ence able ible ment ant ent ism ate iti "
        "ous ive ize ion al er ic sses ied ies us ss s eedly ingly edly eed ing ed y ly 's ' e l ll alize "
        "icate iciti ative ical ness ful"
    )
)


@pytest.fixture(scope="module")
def reference() -> object:
    from nltk.stem.snowball import EnglishStemmer

    return EnglishStemmer().stem


def test_words_of_news_have_the_stems_nltk_gives(reference) -> None:  # type: ignore[no-untyped-def]
    words: set[str] = set()
    for path in DOCUMENTS.glob("*.json"):
        words.update(re.findall(r"[\w'’-]+", json.loads(path.read_text(encoding="utf-8"))["text"].lower()))
    assert len(words) > 3_000
    assert [w for w in sorted(words) if stem_english(w) != reference(w)] == []


@given(
    st.text("bcdfghjklmnprstvwxyaeiouyaeiou'", min_size=2, max_size=8),
    st.lists(st.sampled_from(ENDINGS), max_size=2),
)
def test_made_up_words_have_the_stems_nltk_gives(reference, word: str, ends: list[str]) -> None:  # type: ignore[no-untyped-def]
    word += "".join(ends)
    try:
        expected = reference(word)
    except IndexError:  # nltk fails at what is no word: "'ll"
        return
    assert stem_english(word) == expected


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("negotiations", "negoti"),
        ("skies", "sky"),
        ("generously", "generous"),
        ("at", "at"),
        ("hopped", "hop"),
    ],
)
def test_stems(word: str, stem: str) -> None:
    assert stem_english(word) == stem
