"""Health, metrics and the webhook."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest

from deliveries import NOW, SetClock, enqueue, opened_store, part
from digestbot.errors import ConfigurationError, StorageError
from digestbot.metrics import Metrics
from digestbot.server import DEFAULT_LIMITS, SECRET_HEADER, HealthCheck, HttpServer, build_server

SECRET = "a-secret_of-ours"
JOBS = tuple(DEFAULT_LIMITS.ticks)
WELL = dict.fromkeys(JOBS, 1.0)


@pytest.fixture
async def store(tmp_path):
    async with opened_store("sqlite", tmp_path) as store:
        yield store


@asynccontextmanager
async def client_of(application):
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
        yield client


async def beat(store, now, *names):
    async with store.begin() as tx:
        for name in names:
            await tx.leases.beat(name, now)


async def get(store, clock, path, **options):
    metrics = Metrics()
    health = HealthCheck(store, clock, metrics=metrics, **options)
    async with client_of(build_server(health, metrics)) as client:
        return await client.get(path)


async def test_all_is_well_while_jobs_tick_and_updates_come(store):
    clock = SetClock()
    await beat(store, NOW, "poll")
    assert (await get(store, clock, "/healthz", since_end=lambda: WELL)).json()["ok"]
    answer = await get(store, clock, "/readyz", since_good_end=lambda: WELL)
    assert (answer.status_code, answer.json()["problems"]) == (200, {})


async def test_a_job_that_no_longer_ticks_is_named(store):
    """Whatever another replica, whose jobs do tick, has left in the database."""
    await beat(store, NOW, *JOBS, "poll")
    silent = WELL | {"publish": 301.0}
    live = await get(store, SetClock(), "/healthz", since_end=lambda: silent)
    ready = await get(store, SetClock(), "/readyz", since_good_end=lambda: silent)
    for answer in (live, ready):
        assert answer.status_code == 503
        assert set(answer.json()["problems"]) == {"publish"}


async def test_a_message_that_waits_too_long_and_silence_from_telegram_are_told(store):
    clock = SetClock()
    health = HealthCheck(store, clock, paused=lambda: True)
    await enqueue(store, [1], [part("a")])
    clock.advance(minutes=16)
    await beat(store, clock(), *JOBS)
    async with client_of(build_server(health, Metrics())) as client:
        answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert set(answer.json()["problems"]) == {"outbox", "poll", "telegram"}


async def test_a_database_that_is_away_makes_us_unready_but_not_dead():
    class Away:
        @asynccontextmanager
        async def read(self):
            raise StorageError("the database cannot be reached")
            yield

    clock = SetClock()
    assert (await get(Away(), clock, "/healthz")).status_code == 200
    answer = await get(Away(), clock, "/readyz")
    assert (answer.status_code, set(answer.json()["problems"])) == (503, {"database"})


async def test_metrics_tell_of_the_queue(store):
    await enqueue(store, [1, 2], [part("a")])
    answer = await get(store, SetClock(NOW + timedelta(seconds=30)), "/metrics")
    assert 'digestbot_queue_depth{state="pending"} 2.0' in answer.text
    assert 'digestbot_sources{state="failing"} 0.0' in answer.text
    assert "digestbot_queue_age_seconds 30.0" in answer.text


# --- the webhook ------------------------------------------------------------------------------------


@asynccontextmanager
async def webhook(store, *, add=None):
    async def stored(updates):
        async with store.begin() as tx:
            return await tx.inbox.add(updates, NOW)

    health = HealthCheck(store, SetClock())
    application = build_server(health, Metrics(), add_updates=add or stored, secret=SECRET)
    async with client_of(application) as client:
        yield client


UPDATE = {"update_id": 5, "message": {"chat": {"id": 7}}}


async def waiting(store):
    async with store.read() as tx:
        return await tx.inbox.waiting()


async def test_an_update_is_stored_before_it_is_acknowledged_and_once(store):
    async with webhook(store) as client:
        for _ in range(3):
            answer = await client.post("/telegram", json=UPDATE, headers={SECRET_HEADER: SECRET})
            assert answer.status_code == 200
            assert await waiting(store) == 1


@pytest.mark.parametrize(
    "headers", [{}, {SECRET_HEADER: ""}, {SECRET_HEADER: "wrong"}, {SECRET_HEADER: SECRET + "x"}]
)
async def test_a_forged_update_is_refused(store, headers):
    async with webhook(store) as client:
        assert (await client.post("/telegram", json=UPDATE, headers=headers)).status_code == 403
    assert await waiting(store) == 0


@pytest.mark.parametrize(
    "body", [b"", b"no json", b"[]", b"{}", b'{"update_id": "5"}', b'{"update_id": true}', b"[" * 100_000]
)
async def test_what_is_no_update_is_refused(store, body):
    async with webhook(store) as client:
        answer = await client.post("/telegram", content=body, headers={SECRET_HEADER: SECRET})
    assert answer.status_code == 400


async def test_an_update_beyond_all_measure_is_refused(store):
    async with webhook(store) as client:
        answer = await client.post("/telegram", content=b"x" * 1_000_001, headers={SECRET_HEADER: SECRET})
    assert answer.status_code == 413


async def test_one_that_cannot_be_stored_is_not_acknowledged(store):
    async def full(updates):
        raise StorageError("the disk is full")

    async with webhook(store, add=full) as client:
        answer = await client.post("/telegram", json=UPDATE, headers={SECRET_HEADER: SECRET})
    assert answer.status_code == 503


async def test_without_a_secret_there_is_no_webhook(store):
    async with client_of(build_server(HealthCheck(store, SetClock()), Metrics())) as client:
        assert (await client.post("/telegram", json=UPDATE)).status_code == 404


async def test_it_serves_on_a_port_and_stops(store):
    server = HttpServer(build_server(HealthCheck(store, SetClock()), Metrics()), "127.0.0.1", 0)
    running = asyncio.create_task(server.run())
    async with asyncio.timeout(10):
        while not server.port:
            await asyncio.sleep(0.01)
        async with httpx.AsyncClient() as client:
            answer = await client.get(f"http://127.0.0.1:{server.port}/healthz")
        server.stop()
        await running
    assert answer.status_code == 200
    assert "server" not in answer.headers


async def test_a_port_in_use_is_told_plainly(store):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        server = HttpServer(build_server(HealthCheck(store, SetClock()), Metrics()), "127.0.0.1", port)
        with pytest.raises(ConfigurationError, match="DIGESTBOT_SERVER_PORT"):
            await server.run()
