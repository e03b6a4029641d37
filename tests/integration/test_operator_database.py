"""`digestbot db …` and `digestbot check` as an operator runs them, with everything wrong that can be: one
clear line that says what, where and how to mend, the right exit code, no traceback, nothing made or lost."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from databases import SERVER, postgres_database, postgres_missing
from deliveries import NOW

PASSWORD = "geheim-genug"
REFUSED = "postgresql+psycopg://bot:geheim-genug@127.0.0.1:1/none"


class Operator:
    """Runs digestbot in a folder of their own; what came of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "data" / "digestbot.sqlite3"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DIGESTBOT_")}
        (folder / "digestbot.toml").touch()
        self.environment = kept | {
            "DIGESTBOT_CONFIG": str(folder / "digestbot.toml"),
            "DIGESTBOT_DATA_DIR": str(folder / "data"),
        }

    def run(self, *words: str, url: str | None = None) -> tuple[int, str, str]:
        """Exit code, standard output, standard error."""
        given = {} if url is None else {"DIGESTBOT_DATABASE_URL": url}
        done = subprocess.run(
            [sys.executable, "-m", "digestbot", *words],
            cwd=self.folder,
            env=self.environment | given,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert "Traceback" not in done.stderr
        assert PASSWORD not in done.stdout + done.stderr
        return done.returncode, done.stdout, done.stderr

    def refused(self, *words: str, url: str | None = None) -> str:
        """The one line that a command which cannot be done says."""
        code, said, complained = self.run(*words, url=url)
        assert code == 1
        (line,) = (said + complained).splitlines()
        assert line.startswith("digestbot: ") or words == ("db", "check")
        return line

    def done(self, *words: str, url: str | None = None) -> str:
        code, said, complained = self.run(*words, url=url)
        assert (code, complained) == (0, "")
        return said

    def fill(self) -> None:
        """A database with a chat in it."""
        self.done("db", "upgrade")
        with closing(sqlite3.connect(self.database)) as database:
            database.execute(
                "INSERT INTO chats (id, type, settings, active, created, last_seen)"
                " VALUES (7, 'private', '{}', 1, ?, ?)",
                (str(NOW)[:19], str(NOW)[:19]),
            )
            database.commit()

    def chats(self) -> list[int]:
        with closing(sqlite3.connect(self.database)) as database:
            return [number for (number,) in database.execute("SELECT id FROM chats")]


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path)


@pytest.fixture
def postgres() -> Iterator[str]:
    with postgres_database() as url:
        yield url


WRONG = {
    "no address": ("garbage", "sqlite:////path/to/file"),
    "no such database": ("mysql://root@127.0.0.1/x", "mysql"),
    "no port": ("postgresql+psycopg://bot@127.0.0.1:door/x", "postgresql+psycopg://user@host/name"),
    "nobody there": (REFUSED, "127.0.0.1:1/none cannot be reached"),
    "no such host": (
        "postgresql+psycopg://bot:geheim-genug@nohost.invalid/x",
        "nohost.invalid/x cannot be reached",
    ),
    "under a file": ("sqlite:////dev/null/x.sqlite3", "/dev/null/x.sqlite3"),
    "a folder": ("sqlite:////dev", "/dev"),
}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("words", ["upgrade", "check"])
def test_a_wrong_address_is_told_in_one_line(operator: Operator, wrong: str, words: str) -> None:
    url, told = WRONG[wrong]
    assert told in operator.refused("db", words, url=url)


def test_a_database_out_of_reach_is_neither_saved_nor_filled(operator: Operator) -> None:
    operator.fill()
    operator.done("db", "backup", "good.sqlite3")
    for words in ("backup new.sqlite3", "restore good.sqlite3", "copy-to sqlite:///new.sqlite3"):
        assert "127.0.0.1:1/none cannot be reached" in operator.refused("db", *words.split(), url=REFUSED)
    assert {path.name for path in operator.folder.iterdir()} == {"data", "digestbot.toml", "good.sqlite3"}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_target_is_told_in_one_line_and_nothing_is_lost(operator: Operator, wrong: str) -> None:
    operator.fill()
    url, told = WRONG[wrong]
    assert told in operator.refused("db", "copy-to", url)
    assert operator.chats() == [7]


@pytest.mark.parametrize("wrong", WRONG)
def test_check_and_run_tell_a_wrong_address_too(operator: Operator, wrong: str) -> None:
    url, told = WRONG[wrong]
    operator.environment["DIGESTBOT_TELEGRAM_TOKEN"] = "123456789:AAaaBBbbCCccDDddEEeeFFffGGggHHhhIIi"
    operator.environment["DIGESTBOT_TELEGRAM_API_URL"] = "http://127.0.0.1:1"
    assert told in operator.refused("run", url=url)
    code, said, complained = operator.run("check", url=url)
    assert (code, complained) == (1, "")
    (line,) = (line for line in said.splitlines() if "database: " in line)
    assert line.startswith("FAIL")
    assert told in line


@pytest.mark.parametrize("words", ["db check", "db backup new.sqlite3", "db copy-to sqlite:///new.sqlite3"])
def test_what_only_reads_makes_no_database(operator: Operator, words: str) -> None:
    assert "digestbot db upgrade" in operator.refused(*words.split())
    assert "there is no database yet" in operator.run("check")[1]
    assert [path.name for path in operator.folder.iterdir()] == ["digestbot.toml"]


