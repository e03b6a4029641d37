"""Names that what was typed may have meant: "Turky" ──► Türkiye, "Munirr" or "منير" ──► Asim Munir."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from digestbot.bot import spelling
from digestbot.bot.keyboards import rows_of
from digestbot.digest import fold
from digestbot.model import Button, Keyboard
from digestbot.rendering.actions import encode_word
from digestbot.rendering.texts import Texts

NEAR = 0.75
"""Least similarity of two spellings (difflib's ratio: twice what they share, through both lengths)."""
NEAR_SOUNDS, LONG_SOUNDS = 0.85, 5
"""The same of consonants alone, of so many at least; fewer must be the same."""
OFFERED = 3
SHORTEST = 4
"""Letters of a part of a name at least: "Ali" is like too much."""


def like(words: str, names: Mapping[str, str]) -> dict[str, str]:
    """Of names by key, those spelt like the words, whole or in one of their parts, in whatever script; the
    nearest first."""
    by_sound = spelling.arabic(words)
    spelt: dict[str, list[str]] = {}
    sounding: dict[str, list[str]] = {}
    for key, name in names.items():
        parts = (part for part in name.split() if len(part) >= SHORTEST)
        if spelling.arabic(name) == by_sound:
            for form in {fold(spelling.latin(one)) for one in (name, *parts)}:
                spelt.setdefault(form, []).append(key)
        else:
            for form in {spelling.consonants(one).replace(" ", "") for one in (name, *parts)}:
                if len(form) >= spelling.SHORTEST:
                    sounding.setdefault(form, []).append(key)
    typed = " ".join(words.split())
    near = _near(fold(spelling.latin(typed)), spelt, NEAR)
    sounds = spelling.consonants(typed).replace(" ", "")
    near += _near(sounds, sounding, NEAR_SOUNDS if len(sounds) >= LONG_SOUNDS else 1.0)
    return {key: names[key] for key in list(dict.fromkeys(near))[:OFFERED]}


def _near(typed: str, spelt: Mapping[str, list[str]], least: float) -> list[str]:
    forms = get_close_matches(typed, spelt, n=OFFERED, cutoff=least)
    return [key for form in forms for key in spelt[form]]


def meant_keyboard(verb: str, found: Mapping[str, str], texts: Texts, *before: str) -> Keyboard:
    """A button for each, asking whether it was meant; its data is the verb, what stands `before`, and the
    key."""
    return rows_of(
        [
            Button(texts("button.meant", name=name), encode_word(verb, key, *before))
            for key, name in found.items()
        ],
        1,
    )
