"""One process in a race for slots: `python slot_racer.py DATABASE INSTANT`; begins on a line of input.

Prints how many slots it published.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime

from digestbot.digest import settings_of
from digestbot.model import Coverage, Digest, MessagePart
from digestbot.publish import Editorial, Publisher
from digestbot.storage.engine import Store, create_engine


def compose(stories, coverage, *, settings, window, now) -> Digest:
    return Digest(window, now, settings, (), Coverage())


async def main(database: str, instant: str) -> None:
    store = Store(create_engine(database))
    now = datetime.fromisoformat(instant)
    editorial = Editorial(compose, lambda digest: (MessagePart("x"),), settings_of)
    publisher = Publisher(store, lambda: now, editorial=editorial, batch=50)
    async with store.read() as tx:  # connected before the start
        await tx.schedules.status()
    print("ready", flush=True)
    sys.stdin.readline()
    print((await publisher.tick()).published, flush=True)
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
