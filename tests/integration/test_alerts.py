"""Alerts over real stores: what is told at once, what waits, what is never told again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot_scene import gas, put, talks
from composing import NOW
from deliveries import SetClock, opened_store, seen
from digestbot.alerts import Alerts, is_quiet
from digestbot.storage.tables import deliveries

PAKISTAN = "country:PK"
NIGHT = NOW.replace(hour=23)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def store(request, tmp_path):
    async with opened_store(request.param, tmp_path) as store:
        yield store


async def watch(store, chat_id, *targets, **settings):
    await seen(store, chat_id)
    async with store.begin() as tx:
        await tx.chats.update(chat_id, zone="UTC", settings=settings)
        for target in targets:
            await tx.follows.put(chat_id, target, alerts=True, now=NOW)


async def told(store):
    async with store.read() as tx:
        rows = await tx.connection.execute(
            select(deliveries.c.chat_id, deliveries.c.message).order_by(deliveries.c.id)
        )
        return [(row.chat_id, row.message["plain"]) for row in rows]


async def arrives(store, read, key, at, **more):
    """Stored at that time (put dates pick-up an hour back)."""
    return await put(store, read, key, publisher="Courier", now=at + timedelta(hours=1), **more)


@pytest.fixture
def alerts(store):
    return Alerts(store, SetClock(NOW + timedelta(hours=4)))


async def test_a_new_condition_of_a_followed_country_is_told_once_to_those_who_follow_it(store, alerts):
    start = NOW + timedelta(hours=4)
    await watch(store, 1, PAKISTAN)
    await watch(store, 2, "country:SK")
    await watch(store, 3, "term:two-state")
    await arrives(store, talks(), "before", NOW)
    assert await alerts.tick(start) == 0  # what was there before they asked is no news
    await arrives(store, replace(talks()), "talks", start + timedelta(minutes=1))
    assert await alerts.tick(start + timedelta(minutes=2)) == 0  # said before: no alert
    await arrives(store, gas(), "gas", start + timedelta(minutes=3))
    assert await alerts.tick(start + timedelta(minutes=4)) == 1
    assert await alerts.tick(start + timedelta(minutes=5)) == 0
    ((chat_id, text),) = await told(store)
    assert chat_id == 2
    assert "stop sending electricity unless the flow resumes" in text


async def test_what_comes_between_the_wish_for_alerts_and_the_next_look_is_told(store, alerts):
    await watch(store, 1, PAKISTAN, quiet="off")
    await arrives(store, talks(), "talks", NOW + timedelta(seconds=5))
    assert await alerts.tick(NOW + timedelta(seconds=9)) == 1


async def test_a_wish_for_alerts_made_again_later_tells_nothing_of_the_time_between(store, alerts):
    await watch(store, 1, PAKISTAN, quiet="off")
    await alerts.tick(NOW + timedelta(minutes=1))
    async with store.begin() as tx:
        await tx.follows.remove(1, PAKISTAN)
    await arrives(store, talks(), "talks", NOW + timedelta(hours=1))
    async with store.begin() as tx:
        await tx.follows.put(1, PAKISTAN, alerts=True, now=NOW + timedelta(hours=2))
    assert await alerts.tick(NOW + timedelta(hours=3)) == 0


async def test_quiet_hours_hold_alerts_back_and_tell_them_in_one_message(store, alerts):
    await watch(store, 1, PAKISTAN, "country:SK", quiet="22:00-07:00")
    await watch(store, 2, PAKISTAN, quiet="off")
    evening = NIGHT - timedelta(hours=2)
    await alerts.tick(evening)
    await arrives(store, talks(), "talks", NIGHT)
    await arrives(store, gas(), "gas", NIGHT + timedelta(minutes=30))
    assert await alerts.tick(NIGHT + timedelta(hours=1)) == 1
    assert [chat for chat, _ in await told(store)] == [2]
    assert await alerts.tick(NIGHT + timedelta(hours=9)) == 1
    chat_id, text = (await told(store))[-1]
    assert chat_id == 1
    assert "a commitment to a two-state solution" in text
    assert "stop sending electricity" in text


async def test_the_uploads_of_another_chat_alert_nobody_else(store, alerts):
    start = NOW + timedelta(hours=4)
    await watch(store, 1, PAKISTAN)
    await watch(store, 2, PAKISTAN)
    await alerts.tick(start)
    await arrives(store, talks(), "own", start + timedelta(minutes=1), scope=2)
    await alerts.tick(start + timedelta(minutes=2))
    assert [chat for chat, _ in await told(store)] == [2]


async def test_an_analysis_made_anew_and_a_muted_story_alert_nobody(store, alerts):
    start = NOW + timedelta(hours=4)
    await watch(store, 1, PAKISTAN)
    await watch(store, 2, PAKISTAN)
    async with store.begin() as tx:
        await tx.follows.put(2, "country:US", mute=True, now=NOW)
    await alerts.tick(start)
    document_id = await arrives(store, talks(), "talks", start + timedelta(minutes=1))
    await alerts.tick(start + timedelta(minutes=2))
    assert [chat for chat, _ in await told(store)] == [1]
    async with store.begin() as tx:
        document = await tx.documents.get(document_id)
        again = replace(document.analysis, analyser="test-2")
        assert await tx.documents.add_analysis(document.version_id, again, start + timedelta(minutes=3))
    assert await alerts.tick(start + timedelta(minutes=4)) == 0


@pytest.mark.parametrize(
    ("hours", "zone", "hour", "quiet"),
    [
        ("22:00-07:00", "UTC", 23, True),
        ("22:00-07:00", "UTC", 6, True),
        ("22:00-07:00", "UTC", 7, False),
        ("22:00-07:00", "Asia/Karachi", 3, False),
        ("13:00-15:00", "UTC", 14, True),
        ("13:00-15:00", "UTC", 15, False),
        ("off", "UTC", 23, False),
    ],
)
def test_quiet_hours_are_those_of_the_chats_own_clock(hours, zone, hour, quiet):
    assert is_quiet(hours, zone, datetime(2026, 3, 4, hour, tzinfo=UTC)) is quiet
