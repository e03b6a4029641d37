"""SIGTERM ends the bot within ten seconds, whatever keeps it waiting, and what was under way is not lost."""

from __future__ import annotations

import contextlib
import signal
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

from bot_run import SAMPLE, BotRun, running_bot
from digestbot.sandbox.world import CHANNEL_ID, PERSON_ID

pytestmark = pytest.mark.slow

LONGEST_STOP = 10.0


def seconds_to_stop(bot: BotRun) -> float:
    began = time.monotonic()
    assert bot.end(signal.SIGTERM) == 0
    return time.monotonic() - began


def asked(bot: BotRun, statement: str) -> list[Any]:
    file = bot.folder / "data" / "digestbot.sqlite3"
    if not file.exists():
        return []
    with contextlib.closing(sqlite3.connect(file)) as database:
        if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'deliveries'").fetchall():
            return []
        return database.execute(statement).fetchall()


def test_a_telegram_that_does_not_answer_keeps_no_stop_waiting(tmp_path: Path) -> None:
    """The digest and the answer it hung on come soon after the next start, not when their leases run out."""
    with running_bot(tmp_path, documents=[SAMPLE], scheduled=True) as bot:
        bot.wait_for(lambda: "digestbot runs" in bot.logged())
        bot.sandbox.fault("delay", method="sendMessage", seconds=25, times=None)
        bot.sandbox.person(PERSON_ID, "send_text", chat_id=PERSON_ID, text="/help")
        bot.wait_for(lambda: asked(bot, "SELECT 1 FROM deliveries WHERE state = 'sending'"))
        bot.wait_for(lambda: asked(bot, "SELECT 1 FROM updates WHERE attempts > 0"))
        assert seconds_to_stop(bot) < LONGEST_STOP
        states = asked(bot, "SELECT state, uncertain FROM deliveries WHERE kind = 'digest' ORDER BY part")
        assert states[0] == ("pending", 1)
        assert asked(bot, "SELECT state, lease_token FROM updates") == [("pending", None)]
        bot.sandbox.clear_faults()
        bot.start()
        began = time.monotonic()
        bot.wait_for(lambda: bot.sandbox.texts(CHANNEL_ID) and bot.sandbox.texts(PERSON_ID))
        assert time.monotonic() - began < 45


def test_a_locked_database_keeps_no_stop_waiting(tmp_path: Path) -> None:
    with running_bot(tmp_path, documents=[SAMPLE]) as bot:
        bot.wait_for(lambda: "digestbot runs" in bot.logged())
        file = bot.folder / "data" / "digestbot.sqlite3"
        with contextlib.closing(sqlite3.connect(file, timeout=20, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            bot.sandbox.person(PERSON_ID, "send_text", chat_id=PERSON_ID, text="/help")
            time.sleep(3)
            assert seconds_to_stop(bot) < LONGEST_STOP
            other.execute("ROLLBACK")
        assert "left to its leases" in bot.logged()
        bot.start()
        bot.wait_for(lambda: bot.sandbox.texts(PERSON_ID))
