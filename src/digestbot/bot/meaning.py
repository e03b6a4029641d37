"""Names that what was typed may have meant: "Turky" ──► Türkiye, "Munirr" ──► Asim Munir."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from digestbot.bot.keyboards import rows_of
from digestbot.digest import fold
from digestbot.model import Button, Keyboard
from digestbot.rendering.actions import encode_word
from digestbot.rendering.texts import Texts

NEAR = 0.75
"""Least similarity of two spellings (difflib's ratio: twice what they share, through both lengths)."""
OFFERED = 3
SHORTEST = 4
"""Letters of a part of a name at least: "Ali" is like too much."""


def like(words: str, names: Mapping[str, str]) -> dict[str, str]:
    """Of names by key, those spelt like the words, whole or in one of their parts; the nearest first."""
    spelt: dict[str, list[str]] = {}
    for key, name in names.items():
        for form in {fold(name), *(part for part in fold(name).split() if len(part) >= SHORTEST)}:
            spelt.setdefault(form, []).append(key)
    near = get_close_matches(fold(" ".join(words.split())), spelt, n=OFFERED, cutoff=NEAR)
    keys = dict.fromkeys(key for form in near for key in spelt[form])
    return {key: names[key] for key in list(keys)[:OFFERED]}


def meant_keyboard(verb: str, found: Mapping[str, str], texts: Texts) -> Keyboard:
    """A button for each, asking whether it was meant; its data is the verb and the key."""
    return rows_of(
        [Button(texts("button.meant", name=name), encode_word(verb, key)) for key, name in found.items()], 1
    )
