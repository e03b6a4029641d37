"""`digestbot demo`: the sandbox with the real bot in it, on this machine alone.

samples, folders ─► a temporary folder: documents, configuration, zone
a world (private chat, group, channel) ─► server on 127.0.0.1: Bot API, chat page, sample publishers
`digestbot run`, unchanged, in its own process ─► reads, posts to the channel ─► page, and this terminal
Ctrl-C ─► bot, server, folder: all gone
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import shutil
import signal
import socket
import sys
import tempfile
import time
import webbrowser
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from digestbot.sandbox import press
from digestbot.sandbox.bot_process import BotProcess, Channel, configuration, environment
from digestbot.sandbox.moment import EAST, EAST_HOURS, ZONE, moment_at
from digestbot.sandbox.page_api import page_routes
from digestbot.sandbox.people import Person
from digestbot.sandbox.press import press_routes
from digestbot.sandbox.server import HOST, SandboxServer, create_app, listening_socket
from digestbot.sandbox.world import CHANNEL_ID, PERSON_ID, EventKind, Subscription, sample_world

PORT = 8080
"""Port of the chat page, where it is free and no other is asked for."""
FIRST_DIGEST = timedelta(seconds=7)
"""How long after its start the bot's first digest is due: time to start and to read the samples, and short
enough for the digest to be there within ten seconds."""
WRITTEN_BEFORE = 60.0
"""Seconds that the samples' copies seem to have lain in their folder."""
EAST_ID = CHANNEL_ID - 1
EAST_TITLE = "Karachi digest"
"""A second channel: in another zone and another language."""
LATER_DIGESTS = 3
"""Minutes in which the channel is due again after that, so that what is read late is posted too (no post
without news)."""


class DemoFailed(Exception):
    """The demo cannot go on; the text says why and what to do."""


async def run_demo(
    folders: Sequence[Path], *, port: int | None, open_browser: bool, keep: Path | None
) -> int:
    """Run until Ctrl-C (or SIGTERM); returns the exit code.

    `folders` are read beside the samples. `port`: of the page; None takes PORT, or a free one where that is
    taken.
    `keep`: the folder for the bot's data, which then stays; None takes one that is removed at the end.
    """
    try:
        with _listening(port) as listener, _data_folder(keep) as data_dir:
            await _Demo(listener, data_dir, _readable(folders)).run(open_browser=open_browser)
    except DemoFailed as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    return 0


