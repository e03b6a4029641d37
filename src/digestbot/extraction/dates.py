"""Times as documents' metadata write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from functools import cache, partial
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MONTH_LANGUAGES = (
    "en",
    "ar",
    "de",
    "el",
    "es",
    "fa",
    "fr",
    "id",
    "it",
    "nl",
    "pl",
    "pt",
    "ru",
    "tr",
    "uk",
    "ur",
)
"""Languages whose names of months are read."""

_DAY_FIRST = re.compile(
    r"(?P<day>\d{1,2})(?:\.|º|er|st|nd|rd|th)?\s+(?:de\s+)?(?P<name>[^\W\d_]{3,12})\.?,?\s+"
    r"(?:de\s+)?(?P<year>\d{4})\b"
)
_MONTH_FIRST = re.compile(
    r"(?P<name>[^\W\d_]{3,12})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})\b"
)
_YEAR_FIRST = re.compile(r"\b(?P<year>\d{4})[-/.年]\s?(?P<month>\d{1,2})[-/.月]\s?(?P<day>\d{1,2})(?!\d)")
_DOTTED = re.compile(r"\b(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})\b")
_SLASHED = re.compile(r"\b(?P<one>\d{1,2})/(?P<other>\d{1,2})/(?P<year>\d{4})\b")
_FORMS = (_DAY_FIRST, _MONTH_FIRST, _YEAR_FIRST, _DOTTED, _SLASHED)
_CLOCK = re.compile(
    r"\D{0,16}?(?P<hour>\d{1,2})(?:[:h]|\.(?=\d\d\b))(?P<minute>\d{2})(?::(?P<second>\d{2}))?"
    r"\s*(?P<half>[ap]\.?m\b\.?)?\s*(?:(?:GMT|UTC)?\s*(?P<sign>[+-])(?P<off>\d{1,2})(?::?(?P<off_minute>\d{2}))?\b)?",
    re.IGNORECASE,
)
_STAMP = re.compile(r"(\d{10})(?:\d{3})?")
_ZONE_NAME = re.compile(r"[\s(]([^\W\d_]{2,5}|[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+)\)?$")
_ZONES = {
    name: zone
    for zone, names in {
        "America/New_York": "ET EST EDT",
        "America/Chicago": "CT CST CDT",
        "America/Denver": "MT MST MDT",
        "America/Los_Angeles": "PT PST PDT",
        "Europe/London": "BST",
        "Europe/Paris": "CET CEST MEZ MESZ",
        "Europe/Athens": "EET EEST",
        "Europe/Lisbon": "WET WEST",
        "Europe/Moscow": "MSK МСК",
        "Europe/Istanbul": "TRT",
        "Africa/Lagos": "WAT",
        "Africa/Nairobi": "EAT",
        "Africa/Johannesburg": "SAST CAT",
        "Asia/Dubai": "GST",
        "Asia/Tehran": "IRST",
        "Asia/Karachi": "PKT",
        "Asia/Kolkata": "IST",
        "Asia/Jakarta": "WIB",
        "Asia/Singapore": "SGT",
        "Asia/Hong_Kong": "HKT",
        "Asia/Tokyo": "JST",
        "Asia/Seoul": "KST",
        "Australia/Sydney": "AEST AEDT",
    }.items()
    for name in names.split()
}
"""Short names of zones as news writes them; IST is India's, whose press writes it most. What stands for
several zones of one weight (AST) is taken for UTC."""


def parse_time(value: str | None) -> datetime | None:
    """A time in UTC: ISO 8601, RFC 5322, seconds since 1970, figures, or a month in words of some languages;
    None for anything else, and for 3/4/2026, which is two days.

    One without a zone is taken for UTC.
    """
    text = (value or "").strip()
    zone: tzinfo = UTC
    if (match := _ZONE_NAME.search(text)) and (named := _zone(match[1])) is not None:
        text, zone = text[: match.start()].rstrip(" ,"), named
    if not text:
        return None
    for parse in (_iso, _stamp, partial(_loose, zone=zone), parsedate_to_datetime):
        try:
            time = parse(text)
            return (time if time.tzinfo else time.replace(tzinfo=zone)).astimezone(UTC)
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    return None


def _zone(name: str) -> tzinfo | None:
    key = name if "/" in name else _ZONES.get(name)
    try:
        return ZoneInfo(key) if key else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def _iso(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _stamp(text: str) -> datetime:
    """Seconds or milliseconds since 1970."""
    match = _STAMP.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return datetime.fromtimestamp(int(match[1]), UTC)


def _loose(text: str, zone: tzinfo) -> datetime:
    """ "Пн, 02 мар 2026 12:15:00 +0300", "March 2, 2026 at 9:15 p.m.", "02.03.2026 09:15".

    `zone`: where there is no offset. ValueError for other texts.
    """
    text = text[:200]
    match = next((match for form in _FORMS if (match := form.search(text))), None)
    if match is None:
        raise ValueError(text)
    year, month, day = _date(match.groupdict())
    clock = _CLOCK.match(text, match.end())
    if clock is None:
        return datetime(year, month, day, tzinfo=zone)
    hour = int(clock["hour"])
    if clock["half"]:
        hour = hour % 12 + 12 * clock["half"].casefold().startswith("p")
    time = datetime(year, month, day, hour, int(clock["minute"]), int(clock["second"] or 0), tzinfo=zone)
    if not clock["sign"]:
        return time
    offset = timedelta(hours=int(clock["off"]), minutes=int(clock["off_minute"] or 0))
    return time.replace(tzinfo=timezone(-offset if clock["sign"] == "-" else offset))


def _date(parts: Mapping[str, str | None]) -> tuple[int, int, int]:
    """Year, month, day; ValueError for a month of no name, and where month and day cannot be told apart."""
    year, name = int(parts["year"] or 0), parts.get("name")
    if name is not None:
        return year, _month(name.casefold()), int(parts["day"] or 0)
    if "one" not in parts:
        return year, int(parts["month"] or 0), int(parts["day"] or 0)
    one, other = int(parts["one"] or 0), int(parts["other"] or 0)
    if one <= 12 and other <= 12 and one != other:
        raise ValueError("day and month may be either")
    return (year, other, one) if one > 12 else (year, one, other)


def _month(name: str) -> int:
    """The number of a month by its name or the start of it; ValueError for other words."""
    known = _months()
    meant = {known[name]} if name in known else {known[one] for one in known if one.startswith(name)}
    if len(meant) != 1:
        raise ValueError(name)
    return meant.pop()


@cache
def _months() -> Mapping[str, int]:
    """Number of a month by its name, whole or shortened, in the languages above."""
    from babel.dates import get_month_names

    found: dict[str, int] = {}
    for language in MONTH_LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, locale=language).items():
                    found.setdefault(name.casefold().rstrip("."), number)
    return found
