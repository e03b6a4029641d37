"""What a reader types in the language of the interface, as the English words that commands are written with.

"3 jours" ──► "3d"      "économique" ──► "economic"      "вчера" ──► "yesterday"      "Turquie" ──► TR

English is understood in every language. The words are those of the catalogues: the labels of types and
domains as they are shown, and further forms under `typed`, separated by `|`; countries are Babel's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from babel import Locale

from digestbot.digest import fold
from digestbot.model import ConditionType, Domain
from digestbot.rendering.texts import FALLBACK, Texts, texts_for

UNITS = ("hours", "days", "weeks")
MOMENTS = ("new", "today", "yesterday")
SWITCHES = ("off", "all")
SOURCE = "source"
KINDS = tuple(kind.value for kind in ConditionType)
DOMAINS = tuple(domain.value for domain in Domain)
TYPED = (*UNITS, *MOMENTS, *SWITCHES, SOURCE, *KINDS, *DOMAINS)
"""Keys of `typed` in the catalogues, each the English word its forms stand for."""
LONGEST = 3
"""Words of a form at most."""


@cache
def forms(language: str) -> Mapping[str, str]:
    """English word by folded form, of a language and of English."""
    found: dict[str, str] = {}
    for texts in (texts_for(language), texts_for(FALLBACK)):
        labels = {word: f"type.{word}" for word in KINDS} | {word: f"domain.{word}" for word in DOMAINS}
        for word in TYPED:
            shown = [texts.template(labels[word])] if word in labels else []
            for form in (*shown, *texts.template(f"typed.{word}").split("|")):
                found.setdefault(_plain(form), word)
    return found


@cache
def countries(language: str) -> Mapping[str, str]:
    """ISO code by folded name of the country, in a language and in English."""
    found: dict[str, str] = {}
    for tongue in (language, FALLBACK):
        for code, name in Locale.parse(tongue).territories.items():
            if re.fullmatch(r"[A-Z]{2}", code):
                found.setdefault(_plain(str(name)), str(code))
    return found


def meant(text: str, texts: Texts) -> str | None:
    """The English word that the whole text stands for."""
    return forms(texts.language).get(_plain(text))


def country(text: str, texts: Texts) -> str | None:
    """The ISO code of the country that the whole text names."""
    return countries(texts.language).get(_plain(text))


def period(text: str, texts: Texts) -> str:
    """A text that is one period or moment in English: "3 jours" is "3d", "hier" "yesterday"; others as is."""
    word = meant(text, texts)
    if word in MOMENTS or word in SWITCHES:
        return word
    return spans(text, texts)


def spans(text: str, texts: Texts) -> str:
    """Numbers with a unit in a text as "36h", "3d" or "2w"; the rest as it is."""
    known = forms(texts.language)

    def written(found: re.Match[str]) -> str:
        unit = known.get(_plain(found[2]))
        return f"{int(found[1])}{unit[0]}" if unit in UNITS else found[0]

    return re.sub(r"(?<!\w)(\d{1,4})\s*([^\W\d_]+)(?!\w)", written, text)


def filters(text: str, texts: Texts) -> str:
    """Types, domains, periods, today and yesterday in a text as English words; the rest as it is."""
    known = forms(texts.language)
    wanted = {*KINDS, *DOMAINS, "today", "yesterday"}
    words, done = spans(text, texts).split(), []
    while words:
        for length in range(min(LONGEST, len(words)), 0, -1):
            word = known.get(_plain(" ".join(words[:length])).rstrip(","))
            if word in wanted:
                done.append(word)
                del words[:length]
                break
        else:
            done.append(words.pop(0))
    return " ".join(done)


def _plain(text: str) -> str:
    return fold(" ".join(text.replace("’", "'").split()))
