"""When a digest is due: a wall time in a zone on chosen weekdays, as instants in UTC.

A slot is one local date and one wall time. Both clock changes leave exactly one slot a date: a time that
occurs twice is its first occurrence (fold=0), a time that is skipped moves forward by the gap, and a date
that a zone left out altogether (Samoa, 30 December 2011) has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from digestbot.model import Slot

EVERY_DAY = 127
"""All weekdays: bit 0 is Monday."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DueSlots:
    """What is to be done about the slots of one schedule that have come due.

    `publish`: the newest one within its grace, or None. `late`: it should have gone out earlier than the
    tick before. `skipped`: older ones, or all of them where even the newest is beyond its grace.
    """

    publish: Slot | None
    skipped: tuple[Slot, ...]
    next_due: datetime


@lru_cache(maxsize=4096)
def due_at(local_date: date, local_time: str, zone: str) -> datetime:
    """The instant of a wall time ("07:30") on a local date in an IANA zone.

    Raises ValueError for a malformed time and zoneinfo.ZoneInfoNotFoundError for an unknown zone.
    """
    hours, minutes = local_time.split(":")
    wall = datetime.combine(local_date, time(int(hours), int(minutes)), tzinfo=ZoneInfo(zone))
    return wall.astimezone(UTC)  # fold=0: the first of two; in a gap the old offset, which lands behind it


def slots_after(local_time: str, zone: str, weekdays: int, after: datetime) -> Iterator[Slot]:
    """All slots due later than `after`, in order, without end.

    `weekdays` must name at least one day, else ValueError.
    """
    if not weekdays & EVERY_DAY:
        raise ValueError("a schedule needs at least one weekday")
    day = after.astimezone(ZoneInfo(zone)).date() - _DAY
    while True:
        due = due_at(day, local_time, zone)
        if due > after and weekdays >> day.weekday() & 1 and due < due_at(day + _DAY, local_time, zone):
            yield Slot(due, day, local_time)
        day += _DAY


def next_slots(local_time: str, zone: str, weekdays: int, after: datetime, count: int) -> list[Slot]:
    """The next `count` slots due later than `after`."""
    following = slots_after(local_time, zone, weekdays, after)
    return [next(following) for _ in range(count)]


def due_slots(
    local_time: str, zone: str, weekdays: int, *, first_due: datetime, now: datetime, grace: timedelta
) -> DueSlots:
    """Decide over the slots from `first_due` (included) to `now`.

    The newest is published if it is no older than `grace`; all others are skipped. After a very long
    downtime only the last 31 are looked at: a list of everything missed would help nobody.
    """
    start = max(first_due, now - 31 * _DAY) - timedelta(microseconds=1)
    due: list[Slot] = []
    for slot in slots_after(local_time, zone, weekdays, start):
        if slot.due > now:
            next_due = slot.due
            break
        due.append(slot)
    newest = due[-1] if due and now - due[-1].due <= grace else None
    skipped = due[:-1] if newest else due
    return DueSlots(newest, tuple(skipped), next_due)
