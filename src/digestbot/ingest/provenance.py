"""When a document was published, and by whom: from its metadata, its dateline, its source, its file."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from digestbot.extraction.dates import parse_time
from digestbot.model import Analysis, BlockLabel, ExtractedText, FoundDocument, PublishedOrigin
from digestbot.protocols.ingest import SourceRow

FUTURE_TOLERANCE = timedelta(hours=1)
"""A time of publication further ahead is an error of the publisher's clock or zone."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sept", "sep"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY_MONTH = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+({_MONTH})\b\.?,?(?:\s+(\d{{4}})\b)?", re.IGNORECASE
)
_MONTH_DAY = re.compile(
    rf"\b({_MONTH})\b\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(\d{{4}})\b)?", re.IGNORECASE
)
_NUMERIC = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
LONGEST_LINE = 120
"""Characters of a line that dates a text."""
_HEAD_LABELS = frozenset((BlockLabel.DATELINE, BlockLabel.BYLINE))


def publication_time(
    found: FoundDocument, extracted: ExtractedText, analysis: Analysis | None, *, now: datetime
) -> tuple[datetime, PublishedOrigin]:
    """When a document was published, in UTC, and how we know: metadata, dateline, file time, fetch.

    A time in the future, beyond what clocks and zones explain, is not believed.
    """
    latest = now + FUTURE_TOLERANCE
    for time in (found.published, extracted.published):
        if time is not None and time <= latest:
            return min(time, now), PublishedOrigin.METADATA
    if analysis is not None:
        for block in analysis.blocks:
            if block.label in _HEAD_LABELS:
                time = date_in(extracted.text[block.start : block.end], now)
                if time is not None:
                    return time, PublishedOrigin.DATELINE
    if found.file_time is not None and found.file_time <= latest:
        return min(found.file_time, now), PublishedOrigin.FILE_TIME
    return now, PublishedOrigin.FETCH


def date_in(text: str, now: datetime) -> datetime | None:
    """The first date a line such as a dateline gives, at the start of that day in UTC (now, if today).

    Without a year it is the last such day before tomorrow.
    """
    parts: tuple[int | None, int, int] | None = None
    if match := _NUMERIC.search(text):
        parts = (int(match[1]), int(match[2]), int(match[3]))
    elif match := _DAY_MONTH.search(text):
        parts = (int(match[3]) if match[3] else None, _MONTHS[match[2].lower()], int(match[1]))
    elif match := _MONTH_DAY.search(text):
        parts = (int(match[3]) if match[3] else None, _MONTHS[match[1].lower()], int(match[2]))
    if parts is None:  # perhaps in the words of another language, with its year
        written = parse_time(text[:LONGEST_LINE])
        return min(written, now) if written and written <= now + timedelta(days=1) else None
    year, month, day = parts
    for tried in (year,) if year else (now.year, now.year - 1):
        try:
            date = datetime(tried, month, day, tzinfo=UTC)
        except ValueError:
            continue
        if date <= now + timedelta(days=1):
            return min(date, now)
    return None


_BETWEEN = re.compile(r"\s+[-–—|:»>·]\s+|:\s+")


_NO_NAMES = frozenset(("com", "feed", "feeds", "net", "news", "org", "rss", "the", "www"))


def _site_name(title: str, host: str) -> str:
    """The publisher in a feed's title, so that its feeds count once: "BBC News - World" is of "BBC News".

    The part that the feed's host speaks of ("World news | The Guardian"), else the first.
    """
    parts = [part.strip() for part in _BETWEEN.split(title) if part.strip()]

    def spoken_of(part: str) -> int:
        words = set(re.findall(r"\w{3,}", part.casefold())) - _NO_NAMES
        return max((len(word) for word in words if word in host.casefold()), default=0)

    return max(parts, key=spoken_of) if parts else title


def publisher_of(found: FoundDocument, extracted: ExtractedText, row: SourceRow | None) -> str:
    """Whom a document counts for: what the source was given, its own word, the site's domain, the folder.

    A page of an aggregator names its site; a feed's entry that names its origin counts for that.
    """
    if row is not None and row.publisher:
        return row.publisher
    if found.publisher and (row is None or row.kind != "folder"):
        return found.publisher
    if row is not None and row.kind == "feed" and row.title:
        return _site_name(row.title, urlsplit(row.address).hostname or "")
    if extracted.publisher:
        return extracted.publisher
    host = urlsplit(extracted.canonical_url or found.url or "").hostname
    if host:
        return host.removeprefix("www.")
    if found.publisher:
        return found.publisher
    if row is not None:
        return row.title or Path(row.address).name or row.address
    return extracted.author or found.filename or "unknown"
