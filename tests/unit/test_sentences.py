"""Sentence boundaries: a table of cases of ours, invariants, and inputs made to be slow."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.analysis.sentences import split_sentences, split_text
from digestbot.model import Block, BlockLabel

CASES = (Path(__file__).parent / "sentence_cases.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("case", CASES)
def test_news_sentence_is_split_as_written(case):
    text = case.replace(" ¶ ", " ").replace("¦", "")
    wanted = [piece.lstrip("•– ") for piece in case.replace("¦", " ¶ ").split(" ¶ ")]
    assert [text[start:end] for start, end in split_text(text)] == wanted


def test_there_are_at_least_150_cases():
    assert len(CASES) >= 150
    assert len(set(CASES)) == len(CASES)


@given(st.text(alphabet="aB. \n“”\"'’()?!…•–1,M", max_size=200))
def test_spans_are_in_order_trimmed_and_cover_all_but_list_marks(text):
    spans = split_text(text)
    position = 0
    for start, end in spans:
        assert position <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        assert "\n" not in text[start:end]
        assert not text[position:start].strip("•–- \n\t\x0b\x0c\r\x1c\x1d\x1e\x1f\x85\u2028\u2029")
        position = end


HOSTILE = [
    "." * 100_000,
    '"' * 100_000,
    "“" * 100_000,
    "(" * 100_000,
    "a" * 100_000,
    " " * 100_000,
    "Mr. " * 25_000,
    "A. " * 33_000,
    '"A." ' * 20_000,
    "(." * 50_000,
    ".”" * 50_000,
    "[A." * 33_000,
    "ab.Cd " * 16_000,
    "... A" * 20_000,
    "a.B " * 25_000,
    "said " * 20_000,
    "？" * 100_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:6]))
def test_hostile_text_of_100_kb_is_split_without_losing_a_letter(text):
    # How long it takes is measured by `python -m benchmarks analysis`.
    spans = split_text(text)
    assert sum(c.isalnum() for a, b in spans for c in text[a:b]) == sum(c.isalnum() for c in text)


def test_only_body_and_list_items_have_sentences():
    text = "A heading here\nThe army left. It came back.\n• First item."
    blocks = (
        Block(0, 14, BlockLabel.HEADING),
        Block(15, 43, BlockLabel.BODY),
        Block(44, len(text), BlockLabel.LIST_ITEM),
    )
    sentences = split_sentences(text, blocks)
    assert [text[s.start : s.end] for s in sentences] == ["The army left.", "It came back.", "First item."]
    assert [s.block for s in sentences] == [1, 1, 2]
