"""The real `digestbot run` to which updates are brought: a webhook on a free port; for acceptance tests."""

from __future__ import annotations

import contextlib
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

from bot_run import BotRun
from sandbox_process import Sandbox

SECRET = "A_secret-of_ours"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
PREFIX = "/bots/desk/telegram"
"""A path behind a proxy that passes it on as it is."""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def hooked(sandbox: Sandbox, folder: Path, port: int, *, url_port: int | None = None, **more: str) -> BotRun:
    """A bot that serves on `port`, and has updates brought to `url_port` (by default the same)."""
    return BotRun(
        sandbox,
        folder,
        DIGESTBOT_TELEGRAM_MODE="webhook",
        DIGESTBOT_TELEGRAM_WEBHOOK_URL=f"http://127.0.0.1:{url_port or port}{PREFIX}",
        DIGESTBOT_TELEGRAM_WEBHOOK_SECRET=SECRET,
        DIGESTBOT_SERVER_PORT=str(port),
        DIGESTBOT_ACCESS_PER_MINUTE="1000",
        **more,
    )


@contextlib.contextmanager
def running(*bots: BotRun) -> Iterator[None]:
    for bot in bots:
        bot.start()
    try:
        for bot in bots:
            bot.wait_for(lambda bot=bot: "digestbot runs" in bot.logged())
        bots[0].wait_for(lambda: bots[0].sandbox.result("getWebhookInfo")["url"])
        yield
    finally:
        for bot in bots:
            if bot.runs:
                bot.end(signal.SIGKILL)


def port_of(bot: BotRun) -> int:
    """Where it serves."""
    return int(bot.environment["DIGESTBOT_SERVER_PORT"])
