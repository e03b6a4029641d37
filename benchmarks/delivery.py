"""How fast and how exactly digests leave: `python -m benchmarks delivery [a b c d e] [--quick]`.

    a  against a server that allows 30 a second: share of the limit used, number of 429s
    b  paid broadcasts against a server with 50 ms latency: messages a second, httpx and aiohttp
    c  answers to /summary during a broadcast of 100,000: median and 99th percentile
    d  1,000,000 subscribers in 24 zones on SQLite: cost of a tick, of an hour's digests, memory
    e  rows claimed and marked a second, on SQLite and (DIGESTBOT_TEST_POSTGRES_URL) PostgreSQL

The server runs in a process of its own. Figures are printed as Markdown tables.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import statistics
import sys
import tempfile
import time
import urllib.request
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from bot_run import SAMPLE, BotRun
from databases import postgres_missing
from deliveries import empty_digest, opened_store, part
from digestbot.deliver import Sender, SenderSettings
from digestbot.digest import settings_of
from digestbot.model import Coverage, Digest
from digestbot.protocols.delivery import Outcome, Target
from digestbot.publish import Editorial, Publisher
from digestbot.sandbox.world import PERSON_ID, sample_world
from digestbot.slots import next_slots
from digestbot.storage.engine import Store, create_engine
from digestbot.storage.tables import chats, schedules
from digestbot.transports.aiohttp_request import AiohttpRequest
from digestbot.transports.limiter import Limits, RateLimiter
from digestbot.transports.telegram import BotRateLimiter, TelegramTransport, build_bot
from sandbox_process import Sandbox, running_sandbox

TOKEN = "123456789:AAaaBBbbCCccDDddEEeeFFffGGggHHhhIIi"
TEXT = "<b>1. A headline of usual length, with its publisher</b>\n" + "A sentence of the digest. " * 60
FIRST_READER = 1_000_000
ZONES = [f"Etc/GMT{hours:+d}" for hours in range(-12, 12)]


def now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def server(latency: float, flood: float):
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(__file__).parent.parent / "tests" / "ledger_server.py"),
        str(latency),
        str(flood),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.kill()
        await process.wait()


def ledger(url: str) -> dict:
    with urllib.request.urlopen(f"{url}/bot/getLedger") as answer:
        return json.load(answer)


@contextmanager
def folder():
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


async def enqueue_many(store, count: int, *, first: int = 1) -> None:
    async with store.begin() as tx:
        digest = empty_digest(now())
        edition_id, parts = await tx.outbox.add_edition("bench", digest.window, digest, [part(TEXT)], now())
        due = now()
        targets = [Target(chat, None, due, due + timedelta(hours=6)) for chat in range(first, first + count)]
        await tx.outbox.enqueue(edition_id, parts, targets, due)


@asynccontextmanager
async def broadcast(url: str, count: int, limits: Limits, *, workers: int, spend=None, request=None):
    """A sender at work on `count` messages; yields the store."""
    with folder() as place:
        async with opened_store("sqlite", place) as store:
            await enqueue_many(store, count)
            limiter = RateLimiter(limits, spend=spend)
            bot = build_bot(TOKEN, url, rate_limiter=BotRateLimiter(limiter), request=request)
            async with bot:
                sender = Sender(
                    store, TelegramTransport(bot), limiter, now, settings=SenderSettings(workers=workers)
                )
                running = asyncio.create_task(sender.run())
                yield store
                await sender.drain(10)
                await running
                await limiter.close()


async def limit_used(quick: bool) -> None:
    seconds = 20 if quick else 60
    async with server(0.05, 30) as url, broadcast(url, 3000, Limits(), workers=10):
        await asyncio.sleep(2)
        before = ledger(url)["accepted"]
        await asyncio.sleep(seconds)
        after = ledger(url)
    rate = (after["accepted"] - before) / seconds
    used = f"{rate:.2f} a second, {rate / 30:.1%} of the limit"
    print(f"\n(a) 30 a second allowed, {seconds} s: {used}; {after['refused']} × 429")


async def paid(quick: bool) -> None:
    async def spend(amount: float) -> bool:
        return True

    seconds = 5 if quick else 15
    print("\n(b) paid broadcasts at 1,000 a second, 50 ms latency\n\n| requests | sent a second |\n|---|---|")
    for name in ("httpx", "aiohttp"):
        request = AiohttpRequest(connections=128) if name == "aiohttp" else None
        limits = Limits(paid_rate=1000)
        async with (
            server(0.05, 0) as url,
            broadcast(url, seconds * 1500, limits, workers=128, spend=spend, request=request),
        ):
            await asyncio.sleep(2)
            before = ledger(url)["accepted"]
            began = time.monotonic()
            await asyncio.sleep(seconds)
            rate = (ledger(url)["accepted"] - before) / (time.monotonic() - began)
        print(f"| {name} | {rate:.0f} |")


async def answers(quick: bool) -> None:
    """The real `digestbot run`, asked by a person while it sends a broadcast at Telegram's pace."""
    asked, reached = (40, 3_000) if quick else (200, 9_000)
    world = sample_world()
    for person in range(reached):  # as many as can be reached meanwhile; the others wait in the outbox
        world.add_user(FIRST_READER + person, f"Reader {person}")
    waits = []
    with folder() as place, running_sandbox(world) as sandbox:
        bot = BotRun(sandbox, place)
        bot.add(SAMPLE)
        bot.start()
        try:
            bot.ask("/start")
            bot.wait_for(lambda: "Pakistan" in str(bot.ask("/summary")))
            sandbox.control("POST", "latency", seconds=0.05)
            store = Store(create_engine(f"sqlite:///{place / 'data' / 'digestbot.sqlite3'}"))
            await enqueue_many(store, 100_000, first=FIRST_READER)
            await store.close()
            before = len(sandbox.texts())
            began = time.monotonic()
            for _ in range(asked):
                waits.append(seconds_to_answer(sandbox, "/summary"))
                time.sleep(0.7)
            pace = (len(sandbox.texts()) - before) / (time.monotonic() - began)
        finally:
            bot.end()
    waits.sort()
    print(
        f"\n(c) {len(waits)} × /summary during a broadcast of 100,000 (50 ms latency, {pace:.1f} messages a "
        f"second in all): median {statistics.median(waits) * 1000:.0f} ms, "
        f"p99 {waits[int(len(waits) * 0.99) - 1] * 1000:.0f} ms"
    )


