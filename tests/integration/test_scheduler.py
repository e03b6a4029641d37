"""Ticks: each job on time, none twice at once, a failure never the end."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
import time_machine

from deliveries import opened_store, running_clock, until
from digestbot.errors import ConfigurationError, StorageError
from digestbot.metrics import Metrics
from digestbot.scheduler import JOBS, Scheduler


@pytest.fixture
async def store(tmp_path):
    async with opened_store("sqlite", tmp_path) as store:
        yield store


async def nothing():
    return None


def ticks(**given):
    return {job.name: given.get(job.name, nothing) for job in JOBS}


async def test_every_job_ticks_at_once_and_leaves_a_sign_of_life(store):
    ticked = set()

    def tick(name):
        async def do():
            ticked.add(name)

        return do

    scheduler = Scheduler({job.name: tick(job.name) for job in JOBS}, store, running_clock())
    scheduler.start()
    await until(lambda: ticked == {job.name for job in JOBS})
    await scheduler.stop(5)
    async with store.read() as tx:
        assert set(await tx.leases.heartbeats()) == ticked


async def test_a_clock_set_back_by_an_hour_keeps_no_job_waiting(store):
    looks = []

    async def publish():
        looks.append(1)

    with time_machine.travel(datetime.now(UTC), tick=True) as clock:
        scheduler = Scheduler(ticks(publish=publish), store, running_clock())
        scheduler.start()
        await until(lambda: looks)
        clock.shift(-3600)
        before = len(looks)
        await until(lambda: len(looks) >= before + 2)
        await scheduler.stop(5)


async def test_a_job_that_fails_is_counted_and_ticks_again(store):
    attempts = []

    async def publish():
        attempts.append(1)
        if len(attempts) == 1:
            raise RuntimeError("broken")

    metrics = Metrics()
    scheduler = Scheduler(ticks(publish=publish), store, running_clock(), metrics=metrics)
    scheduler.start()
    await until(lambda: len(attempts) >= 2)
    await scheduler.stop(5)
    assert metrics.registry.get_sample_value("digestbot_job_failures_total", {"job": "publish"}) == 1
    async with store.read() as tx:
        assert "publish" in await tx.leases.heartbeats()


async def test_a_job_that_hangs_or_fails_falls_silent_and_the_databases_absence_is_no_silence(store):
    async def hang():
        await asyncio.Event().wait()

    async def fail():
        raise RuntimeError("broken")

    async def miss():
        raise StorageError("away", code="unreachable")

    scheduler = Scheduler(ticks(collect=hang, alert=fail, publish=miss), store, running_clock())
    scheduler.start()
    await asyncio.sleep(2.5)  # publish ticks every two seconds
    ended, well = scheduler.since_end(), scheduler.since_good_end()
    await scheduler.stop(0.1)
    assert {job for job, seconds in ended.items() if seconds > 2.3} >= {"collect", "alert"}
    assert ended["publish"] < 2 < well["publish"]
    assert {job for job, seconds in well.items() if seconds > 2.4} >= {"collect", "alert", "publish"}
    assert set(ended) == {job.name for job in JOBS}


async def test_a_job_never_runs_twice_at_once(store):
    running, most = 0, 0

    async def publish():
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(5)
        running -= 1

    scheduler = Scheduler(ticks(publish=publish), store, running_clock())
    scheduler.start()
    await asyncio.sleep(4.5)  # two intervals
    await scheduler.stop(0.1)
    assert most == 1


async def test_stopping_lets_a_tick_end(store):
    ended = []

    async def collect():
        await asyncio.sleep(0.3)
        ended.append(1)

    scheduler = Scheduler(ticks(collect=collect), store, running_clock())
    scheduler.start()
    await asyncio.sleep(0.1)
    await scheduler.stop(5)
    assert ended == [1]


async def test_a_job_without_its_tick_is_a_mistake(store):
    with pytest.raises(ConfigurationError, match="collect, publish, alert, deliver, reanalyse, prune"):
        Scheduler({"collect": nothing}, store, running_clock())
