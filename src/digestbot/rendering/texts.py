"""The interface's own words, by language: everything a chat shows that is no quotation.

One TOML file a language in `locales/`, the same keys in each; a text that is missing falls back to English.
A text may hold `{names}` for values, and a little markup: `**bold**`, `_italic_` and `` `typed words` ``,
which is read before the values are put in: a value is never taken for markup.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.dates import (
    format_date,
    format_skeleton,
    format_time,
    format_timedelta,
    get_day_names,
)
from babel.numbers import format_decimal

from digestbot.rendering.rich import Mark, Rich, Run

FALLBACK = "en"
RIGHT_TO_LEFT = frozenset({"ar", "ur", "fa", "he", "ps", "sd", "ug", "yi"})
_MARKUP = re.compile(r"\*\*(?P<b>.+?)\*\*|`(?P<code>[^`]+)`|(?<!\w)_(?P<i>[^_]+)_(?!\w)")
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"  # a value's direction is its own, whatever stands around it


@cache
def available() -> tuple[str, ...]:
    """Languages with a catalogue, English first."""
    names = sorted(
        entry.name.removesuffix(".toml")
        for entry in files("digestbot").joinpath("locales").iterdir()
        if entry.name.endswith(".toml")
    )
    return (FALLBACK, *(name for name in names if name != FALLBACK))


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """All texts of a language by dotted key; raises KeyError for a language without a catalogue."""
    if language not in available():
        raise KeyError(language)
    text = files("digestbot").joinpath("locales", f"{language}.toml").read_text(encoding="utf-8")
    return dict(_flat(tomllib.loads(text)))


def _flat(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)


class Texts:
    """The texts of one language. Raises KeyError for a key that English does not have either."""

    def __init__(self, language: str | None) -> None:
        wanted = (language or FALLBACK).replace("_", "-").split("-")[0].lower()
        self.language = wanted if wanted in available() else FALLBACK
        self.right_to_left = self.language in RIGHT_TO_LEFT
        self._locale = Locale.parse(self.language)
        self._own = catalogue(self.language)
        self._fallback = catalogue(FALLBACK)

    def __call__(self, key: str, **values: object) -> str:
        """The text, values put in, markup taken out."""
        return "".join(run.text for run in self.rich(key, **values))

    def template(self, key: str) -> str:
        """The text as the catalogue has it."""
        return self._own.get(key) or self._fallback[key]

    def has(self, key: str) -> bool:
        """Whether there is such a text, in this language or in English."""
        return key in self._own or key in self._fallback

    def rich(self, key: str, **values: object) -> Rich:
        """The text with its markup; a value may be plain or Rich (which keeps its own marks)."""
        runs: list[Run] = []
        template = self.template(key)
        place = 0
        for found in _MARKUP.finditer(template):
            runs += self._filled(template[place : found.start()], (), values)
            mark = Mark(found.lastgroup or "b")
            runs += self._filled(found[found.lastgroup or 0], (mark,), values)
            place = found.end()
        runs += self._filled(template[place:], (), values)
        return tuple(runs)

    def _filled(self, template: str, marks: tuple[Mark, ...], values: Mapping[str, object]) -> Iterator[Run]:
        for piece in re.split(r"(\{\w+\})", template):
            if not piece:
                continue
            if not (piece.startswith("{") and piece.endswith("}")):
                yield Run(piece, marks)
                continue
            value = values[piece[1:-1]]
            if isinstance(value, tuple):
                yield from (Run(run.text, marks + run.marks) for run in value)
            else:
                yield Run(self.isolated(str(value)), marks)

    def count(self, key: str, number: int, **values: object) -> str:
        """The form of a counted text that this number asks for (`key.one`, `key.few`, `key.other` …)."""
        form = self._locale.plural_form(number)
        name = f"{key}.{form}"
        return self(name if name in self._own else f"{key}.other", n=self.number(number), **values)

    def isolated(self, text: str) -> str:
        """A foreign text between direction isolates where the interface runs from right to left."""
        return f"{_ISOLATE}{text}{_END_ISOLATE}" if self.right_to_left and text else text

    def number(self, value: float) -> str:
        """A number as this language writes it."""
        return str(format_decimal(value, locale=self._locale))

    def long_date(self, moment: datetime | date, zone: str = "UTC") -> str:
        """Wednesday, 4 March 2026."""
        return str(format_date(_local(moment, zone), "full", locale=self._locale))

    def short_date(self, moment: datetime | date, zone: str = "UTC") -> str:
        """4 Mar."""
        return str(format_skeleton("MMMd", _local(moment, zone), locale=self._locale))

    def moment(self, moment: datetime, zone: str) -> str:
        """Wed 4 Mar, 07:30, in the reader's zone."""
        local = moment.astimezone(ZoneInfo(zone))
        day = format_skeleton("MMMEd", local, locale=self._locale)
        return f"{day}, {format_time(local, 'HH:mm', locale=self._locale)}"

    def days(self, number: int) -> str:
        """So many days in words."""
        return str(
            format_timedelta(
                timedelta(days=number), granularity="day", threshold=number + 1, locale=self._locale
            )
        )

    def weekday(self, day: int) -> str:
        """A day of the week, abbreviated; Monday is 0."""
        return str(get_day_names("abbreviated", locale=self._locale)[day])

    def zone_city(self, zone: str) -> str:
        """The city that names a zone, in this language where its name is known."""
        known = self._locale.time_zones
        cities = (known[name].get("city") for name in _zone_names(zone) if name in known)
        return str(next((city for city in cities if city), zone.rpartition("/")[2].replace("_", " ")))

    def clock(self, moment: datetime, zone: str) -> str:
        """The time of day in a zone."""
        return str(format_time(moment.astimezone(ZoneInfo(zone)), "HH:mm", locale=self._locale))

    def country(self, code: str) -> str:
        """A country's name; its code where the language data has none."""
        return str(self._locale.territories.get(code, code))

    def language_name(self, code: str) -> str:
        """A language's own name for itself."""
        return str(Locale.parse(code).get_display_name() or code)


@cache
def texts_for(language: str | None) -> Texts:
    """The texts of a language; those of English where there is no catalogue."""
    return Texts(language)


@cache
def _zone_names(zone: str) -> tuple[str, ...]:
    """A zone's name and its older ones ("Europe/Kiev"), by which the language data may still call it."""
    return (zone, *(old for old, new in get_global("zone_aliases").items() if new == zone))


def _local(moment: datetime | date, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date() if isinstance(moment, datetime) else moment
