"""The settings written out for people: `docs/configuration.md` and the commented `config/digestbot.toml`.

Both are generated (`python scripts/write_reference.py`); a test fails when they are stale.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from digestbot.settings import PREFIX, ChannelSettings, Settings

_CONFIG_HEAD = """\
# digestbot's settings. Every line shows its default; take away the # to change it.
# An environment variable wins over this file: DIGESTBOT_ + table + name, such as DIGESTBOT_TELEGRAM_TOKEN.
# What each one means in full: docs/configuration.md
"""

_CHANNEL_EXAMPLE = """\
# Channels and groups that get their digest on schedule. The bot must be an administrator of a channel,
# with the right to post. One [[channels]] table each:
#
# [[channels]]
# chat = "@my_channel"
# times = ["07:30", "19:00"]
# zone = "Asia/Karachi"
"""

_DOCS_HEAD = """\
# Configuration

digestbot reads its settings from environment variables, then from a file `.env`, then from
`config/digestbot.toml` (another file: `--config FILE` or `DIGESTBOT_CONFIG`). The first place that has a
setting wins. A secret can also be kept in a file of its own: put its path into the variable's name with
`_FILE` at its end. `digestbot check` tells what is wrong and how to mend it. This page is generated from the
settings themselves.
"""


def as_markdown() -> str:
    """The whole of docs/configuration.md."""
    parts = [_DOCS_HEAD]
    for section, model in _sections():
        title = f"`[{section}]`" if section else "General"
        parts.append(f"\n## {title}\n")
        if model.__doc__ and section:
            parts.append(f"\n{model.__doc__.strip().splitlines()[0]}\n")
        parts.append("\n| name | environment | default | meaning |\n| --- | --- | --- | --- |\n")
        for name, field in _fields(model):
            variable = f"{PREFIX}{section + '_' if section else ''}{name}".upper()
            shown = f"`{variable}`" + (", `…_FILE`" if _is_secret(field) else "")
            default = _default(field)
            parts.append(
                f"| `{name}` | {shown} | {f'`{default}`' if default else 'none'} | {_meaning(field)} |\n"
            )
    parts.append(
        "\n## `[[channels]]`\n\nIn the configuration file only; one table for each channel or group.\n"
    )
    parts.append("\n| name | default | meaning |\n| --- | --- | --- |\n")
    for name, field in _fields(ChannelSettings):
        default = "needed" if field.is_required() else (f"`{_default(field)}`" if _default(field) else "none")
        parts.append(f"| `{name}` | {default} | {_meaning(field)} |\n")
    return "".join(parts)


def as_toml() -> str:
    """The whole of config/digestbot.toml: every setting, commented out."""
    parts = [_CONFIG_HEAD]
    for section, model in _sections():
        parts.append(f"\n[{section}]\n" if section else "\n")
        for name, field in _fields(model):
            default = _default(field) or '""'
            parts.append(f"# {_meaning(field)}\n#{name} = {default}\n")
    parts.append(f"\n{_CHANNEL_EXAMPLE}")
    return "".join(parts)


def _sections() -> Iterator[tuple[str, type[BaseModel]]]:
    yield "", Settings
    for name, field in Settings.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield name, field.annotation


def _fields(model: type[BaseModel]) -> Iterator[tuple[str, FieldInfo]]:
    for name, field in model.model_fields.items():
        is_section = isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
        if not is_section and name != "channels":
            yield name, field


def _is_secret(field: FieldInfo) -> bool:
    return field.annotation is SecretStr or SecretStr in get_args(field.annotation)


def _meaning(field: FieldInfo) -> str:
    text = " ".join((field.description or "").split()).replace("|", "\\|")
    choices = get_args(field.annotation) if get_origin(field.annotation) is Literal else ()
    listed = ", ".join(str(choice) for choice in choices)
    return f"{text} One of: {listed}." if listed else text


def _default(field: FieldInfo) -> str:
    """The default as TOML writes it; empty where there is none."""
    value: Any = field.get_default(call_default_factory=True) if not field.is_required() else None
    if value is None or isinstance(value, SecretStr):
        return ""
    if isinstance(value, Path):
        return json.dumps(str(value))
    return json.dumps(value)
