"""From due schedules to rows of the outbox, over real stores."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, select

from deliveries import NOW, SetClock, opened_store, part, seen
from digestbot.digest import settings_of
from digestbot.ingest.shelf import add_with_stories
from digestbot.ingest.telling import StoryTeller
from digestbot.model import Coverage, Digest, DigestStory, Window
from digestbot.publish import Editorial, Publisher
from digestbot.storage.tables import deliveries, editions, slots
from newsroom import new_document, written_reports

DUE = datetime(2026, 3, 4, 7, 30, tzinfo=UTC)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def store(request, tmp_path):
    async with opened_store(request.param, tmp_path) as store:
        yield store


class Desk:
    """Composes digests of one story, and counts; chats may be made impossible to serve."""

    def __init__(self, *, stories: int = 1, parts: int = 2) -> None:
        self.composed: list[Digest] = []
        self.stories = stories
        self.parts = parts
        self.impossible: set[int] = set()

    def compose(self, stories, coverage, *, settings, window, now):
        story = DigestStory(1, 1, "Head", None, ("P",), now, (), (), ())
        digest = Digest(window, now, settings, (story,) * self.stories, Coverage())
        self.composed.append(digest)
        return digest

    def settings_of(self, chat, follows):
        if chat.chat_id in self.impossible:
            return replace(settings_of(chat, follows), header="impossible")
        return settings_of(chat, follows)

    def render(self, digest):
        if digest.settings.header == "impossible":
            raise RuntimeError("cannot be rendered")
        return tuple(part(f"{n}") for n in range(self.parts))

    @property
    def editorial(self) -> Editorial:
        return Editorial(self.compose, self.render, self.settings_of)


def publisher(store, desk, clock=None, **options):
    return Publisher(store, clock or SetClock(), editorial=desk.editorial, **options)


async def subscribe(store, *chat_ids, local_time="07:30", zone="UTC", now=NOW, **more):
    await seen(store, *chat_ids)
    async with store.begin() as tx:
        for chat_id in chat_ids:
            await tx.schedules.put(chat_id, local_time=local_time, zone=zone, origin="chat", now=now, **more)


async def table(store, what, *columns):
    async with store.read() as tx:
        return [tuple(row) for row in await tx.connection.execute(select(*columns).order_by(what.c.id))]


async def count(store, what):
    async with store.read() as tx:
        return await tx.connection.scalar(select(func.count()).select_from(what))


async def test_nothing_happens_before_a_slot_is_due(store):
    await subscribe(store, 1)
    done = await publisher(store, Desk()).tick(DUE - timedelta(seconds=1))
    assert done.published == 0
    assert await count(store, deliveries) == 0


async def test_chats_with_the_same_settings_share_one_edition(store):
    await subscribe(store, 1, 2, 3)
    desk = Desk()
    done = await publisher(store, desk, batch=2).tick(DUE)
    assert (done.published, done.editions, len(desk.composed)) == (3, 1, 1)
    assert await count(store, editions) == 1
    found = await table(store, deliveries, deliveries.c.chat_id, deliveries.c.part, deliveries.c.due)
    assert found == [(chat, number, DUE) for chat in (1, 2, 3) for number in (0, 1)]


async def test_chats_that_differ_get_their_own(store):
    await subscribe(store, 1, 2, 3)
    async with store.begin() as tx:
        await tx.chats.update(2, settings={"stories": 3})
        await tx.follows.put(3, "actor:state:PK", now=NOW)
    desk = Desk()
    await publisher(store, desk).tick(DUE)
    assert sorted((d.settings.stories, d.settings.follows) for d in desk.composed) == [
        (3, ()),
        (12, ()),
        (12, ("actor:state:PK",)),
    ]


async def test_ticking_again_repeats_nothing(store):
    await subscribe(store, 1)
    desk = Desk()
    await publisher(store, desk).tick(DUE)
    for minutes in (0, 1, 60, 1439):
        done = await publisher(store, desk).tick(DUE + timedelta(minutes=minutes))
        assert done.published == 0
    assert await count(store, slots) == 1


async def test_windows_follow_one_another_without_gap_or_overlap(store):
    await subscribe(store, 1)
    await subscribe(store, 1, local_time="19:00")
    desk = Desk()
    for day in range(3):
        for time in (DUE, DUE.replace(hour=19, minute=0)):
            await publisher(store, desk).tick(time + timedelta(days=day))
    windows = [digest.window for digest in desk.composed]
    assert windows[0].since == windows[0].until - timedelta(hours=24)
    assert windows[0].until == DUE
    assert all(one.until == other.since for one, other in pairwise(windows))


async def test_what_is_stored_while_a_digest_is_made_comes_with_the_next(store):
    """Picked up before the slot, stored while the first digest is composed, when its window has been read."""
    report = written_reports()[0]
    slow = new_document(1, replace(report, published=DUE - timedelta(minutes=3)))
    await subscribe(store, 1)
    told = []

    class SlowReading(Desk):
        def compose(self, stories, coverage, **given):
            told.append([document.title for story in stories for document in story.documents])
            return super().compose(stories, coverage, **given)

        def render(self, digest):
            if len(told) == 1:
                self.storing = asyncio.ensure_future(self.store_it())
            return super().render(digest)

        async def store_it(self):
            async with store.begin() as tx:
                await add_with_stories(tx, StoryTeller(), [slow], DUE)

    desk = SlowReading()
    await publisher(store, desk).tick(DUE)
    await desk.storing
    await publisher(store, desk).tick(DUE + timedelta(days=1))
    await publisher(store, desk).tick(DUE + timedelta(days=2))
    assert told == [[], [report.title], []]


async def test_after_downtime_the_newest_slot_is_late_and_the_older_are_recorded(store):
    await subscribe(store, 1)
    desk = Desk()
    now = DUE + timedelta(days=2, hours=3)
    done = await publisher(store, desk).tick(now)
    assert (done.published, done.skipped) == (1, 2)
    found = await table(store, slots, slots.c.local_date, slots.c.state, slots.c.reason)
    assert sorted(found) == [
        ("2026-03-04", "skipped", "missed while digestbot was not running"),
        ("2026-03-05", "skipped", "missed while digestbot was not running"),
        ("2026-03-06", "published", None),
    ]
    late = desk.composed[0].window
    assert late.until == now  # it covers what came in meanwhile


async def test_admins_are_told_once_of_what_was_missed_in_their_language(store):
    await subscribe(store, *range(1, 6))
    await seen(store, 100, 200)
    async with store.begin() as tx:
        await tx.chats.update(200, language="es")
    now = DUE + timedelta(days=2, hours=3)
    missing = publisher(store, Desk(), batch=2, admins=(100, 200))
    await missing.tick(now)
    await missing.tick(now + timedelta(seconds=2))
    async with store.read() as tx:
        wanted = select(deliveries.c.chat_id, deliveries.c.message).where(deliveries.c.kind == "notice")
        told = {chat: message["plain"] for chat, message in await tx.connection.execute(wanted)}
        assert len((await tx.connection.execute(wanted)).all()) == 2
    assert told[100].startswith("digestbot was not running when digests were due, the last on Thu, Mar 5")
    assert "more than 6 hours late" in told[100]
    assert told[200].startswith("digestbot no estaba en marcha")


async def test_nothing_is_told_where_nothing_was_missed(store):
    await subscribe(store, 1)
    late = publisher(store, Desk(), admins=(100,))
    assert (await late.tick(DUE + timedelta(hours=3))).published == 1
    async with store.read() as tx:
        assert "notice" not in set(await tx.connection.scalars(select(deliveries.c.kind)))


async def test_slots_that_come_due_while_the_first_reading_goes_on_wait_and_hold_it(store):
    await subscribe(store, 1, 2)
    reading = True
    desk = Desk()
    waiting = publisher(store, desk, reading=lambda: reading)
    assert (await waiting.tick(DUE)).published == 0
    assert await count(store, slots) == 0
    reading = False
    ended = DUE + timedelta(seconds=9)
    assert (await waiting.tick(ended)).published == 2
    assert [digest.window.until for digest in desk.composed] == [ended]
    await waiting.tick(DUE + timedelta(days=1, seconds=9))  # those after it are on time again
    assert desk.composed[-1].window == Window(ended, DUE + timedelta(days=1))


async def test_beyond_the_grace_nothing_is_sent(store):
    await subscribe(store, 1)
    done = await publisher(store, Desk(), grace=timedelta(hours=1)).tick(DUE + timedelta(hours=2))
    assert (done.published, done.skipped) == (0, 1)
    assert await count(store, deliveries) == 0


async def test_an_empty_window_is_passed_over_where_that_is_wanted(store):
    await subscribe(store, 1, 2)
    async with store.begin() as tx:
        await tx.chats.update(1, settings={"empty_days": False})
    done = await publisher(store, Desk(stories=0, parts=1)).tick(DUE)
    assert (done.published, done.empty) == (1, 1)
    assert await table(store, deliveries, deliveries.c.chat_id) == [(2,)]
    async with store.read() as tx:
        found = await tx.schedules.due(DUE + timedelta(days=1), 10)
    assert [d.covered_until for d in found] == [DUE] * 2


async def test_paused_and_inactive_chats_get_nothing_and_are_not_due_again(store):
    await subscribe(store, 1, 2, 3)
    async with store.begin() as tx:
        await tx.schedules.pause(1, DUE + timedelta(days=3))
        await tx.chats.deactivate(2, "blocked", now=NOW)
    done = await publisher(store, Desk()).tick(DUE)
    assert (done.published, done.skipped) == (1, 1)
    assert {chat for (chat,) in await table(store, deliveries, deliveries.c.chat_id)} == {3}
    async with store.read() as tx:
        assert await tx.schedules.due(DUE, 10) == []


async def test_a_digest_that_cannot_be_made_does_not_hold_up_the_others(store):
    await subscribe(store, 1, 2)
    desk = Desk()
    desk.impossible = {1}
    done = await publisher(store, desk).tick(DUE)
    assert done.published == 1
    desk.impossible = set()
    assert (await publisher(store, desk).tick(DUE + timedelta(minutes=1))).published == 1
    assert {chat for (chat,) in await table(store, deliveries, deliveries.c.chat_id)} == {1, 2}


async def test_two_topics_of_one_group_each_get_it(store):
    await subscribe(store, -1, thread_id=5)
    await subscribe(store, -1, thread_id=6)
    await publisher(store, Desk(parts=1)).tick(DUE)
    assert sorted(await table(store, deliveries, deliveries.c.thread_id)) == [(5,), (6,)]


async def test_processes_that_tick_together_publish_each_slot_once(store):
    await subscribe(store, *range(1, 61))
    desk = Desk(parts=1)
    ticks = [publisher(store, desk, batch=7 + n).tick(DUE + timedelta(seconds=n)) for n in range(4)]
    done = await asyncio.gather(*ticks)
    assert sum(one.published for one in done) == 60
    assert (await count(store, slots), await count(store, deliveries)) == (60, 60)


async def test_the_clock_going_back_an_hour_repeats_nothing(store):
    await subscribe(store, 1)
    desk = Desk()
    await publisher(store, desk).tick(DUE)
    await publisher(store, desk).tick(DUE - timedelta(hours=1))
    await publisher(store, desk).tick(DUE + timedelta(minutes=1))
    assert await count(store, slots) == 1


async def test_a_post_outside_the_schedule_is_made_once(store):
    await seen(store, 1)
    clock, desk = SetClock(), Desk()
    woken = []
    maker = publisher(store, desk, clock, on_enqueued=lambda: woken.append(1))
    async with store.read() as tx:
        chat = await tx.chats.get(1)
    assert chat is not None
    assert await maker.post(chat)
    assert await maker.post(chat)
    assert await count(store, deliveries) == 2
    assert woken
    assert desk.composed[0].window.until == NOW
