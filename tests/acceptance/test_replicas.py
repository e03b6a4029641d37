"""Several replicas on one PostgreSQL: one limit, one that polls, one upgrade of the schema."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot_run import BotRun
from databases import postgres_database
from deliveries import opened_store
from digestbot.sandbox.world import PERSON_ID
from ledger_server import ledger_server
from sandbox_process import running_sandbox

pytestmark = [pytest.mark.slow, pytest.mark.postgres]

WORKER = Path(__file__).parent.parent / "delivery_process.py"
RATE = 29.7
"""Messages a second that the replicas may send together, as by default."""
WINDOW = 60.0
FAIL_OVER = 30.0
"""Seconds within which another replica must poll."""


def most_within(times: list[float], seconds: float) -> int:
    """The largest number of entries in any window of that length; `times` in order."""
    return max(bisect_left(times, began + seconds) - number for number, began in enumerate(times))


async def test_two_replicas_never_exceed_the_limit_they_share(tmp_path: Path) -> None:
    """In no window of 60 s by more than 1%, by the times at which messages were accepted."""
    chats = range(1, round(RATE * (WINDOW + 8)))
    async with opened_store("postgres", tmp_path) as store, ledger_server(latency=0.05) as ledger:
        minute = datetime.now(UTC).replace(second=0, microsecond=0)
        async with store.begin() as tx:
            for chat_id in chats:
                await tx.schedules.put(
                    chat_id,
                    local_time=minute.strftime("%H:%M"),
                    zone="UTC",
                    origin="chat",
                    now=minute - timedelta(seconds=1),
                )
        task = {
            "database": store.engine.url.render_as_string(hide_password=False),
            "url": ledger.url,
            "rate": RATE,
            "shared": True,
            "parts": 1,
            "lease": 60.0,
            "until_done": True,
        }
        replicas = [
            await asyncio.create_subprocess_exec(
                sys.executable, str(WORKER), json.dumps(task), stdout=asyncio.subprocess.DEVNULL
            )
            for _ in range(2)
        ]
        for replica in replicas:
            assert await asyncio.wait_for(replica.wait(), 240) == 0
    times = sorted(at for _, _, at in ledger.accepted)
    assert len(times) == len(chats)
    assert most_within(times, WINDOW) <= RATE * WINDOW * 1.01


def test_another_replica_polls_when_the_one_that_did_is_gone(tmp_path: Path) -> None:
    """The first stops answering without ending (SIGSTOP), so that nothing tells its lease is void."""
    with postgres_database() as url, running_sandbox() as sandbox:
        bots = []
        for name in ("first", "second"):
            (tmp_path / name).mkdir()
            bots.append(BotRun(sandbox, tmp_path / name, DIGESTBOT_DATABASE_URL=url))
        first, second = bots
        try:
            for bot in bots:  # both make the schema of an empty database
                bot.start()
            for bot in bots:
                bot.wait_for(lambda bot=bot: "digestbot runs" in bot.logged())
            assert "/digest" in first.ask("/help")["text"]
            for hung, other in ((first, second), (second, first)):
                assert hung.process is not None
                hung.process.send_signal(signal.SIGSTOP)
                before, began = len(sandbox.texts(PERSON_ID)), time.monotonic()
                sandbox.person(PERSON_ID, "send_text", chat_id=PERSON_ID, text="/help")
                other.wait_for(lambda before=before: len(sandbox.texts(PERSON_ID)) > before)
                assert time.monotonic() - began < FAIL_OVER
                hung.process.send_signal(signal.SIGCONT)
                assert "/digest" in other.ask("/help")["text"]
                assert len(sandbox.texts(PERSON_ID)) == before + 2
        finally:
            for bot in bots:
                if bot.runs:
                    bot.end(signal.SIGKILL)


def test_replicas_that_start_at_once_make_the_schema_once(tmp_path: Path) -> None:
    with postgres_database() as url, running_sandbox() as sandbox:
        bots = []
        for number in range(4):
            (tmp_path / str(number)).mkdir()
            bots.append(BotRun(sandbox, tmp_path / str(number), DIGESTBOT_DATABASE_URL=url))
        try:
            for bot in bots:
                bot.start()
            for bot in bots:
                bot.wait_for(lambda bot=bot: "digestbot runs" in bot.logged())
            assert "/digest" in bots[0].ask("/help")["text"]
            assert not [bot for bot in bots if "Traceback" in bot.logged()]
        finally:
            for bot in bots:
                if bot.runs:
                    bot.end(signal.SIGKILL)
