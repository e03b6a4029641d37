"""The bot as the demo runs it: the unchanged `digestbot run` in its own process, told all by environment."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

STOP_WITHIN = 10.0
"""Seconds a bot may take to finish what it has begun before it is killed."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel that gets its digest on schedule. `times`: wall times in `zone`, as "07:30"."""

    chat: int | str
    times: Sequence[str]
    zone: str
    locale: str = "en"
    header: str = ""


def configuration(*channels: Channel, subscriptions: Path, networks: Sequence[str]) -> str:
    """The bot's configuration file (TOML). `subscriptions`: an OPML file; `networks` may be fetched from."""
    return "\n".join(
        [
            "# Written by `digestbot demo`.",
            "[sources]",
            f"opml = {_toml(str(subscriptions))}",
            f"allow_networks = {_toml(list(networks))}",
            "",
            *(line for channel in channels for line in _channel(channel)),
        ]
    )


def _channel(channel: Channel) -> list[str]:
    return [
        "[[channels]]",
        f"chat = {_toml(channel.chat)}",
        f"times = {_toml(list(channel.times))}",
        f"zone = {_toml(channel.zone)}",
        f"locale = {_toml(channel.locale)}",
        *([f"header = {_toml(channel.header)}"] if channel.header else []),
        "empty_days = false",
        "",
    ]


def environment(
    inherited: Mapping[str, str],
    *,
    api_url: str,
    token: str,
    data_dir: Path,
    folders: Sequence[Path],
    config: Path,
    zones: str,
    admin: int,
) -> dict[str, str]:
    """The bot's environment: nothing of the reader's own digestbot, so that no demo touches real data."""
    kept = {name: value for name, value in inherited.items() if not name.startswith("DIGESTBOT_")}
    return kept | {
        "PYTHONUNBUFFERED": "1",
        "PYTHONTZPATH": zones,
        "DIGESTBOT_CONFIG": str(config),
        "DIGESTBOT_TELEGRAM_API_URL": api_url,
        "DIGESTBOT_TELEGRAM_TOKEN": token,
        "DIGESTBOT_DATA_DIR": str(data_dir),
        "DIGESTBOT_WATCH_FOLDERS": os.pathsep.join(str(folder) for folder in folders),
        "DIGESTBOT_ADMINS": str(admin),
    }


class BotProcess:
    """A running bot. Its log goes to a file."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self._process = process
        self.log = log

    @classmethod
    async def start(cls, env: Mapping[str, str], *, cwd: Path, log: Path) -> BotProcess:
        """Start `digestbot run` in `cwd`, a folder without settings of its own.

        It gets a session of its own: Ctrl-C in the terminal goes to the demo, which then ends it in order.
        """
        with log.open("ab") as sink:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "digestbot",
                "run",
                cwd=cwd,
                env=dict(env),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                start_new_session=True,
            )
        return cls(process, log)

    async def ended(self) -> int:
        """Its exit code, once it has ended."""
        return await self._process.wait()

    async def stop(self) -> int:
        """End it: asked first, killed if it has not gone within STOP_WITHIN."""
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            return await asyncio.wait_for(self._process.wait(), STOP_WITHIN)
        except TimeoutError:
            self._process.kill()
            return await self._process.wait()

    def last_words(self, lines: int = 12) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


def _toml(value: str | int | Sequence[str]) -> str:
    """A TOML value; JSON's numbers, lists and strings (written out, not escaped) are TOML's too."""
    return json.dumps(value, ensure_ascii=False)
