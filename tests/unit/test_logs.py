"""Logs: structured, and without secrets wherever they come from."""

from __future__ import annotations

import io
import json
import logging

import pytest
import structlog

from digestbot.logs import Masker, set_up_logging

TOKEN = "123456789:AAaaBBbbCCccDDddEEeeFFffGGggHHhhIIi"
PASSWORD = "correct-horse"


@pytest.fixture(params=["json", "readable"])
def stream(request):
    root = logging.getLogger()
    before, level = root.handlers, root.level
    stream = io.StringIO()
    set_up_logging(level="debug", form=request.param, secrets=[PASSWORD], stream=stream)
    yield stream
    root.handlers, root.level = before, level
    logging.captureWarnings(False)
    structlog.reset_defaults()


def test_a_token_is_masked_in_messages_arguments_and_addresses(stream):
    log = logging.getLogger("some.library")
    log.warning("POST https://api.telegram.org/bot%s/sendMessage", TOKEN)
    log.warning("token %r", {"token": TOKEN})
    structlog.get_logger("ours").warning("started", token=TOKEN, url=f"http://x/bot{TOKEN}/getMe")
    assert "sendMessage" in stream.getvalue()
    assert TOKEN not in stream.getvalue()


def test_tracebacks_are_masked_too(stream):
    def fails(token):
        raise RuntimeError(f"refused {token} with {PASSWORD}")

    try:
        fails(TOKEN)
    except RuntimeError:
        logging.getLogger("x").exception("failed")
    assert "RuntimeError" in stream.getvalue()
    assert TOKEN not in stream.getvalue()
    assert PASSWORD not in stream.getvalue()


def test_a_databases_password_is_masked():
    said = Masker()("cannot reach postgresql+psycopg://bot:s3cr3t!@db.host:5432/name")
    assert said == "cannot reach postgresql+psycopg://bot:***@db.host:5432/name"


def test_text_without_secrets_is_left_alone():
    text = "at 12:30 chat 123456 got 3 parts, http://example.org/a:b"
    assert Masker()(text) == text


def test_libraries_that_log_addresses_are_quiet(stream):
    logging.getLogger("httpx").info("HTTP Request: POST https://api.telegram.org/bot.../getUpdates")
    assert stream.getvalue() == ""


def test_a_json_line_is_one_object_with_what_was_bound():
    root = logging.getLogger()
    before, level = root.handlers, root.level
    stream = io.StringIO()
    try:
        set_up_logging(form="auto", stream=stream)
        logging.getLogger("digestbot.deliver").warning("delivery %d failed", 5, extra={"chat": 7})
    finally:
        root.handlers, root.level = before, level
        logging.captureWarnings(False)
        structlog.reset_defaults()
    said = json.loads(stream.getvalue())
    assert said["event"] == "delivery 5 failed"
    assert (said["level"], said["logger"], said["chat"]) == ("warning", "digestbot.deliver", 7)
    assert list(said)[:3] == ["timestamp", "level", "event"]
