"""When a digest is due."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.slots import due_at, due_slots, next_slots, slots_after

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Havana",
    "Asia/Karachi",
    "Asia/Kathmandu",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "America/Scoresbysund",
    "Pacific/Apia",
    "Pacific/Kiritimati",
)
instants = st.datetimes(datetime(2005, 1, 1), datetime(2037, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))
times = st.tuples(st.integers(0, 23), st.integers(0, 59)).map(lambda t: f"{t[0]:02}:{t[1]:02}")
weekday_sets = st.integers(1, 127)


def test_the_next_three_posts_in_local_time():
    slots = next_slots("07:30", "Asia/Karachi", 127, datetime(2026, 3, 4, 6, 0, tzinfo=UTC), 3)
    assert [slot.local_date.isoformat() for slot in slots] == ["2026-03-05", "2026-03-06", "2026-03-07"]
    assert slots[0].due == datetime(2026, 3, 5, 2, 30, tzinfo=UTC)


def test_a_slot_due_right_now_is_not_after_now():
    now = datetime(2026, 3, 4, 7, 30, tzinfo=UTC)
    assert next_slots("07:30", "UTC", 127, now, 1)[0].local_date == date(2026, 3, 5)


def test_a_time_that_is_skipped_moves_forward_by_the_gap():
    due = due_at(date(2026, 3, 29), "02:30", "Europe/Berlin")
    assert due.astimezone(ZoneInfo("Europe/Berlin")).strftime("%H:%M") == "03:30"


def test_a_time_that_occurs_twice_is_the_first():
    due = due_at(date(2026, 10, 25), "02:30", "Europe/Berlin")
    assert due == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_date_a_zone_left_out_has_no_slot():
    after = datetime(2011, 12, 29, 0, 0, tzinfo=UTC)
    dates = [slot.local_date.isoformat() for slot in next_slots("07:30", "Pacific/Apia", 127, after, 4)]
    assert dates == ["2011-12-29", "2011-12-31", "2012-01-01", "2012-01-02"]


def test_weekdays_are_those_of_the_local_date():
    monday = 1
    slots = next_slots("00:30", "Asia/Karachi", monday, datetime(2026, 3, 4, tzinfo=UTC), 2)
    assert [slot.local_date.strftime("%a") for slot in slots] == ["Mon", "Mon"]
    assert [slot.due.strftime("%a %H:%M") for slot in slots] == ["Sun 19:30", "Sun 19:30"]


def test_a_schedule_without_a_weekday_is_refused():
    with pytest.raises(ValueError, match="weekday"):
        next(slots_after("07:30", "UTC", 0, datetime(2026, 3, 4, tzinfo=UTC)))


@given(times, st.sampled_from(ZONES), instants)
def test_every_local_date_has_one_slot_across_clock_changes(local_time, zone, after):
    slots = next_slots(local_time, zone, 127, after, 400)
    assert all(one.due < other.due for one, other in pairwise(slots))
    steps = {other.local_date - one.local_date for one, other in pairwise(slots)}
    missing = {timedelta(days=2)} if zone == "Pacific/Apia" else set()  # one date, in 2011
    assert steps - missing == {timedelta(days=1)}


@given(times, st.sampled_from(ZONES), weekday_sets, instants)
def test_slots_are_later_than_asked_and_on_their_weekdays(local_time, zone, weekdays, after):
    for slot in next_slots(local_time, zone, weekdays, after, 5):
        assert slot.due > after
        assert weekdays >> slot.local_date.weekday() & 1
        shown = slot.due.astimezone(ZoneInfo(zone)).strftime("%H:%M")
        assert shown == local_time or due_at(slot.local_date, local_time, zone) == slot.due


@given(times, st.sampled_from(ZONES), weekday_sets, instants, st.integers(1, 6))
def test_asking_again_from_a_slot_goes_on_behind_it(local_time, zone, weekdays, after, count):
    slots = next_slots(local_time, zone, weekdays, after, count + 3)
    assert next_slots(local_time, zone, weekdays, slots[count - 1].due, 3) == slots[count : count + 3]


GRACE = timedelta(hours=6)


def decided(first_due: datetime, now: datetime):
    return due_slots("07:30", "UTC", 127, first_due=first_due, now=now, grace=GRACE)


def test_a_slot_that_has_just_come_due_is_published():
    due = datetime(2026, 3, 4, 7, 30, tzinfo=UTC)
    verdict = decided(due, due)
    assert verdict.publish is not None
    assert verdict.publish.due == due
    assert verdict.skipped == ()
    assert verdict.next_due == due + timedelta(days=1)


def test_after_downtime_the_newest_is_late_and_the_older_are_skipped():
    verdict = decided(datetime(2026, 3, 1, 7, 30, tzinfo=UTC), datetime(2026, 3, 4, 9, 0, tzinfo=UTC))
    assert verdict.publish is not None
    assert verdict.publish.local_date == date(2026, 3, 4)
    assert [slot.local_date.day for slot in verdict.skipped] == [1, 2, 3]


def test_beyond_its_grace_even_the_newest_is_skipped():
    due = datetime(2026, 3, 4, 7, 30, tzinfo=UTC)
    assert decided(due, due + GRACE).publish is not None
    verdict = decided(due, due + GRACE + timedelta(seconds=1))
    assert verdict.publish is None
    assert [slot.due for slot in verdict.skipped] == [due]


def test_years_of_downtime_are_told_in_a_month_of_slots():
    verdict = decided(datetime(2016, 3, 4, 7, 30, tzinfo=UTC), datetime(2026, 3, 4, 9, 0, tzinfo=UTC))
    assert verdict.publish is not None
    assert len(verdict.skipped) == 30


def test_a_schedule_that_is_not_due_decides_nothing():
    due = datetime(2026, 3, 4, 7, 30, tzinfo=UTC)
    verdict = decided(due, due - timedelta(minutes=1))
    assert (verdict.publish, verdict.skipped, verdict.next_due) == (None, (), due)
