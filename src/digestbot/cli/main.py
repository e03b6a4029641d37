"""The table of commands and what all of them share."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from digestbot import __version__
from digestbot.cli import database, documents, quality, service, sources
from digestbot.errors import DigestbotError

cli = typer.Typer(
    name="digestbot",
    help="Daily geopolitical digests in Telegram: verbatim sentences, conditions and actors.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

for group, command in (
    ("The bot", service.run),
    ("The bot", service.demo),
    ("The bot", service.check),
    ("Documents", documents.digest),
    ("Documents", documents.analyze),
    ("Documents", documents.explain),
    ("Documents", documents.ingest),
    ("Quality", quality.evaluate),
):
    cli.command(rich_help_panel=group)(command)
cli.add_typer(sources.cli, name="sources", rich_help_panel="Documents")
cli.add_typer(database.cli, name="db", rich_help_panel="The bot")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"digestbot {__version__}")
        raise typer.Exit


@cli.callback()
def options(
    context: typer.Context,
    config: Annotated[
        Path | None, typer.Option(help="Configuration file instead of config/digestbot.toml.", metavar="FILE")
    ] = None,
    _version: Annotated[
        bool | None, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = None,
) -> None:
    """Daily geopolitical digests in Telegram: verbatim sentences, conditions and actors."""
    context.obj = config


def main() -> None:
    """Run the command line; every error of ours is one clear message and exit code 1."""
    try:
        cli()
    except DigestbotError as error:
        for line in error.message.splitlines():
            print(f"digestbot: {line}", file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:  # the reader of our output, such as head, has gone
        sys.stderr.close()
        sys.exit(1)
