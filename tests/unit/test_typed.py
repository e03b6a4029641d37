"""Words of commands in the languages of the interface."""

from __future__ import annotations

import pytest

from digestbot.bot.meaning import like
from digestbot.bot.typed import TYPED, filters, meant, period
from digestbot.rendering.actions import LIMIT, encode_word, word_of
from digestbot.rendering.texts import available, texts_for


@pytest.mark.parametrize("language", available())
def test_every_form_means_one_thing(language):
    texts = texts_for(language)
    seen: dict[str, str] = {}
    for word in TYPED:
        for form in texts.template(f"typed.{word}").split("|"):
            assert form.strip() == form
            assert form
            assert seen.setdefault(form, word) == word, form
            assert meant(form, texts) == word


@pytest.mark.parametrize(
    ("language", "typed", "english"),
    [
        ("fr", "36 heures", "36h"),
        ("fr", "Hier", "yesterday"),
        ("fr", "aujourd’hui", "today"),
        ("ru", "2 недели", "2w"),
        ("ar", "٣ أيام", "3d"),
        ("en", "2026-03-04", "2026-03-04"),
        ("ur", "Kashmir", "Kashmir"),
    ],
)
def test_periods(language, typed, english):
    assert period(typed, texts_for(language)) == english


def test_filters_take_phrases_and_leave_names_alone():
    french = texts_for("fr")
    assert filters("Condition préalable, Iran 3 jours", french) == "precondition Iran 3d"
    assert filters("Nuevo León ayer", texts_for("es")) == "Nuevo León yesterday"


def test_names_spelt_alike_are_found_and_others_are_not():
    names = {"a": "Asim Munir", "b": "Türkiye", "c": "Turkmenistan", "d": "United States"}
    assert list(like("munirr", names)) == ["a"]
    assert list(like("Turkye", names)) == ["b"]
    assert like("electricity", names) == {}


@pytest.mark.parametrize("word", ["term:gas", "term:" + "ж" * 60, "actor:person:PK:asim munir", "x" * 64])
def test_a_word_of_any_length_comes_back_from_its_button(word):
    encoded = encode_word("md", word, "3")
    assert len(encoded.encode()) <= LIMIT
    verb, days, *rest = encoded.split(":")
    assert (verb, days) == ("md", "3")
    assert word_of(rest, ["other", word]) == word


def test_a_word_that_is_there_no_more_is_refused():
    with pytest.raises(ValueError, match="nothing that is there"):
        word_of(encode_word("mu", "ж" * 60).split(":")[1:], ["other"])
