"""Faults below the bot: disk full, database locked or restarted, clock set. Nothing is lost."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from bot_run import SAMPLE, BotRun, running_bot
from databases import postgres_missing
from digestbot.sandbox.world import CHANNEL_ID, PERSON_ID
from digestbot.storage.engine import Store, create_engine
from digestbot.storage.tables import deliveries
from ledger_server import ledger_server

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
FULL = 24 * 1024 * 1024
"""Bytes of the small file system a bot's data lie in."""


def posts(bot: BotRun) -> list[str]:
    """The digest's parts in the channel."""
    return bot.sandbox.texts(CHANNEL_ID)


def database(bot: BotRun) -> sqlite3.Connection:
    return sqlite3.connect(bot.folder / "data" / "digestbot.sqlite3", timeout=20, isolation_level=None)


def is_ready(bot: BotRun) -> bool:
    """Whether it runs, knows when its channel is due, and has read the sample."""
    if "digestbot runs" not in bot.logged():
        return False
    with contextlib.closing(database(bot)) as opened:
        return all(
            opened.execute(f"SELECT 1 FROM {table}").fetchall() for table in ("schedules", "documents")
        )


def states(bot: BotRun) -> list[tuple[str, int]]:
    with contextlib.closing(database(bot)) as opened:
        return [
            tuple(row)
            for row in opened.execute("SELECT state, uncertain FROM deliveries WHERE kind = 'digest'")
        ]


# --- the database is locked --------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [8, 40])
def test_a_locked_database_delays_the_digest(tmp_path: Path, seconds: int) -> None:
    """A backup program that holds the file: shorter, and longer than SQLite waits for a lock (30 s)."""
    with running_bot(tmp_path, documents=[SAMPLE], scheduled=True) as bot:
        bot.wait_for(lambda: is_ready(bot))
        with contextlib.closing(database(bot)) as other:
            other.execute("BEGIN IMMEDIATE")
            time.sleep(seconds)
            assert bot.runs
            assert posts(bot) == []
            other.execute("ROLLBACK")
        bot.wait_for(lambda: posts(bot))
        bot.wait_for(lambda: {state for state, _ in states(bot)} == {"sent"})
        assert len(posts(bot)) == len(states(bot))
        assert "Pakistan" in bot.ask("/actors Pakistan")["text"]


# --- the disk is full --------------------------------------------------------------------------------------


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A file system of a few megabytes at `folder`; skips where this user may not mount one."""
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={FULL}", "tmpfs", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"no small file system can be mounted here: {mounted.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(disk: Path) -> Path:
    """Leave no room on it; the file that takes it."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"\0" * 4096)
    return filler


def test_a_full_disk_delays_the_digest_until_there_is_room(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with small_disk(disk), running_bot(disk, documents=[SAMPLE], scheduled=True) as bot:
        bot.wait_for(lambda: is_ready(bot))
        filler = fill(disk)
        time.sleep(15)
        assert bot.runs
        filler.unlink()
        bot.wait_for(lambda: posts(bot))
        bot.wait_for(lambda: {state for state, _ in states(bot)} == {"sent"})
        assert len(posts(bot)) <= len(states(bot)) + sum(uncertain for _, uncertain in states(bot))
        assert "Pakistan" in bot.ask("/actors Pakistan")["text"]
        with contextlib.closing(database(bot)) as opened:
            assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)


# --- the clock is set --------------------------------------------------------------------------------------


class Clock:
    """The wall clock of a bot's process."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "clock"
        self.file.write_text("0")

    @property
    def variables(self) -> dict[str, str]:
        path = [str(HERE / "clock"), *filter(None, [os.environ.get("PYTHONPATH")])]
        return {"DIGESTBOT_CLOCK_FILE": str(self.file), "PYTHONPATH": os.pathsep.join(path)}

    def jump(self, seconds: float) -> None:
        self.file.write_text(str(seconds))
        time.sleep(0.2)


def test_a_clock_that_jumps_ahead_makes_the_digest_late_and_not_lost(tmp_path: Path) -> None:
    clock = Clock(tmp_path)
    with running_bot(tmp_path, documents=[SAMPLE], scheduled=True, **clock.variables) as bot:
        bot.wait_for(lambda: is_ready(bot))
        clock.jump(3600)
        bot.wait_for(lambda: posts(bot))
        bot.wait_for(lambda: {state for state, _ in states(bot)} == {"sent"})
        first = len(posts(bot))
        assert first == len(states(bot))
        with contextlib.closing(database(bot)) as opened:  # the bot's clock did jump
            (claimed,) = opened.execute("SELECT max(claimed) FROM slots").fetchone()
        assert datetime.fromisoformat(claimed).replace(tzinfo=UTC) > datetime.now(UTC) + timedelta(minutes=50)
        clock.jump(0)  # and back: what was posted is not posted again
        assert "Pakistan" in bot.ask("/actors Pakistan")["text"]
        time.sleep(8)
        assert len(posts(bot)) == first


def test_a_clock_that_jumps_back_repeats_no_digest_and_holds_up_no_answer(tmp_path: Path) -> None:
    clock = Clock(tmp_path)
    with running_bot(tmp_path, documents=[SAMPLE], scheduled=True, **clock.variables) as bot:
        bot.wait_for(lambda: posts(bot))
        bot.wait_for(lambda: {state for state, _ in states(bot)} == {"sent"})
        first = len(posts(bot))
        clock.jump(-3600)
        assert "Pakistan" in bot.ask("/actors Pakistan")["text"]
        later = datetime.now(UTC) - timedelta(hours=1) + timedelta(minutes=2)
        answer = bot.ask(f"/subscribe {later.astimezone(ZoneInfo('Asia/Karachi')):%H:%M} Asia/Karachi")
        assert "Asia/Karachi" in answer["text"]
        known = len(bot.sandbox.texts(PERSON_ID))
        bot.sandbox.wait_for(lambda: len(bot.sandbox.texts(PERSON_ID)) > known, seconds=180)
        # What was read before is an hour ahead of this clock: it comes with the next digest.
        assert "no document came in" in bot.sandbox.texts(PERSON_ID)[known]
        assert len(posts(bot)) == first


# --- PostgreSQL is restarted -------------------------------------------------------------------------------


class Cluster:
    """A PostgreSQL cluster of the test's own, in `folder`, which its user must be able to reach."""

    def __init__(self, folder: Path) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
        program = shutil.which("initdb") or (str(found[0]) if found else None)
        if program is None:
            missing = postgres_missing()
            pytest.skip(f"no initdb on this machine{f'; {missing}' if missing else ''}")
        self.programs = Path(program).parent
        self.data = folder / "cluster"
        self.data.mkdir()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"
        if os.getuid() == 0:  # PostgreSQL refuses to run as root
            folder.chmod(0o755)
            shutil.chown(self.data, "postgres", "postgres")
        self.run("initdb", "-D", self.data, "-U", "postgres", "--auth=trust", "--no-sync")

    def run(self, program: str, *arguments: object) -> None:
        become = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
        done = subprocess.run(
            [str(self.programs / program), *map(str, arguments)],
            cwd=self.data,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            **become,
        )
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        self.run("pg_ctl", "-D", self.data, "-l", self.data / "log", "-w", "-o", options, "start")

    def stop(self, mode: str) -> None:
        self.run("pg_ctl", "-D", self.data, "-m", mode, "-w", "stop")