class _Server(SandboxServer):
    """A server that leaves signals to the demo."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.contextmanager
def _listening(port: int | None) -> Iterator[socket.socket]:
    """A socket for the page. Raises DemoFailed where the port asked for is taken."""
    try:
        listener = listening_socket(PORT if port is None else port)
    except OSError as error:
        if port is not None:
            raise DemoFailed(
                f"Port {port} cannot be used: {error.strerror}. Leave --port out, and a free one is taken."
            ) from error
        listener = listening_socket(0)
    with listener:
        yield listener


@contextlib.contextmanager
def _data_folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        try:
            keep.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DemoFailed(f"{keep}: cannot be made a folder: {error.strerror}.") from error
        yield keep.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="digestbot-demo-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _readable(folders: Sequence[Path]) -> list[Path]:
    for folder in folders:
        if not folder.is_dir():
            raise DemoFailed(f"{folder}: no such folder.")
        if not os.access(folder, os.R_OK | os.X_OK):
            raise DemoFailed(f"{folder}: may not be read.")
    return [folder.absolute() for folder in folders]


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _why(ended: asyncio.Task[int], bot: BotProcess) -> str:
    """Why the demo is over though nobody ended it."""
    if not ended.done():
        return "The sandbox's server ended by itself."
    return f"The bot ended by itself with code {ended.result()}. The end of its log:\n{bot.last_words()}"


def _samples() -> list[Path]:
    """The sample documents of the checkout this runs in; none where digestbot was installed without one."""
    for root in (Path.cwd(), Path(__file__).parents[3]):
        if (root / "seeds").is_dir():
            return sorted(file for file in (root / "seeds").iterdir() if file.is_file())
    return []


class _Demo:
    """One run of the demo: the sandbox's server, the bot's process, and what the terminal says."""

    def __init__(self, listener: socket.socket, data_dir: Path, folders: Sequence[Path]) -> None:
        self._listener = listener
        self._data_dir = data_dir
        self._folders = folders
        self._address = f"http://{HOST}:{listener.getsockname()[1]}"
        self._world = sample_world()
        self._world.add_chat(EAST_ID, "channel", EAST_TITLE, owner_id=PERSON_ID, bot_status="administrator")
        # Not the default one: other sites in the reader's browser must not be able to guess it.
        self._token = f"{self._world.bot_id}:{secrets.token_urlsafe(24)}"
        self._over = asyncio.Event()

    async def run(self, *, open_browser: bool) -> None:
        """Until a signal. Raises DemoFailed where the bot or the server ends by itself."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._over.set)
        server = self._server()
        serving = asyncio.create_task(server.serve(sockets=[self._listener]))
        try:
            await self._serve_and_run(serving, open_browser=open_browser)
        finally:
            server.should_exit = True
            await serving
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)

    def _server(self) -> _Server:
        person = Person(self._world, PERSON_ID)
        pages = [*page_routes(self._world, person), *press_routes(datetime.now(UTC))]
        app = create_app(self._world, token=self._token, control=False, routes=pages)
        return _Server(app, self._listener.getsockname()[1], log_level="error")

    async def _serve_and_run(self, serving: asyncio.Task[None], *, open_browser: bool) -> None:
        started = time.monotonic()
        with self._world.subscribe() as news:
            bot = await self._start_bot()
            _say(f"The chat page: {self._address}")
            _say("The bot starts and reads; its first digest comes in some seconds. Ctrl-C ends the demo.")
            if open_browser:
                webbrowser.open(self._address)
            watching = asyncio.create_task(self._show_posts(news, started))
            over = asyncio.create_task(self._over.wait())
            ended = asyncio.create_task(bot.ended())
            try:
                await asyncio.wait({over, ended, serving}, return_when=asyncio.FIRST_COMPLETED)
                if not self._over.is_set():
                    raise DemoFailed(_why(ended, bot))
            finally:
                await bot.stop()
                for task in (watching, over, ended):
                    task.cancel()
                await asyncio.gather(watching, over, ended, return_exceptions=True)

    async def _start_bot(self) -> BotProcess:
        documents = self._data_dir / "samples"
        documents.mkdir(exist_ok=True)
        for sample in _samples():
            # A copy is new, as a document that has just come in: an old file would be taken for archive. Yet
            # it must not look as if it were still being written, which a source leaves for its next look.
            copy = Path(shutil.copyfile(sample, documents / sample.name))
            written = time.time() - WRITTEN_BEFORE
            os.utime(copy, (written, written))
        subscriptions = self._data_dir / "feeds.opml"
        subscriptions.write_text(press.opml(self._address), encoding="utf-8")
        first = moment_at(datetime.now(UTC) + FIRST_DIGEST)
        channel = Channel(CHANNEL_ID, first.wall_times(1 + LATER_DIGESTS), ZONE)
        times = first.wall_times(1 + LATER_DIGESTS, EAST_HOURS)
        eastern = Channel(EAST_ID, times, EAST, "ur", f"کراچی · UTC+{EAST_HOURS} · {times[0]}")
        config = self._data_dir / "demo.toml"
        config.write_text(
            configuration(channel, eastern, subscriptions=subscriptions, networks=["127.0.0.0/8"]),
            encoding="utf-8",
        )
        variables = environment(
            os.environ,
            api_url=self._address,
            token=self._token,
            data_dir=self._data_dir / "data",
            folders=[documents, *self._folders],
            config=config,
            zones=first.install(self._data_dir / "zones"),
            admin=PERSON_ID,
        )
        return await BotProcess.start(variables, cwd=self._data_dir, log=self._data_dir / "bot.log")

    async def _show_posts(self, news: Subscription, started: float) -> None:
        """Print what the bot posts to the channel."""
        async for event in news:
            if event.kind is not EventKind.MESSAGE or event.chat_id != CHANNEL_ID or event.message is None:
                continue
            text = event.message.get("text") or event.message.get("caption")
            if text:
                rule = "─" * min(72, shutil.get_terminal_size().columns)
                passed = time.monotonic() - started
                _say(f"{rule}\nPosted to the channel after {passed:.1f} s:\n\n{text}\n{rule}")
