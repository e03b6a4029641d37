"""How a source fares: its state, its interval and its next look, after a look that went well or failed."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from digestbot.errors import DigestbotError, FetchError
from digestbot.protocols.ingest import SourceChange, SourceNews, SourceRow

SILENT_AFTER = timedelta(days=7)
"""A feed without anything new for this long is called silent (or ten times its usual interval, if longer)."""
INTERVALS: Mapping[str, tuple[int, int]] = {
    "folder": (2, 10),
    "feed": (300, 21_600),
    "web": (900, 86_400),
}
"""Shortest and longest seconds between two looks, by kind of source."""
LONGEST_BACKOFF = 6 * 3600
"""Seconds between two looks at a source that keeps failing."""
FAILURES_TOLD = 3
"""Failures in a row after which the admins are told: one or two are the weather of the net."""


def after_success(
    row: SourceRow, change: SourceChange, newest: datetime | None, now: datetime, rng: random.Random
) -> dict[str, Any]:
    """A source's columns after a look that went well: state, interval, next look."""
    interval = change.interval_seconds or next_interval(row, found_new=newest is not None)
    last_item = max((time for time in (newest, row.last_item) if time is not None), default=None)
    if change.gone:
        state = "gone"
    elif row.kind == "feed" and _is_silent(row, last_item, interval, now):
        state = "silent"
    else:
        state = "ok"
    wait = max(interval * rng.uniform(0.9, 1.1), change.retry_after or 0.0)
    changes: dict[str, Any] = {
        "state": state,
        "failures": 0,
        "last_error": None if not change.gone else "it says that it is gone for good (410)",
        "interval_seconds": interval,
        "next_due": now + timedelta(seconds=wait),
        "last_checked": now,
        "last_success": now,
        "last_item": last_item,
        "enabled": not change.gone and row.enabled,
        "etag": change.etag if change.etag is not None else row.etag,
        "last_modified": change.last_modified if change.last_modified is not None else row.last_modified,
    }
    options = dict(change.options)
    if change.address is not None and change.address != row.address:
        options["moved_from"] = row.options.get("moved_from", row.address)
    if options:
        changes["options"] = {**row.options, **options}
    for name in ("address", "title", "publisher"):
        value = getattr(change, name)
        if value is not None and (name == "address" or getattr(row, name) is None):
            changes[name] = value
    return changes | _since(row, state, now)


def after_failure(row: SourceRow, error: DigestbotError, now: datetime, rng: random.Random) -> dict[str, Any]:
    """A source's columns after a look that failed: 30 s, doubled each time, with jitter, up to six hours.

    Gone for good (410) stops it; a server's Retry-After is kept to.
    """
    gone = isinstance(error, FetchError) and error.status == 410
    failures = row.failures + 1
    wait = min(30.0 * 2 ** min(failures - 1, 20), LONGEST_BACKOFF) * rng.uniform(0.75, 1.25)
    if isinstance(error, FetchError) and error.retry_after:
        wait = max(wait, min(error.retry_after, 86_400.0))
    state = "gone" if gone else "failing"
    return {
        "state": state,
        "failures": failures,
        "last_error": error.message,
        "next_due": now + timedelta(seconds=wait),
        "last_checked": now,
        "enabled": not gone and row.enabled,
    } | _since(row, state, now)


def next_interval(row: SourceRow, *, found_new: bool) -> int:
    """Seconds to the next look: shorter while a source publishes, longer while not."""
    shortest, longest = INTERVALS.get(row.kind, (300, 21_600))
    wanted = row.interval_seconds * (0.6 if found_new else 1.25)
    return int(min(max(wanted, shortest), longest))


def _is_silent(row: SourceRow, last_item: datetime | None, interval: int, now: datetime) -> bool:
    since = last_item or row.created
    return now - since > max(SILENT_AFTER, timedelta(seconds=10 * interval))


def _since(row: SourceRow, state: str, now: datetime) -> dict[str, Any]:
    return {} if row.state == state else {"state_since": now}


def news_of(row: SourceRow, changes: Mapping[str, Any]) -> SourceNews | None:
    """What the admins are told where a source's state changed; a first failure waits for others."""
    name, before, after = row.title or row.address, row.state, changes["state"]
    if after == "failing":
        if changes["failures"] != FAILURES_TOLD:
            return None
        return SourceNews(name, after, reason=changes["last_error"])
    if before == after or (before, after) == ("new", "ok"):
        return None
    if before == "failing" and after == "ok" and row.failures < FAILURES_TOLD:
        return None
    return SourceNews(name, after, since=changes.get("last_item") or row.created)