@contextlib.contextmanager
def running_cluster() -> Iterator[Cluster]:
    with tempfile.TemporaryDirectory(prefix="digestbot-cluster-") as folder:
        cluster = Cluster(Path(folder))
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop("immediate")


@pytest.mark.postgres
def test_a_bot_whose_postgresql_is_away_when_a_digest_is_due_posts_it_after(tmp_path: Path) -> None:
    with running_cluster() as cluster:
        away = {"DIGESTBOT_DATABASE_URL": cluster.url}
        with running_bot(tmp_path, documents=[SAMPLE], scheduled=True, **away) as bot:
            bot.wait_for(lambda: "stabilisation" in bot.ask("/actors Pakistan")["text"].casefold())
            cluster.stop("immediate")
            time.sleep(10)
            assert bot.runs
            before = len(posts(bot))
            cluster.start()
            bot.wait_for(lambda: posts(bot))
            assert "Pakistan" in bot.ask("/summary 1")["text"]
            time.sleep(3)
            assert before <= len(posts(bot)) <= 2


@pytest.mark.postgres
@pytest.mark.parametrize("mode", ["fast", "immediate"])
async def test_postgresql_restarted_in_mid_broadcast_loses_nothing(mode: str) -> None:
    """Two replicas send to 400 chats; the server is gone for two seconds, twice (immediate: it crashes)."""
    chats = range(1, 401)
    with running_cluster() as cluster:
        async with ledger_server(latency=0.02) as ledger:
            store = Store(create_engine(cluster.url))
            await store.upgrade()
            minute = datetime.now(UTC).replace(second=0, microsecond=0)
            async with store.begin() as tx:
                for chat_id in chats:
                    await tx.chats.seen(
                        chat_id, type="private", title=None, username=None, language=None, now=minute
                    )
                    await tx.schedules.put(
                        chat_id,
                        local_time=minute.strftime("%H:%M"),
                        zone="UTC",
                        origin="chat",
                        now=minute - timedelta(seconds=1),
                    )
            task = {
                "database": cluster.url,
                "url": ledger.url,
                "rate": 60,
                "parts": 1,
                "lease": 3.0,
                "until_done": True,
            }
            replicas = [
                await asyncio.create_subprocess_exec(
                    sys.executable,
                    str(HERE.parent / "delivery_process.py"),
                    json.dumps(task),
                    stdout=asyncio.subprocess.DEVNULL,
                )
                for _ in range(2)
            ]
            for enough in (60, 160):
                while len(ledger.accepted) < enough:
                    assert all(replica.returncode is None for replica in replicas)
                    await asyncio.sleep(0.02)
                await asyncio.to_thread(cluster.stop, mode)
                await asyncio.sleep(2)
                await asyncio.to_thread(cluster.start)
            for replica in replicas:
                assert await asyncio.wait_for(replica.wait(), 120) == 0
            async with store.read() as tx:
                counted = select(deliveries.c.state, func.count(), func.sum(deliveries.c.uncertain))
                found = (await tx.connection.execute(counted.group_by(deliveries.c.state))).all()
            await store.close()
        accepted = Counter(chat_id for chat_id, _, _ in ledger.accepted)
        assert set(accepted) == set(chats), "something that was due is lost"
        assert [(state, count) for state, count, _ in found] == [("sent", len(chats))]
        assert sum(accepted.values()) - len(chats) <= found[0][2], (
            "more came twice than was recorded as possible"
        )
