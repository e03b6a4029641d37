"""Structured logs on standard error, readable or JSON, without secrets.

Everything that is logged, by us through `logging` or by a library, goes through one handler, whose last
step but writing is masking: of the whole line, so that tracebacks, addresses and arguments are covered.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable
from typing import Any, Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

MASK = "***"
TOKEN = re.compile(r"\b(bot)?\d{6,}:[A-Za-z0-9_-]{25,}")
"""A bot's token wherever it stands; in addresses `bot` is written before it."""
PASSWORD = re.compile(r"(?<=://)([^\s:/@]*):[^\s/@]+(?=@)")
"""The password in an address such as postgresql://user:password@host/name."""
QUIET = ("httpx", "httpcore", "apscheduler", "telegram.ext", "alembic", "aiosqlite", "uvicorn.access")
"""Loggers that tell of every call, some with addresses that hold the token."""


class Masker:
    """Takes secrets out of text: those it was told, and all that look like a token or a password."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        """`secrets`: values never to be shown; those under six characters are no secrets."""
        known = sorted({s for s in secrets if len(s) >= 6}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, text: str) -> str:
        """The text without secrets."""
        if self._known is not None:
            text = self._known.sub(MASK, text)
        return PASSWORD.sub(rf"\1:{MASK}", TOKEN.sub(rf"\1{MASK}", text))


class MaskingFormatter(structlog.stdlib.ProcessorFormatter):
    """Masks the finished line, traceback included."""

    def __init__(self, masker: Masker, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._masker = masker

    def format(self, record: logging.LogRecord) -> str:
        """The line, without secrets."""
        return self._masker(super().format(record))


def set_up_logging(
    *,
    level: str = "info",
    form: Literal["auto", "json", "readable"] = "auto",
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
) -> Masker:
    """Send all logs to `stream` (default: standard error). Returns the masker, for text shown elsewhere.

    `form`: auto is readable on a terminal and JSON elsewhere.
    """
    stream = stream or sys.stderr
    masker = Masker(secrets)
    readable = form == "readable" or (form == "auto" and stream.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    last: list[Processor]
    if readable:
        last = [
            structlog.dev.ConsoleRenderer(
                colors=stream.isatty(), exception_formatter=structlog.dev.plain_traceback
            )
        ]
    else:
        last = [structlog.processors.format_exc_info, _json_last(), structlog.processors.JSONRenderer()]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        MaskingFormatter(
            masker,
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)
    return masker


def _json_last() -> Processor:
    """Puts time, level and event first, so that a line reads from the left."""

    def order(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
        first = {key: event.pop(key) for key in ("timestamp", "level", "event") if key in event}
        return {**first, **event}

    return order
