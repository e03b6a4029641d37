"""Eight processes that race for a thousand slots create exactly a thousand."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from deliveries import opened_store
from digestbot.storage.tables import deliveries, editions, slots

RACER = Path(__file__).parent.parent / "slot_racer.py"
DUE = datetime(2026, 3, 4, 7, 30, tzinfo=UTC)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def test_eight_processes_create_each_of_a_thousand_slots_once(kind, tmp_path):
    async with opened_store(kind, tmp_path) as store:
        async with store.begin() as tx:
            for chat_id in range(1, 1001):
                await tx.schedules.put(
                    chat_id, local_time="07:30", zone="UTC", origin="chat", now=DUE - timedelta(hours=1)
                )
        database = store.engine.url.render_as_string(hide_password=False)
        racers = [
            await asyncio.create_subprocess_exec(
                sys.executable,
                str(RACER),
                database,
                DUE.isoformat(),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
            for _ in range(8)
        ]
        for racer in racers:
            assert racer.stdout is not None
            assert (await racer.stdout.readline()).strip() == b"ready"
        finished = await asyncio.gather(*(racer.communicate(b"go\n") for racer in racers))
        published = [int(said) for said, _ in finished]
        async with store.read() as tx:
            counts = [
                await tx.connection.scalar(select(func.count()).select_from(table))
                for table in (slots, deliveries, editions)
            ]
    assert sum(published) == 1000
    assert counts == [1000, 1000, 1]
