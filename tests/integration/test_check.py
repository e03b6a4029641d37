"""`digestbot check`: one thing broken at a time; what, where, how to mend it, and the exit code."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from digestbot.sandbox.world import CHANNEL_ID, GROUP_ID, PERSON_ID
from sandbox_process import Sandbox, running_sandbox

CHANNEL = f"[[channels]]\nchat = {CHANNEL_ID}\n"
GROUP = f"[[channels]]\nchat = {GROUP_ID}\n"
OPML = '<opml version="2.0"><body><outline type="rss" text="x" xmlUrl="{}"/></body></opml>'
HERE = '[sources]\nopml = "feeds.opml"\nallow_networks = "127.0.0.0/8"\n'


class Checked:
    """A configuration in a folder of its own, and what `digestbot check` says of it."""

    def __init__(self, folder: Path, sandbox: Sandbox) -> None:
        self.folder = folder
        self.environment = {name: value for name, value in os.environ.items() if "DIGESTBOT_" not in name} | {
            "DIGESTBOT_DATA_DIR": str(folder / "data"),
            "DIGESTBOT_TELEGRAM_TOKEN": sandbox.token,
            "DIGESTBOT_TELEGRAM_API_URL": sandbox.api_url,
        }

    def run(self, config: str = "", *words: str) -> subprocess.CompletedProcess[str]:
        (self.folder / "digestbot.toml").write_text(config, "utf-8")
        return subprocess.run(
            [sys.executable, "-m", "digestbot", "--config", "digestbot.toml", *(words or ("check",))],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def fails(self, config: str = "") -> str:
        """The one line that says what is wrong; the summary of the sources apart."""
        done = self.run(config)
        assert done.returncode == 1, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        lines = (done.stdout + done.stderr).splitlines()
        (line,) = (
            one for one in lines if one.startswith(("FAIL", "digestbot: ")) and "sources: 0 of" not in one
        )
        return line


@pytest.fixture(scope="module")
def world() -> Iterator[Sandbox]:
    with running_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def checked(tmp_path: Path, world: Sandbox) -> Checked:
    return Checked(tmp_path, world)


def test_all_is_well_before_the_first_start_and_nothing_is_made(checked: Checked) -> None:
    done = checked.run(CHANNEL)
    assert (done.returncode, done.stderr) == (0, "")
    assert all(line.startswith("ok ") for line in done.stdout.splitlines())
    assert "the bot may post" in done.stdout
    assert [path.name for path in checked.folder.iterdir()] == ["digestbot.toml"]


BROKEN: dict[str, tuple[dict[str, str], str, tuple[str, ...]]] = {
    "a token Telegram does not know": (
        {"DIGESTBOT_TELEGRAM_TOKEN": "123456789:AAaaBBbbCCccDDddEEeeFFffGGggHHhhIIi"},
        "",
        ("token", "copy it again from @BotFather"),
    ),
    "no token by its shape": (
        {"DIGESTBOT_TELEGRAM_TOKEN": "hello"},
        "",
        ("DIGESTBOT_TELEGRAM_TOKEN", "looks like 123456789:AbC"),
    ),
    "Telegram away": (
        {"DIGESTBOT_TELEGRAM_API_URL": "http://127.0.0.1:9"},
        "",
        ("http://127.0.0.1:9", "DIGESTBOT_TELEGRAM_API_URL is right"),
    ),
    "no such channel": ({}, '[[channels]]\nchat = "@nosuch"\n', ("@nosuch", "add the bot to it")),
    "no such folder": ({}, 'watch_folders = ["/nope/x"]\n', ("/nope/x", "make it")),
    "no such list of feeds": ({}, '[sources]\nopml = "gone.opml"\n', ("gone.opml", "no such file")),
    "a data folder that cannot be made": (
        {"DIGESTBOT_DATA_DIR": "/proc/nope"},
        "",
        ("/proc/nope/digestbot.sqlite3", "cannot be written", "a folder this user may write to"),
    ),
    "a file in the place of the data folder": (
        {"DIGESTBOT_DATA_DIR": __file__},
        "",
        ("cannot be written: Not a directory",),
    ),
    "PostgreSQL away": (
        {"DIGESTBOT_DATABASE_URL": "postgresql+psycopg://bot:a-secret@127.0.0.1:1/x"},
        "",
        ("postgresql+psycopg://bot:***@127.0.0.1:1/x cannot be reached", "see that it runs"),
    ),
    "an unknown setting": ({}, '[telegram]\ntokn = "x"\n', ("telegram.tokn", "did you mean token?")),
    "an unknown section": ({}, "[telegrm]\n", ("telegrm", "did you mean telegram?")),
    "an unknown variable": ({"DIGESTBOT_TELEGRAM_TOKN": "x"}, "", ("did you mean token?",)),
    "a variable of no section": (
        {"DIGESTBOT_SERVR_PORT": "8090"},
        "",
        ("DIGESTBOT_SERVR_PORT", "did you mean DIGESTBOT_SERVER_PORT?"),
    ),
    "a secret's file by a wrong name": (
        {"DIGESTBOT_TELEGRAM_TOKN_FILE": "/run/token"},
        "",
        ("did you mean DIGESTBOT_TELEGRAM_TOKEN_FILE?",),
    ),
    "a slip in the file": ({}, "[telegram\n", ("digestbot.toml", "line 1", "mend that line")),
    "no number": ({}, '[server]\nport = "abc"\n', ("digestbot.toml: server.port", "integer")),
    "a webhook without a port": (
        {},
        '[telegram]\nmode = "webhook"\nwebhook_url = "https://b.example.org/t"\nwebhook_secret = "a_b"\n',
        ("webhook", "DIGESTBOT_SERVER_PORT"),
    ),
}
"""Variables, the configuration file, and what must be said."""


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_told_with_its_place_and_its_mend(checked: Checked, name: str) -> None:
    variables, config, told = BROKEN[name]
    checked.environment |= variables
    line = checked.fails(config)
    for words in told:
        assert words in line
    assert "a-secret" not in line


RIGHTS: dict[str, tuple[str, int, dict[str, Any], str]] = {
    "no right to post": (
        CHANNEL,
        CHANNEL_ID,
        {"status": "administrator", "rights": {"can_post_messages": False}},
        "give it the right to post",
    ),
    "no member": (CHANNEL, CHANNEL_ID, {"status": "left"}, "add it as an administrator"),
    "muted in a group": (
        GROUP,
        GROUP_ID,
        {"status": "restricted", "rights": {"can_send_messages": False}},
        "allow it messages",
    ),
}


@pytest.mark.parametrize("name", RIGHTS)
def test_a_right_that_lacks_in_a_chat_is_told(tmp_path: Path, name: str) -> None:
    config, chat, change, told = RIGHTS[name]
    with running_sandbox() as sandbox:
        sandbox.person(PERSON_ID, "set_bot", chat_id=chat, **change)
        line = Checked(tmp_path, sandbox).fails(config)
    assert str(chat) in line
    assert told in line


async def test_each_feed_is_looked_at(checked: Checked) -> None:
    feeds = checked.folder / "feeds.opml"
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        away = f"http://127.0.0.1:{nobody.getsockname()[1]}/feed"
        for address, told in (
            (away, "cannot be reached"),
            ("https://no-such-host.invalid/feed", "cannot be resolved"),
            (checked.environment["DIGESTBOT_TELEGRAM_API_URL"], "is not there"),
        ):
            feeds.write_text(OPML.format(address))
            line = checked.fails(HERE)
            assert f"feed {address}: " in line
            assert told in line
            assert "correct or remove it in feeds.opml" in line


def test_a_source_of_the_database_is_looked_at_too(checked: Checked) -> None:
    assert checked.run(HERE, "db", "upgrade").returncode == 0
    added = checked.run(HERE, "sources", "add", "--kind", "feed", "http://127.0.0.1:9/feed")
    assert added.returncode == 0, added.stderr
    assert "digestbot sources remove 1" in checked.fails('[sources]\nallow_networks = "127.0.0.0/8"\n')


def test_a_wrong_use_is_exit_code_2(checked: Checked) -> None:
    assert checked.run("", "check", "--nonsense").returncode == 2
    assert checked.run("", "chek").returncode == 2