@pytest.mark.parametrize(
    "content", [b"", b"\x00" * 5_000, b"not a database at all " * 400, b"SQLite format 3\x00" + b"x" * 5_000]
)
def test_a_file_that_is_no_database_is_told_and_left_as_it_is(operator: Operator, content: bytes) -> None:
    junk = operator.folder / "junk.sqlite3"
    junk.write_bytes(content)
    assert str(junk) in operator.refused("db", "restore", str(junk))
    assert not operator.database.exists()
    if content:
        operator.refused("db", "check", url=f"sqlite:///{junk}")
        assert str(junk) in operator.refused("db", "upgrade", url=f"sqlite:///{junk}")
    assert junk.read_bytes() == content
    assert {path.name for path in operator.folder.iterdir()} == {"digestbot.toml", "junk.sqlite3"}


def test_files_in_the_wrong_place_are_told(operator: Operator) -> None:
    operator.fill()
    assert "missing.sqlite3: no such file" in operator.refused("db", "restore", "missing.sqlite3")
    assert "data: no such file" in operator.refused("db", "restore", "data")
    assert "name another place" in operator.refused("db", "backup", "/dev/null/new.sqlite3")
    assert "/proc/" in operator.refused("db", "backup", "/proc/new.sqlite3")
    assert "is there already" in operator.refused("db", "backup", str(operator.database))
    assert operator.chats() == [7]


def test_a_backup_is_only_read_and_restored_into_an_empty_database_alone(operator: Operator) -> None:
    operator.fill()
    assert operator.done("db", "backup", "kept.sqlite3").startswith("kept.sqlite3: 1 rows in 1 tables")
    kept = operator.folder / "kept.sqlite3"
    content = kept.read_bytes()
    assert "holds rows already (in chats)" in operator.refused("db", "restore", "kept.sqlite3")
    assert "holds rows already" in operator.refused("db", "copy-to", f"sqlite:///{operator.database}")
    operator.database.unlink()
    kept.chmod(0o400)
    assert operator.done("db", "restore", "kept.sqlite3").startswith("restored 1 rows")
    assert operator.chats() == [7]
    assert kept.read_bytes() == content
    assert not list(operator.folder.glob("kept.sqlite3-*"))


def test_the_file_of_a_bot_that_was_killed_is_restored_with_what_its_log_holds(operator: Operator) -> None:
    operator.fill()
    dead = operator.folder / "dead"
    with closing(sqlite3.connect(operator.database)) as database:
        database.execute("UPDATE chats SET title = 'in the log'")
        database.commit()
        dead.mkdir()
        for path in operator.database.parent.iterdir():
            (dead / path.name).write_bytes(path.read_bytes())
    assert (dead / "digestbot.sqlite3-wal").stat().st_size
    operator.database.unlink()
    operator.done("db", "restore", "dead/digestbot.sqlite3")
    with closing(sqlite3.connect(operator.database)) as database:
        assert database.execute("SELECT title FROM chats").fetchall() == [("in the log",)]


def test_a_newer_schema_is_not_touched(operator: Operator) -> None:
    operator.fill()
    operator.done("db", "backup", "newer.sqlite3")
    for file in (operator.database, operator.folder / "newer.sqlite3"):
        with closing(sqlite3.connect(file)) as database:
            database.execute("UPDATE alembic_version SET version_num = '9999'")
            database.commit()
    for words in (
        "upgrade",
        "check",
        "backup more.sqlite3",
        "copy-to sqlite:///more.sqlite3",
        "restore newer.sqlite3",
    ):
        assert "made by a newer digestbot" in operator.refused("db", *words.split())
    assert operator.chats() == [7]


@pytest.mark.postgres
def test_postgresql_says_what_is_wrong_too(operator: Operator, postgres: str) -> None:
    operator.fill()
    server, _, name = postgres.rpartition("/")
    assert 'database "none_such" does not exist' in operator.refused("db", "check", url=f"{server}/none_such")
    stranger = postgres.replace("://", "://none_such:geheim-genug@", 1).replace("@postgres@", "@", 1)
    line = operator.refused("db", "upgrade", url=stranger)
    assert "the user and the password are right" in line
    assert operator.done("db", "copy-to", postgres).startswith("copied 1 rows")
    assert "holds rows already" in operator.refused("db", "copy-to", postgres)
    assert operator.done("db", "check", url=postgres) == "the database is up to date\n"
    assert "1 rows" in operator.done("db", "backup", "from-postgres.sqlite3", url=postgres)
    with psycopg.connect(postgres.replace("+psycopg", "", 1), autocommit=True) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    assert name in (line := operator.refused("db", "upgrade", url=postgres))
    assert "made by a newer digestbot" in line


@pytest.mark.postgres
@pytest.mark.skipif(postgres_missing() is not None, reason="no PostgreSQL answers")
def test_a_user_without_rights_is_told_which(operator: Operator, postgres: str) -> None:
    role = f"reader_{postgres.rpartition('_')[2]}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f'CREATE ROLE "{role}" LOGIN'.encode())
    try:
        theirs = f"postgresql+psycopg://{role}:{PASSWORD}@{postgres.rpartition('@')[2]}"
        assert "GRANT ALL ON SCHEMA public" in operator.refused("db", "upgrade", url=theirs)
    finally:
        with psycopg.connect(SERVER, autocommit=True) as server:
            server.execute(f'DROP ROLE "{role}"'.encode())
