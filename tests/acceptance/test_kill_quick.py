"""kill -9 at random moments: nothing that was due is lost, and what came twice was recorded as possible.

The quick version runs a few kills with a fixed seed; the long one hundreds, on both databases, with one and
three replicas.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from deliveries import opened_store
from digestbot.storage.tables import deliveries, slots
from ledger_server import Ledger, ledger_server

WORKER = Path(__file__).parent.parent / "delivery_process.py"
LEASE = 1.5
PARTS = 2
CHATS_PER_KILL = 25
MOST_BETWEEN = 20
"""Messages from one kill to the next, at most; of CHATS_PER_KILL * PARTS that are due."""


class Nursery:
    """Replicas, started in no time: a kill then meets work, not imports."""

    def __init__(self, process: asyncio.subprocess.Process, database: str, url: str) -> None:
        self._process = process
        self._task = {"database": database, "url": url, "rate": 400, "parts": PARTS, "lease": LEASE}

    async def spawn(self, *, until_done: bool = False) -> int:
        """The process id of a replica that runs."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(self._task | {"until_done": until_done}).encode() + b"\n")
        return await self.said("ready")

    async def said(self, what: str) -> int:
        """The next line any replica prints must begin so; whose it is."""
        assert self._process.stdout is not None
        word, _, pid = (await asyncio.wait_for(self._process.stdout.readline(), 240)).decode().partition(" ")
        assert word == what
        return int(pid)


@contextlib.asynccontextmanager
async def opened_nursery(database: str, url: str) -> AsyncIterator[Nursery]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(WORKER),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield Nursery(process, database, url)
    finally:
        process.kill()
        await process.wait()


async def a_moment(ledger: Ledger, chance: random.Random) -> None:
    """Pass some time, measured in messages, so that kills meet work on a slow machine as on a fast one."""
    enough = len(ledger.accepted) + chance.randint(0, MOST_BETWEEN)
    end = asyncio.get_running_loop().time() + 1.0
    while len(ledger.accepted) < enough and asyncio.get_running_loop().time() < end:
        await asyncio.sleep(0.002)
    await asyncio.sleep(chance.uniform(0.0, 0.05))


async def kill_now_and_then(
    nursery: Nursery, ledger: Ledger, chance: random.Random, *, kills: int, replicas: int
) -> None:
    """One of the replicas ends at a time, at times all of them; others take their places at once."""
    living = [await nursery.spawn() for _ in range(replicas)]
    while kills:
        await a_moment(ledger, chance)
        victims = list(living) if chance.random() < 0.25 else [chance.choice(living)]
        for victim in victims[:kills]:
            os.kill(victim, signal.SIGKILL)
            living.remove(victim)
            kills -= 1
        living += [await nursery.spawn() for _ in range(replicas - len(living))]
    for pid in living:
        os.kill(pid, signal.SIGKILL)


async def kill_and_compare(kind: str, tmp_path: Path, *, kills: int, replicas: int, seed: int) -> None:
    chats = range(1, 1 + CHATS_PER_KILL * kills)
    async with opened_store(kind, tmp_path) as store, ledger_server(latency=0.02) as ledger:
        database = store.engine.url.render_as_string(hide_password=False)
        began = datetime.now(UTC)
        minute = began.replace(second=0, microsecond=0)
        async with store.begin() as tx:
            for chat_id in chats:
                await tx.schedules.put(
                    chat_id,
                    local_time=minute.strftime("%H:%M"),
                    zone="UTC",
                    origin="chat",
                    now=minute - timedelta(seconds=1),
                )
        async with opened_nursery(database, ledger.url) as nursery:
            await kill_now_and_then(nursery, ledger, random.Random(seed), kills=kills, replicas=replicas)
            assert len(ledger.accepted) > 0, "the kills met nothing under way"
            last = await nursery.spawn(until_done=True)
            assert await nursery.said("done") == last
        async with store.read() as tx:
            counted = select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
            states = {row[0]: row[1] for row in await tx.connection.execute(counted)}
            uncertain = await tx.connection.scalar(select(func.sum(deliveries.c.uncertain)))
            claimed = await tx.connection.scalar(select(func.count()).select_from(slots))
    due = {(chat_id, f"part {n}") for chat_id in chats for n in range(PARTS)}
    accepted = Counter((chat_id, text) for chat_id, text, _ in ledger.accepted)
    assert set(accepted) == due, "something that was due is lost"
    assert sum(accepted.values()) - len(due) <= uncertain, "more came twice than was recorded as possible"
    assert states == {"sent": len(due)}
    assert claimed == len(chats)
    first: dict[int, list[str]] = {}
    for chat_id, text, _ in ledger.accepted:
        if text not in first.setdefault(chat_id, []):
            first[chat_id].append(text)
    assert all(texts == [f"part {n}" for n in range(PARTS)] for texts in first.values()), "order was lost"


async def test_a_few_kills_on_one_machine(tmp_path):
    await kill_and_compare("sqlite", tmp_path, kills=4, replicas=1, seed=1)


@pytest.mark.postgres
async def test_a_few_kills_of_replicas(tmp_path):
    await kill_and_compare("postgres", tmp_path, kills=4, replicas=2, seed=2)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3, 5))
@pytest.mark.parametrize(
    ("kind", "replicas"),
    [
        ("sqlite", 1),
        ("sqlite", 3),
        pytest.param("postgres", 1, marks=pytest.mark.postgres),
        pytest.param("postgres", 3, marks=pytest.mark.postgres),
    ],
)
async def test_many_kills(tmp_path, kind, replicas, seed):
    await kill_and_compare(kind, tmp_path, kills=26, replicas=replicas, seed=seed)
