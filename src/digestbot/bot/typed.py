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
from babel.dates import get_day_names

from digestbot.bot.zones import capital_cities
from digestbot.digest import fold
from digestbot.model import ConditionType, Domain
from digestbot.rendering.texts import FALLBACK, Texts, available, texts_for

UNITS = ("hours", "days", "weeks")
MOMENTS = ("new", "today", "yesterday", "tomorrow")
SWITCHES = ("off", "all")
SOURCE = "source"
UNTIL = "until"
DAYS = {"daily": "daily", "workdays": "weekdays", "weekend": "weekend"}
"""Kinds of days, and the words they are written with after times."""
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
KINDS = tuple(kind.value for kind in ConditionType)
DOMAINS = tuple(domain.value for domain in Domain)
TYPED = (*UNITS, *MOMENTS, *SWITCHES, SOURCE, UNTIL, *DAYS, *KINDS, *DOMAINS)
"""Keys of `typed` in the catalogues, each the English word its forms stand for."""
LONGEST = 3
"""Words of a form at most."""
SHORTEST_CITY = 5
"""Letters of a capital's name in Latin script at least."""


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
def countries(*languages: str) -> Mapping[str, str]:
    """ISO code by folded name of the country in these languages; in the first that has the name."""
    found: dict[str, str] = {}
    for language in languages:
        for code, name in Locale.parse(language).territories.items():
            if re.fullmatch(r"[A-Z]{2}", code):
                found.setdefault(_plain(str(name)), str(code))
    return found


def meant(text: str, texts: Texts) -> str | None:
    """The English word that the whole text stands for."""
    return forms(texts.language).get(_plain(text))


def country(text: str, texts: Texts) -> str | None:
    """The ISO code of the country that the whole text names, in the reader's language or in English."""
    return countries(texts.language, FALLBACK).get(_plain(text))


def country_abroad(text: str) -> str | None:
    """The same in any language of the interface, or by its capital's name in any language ("Анкара")."""
    return countries(*available()).get(_plain(text)) or capitals().get(_plain(text))


@cache
def capitals() -> Mapping[str, str]:
    """ISO code of the country by folded name of its capital, the largest city of that name.

    Short names in Latin letters are left out: codes of airports and other words are among them.
    """
    found: dict[str, str] = {}
    for city in capital_cities():
        for name in (city.name, *city.other_names):
            plain = _plain(name)
            if len(plain) >= SHORTEST_CITY or not plain.isascii():
                found.setdefault(plain, city.country)
    return found


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


def without_until(text: str, texts: Texts) -> str:
    """ "until Friday" is "Friday", "جمعہ تک" is "جمعہ": the word stands first or last."""
    words = text.split()
    if len(words) > 1 and meant(words[0], texts) == UNTIL:
        return " ".join(words[1:])
    if len(words) > 1 and meant(words[-1], texts) == UNTIL:
        return " ".join(words[:-1])
    return text


@cache
def _week(language: str) -> tuple[tuple[int, str, str], ...]:
    """Each day's number (Monday is 0), its folded name and abbreviation, in a language and in English."""
    return tuple(
        (day, _plain(str(names[day])), _plain(str(short[day])).rstrip("."))
        for tongue in (language, FALLBACK)
        for names, short in [
            (get_day_names("wide", locale=tongue), get_day_names("abbreviated", locale=tongue))
        ]
        for day in range(7)
    )


def weekday(word: str, texts: Texts) -> int | None:
    """The day of the week a word names, Monday is 0: abbreviated, or in full with any ending ("пятницы")."""
    plain = _plain(word).rstrip(".,")
    for day, name, short in _week(texts.language):
        if plain == short or (plain.startswith(name[:-1]) and len(plain) <= len(name) + 2):
            return day
    return None


def schedule(text: str, texts: Texts) -> str:
    """The days in a text of times, days and a city as English words ("lun-ven" is "mon-fri"); the rest as it
    is. A short capitalised word is left alone: "Mar del Plata" is a city."""
    known = forms(texts.language)
    words, done = text.split(), []
    while words:
        for length in range(min(LONGEST, len(words)), 0, -1):
            kind = known.get(_plain(" ".join(words[:length])).rstrip(","))
            if kind in DAYS:
                done.append(DAYS[kind])
                del words[:length]
                break
        else:
            done.append(_english_day(words.pop(0), texts))
    return " ".join(done)


def _english_day(word: str, texts: Texts) -> str:
    """One word that names a day or several ("lun-ven") in English; any other as it is."""
    if len(word) <= LONGEST and word[0].isupper() and word.isascii():
        return word
    found = [weekday(part, texts) for part in re.split("[-–]", word, maxsplit=1)]
    return word if None in found else "-".join(WEEK[day] for day in found if day is not None)


def _plain(text: str) -> str:
    return fold(" ".join(text.replace("’", "'").split()))
