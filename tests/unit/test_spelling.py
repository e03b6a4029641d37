"""Names of one person in several scripts."""

from __future__ import annotations

import pytest

from digestbot.bot.meaning import like
from digestbot.bot.spelling import consonants, latin

NAMES = {
    "putin": "Vladimir Putin",
    "munir": "Asim Munir",
    "guterres": "António Guterres",
    "trump": "Donald Trump",
    "erdogan": "Recep Tayyip Erdoğan",
    "sharif": "Shehbaz Sharif",
    "netanyahu": "Benjamin Netanyahu",
    "khamenei": "Ali Khamenei",
    "un": "United Nations",
    "turkey": "Türkiye",
    "serbia": "Serbia",
    "kiribati": "Kiribati",
}


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Путин", "putin"),
        ("Владимир Путин", "putin"),
        ("بوتين", "putin"),
        ("پوتن", "putin"),
        ("ترامب", "trump"),
        ("ٹرمپ", "trump"),
        ("Трамп", "trump"),
        ("إردوغان", "erdogan"),
        ("Эрдоган", "erdogan"),
        ("شہباز شریف", "sharif"),
        ("نتنياهو", "netanyahu"),
        ("Нетаньяху", "netanyahu"),
        ("خامنئي", "khamenei"),
        ("غوتيريش", "guterres"),
    ],
)
def test_a_name_is_found_from_another_script(typed, key):
    assert key in like(typed, NAMES)


@pytest.mark.parametrize(
    "typed", ["газ", "غاز", "санкции", "العقوبات", "گیس", "حرب", "سلام", "نفط", "electricity", "в", "و"]
)
def test_words_that_are_no_names_find_none(typed):
    assert like(typed, NAMES) == {}


def test_names_in_other_scripts_are_found_from_latin_letters():
    assert list(like("Putin", {"a": "Владимир Путин", "b": "منير"})) == ["a"]
    assert list(like("Munir", {"a": "Владимир Путин", "b": "عاصم منير"})) == ["b"]


def test_what_is_compared():
    assert latin("Щербаков") == "shcherbakov"
    assert consonants("Shehbaz Sharif") == consonants("شہباز شریف") == "sbz srf"
    assert consonants("") == ""
