"""Schedules and slots: claimed once, never repeated; the same on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select

from deliveries import NOW, seen
from digestbot.model import Slot
from digestbot.protocols.delivery import ConfiguredSchedule, SlotClaim
from digestbot.storage.tables import slots


async def put(store, chat_id=1, local_time="07:30", zone="UTC", now=NOW, **more):
    async with store.begin() as tx:
        return await tx.schedules.put(
            chat_id, local_time=local_time, zone=zone, origin="chat", now=now, **more
        )


async def for_chat(store, chat_id=1):
    async with store.read() as tx:
        return await tx.schedules.for_chat(chat_id)


async def due(store, now, limit=100, after=None):
    async with store.read() as tx:
        return await tx.schedules.due(now, limit, after)


async def claim(store, schedule, slot, now=NOW, state="published", until=None):
    async with store.begin() as tx:
        return await tx.schedules.claim([SlotClaim(schedule, slot, state, until=until)], now)


def slot_of(schedule):
    return Slot(schedule.next_due, schedule.next_due.date(), schedule.local_time)


async def test_a_schedule_is_due_at_its_wall_time(store):
    await put(store, zone="Asia/Karachi")
    (row,) = await for_chat(store)
    assert row.next_due == datetime(2026, 3, 5, 2, 30, tzinfo=UTC)
    assert await due(store, row.next_due - timedelta(seconds=1)) == []
    (found,) = await due(store, row.next_due)
    assert found.schedule == row
    assert found.covered_until is None


async def test_the_same_time_put_again_changes_the_schedule_and_a_topic_is_another(store):
    first = await put(store, zone="Asia/Karachi")
    assert await put(store, zone="Europe/Paris", weekdays=31) == first
    assert await put(store, thread_id=5) != first
    one, other = await for_chat(store)
    assert (one.zone, one.weekdays, one.thread_id, other.thread_id) == ("Europe/Paris", 31, None, 5)


async def test_a_slot_is_claimed_once(store):
    await put(store)
    (row,) = await for_chat(store)
    slot = slot_of(row)
    assert await claim(store, row, slot) == {(row.schedule_id, slot)}
    assert await claim(store, row, slot) == set()


async def test_changing_the_zone_never_repeats_a_date(store):
    await put(store, zone="Asia/Karachi")
    (row,) = await for_chat(store)
    assert row.next_due == datetime(2026, 3, 5, 2, 30, tzinfo=UTC)
    await claim(store, row, Slot(row.next_due, date(2026, 3, 5), "07:30"))
    # Further west it is not yet half past seven on the fifth: that date has had its digest all the same.
    await put(store, zone="America/New_York", now=row.next_due + timedelta(minutes=1))
    (moved,) = await for_chat(store)
    assert moved.next_due == datetime(2026, 3, 6, 12, 30, tzinfo=UTC)


async def test_subscribing_again_on_the_same_day_does_not_repeat_it(store):
    schedule_id = await put(store, local_time="07:30")
    (row,) = await for_chat(store)
    await claim(store, row, slot_of(row))
    async with store.begin() as tx:
        assert await tx.schedules.remove(1) == 1
        assert await tx.schedules.remove(1) == 0
    assert await for_chat(store) == []
    assert await due(store, NOW + timedelta(days=3)) == []
    assert await put(store, now=NOW) == schedule_id
    (again,) = await for_chat(store)
    assert again.next_due == row.next_due + timedelta(days=1)


async def test_the_next_window_begins_where_the_last_one_ended(store):
    await put(store)
    await put(store, local_time="19:00")
    morning, evening = await for_chat(store)
    until = morning.next_due - timedelta(seconds=2)
    await claim(store, morning, slot_of(morning), until=until)
    await claim(store, evening, slot_of(evening), state="skipped")
    found = {d.schedule.local_time: d for d in await due(store, NOW + timedelta(days=1))}
    assert found["19:00"].covered_until == until


async def test_due_schedules_come_in_pages_with_their_chat_and_its_follows(store):
    await seen(store, 2, title="Two")
    for chat_id in (1, 2, 3):
        await put(store, chat_id=chat_id)
    async with store.begin() as tx:
        await tx.follows.put(2, "actor:state:PK", now=NOW)
        await tx.follows.put(2, "term:cricket", mute=True, until=NOW, now=NOW)  # a mute that has ended
    later = NOW + timedelta(days=1)
    first = await due(store, later, limit=2)
    assert [(d.schedule.chat_id, d.chat.title) for d in first] == [(1, None), (2, "Two")]
    assert [f.target for f in first[1].follows] == ["actor:state:PK"]
    last = first[-1].schedule
    rest = await due(store, later, limit=2, after=(last.next_due, last.schedule_id))
    assert [d.schedule.chat_id for d in rest] == [3]


async def test_advancing_never_goes_back(store):
    schedule_id = await put(store)
    (row,) = await for_chat(store)
    async with store.begin() as tx:
        await tx.schedules.advance([schedule_id], row.next_due + timedelta(days=1))
        await tx.schedules.advance([schedule_id], row.next_due)
    assert (await for_chat(store))[0].next_due == row.next_due + timedelta(days=1)


async def test_the_configurations_schedules_are_made_to_match(store):
    async def sync(*wanted, complete=True):
        async with store.begin() as tx:
            await tx.schedules.sync_config(wanted, NOW, complete=complete)

    await put(store, chat_id=-5, local_time="12:00")  # the chat's own: not touched
    await sync(ConfiguredSchedule(-5, "07:30", "UTC"), ConfiguredSchedule(-6, "08:00", "Asia/Karachi"))
    (before,) = await for_chat(store, -6)
    await sync(
        ConfiguredSchedule(-5, "07:30", "Europe/Paris", 31), ConfiguredSchedule(-6, "08:00", "Asia/Karachi")
    )
    assert [(s.local_time, s.zone, s.origin) for s in await for_chat(store, -5)] == [
        ("07:30", "Europe/Paris", "config"),
        ("12:00", "UTC", "chat"),
    ]
    assert await for_chat(store, -6) == [before]
    await sync(ConfiguredSchedule(-5, "07:30", "Europe/Paris", 31), complete=False)  # -6 was not found
    assert await for_chat(store, -6) == [before]
    await sync()
    assert [s.local_time for s in await for_chat(store, -5)] == ["12:00"]
    assert await for_chat(store, -6) == []


async def test_processes_that_race_for_slots_claim_each_once(store):
    for chat_id in range(1, 101):
        await put(store, chat_id=chat_id)
    found = await due(store, NOW + timedelta(days=1), limit=200)
    claims = [SlotClaim(d.schedule, slot_of(d.schedule), "published") for d in found]

    async def race(mine):
        async with store.begin() as tx:
            return await tx.schedules.claim(mine, NOW)

    orders = [claims, claims[::-1], claims[50:] + claims[:50], claims[::2]]
    ours = await asyncio.gather(*(race(order) for order in orders))
    assert sum(len(won) for won in ours) == 100
    async with store.read() as tx:
        assert await tx.connection.scalar(select(func.count()).select_from(slots)) == 100


async def test_old_slots_are_pruned_with_the_schedules_nobody_has_any_more(store):
    await put(store)
    (row,) = await for_chat(store)
    await claim(store, row, slot_of(row))
    async with store.begin() as tx:
        await tx.schedules.remove(1)
        assert await tx.schedules.prune(NOW + timedelta(days=30), 100) == 1
        assert await tx.schedules.status() == (0, None)
    assert await put(store) == row.schedule_id or await for_chat(store) != []
