"""The tokeniser: words with their places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.analysis.words import fold, is_capitalised, tokenise


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Lt. Gen. Okello Bura said", ["Lt.", "Gen.", "Okello", "Bura", "said"]),
        ("Islamabad’s demand", ["Islamabad", "’s", "demand"]),
        ("the U.S. envoy", ["the", "U.S.", "envoy"]),
        ("US-Pakistan ties", ["US-Pakistan", "ties"]),
        ("Abdel Fattah al-Burhan.", ["Abdel", "Fattah", "al-Burhan", "."]),
        ("Officers' union", ["Officers", "'", "union"]),
        ("1,000 men, 66%", ["1,000", "men", ",", "66", "%"]),
        ("S.C. Ralhan (retd.)", ["S.C.", "Ralhan", "(", "retd.", ")"]),
        ("Sa'ad and N'Djamena", ["Sa'ad", "and", "N'Djamena"]),
        ("on Jan. 5, No. 10", ["on", "Jan.", "5", ",", "No.", "10"]),
        ("Maurel & Prom", ["Maurel", "&", "Prom"]),
        ("“No,” he said—twice", ["“", "No", ",", "”", "he", "said", "—", "twice"]),
        ("don’t", ["don’t"]),
        ("", []),
    ],
)
def test_a_text_is_split_into_words_numbers_and_marks(text: str, tokens: list[str]) -> None:
    assert [token.text for token in tokenise(text)] == tokens


@given(st.text(max_size=200))
def test_every_token_quotes_the_text_and_nothing_but_blanks_is_left_out(text: str) -> None:
    position = 0
    for token in tokenise(text):
        assert text[token.start : token.end] == token.text
        assert token.start >= position
        assert not text[position : token.start].strip()
        position = token.end
    assert not text[position:].strip()


def test_a_stretch_of_the_text_is_read_with_offsets_of_the_whole() -> None:
    text = "One two three"
    assert [(token.text, token.start) for token in tokenise(text, 4, 7)] == [("two", 4)]


def test_folding_takes_accents_case_and_dots_away() -> None:
    assert fold("Erdoğan") == "erdogan"
    assert fold("U.N.") == fold("UN") == "un"
    assert fold("N’Djamena") == "n'djamena"
    assert fold("Łódź") == "lodz"


def test_a_particle_with_a_name_counts_as_capitalised() -> None:
    assert is_capitalised("al-Burhan")
    assert not is_capitalised("ceasefire")
