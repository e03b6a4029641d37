"""Updates: stored before they are acknowledged, handled once, each chat's in order."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from contextlib import asynccontextmanager
from datetime import timedelta
from urllib.parse import parse_qs

import pytest

from canned_http import Canned, canned_server, refused
from deliveries import opened_store, running_clock, until
from digestbot.errors import StorageError, TryLaterError
from digestbot.transports.telegram import build_bot
from digestbot.transports.updates import Poller, UpdateInbox, process_ended, process_name

TOKEN = "123456789:AAaaBBbbCCccDDddEEeeFFffGGggHHhhIIi"
ME = {"ok": True, "result": {"id": 1, "is_bot": True, "first_name": "b", "username": "b_bot"}}


@pytest.fixture
async def store(tmp_path):
    async with opened_store("sqlite", tmp_path) as store:
        yield store


@pytest.fixture
async def clock():
    return running_clock()


def message(update_id: int, chat_id: int = 7, text: str = "hi") -> dict:
    return {
        "update_id": update_id,
        "message": {
            "message_id": update_id,
            "date": 1,
            "chat": {"id": chat_id, "type": "private"},
            "from": {"id": chat_id, "is_bot": False, "first_name": "A"},
            "text": text,
            "a_field_of_the_future": {"kept": True},
        },
    }


class Telegram:
    """getUpdates as Telegram does it: what is not acknowledged comes again."""

    def __init__(self, server) -> None:
        self.updates: list[dict] = []
        self.acknowledged = 0
        self.polls = 0
        self.conflicts = 0
        self.webhooks_deleted = 0
        self.webhook = False
        server.next = self.answer
        self.server = server

    def answer(self) -> Canned:
        path, body = self.server.peeked
        method = path.rsplit("/", 1)[1]
        if method == "getMe":
            return Canned(body=ME)
        if method == "deleteWebhook":
            self.webhooks_deleted += 1
            self.webhook = False
            return Canned(body={"ok": True, "result": True})
        assert method == "getUpdates"
        self.polls += 1
        if self.webhook:
            return refused(409, "Conflict: can't use getUpdates method while webhook is active")
        if self.conflicts:
            self.conflicts -= 1
            return refused(409, "Conflict: terminated by other getUpdates request; make sure that only one")
        offset = int(parse_qs(body).get("offset", ["0"])[0])
        self.acknowledged = max(self.acknowledged, offset - 1)
        self.updates = [update for update in self.updates if update["update_id"] >= offset]
        return Canned(body={"ok": True, "result": self.updates[:100]}, delay=0.02)


@asynccontextmanager
async def telegram():
    async with canned_server() as server:
        said = Telegram(server)
        async with build_bot(TOKEN, server.url, poll_timeout=1) as bot:
            yield said, bot


@asynccontextmanager
async def running(*things):
    tasks = [asyncio.create_task(thing.run()) for thing in things]
    try:
        yield
    finally:
        for thing in things:
            if isinstance(thing, Poller):
                thing.stop()
            else:
                await thing.drain(5)
        await asyncio.gather(*tasks)


async def states(store):
    async with store.read() as tx:
        rows = await tx.connection.exec_driver_sql("SELECT update_id, state FROM updates ORDER BY 1")
        return [tuple(row) for row in rows]


async def test_updates_are_polled_stored_handled_and_acknowledged(store, clock):
    handled = []

    async def handle(update):
        handled.append((update.update_id, update.message.text))

    async with telegram() as (said, bot):
        said.updates = [message(1, text="/start"), message(2, text="/subscribe")]
        inbox = UpdateInbox(store, bot, handle, clock, idle_seconds=0.02)
        async with running(Poller(bot, inbox, store, clock, poll_timeout=1), inbox):
            await until(lambda: len(handled) == 2 and said.acknowledged == 2)
    assert handled == [(1, "/start"), (2, "/subscribe")]
    assert await states(store) == [(1, "handled"), (2, "handled")]


async def test_nothing_is_acknowledged_before_it_is_stored(store, clock):
    class Full(UpdateInbox):
        refusals = 2

        async def add(self, updates):
            if self.refusals:
                self.refusals -= 1
                assert said.acknowledged == 0
                raise StorageError("the disk is full", code="disk-full")
            return await super().add(updates)

    handled = []

    async def handle(update):
        handled.append(update.update_id)

    async with telegram() as (said, bot):
        said.updates = [message(5)]
        inbox = Full(store, bot, handle, clock, idle_seconds=0.02)
        async with running(Poller(bot, inbox, store, clock, poll_timeout=1), inbox):
            await until(lambda: handled == [5] and said.acknowledged == 5)


async def test_a_restart_neither_loses_nor_repeats_one(store, clock):
    handled = []

    async def handle(update):
        handled.append(update.update_id)

    async with telegram() as (said, bot):
        said.updates = [message(1), message(2)]
        first = UpdateInbox(store, bot, handle, clock)
        await first.add(said.updates[:1])  # stored, then the process was killed before acknowledging
        inbox = UpdateInbox(store, bot, handle, clock, idle_seconds=0.02)
        async with running(Poller(bot, inbox, store, clock, poll_timeout=1), inbox):
            await until(lambda: said.acknowledged == 2 and len(handled) >= 2)
    assert handled == [1, 2]


async def test_chats_are_served_side_by_side_and_each_in_order(store, clock):
    began, ended = [], []
    gate = asyncio.Event()

    async def handle(update):
        began.append(update.update_id)
        if update.message.chat.id == 7:
            await gate.wait()
        ended.append(update.update_id)

    async with telegram() as (_, bot):
        inbox = UpdateInbox(store, bot, handle, clock, workers=3, idle_seconds=0.02)
        await inbox.add([message(1, 7), message(2, 7), message(3, 8), message(4, 9), message(5, 8)])
        async with running(inbox):
            await until(lambda: ended == [3, 4, 5] or ended == [4, 3, 5] or ended == [3, 5, 4])
            assert began.count(2) == 0
            gate.set()
            await until(lambda: len(ended) == 5)
    assert [number for number in ended if number < 3] == [1, 2]


async def test_one_that_fails_is_tried_again_and_given_up_in_the_end(store):
    attempts = []

    async def handle(update):
        attempts.append(update.update_id)
        raise RuntimeError("broken")

    began = running_clock()

    def clock():
        return began() + len(attempts) * timedelta(minutes=1)  # the waits between attempts are over at once

    async with telegram() as (_, bot):
        inbox = UpdateInbox(store, bot, handle, clock, idle_seconds=0.02)
        await inbox.add([message(1)])
        async with running(inbox):
            await until(lambda: len(attempts) == 3, 20)
            await asyncio.sleep(0.1)
    assert await states(store) == [(1, "failed")]


@pytest.mark.parametrize(
    ("times", "error", "state"),
    [
        (5, TryLaterError("Telegram is away"), "handled"),  # a fault of its own would have ended it at 3
        (5, StorageError("the database is locked"), "handled"),
        (3, TryLaterError("flood control", retry_after=300), "handled"),
        (1, TryLaterError("flood control", retry_after=40_000), "failed"),
        (99, TryLaterError("Telegram is away"), "failed"),
    ],
)
async def test_what_is_away_costs_no_attempt_until_the_question_is_an_hour_old(store, times, error, state):
    attempts = []
    running, began = running_clock(), running_clock()()

    def clock():  # an hour is over in nine seconds
        return began + 400 * (running() - began)

    async def handle(update):
        attempts.append(update.update_id)
        if len(attempts) <= times:
            raise error

    async with telegram() as (_, bot):
        inbox = UpdateInbox(store, bot, handle, clock, idle_seconds=0.02)
        await inbox.add([message(1)])
        task = asyncio.create_task(inbox.run())
        for _ in range(300):
            if await states(store) == [(1, state)]:
                break
            await asyncio.sleep(0.1)
        await inbox.drain(5)
        await task
    assert await states(store) == [(1, state)]
    assert len(attempts) == times + 1 if state == "handled" else len(attempts) <= 90


async def test_what_cannot_be_read_is_put_aside_and_the_rest_goes_on(store, clock):
    handled = []

    async def handle(update):
        handled.append(update.update_id)

    async with telegram() as (_, bot):
        inbox = UpdateInbox(store, bot, handle, clock, idle_seconds=0.02)
        await inbox.add([{"update_id": 1, "message": {"chat": {"id": 7}, "date": "x"}}, message(2)])
        async with running(inbox):
            await until(lambda: handled == [2])
    assert await states(store) == [(1, "failed"), (2, "handled")]


async def test_draining_lets_a_handler_end(store, clock):
    ended = []

    async def handle(update):
        await asyncio.sleep(0.2)
        ended.append(update.update_id)

    async with telegram() as (_, bot):
        inbox = UpdateInbox(store, bot, handle, clock, idle_seconds=0.02)
        await inbox.add([message(1)])
        task = asyncio.create_task(inbox.run())
        await asyncio.sleep(0.1)
        await inbox.drain(5)
        await task
    assert ended == [1]
    assert await states(store) == [(1, "handled")]


async def test_a_handler_that_the_stop_cut_short_is_taken_up_at_once(store, clock):
    handled = []

    async def hang(update):
        await asyncio.Event().wait()

    async def handle(update):
        handled.append(update.update_id)

    async with telegram() as (_, bot):
        stopped = UpdateInbox(store, bot, hang, clock, idle_seconds=0.02)
        await stopped.add([message(1)])
        task = asyncio.create_task(stopped.run())
        await asyncio.sleep(0.1)
        await stopped.drain(0.1)
        await task
        assert await states(store) == [(1, "pending")]
        async with running(UpdateInbox(store, bot, handle, clock, idle_seconds=0.02)):
            await until(lambda: handled == [1], 5)


async def test_another_program_with_the_same_token_raises_an_alarm_once(store, clock):
    alarms = []

    async def alarm(text):
        alarms.append(text)

    async def handle(update):
        raise AssertionError

    async with telegram() as (said, bot):
        said.conflicts = 4
        inbox = UpdateInbox(store, bot, handle, clock)
        async with running(Poller(bot, inbox, store, clock, poll_timeout=1, alarm=alarm), inbox):
            await until(lambda: bool(alarms), 15)
    assert len(alarms) == 1
    assert "same token" in alarms[0]


async def test_a_webhook_left_over_is_removed(store, clock):
    async def handle(update):
        raise AssertionError

    async with telegram() as (said, bot):
        said.webhook = True
        inbox = UpdateInbox(store, bot, handle, clock)
        async with running(Poller(bot, inbox, store, clock, poll_timeout=1), inbox):
            await until(lambda: said.polls >= 2)
        assert said.webhooks_deleted == 1


async def test_one_of_two_replicas_polls_and_the_other_takes_over(store, clock):
    async def handle(update):
        raise AssertionError

    async with telegram() as (said, bot):
        inbox = UpdateInbox(store, bot, handle, clock)
        async with store.begin() as tx:
            assert await tx.leases.acquire("poller", "elsewhere:1:a", clock(), 1.0)
        poller = Poller(bot, inbox, store, clock, poll_timeout=1)
        async with running(poller, inbox):
            assert said.polls == 0
            await until(lambda: said.polls > 0, 15)
    async with store.read() as tx:
        assert await tx.leases.holder("poller", clock()) is None  # given back at the end


def test_a_lease_of_a_process_that_ended_on_this_machine_is_void():
    assert not process_ended(process_name())
    assert not process_ended("elsewhere:1:abc")
    host = socket.gethostname()[:40]
    assert process_ended(f"{host}:{os.getpid()}:another")  # our number, but an earlier run
    assert process_ended(f"{host}:4194303:abc")
    assert not process_ended(f"{host}:{os.getppid()}:abc")
    assert not process_ended("nonsense")


async def test_fields_nobody_knows_yet_are_stored_too(store, clock):
    async with telegram() as (said, bot):
        said.updates = [message(1)]

        async def handle(update):
            return

        inbox = UpdateInbox(store, bot, handle, clock)
        async with running(Poller(bot, inbox, store, clock, poll_timeout=1)):
            await until(lambda: said.acknowledged == 1)
    async with store.read() as tx:
        raw = (await tx.connection.exec_driver_sql('SELECT "update" FROM updates')).scalar_one()
    assert json.loads(raw)["message"]["a_field_of_the_future"] == {"kept": True}


async def test_what_cannot_be_parsed_keeps_no_other_update_with_telegram(store, clock):
    handled = []

    async def handle(update):
        handled.append(update.update_id)

    async with telegram() as (said, bot):
        said.updates = [{"update_id": 1, "message": {"date": []}}, message(2)]
        inbox = UpdateInbox(store, bot, handle, clock, idle_seconds=0.02)
        async with running(inbox, Poller(bot, inbox, store, clock, poll_timeout=1)):
            await until(lambda: handled == [2] and said.acknowledged == 2)
    assert await states(store) == [(1, "failed"), (2, "handled")]
