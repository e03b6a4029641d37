"""What every command needs: the settings, and a console on standard error."""

from __future__ import annotations

from pathlib import Path

import typer
from rich.console import Console

from digestbot.settings import Settings, load_settings

stderr = Console(stderr=True)


def settings_of(context: typer.Context) -> Settings:
    """The settings, from `--config` where it was given. Raises ConfigurationError."""
    root = context.find_root()
    return load_settings(root.obj if isinstance(root.obj, Path) else None)
