"""`run`, `demo` and `check`: the bot itself."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from digestbot.cli.shared import settings_of, stderr

FIRST_STEPS = """\
digestbot needs a bot token: in Telegram, write /newbot to @BotFather, who asks for a name and gives you one.
Then start it with the token: DIGESTBOT_TELEGRAM_TOKEN=123456789:AbC… digestbot run
Or try everything first without a token, on this machine: digestbot demo\
"""


def run(context: typer.Context) -> None:
    """Run the bot until Ctrl-C or SIGTERM."""
    from digestbot import app

    settings = settings_of(context)
    if settings.telegram.token is None:
        stderr.print(FIRST_STEPS, markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1)
    raise typer.Exit(asyncio.run(app.run(settings)))


def demo(
    folders: Annotated[
        list[Path] | None, typer.Argument(metavar="[FOLDER]…", help="Folders to read, beside the samples.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="Port of the chat page; default: 8080, or a free one.")
    ] = None,
    browse: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in a browser.")] = False,
    keep: Annotated[Path | None, typer.Option(help="Keep the data in this folder.", metavar="DIR")] = None,
) -> None:
    """A chat page on this machine with the real bot in it: no token, no internet."""
    from digestbot.sandbox.demo import run_demo

    raise typer.Exit(asyncio.run(run_demo(folders or [], port=port, open_browser=browse, keep=keep)))


def check(context: typer.Context) -> None:
    """Verify configuration, database, token, channels and sources; say how to mend what is wrong."""
    from digestbot import app

    settings = settings_of(context)
    findings = asyncio.run(app.check(settings))
    for finding in findings:
        mark = "ok  " if finding.ok else "FAIL"
        print(f"{mark}  {finding.what}: {finding.said}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)
