"""One replica of the way out, as a process of its own: `python delivery_process.py JSON`.

It publishes what is due and sends it until it is killed, or until nothing is left with `"until_done"`.
Without an argument it is a nursery of replicas: each line of its input becomes a process of its own at once,
all imports done, which prints `ready PID`, and `done PID` in the end.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from datetime import UTC, datetime

from digestbot.deliver import Sender, SenderSettings
from digestbot.digest import settings_of
from digestbot.errors import StorageError
from digestbot.model import Coverage, Digest, MessagePart
from digestbot.publish import Editorial, Publisher
from digestbot.storage.engine import Store, create_engine
from digestbot.transports.limiter import Limits, RateLimiter, shared_bucket
from digestbot.transports.telegram import BotRateLimiter, TelegramTransport, build_bot

TOKEN = "123456789:AAaaBBbbCCccDDddEEeeFFffGGggHHhhIIi"


def now() -> datetime:
    return datetime.now(UTC)


def compose(stories, coverage, *, settings, window, now) -> Digest:
    return Digest(window, now, settings, (), Coverage())


async def main(task: dict) -> None:
    store = Store(create_engine(task["database"]))
    parts = tuple(MessagePart(f"part {n}", plain=f"part {n}") for n in range(task["parts"]))
    limiter = RateLimiter(
        Limits(rate=task["rate"], chat_rate=1000),
        reserve=shared_bucket(store) if task.get("shared") else None,
    )
    bot = build_bot(TOKEN, task["url"], rate_limiter=BotRateLimiter(limiter), read_timeout=2)
    sender = Sender(
        store,
        TelegramTransport(bot),
        limiter,
        now,
        settings=SenderSettings(
            part_gap=0.0,
            idle_seconds=0.05,
            recover_seconds=0.3,
            lease_seconds=task["lease"],
            sending_seconds=task["lease"],
        ),
    )
    editorial = Editorial(compose, lambda digest: parts, settings_of)
    publisher = Publisher(store, now, editorial=editorial, batch=7, on_enqueued=sender.wake)
    async with bot:
        sending = asyncio.create_task(sender.run())
        print(f"ready {os.getpid()}", flush=True)
        while True:
            try:
                await publisher.tick()
                async with store.read() as tx:
                    status = await tx.outbox.status(now())
                    _, next_due = await tx.schedules.status()
            except StorageError:  # the database is away for a moment
                await asyncio.sleep(0.2)
                continue
            if task["until_done"] and not status.pending and not status.in_flight and next_due > now():
                break
            await asyncio.sleep(0.05)
        await sender.drain(5)
        await sending
    await limiter.close()
    await store.close()
    print(f"done {os.getpid()}", flush=True)


def nursery() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the children: they leave nothing
    for line in sys.stdin:
        if not os.fork():
            asyncio.run(main(json.loads(line)))
            os._exit(0)


if __name__ == "__main__":
    if sys.argv[1:]:
        asyncio.run(main(json.loads(sys.argv[1])))
    else:
        nursery()
