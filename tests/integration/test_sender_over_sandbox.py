"""The sender, its transport and the poller against the strict Bot API server, under its faults."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from deliveries import enqueue, opened_store, part, until
from digestbot.deliver import Sender, SenderSettings
from digestbot.retry import RetryPolicy
from digestbot.sandbox.world import CHANNEL_ID, PERSON_ID
from digestbot.storage.tables import deliveries
from digestbot.transports.limiter import Limits, RateLimiter
from digestbot.transports.telegram import BotRateLimiter, TelegramTransport, build_bot
from digestbot.transports.updates import Poller, UpdateInbox
from sandbox_process import running_sandbox


def clock() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def sandbox():
    with running_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
async def store(tmp_path):
    async with opened_store("sqlite", tmp_path) as store:
        yield store


@asynccontextmanager
async def sending(store, sandbox):
    limiter = RateLimiter(Limits(rate=200, chat_rate=100, group_rate=1000))
    bot = build_bot(sandbox.token, sandbox.api_url, rate_limiter=BotRateLimiter(limiter), read_timeout=1)
    settings = SenderSettings(part_gap=0.01, idle_seconds=0.02, retry=RetryPolicy(first=0.05, longest=0.2))
    async with bot:
        sender = Sender(store, TelegramTransport(bot), limiter, clock, settings=settings)
        running = asyncio.create_task(sender.run())
        yield bot
        await sender.drain(5)
        await running


async def finished(store):
    """Wait until every row has its end; the rows."""
    for _ in range(600):
        async with store.read() as tx:
            rows = (await tx.connection.execute(select(deliveries).order_by(deliveries.c.id))).all()
        if all(row.state in ("sent", "failed", "skipped") for row in rows):
            return rows
        await asyncio.sleep(0.05)
    raise AssertionError([(row.state, row.reason) for row in rows])


async def delivered(store, sandbox, *, parts=("a", "b"), **fault):
    """What the channel got of a digest, and its rows, with one fault in the way."""
    if fault:
        await asyncio.to_thread(sandbox.fault, method="sendMessage", **fault)
    await enqueue(store, [CHANNEL_ID], [part(text) for text in parts], now=clock())
    async with sending(store, sandbox):
        rows = await finished(store)
    return await asyncio.to_thread(sandbox.texts, CHANNEL_ID), rows


async def test_a_digest_arrives_in_order(store, sandbox):
    texts, rows = await delivered(store, sandbox, parts=("a", "b", "c"))
    assert texts == ["a", "b", "c"]
    assert [row.uncertain for row in rows] == [0, 0, 0]


@pytest.mark.parametrize(
    ("fault", "copies"),
    [
        ({"kind": "close"}, 1),
        ({"kind": "close", "accept": True}, 2),
        ({"kind": "delay", "seconds": 1.5, "accept": True}, 2),
        ({"kind": "garbage", "accept": True}, 2),
        ({"kind": "not_json"}, 1),
        ({"kind": "error", "status": 502}, 1),
        ({"kind": "error", "status": 500, "accept": True}, 2),
    ],
)
async def test_a_lost_answer_costs_at_most_the_recorded_duplicate(store, sandbox, fault, copies):
    texts, rows = await delivered(store, sandbox, **fault)
    assert texts == ["a"] * copies + ["b"]
    assert [row.uncertain for row in rows] == [1, 0]
    assert {row.state for row in rows} == {"sent"}


async def test_a_429_is_waited_out(store, sandbox):
    began = clock()
    texts, rows = await delivered(store, sandbox, kind="error", status=429, retry_after=1)
    assert texts == ["a", "b"]
    assert clock() - began >= timedelta(seconds=1)
    assert [(row.attempts, row.uncertain) for row in rows] == [(2, 0), (1, 0)]


async def test_an_endless_429_fails_its_row_and_not_the_others(store, sandbox):
    await asyncio.to_thread(
        sandbox.fault, "error", method="sendMessage", chat_id=PERSON_ID, status=429, retry_after=40_000
    )
    await asyncio.to_thread(sandbox.person, PERSON_ID, "send_text", chat_id=PERSON_ID, text="/start")
    await enqueue(store, [PERSON_ID, CHANNEL_ID], [part("a")], now=clock())
    async with sending(store, sandbox):
        rows = await finished(store)
    assert [row.state for row in rows] == ["failed", "sent"]


async def test_a_person_who_blocked_the_bot_is_left_in_peace(store, sandbox):
    await asyncio.to_thread(sandbox.person, PERSON_ID, "send_text", chat_id=PERSON_ID, text="/start")
    await asyncio.to_thread(sandbox.person, PERSON_ID, "block")
    async with store.begin() as tx:
        await tx.chats.seen(PERSON_ID, type="private", title=None, username=None, language=None, now=clock())
    await enqueue(store, [PERSON_ID], [part("a"), part("b")], now=clock())
    async with sending(store, sandbox):
        rows = await finished(store)
    assert [row.state for row in rows] == ["skipped", "skipped"]
    async with store.read() as tx:
        chat = await tx.chats.get(PERSON_ID)
    assert chat is not None
    assert not chat.active


async def test_markup_that_telegram_refuses_arrives_as_plain_text(store, sandbox):
    broken = part("5 < 6")  # its HTML is not escaped
    await enqueue(store, [CHANNEL_ID], [broken], now=clock())
    async with sending(store, sandbox):
        (row,) = await finished(store)
    assert row.state == "sent"
    assert await asyncio.to_thread(sandbox.texts, CHANNEL_ID) == ["5 < 6"]


async def test_what_people_write_is_polled_stored_and_handled_once(store, sandbox):
    handled = []

    async def handle(update):
        handled.append(update.message.text)

    async with build_bot(sandbox.token, sandbox.api_url, poll_timeout=1) as bot:
        inbox = UpdateInbox(store, bot, handle, clock, idle_seconds=0.02)
        poller = Poller(bot, inbox, store, clock, poll_timeout=1)
        tasks = [asyncio.create_task(poller.run()), asyncio.create_task(inbox.run())]
        for text in ("/start", "/digest"):
            await asyncio.to_thread(sandbox.person, PERSON_ID, "send_text", chat_id=PERSON_ID, text=text)
        await until(lambda: len(handled) == 2)
        poller.stop()
        await inbox.drain(5)
        await asyncio.gather(*tasks)
    assert handled == ["/start", "/digest"]
