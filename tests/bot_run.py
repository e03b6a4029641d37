"""The real `digestbot run`, a process of its own, in a sandbox; for acceptance tests.

with running_bot(folder, documents=[SAMPLE]) as bot:
    answer = bot.ask("/digest")
    bot.press(answer, "Conditions")
    bot.kill(), bot.start()
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from digestbot.sandbox.bot_process import Channel, configuration, environment
from digestbot.sandbox.moment import ZONE, moment_at
from digestbot.sandbox.world import CHANNEL_ID, PERSON_ID
from sandbox_process import Sandbox, running_sandbox

Json = dict[str, Any]
ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "seeds" / "pakistan-gaza-stabilisation-force.txt"
PATIENCE = 90.0
"""Seconds after which what has not come will not come; far above what a slow machine needs."""
SETTLED = 60.0
"""Seconds that a document seems to have lain in its folder: no longer being written."""
POST_AFTER = timedelta(seconds=6)
"""When the channel's digest is due, from the preparation of the bot on; and again a minute later, for a bot
whose start took longer (without news, nothing is posted then)."""
UNHINDERED = {"DIGESTBOT_TELEGRAM_CHAT_RATE": "100", "DIGESTBOT_TELEGRAM_GROUP_RATE": "6000"}
"""Telegram's pace would make the tests wait; what it is kept for is tested elsewhere."""


class BotRun:
    """A bot with its data in `folder`, started and ended at will; what is said to it, and what it answers."""

    def __init__(self, sandbox: Sandbox, folder: Path, *, scheduled: bool = False, **more: str) -> None:
        self.sandbox = sandbox
        self.folder = folder
        self.documents = folder / "press"
        self.documents.mkdir()
        self.log = folder / "bot.log"
        self.log.touch()
        subscriptions = folder / "feeds.opml"  # not there: no feeds
        moment = moment_at(datetime.now(UTC) + POST_AFTER)
        config = folder / "digestbot.toml"
        channel = Channel(CHANNEL_ID, moment.wall_times(2), ZONE)
        config.write_text(
            configuration(channel, subscriptions=subscriptions, networks=[]) if scheduled else "", "utf-8"
        )
        self.environment = UNHINDERED | more
        self.environment |= environment(
            os.environ,
            api_url=sandbox.api_url,
            token=sandbox.token,
            data_dir=folder / "data",
            folders=[self.documents],
            config=config,
            zones=moment.install(folder / "zones"),
            admin=PERSON_ID,
        )
        self.environment |= more
        self.process: subprocess.Popen[bytes] | None = None

    def add(self, document: Path) -> None:
        """Put a document into the watched folder; it is read when the bot starts, or looks again."""
        copy = Path(shutil.copyfile(document, self.documents / document.name))
        written = time.time() - SETTLED
        os.utime(copy, (written, written))

    # --- the process ---------------------------------------------------------------------------------

    def start(self) -> None:
        """Start it; returns at once. Its log goes on in the same file."""
        with self.log.open("ab") as sink:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "digestbot", "run"],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                start_new_session=True,
            )

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and wait for its end; the exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def restart(self, number: signal.Signals) -> None:
        """End it with a signal and start it anew."""
        self.end(number)
        self.start()

    @property
    def runs(self) -> bool:
        """Whether it is there."""
        return self.process is not None and self.process.poll() is None

    def logged(self) -> str:
        """Everything it has written to standard output and error."""
        return self.log.read_text(encoding="utf-8")

    def wait_for(self, condition: Any) -> Any:
        """Ask until the condition gives something; fails early, with the log, where the bot is gone."""

        def found() -> Any:
            assert self.runs, f"the bot ended:\n{self.logged()[-2000:]}"
            return condition()

        return self.sandbox.wait_for(found, seconds=PATIENCE)

    # --- the conversation ----------------------------------------------------------------------------

    def ask(self, text: str, *, chat: int = PERSON_ID, reply_to: int | None = None) -> Json:
        """Write, and take the first new message of the bot: a Message as it now stands."""
        before = len(self.sandbox.ledger(chat))
        self.sandbox.person(PERSON_ID, "send_text", chat_id=chat, text=text, reply_to=reply_to)
        return self.answer(chat, before)

    def answer(self, chat: int, before: int) -> Json:
        """The message that the first entry of the chat's ledger after `before` is about."""
        entry = self.wait_for(lambda: self.sandbox.ledger(chat)[before:])[0]
        return next(
            message for message in self.sandbox.messages(chat) if message["message_id"] == entry["message_id"]
        )

    def press(self, message: Json, button: str) -> Json:
        """Press the button of that label; the message that was sent or edited for it."""
        chat = message["chat"]["id"]
        before = len(self.sandbox.ledger(chat))
        answered = self.sandbox.person(
            PERSON_ID,
            "press",
            chat_id=chat,
            message_id=message["message_id"],
            data=buttons(message)[button],
            seconds=PATIENCE,
        )
        assert answered["answered"]
        return self.answer(chat, before)


def buttons(message: Json) -> dict[str, str]:
    """Label and callback data of a message's buttons."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return {button["text"]: button["callback_data"] for row in rows for button in row}


@contextlib.contextmanager
def running_bot(
    folder: Path, *, documents: Sequence[Path] = (), scheduled: bool = False, **more: str
) -> Iterator[BotRun]:
    """A bot that runs, in a sandbox of its own. `scheduled`: its channel gets a digest soon after the start.
    `more`: variables of its environment."""
    with running_sandbox() as sandbox:
        bot = BotRun(sandbox, folder, scheduled=scheduled, **more)
        for document in documents:
            bot.add(document)
        bot.start()
        try:
            yield bot
        finally:
            if bot.runs:
                bot.end(signal.SIGKILL)
