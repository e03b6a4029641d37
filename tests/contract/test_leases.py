"""Leases, shared limits, heartbeats and notices; the same on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from deliveries import NOW, SetClock
from digestbot.storage.tables import limits
from digestbot.transports.limiter import Limits, RateLimiter, daily_budget, shared_bucket


async def acquire(store, holder, now=NOW):
    async with store.begin() as tx:
        return await tx.leases.acquire("poller", holder, now, 15)


async def test_a_lease_is_held_by_one_until_it_runs_out(store):
    assert await acquire(store, "a")
    assert not await acquire(store, "b")
    assert await acquire(store, "a", NOW + timedelta(seconds=10))  # renewed
    assert not await acquire(store, "b", NOW + timedelta(seconds=20))
    assert await acquire(store, "b", NOW + timedelta(seconds=26))
    assert not await acquire(store, "a", NOW + timedelta(seconds=26))


async def test_only_its_holder_gives_a_lease_back(store):
    await acquire(store, "a")
    async with store.begin() as tx:
        await tx.leases.release("poller", "b")
        assert await tx.leases.holder("poller", NOW) == "a"
        await tx.leases.release("poller", "a")
        assert await tx.leases.holder("poller", NOW) is None


async def test_a_lease_taken_by_a_clock_that_was_set_back_is_void(store):
    assert await acquire(store, "a", NOW + timedelta(hours=1))
    assert await acquire(store, "b", NOW)
    assert not await acquire(
        store, "c", NOW - timedelta(seconds=10)
    )  # clocks of two machines differ a little


async def test_one_of_many_that_ask_at_once_gets_the_lease(store):
    assert sum(await asyncio.gather(*(acquire(store, f"p{n}") for n in range(8)))) == 1


async def test_places_of_a_shared_bucket_follow_one_another(store):
    async def reserve(count):
        async with store.begin() as tx:
            return await tx.leases.reserve("all", count, 10.0, 0.0)

    blocks = [await reserve(3), await reserve(2), await reserve(1)]
    starts = [block.start for block in blocks]
    assert starts[0] == pytest.approx(0, abs=2)
    assert starts[1] == pytest.approx(30, abs=5)
    assert starts[2] == pytest.approx(50, abs=5)


async def test_an_idle_bucket_is_ahead_by_its_burst_and_no_more(store):
    async with store.begin() as tx:
        first = await tx.leases.reserve("all", 1, 1.0, 5.0)
    assert first.start == pytest.approx(-5, abs=2)


async def test_a_budget_is_spent_to_the_last_and_not_beyond(store):
    async def spend(amount):
        async with store.begin() as tx:
            return await tx.leases.spend("stars:2026-03-04", amount, 1.0)

    assert not await spend(1.5)
    assert [await spend(0.1) for _ in range(11)] == [True] * 10 + [False]


async def test_a_hold_is_kept_for_all_processes_as_long_as_the_longest_that_was_told(store):
    async with store.begin() as tx:
        await tx.leases.hold(-5, 40_000)
        await tx.leases.hold(-5, 10)
        await tx.leases.hold(None, 30)
        await tx.leases.hold(7, -1)
    async with store.read() as tx:
        holds = await tx.leases.holds()
    assert holds == {-5: pytest.approx(40_000, abs=20), None: pytest.approx(30, abs=20)}
    async with store.begin() as tx:
        await tx.leases.prune(NOW)
        left = await tx.connection.scalar(select(func.count()).select_from(limits))
    assert left == 2


async def test_heartbeats_are_remembered_by_name(store):
    async with store.begin() as tx:
        await tx.leases.beat("publish", NOW)
        await tx.leases.beat("publish", NOW + timedelta(seconds=5))
        await tx.leases.beat("poll", NOW)
        assert await tx.leases.heartbeats() == {"publish": NOW + timedelta(seconds=5), "poll": NOW}


async def test_a_notice_is_told_once_until_it_is_over(store):
    async with store.begin() as tx:
        assert await tx.leases.notice_once("x", "text", NOW)
        assert not await tx.leases.notice_once("x", "text", NOW)
        await tx.leases.forget_notice("x")
        assert await tx.leases.notice_once("x", "text", NOW)


async def test_two_replicas_keep_the_limit_of_one_together(store):
    limiters = [RateLimiter(Limits(rate=50), reserve=shared_bucket(store)) for _ in range(2)]
    times = []

    async def send(number):
        await limiters[number % 2].acquire(number, broadcast=True)
        times.append(asyncio.get_running_loop().time())

    await asyncio.gather(*(send(number) for number in range(1, 151)))
    for limiter in limiters:
        await limiter.close()
    assert max(times) - min(times) >= 149 / 50 * 0.99


async def test_a_days_budget_is_not_the_next_days(store):
    clock = SetClock()
    spend = daily_budget(store, clock, 10)
    assert await spend(10)
    assert not await spend(0.1)
    clock.advance(days=1)
    assert await spend(10)