def seconds_to_answer(sandbox: Sandbox, command: str) -> float:
    """From what a person types to the answer that Telegram took."""
    before = sandbox.control("GET", "ledger", chat_id=PERSON_ID)["total"]
    began = time.monotonic()
    sandbox.person(PERSON_ID, "send_text", chat_id=PERSON_ID, text=command)
    while sandbox.control("GET", "ledger", chat_id=PERSON_ID, after=before)["total"] == before:
        if time.monotonic() - began > 60:
            raise RuntimeError(f"no answer to {command} within a minute")
        time.sleep(0.005)
    return time.monotonic() - began


def compose(stories, coverage, *, settings, window, now) -> Digest:
    return Digest(window, now, settings, (), Coverage())


async def a_million(quick: bool) -> None:
    count = 100_000 if quick else 1_000_000
    start = datetime(2026, 3, 4, tzinfo=UTC)
    with folder() as place:
        async with opened_store("sqlite", place) as store:
            chat = {"type": "private", "settings": {}, "active": True, "created": start, "last_seen": start}
            plan = {"origin": "chat", "local_time": "07:30", "weekdays": 127, "thread_id": 0, "enabled": True}
            # One zone is due each hour from the start on.
            first_due = {zone: next_slots("07:30", zone, 127, start, 1)[0].due for zone in ZONES}
            for first in range(0, count, 20_000):
                ids = range(first + 1, first + 20_001)
                async with store.begin() as tx:
                    await tx.connection.execute(chats.insert(), [{"id": i, **chat} for i in ids])
                    await tx.connection.execute(
                        schedules.insert(),
                        [
                            {
                                "chat_id": i,
                                "zone": ZONES[i % 24],
                                "next_due": first_due[ZONES[i % 24]],
                                "created": start,
                                **plan,
                            }
                            for i in ids
                        ],
                    )
            base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            parts = (part(TEXT), part(TEXT))
            publisher = Publisher(store, now, editorial=Editorial(compose, lambda digest: parts, settings_of))
            began = time.monotonic()
            for _ in range(20):
                await publisher.tick(start)
            idle = (time.monotonic() - began) / 20
            began = time.monotonic()
            done = await publisher.tick(start + timedelta(minutes=30))
            hour = time.monotonic() - began
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"\n(d) {count:,} subscribers in 24 zones on SQLite: a tick with nothing due {idle * 1000:.1f} ms; "
        f"an hour's {done.published:,} digests of 2 parts, {done.editions} edition(s): {hour:.1f} s, "
        f"{done.published * 2 / hour:,.0f} rows a second; memory at most {memory:.0f} MB "
        f"({base:.0f} MB after filling the tables)"
    )


async def claims(quick: bool) -> None:
    count = 4_000 if quick else 20_000
    print("\n(e) rows claimed, started and marked sent a second (batches of 100)\n")
    print("| database | workers | rows a second |\n|---|---|---|")
    kinds = ["sqlite"] if postgres_missing() else ["sqlite", "postgres"]
    for kind in kinds:
        for workers in (1, 4):
            with folder() as place:
                async with opened_store(kind, place) as store:
                    await enqueue_many(store, count)

                    async def work(store=store) -> None:
                        while True:
                            async with store.begin() as tx:
                                taken = await tx.outbox.lease(now(), 100, 60)
                            if not taken:
                                return
                            async with store.begin() as tx:
                                await tx.outbox.start(taken, now(), 60)
                            async with store.begin() as tx:
                                at = now()
                                outcomes = [Outcome(d, "sent", at, message_id=1) for d in taken]
                                await tx.outbox.finish(outcomes, timedelta())

                    began = time.monotonic()
                    await asyncio.gather(*(work() for _ in range(workers)))
                    print(f"| {kind} | {workers} | {count / (time.monotonic() - began):,.0f} |")


BENCHMARKS = {"a": limit_used, "b": paid, "c": answers, "d": a_million, "e": claims}


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="benchmarks delivery", description=__doc__.splitlines()[0])
    parser.add_argument("which", nargs="*", default=[], help=f"{', '.join(BENCHMARKS)}; all without")
    parser.add_argument("--quick", action="store_true", help="smaller and shorter")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.which) - set(BENCHMARKS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    for name in chosen.which or BENCHMARKS:
        asyncio.run(BENCHMARKS[name](chosen.quick))
