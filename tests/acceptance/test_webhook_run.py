"""Updates that Telegram brings: the real `digestbot run` with a webhook, posted to over HTTP."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot_run import SAMPLE, BotRun
from databases import postgres_database
from digestbot.sandbox.world import PERSON_ID
from hooked_run import HEADER, PREFIX, SECRET, free_port, hooked, port_of, running
from sandbox_process import running_sandbox

FAR = 900_000_000
"""Beyond the sandbox's own update ids."""


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotRun]:
    with running_sandbox() as sandbox:
        bot = hooked(sandbox, tmp_path_factory.mktemp("webhook"), free_port())
        bot.add(SAMPLE)
        with running(bot):
            yield bot


def post(bot: BotRun, content: Any, *, secret: str | None = SECRET, path: str = "/telegram") -> int:
    """Post as Telegram does; the status, or 0 where nobody answers."""
    headers = {} if secret is None else {HEADER: secret.encode("latin-1")}
    body = {"content": content} if isinstance(content, bytes) else {"json": content}
    try:
        return httpx.post(
            f"http://127.0.0.1:{port_of(bot)}{path}", headers=headers, timeout=20, trust_env=False, **body
        ).status_code
    except httpx.TransportError:
        return 0


def written(update_id: int, text: str) -> dict[str, Any]:
    """An update: a person wrote to the bot."""
    return {
        "update_id": update_id,
        "message": {
            "message_id": update_id,
            "date": int(time.time()),
            "chat": {"id": PERSON_ID, "type": "private", "first_name": "P"},
            "from": {"id": PERSON_ID, "is_bot": False, "first_name": "P", "language_code": "en"},
            "text": text,
            "entities": [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}],
        },
    }


def handled(bot: BotRun) -> int:
    """How many updates the process says it has handled."""
    metrics = httpx.get(f"http://127.0.0.1:{port_of(bot)}/metrics", timeout=20, trust_env=False).text
    found = re.search(r'^digestbot_updates_total\{outcome="handled"\} (\S+)$', metrics, re.MULTILINE)
    return int(float(found[1])) if found else 0


def answers(bot: BotRun) -> list[str]:
    return bot.sandbox.texts(PERSON_ID)


def test_telegram_is_told_the_address_and_brings_what_people_write(bot: BotRun) -> None:
    told = bot.sandbox.result("getWebhookInfo")
    assert told["url"].endswith(PREFIX)
    assert {"message", "callback_query", "my_chat_member"} <= set(told["allowed_updates"])
    assert "/digest" in bot.ask("/help")["text"]
    assert "last_error_message" not in bot.sandbox.result("getWebhookInfo")


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "x", "\xe9" * len(SECRET)])
def test_who_does_not_know_the_secret_is_refused_and_not_answered(bot: BotRun, secret: str | None) -> None:
    before = len(answers(bot))
    assert post(bot, written(FAR, "/help"), secret=secret) == 403
    bot.ask("/help")  # goes the same way: what was posted before it would have been answered by now
    assert len(answers(bot)) == before + 1


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 400),
        (b"not JSON", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        ([], 400),
        ({"message": {}}, 400),
        ({"update_id": "1"}, 400),
        ({"update_id": 2**63}, 400),
        (b'{"update_id": 1, "x": "' + b"x" * 1_000_000 + b'"}', 413),
    ],
)
def test_what_is_no_update_is_refused_and_harms_nobody(bot: BotRun, content: Any, status: int) -> None:
    assert post(bot, content) == status
    assert "/digest" in bot.ask("/help")["text"]


def test_both_the_bare_path_and_the_one_behind_the_proxy_are_served(bot: BotRun) -> None:
    for number, path in enumerate(("/telegram", PREFIX), FAR + 1):
        before = len(answers(bot))
        assert post(bot, written(number, "/help"), path=path) == 200
        bot.wait_for(lambda before=before: len(answers(bot)) > before)
    assert post(bot, written(FAR + 3, "/help"), path="/other") == 404


def test_an_update_that_is_repeated_is_answered_once(bot: BotRun) -> None:
    bot.sandbox.control("POST", "webhook", repeat=3)
    try:
        before = len(answers(bot))
        bot.ask("/help")
        bot.ask("/sources")
        assert len(answers(bot)) == before + 2
    finally:
        bot.sandbox.control("POST", "webhook", repeat=1)


@pytest.mark.slow
def test_what_was_acknowledged_is_answered_once_though_the_process_is_killed(tmp_path: Path) -> None:
    with running_sandbox() as sandbox:
        bot = hooked(sandbox, tmp_path, free_port())
        with running(bot):
            bot.ask("/help")  # a bot may write to those alone who wrote to it
            for number in range(FAR, FAR + 20):
                bot.wait_for(lambda number=number: post(bot, written(number, "/help")) == 200)
                if number % 5 == 4:
                    bot.restart(signal.SIGKILL)
            # An update being handled at a kill comes again after its lease (two minutes), with a second
            # answer where the first had gone out already.
            bot.sandbox.wait_for(lambda: len(answers(bot)) >= 21, seconds=300)
            assert len(answers(bot)) <= 25


@pytest.mark.slow
def test_a_webhook_that_cannot_be_set_at_first_is_set_later(tmp_path: Path) -> None:
    with running_sandbox() as sandbox:
        bot = hooked(sandbox, tmp_path, free_port())
        sandbox.fault("error", method="setWebhook", status=502, times=2)
        with running(bot):
            assert "/digest" in bot.ask("/help")["text"]
            assert "could not be set" in bot.logged()


@pytest.mark.slow
@pytest.mark.postgres
def test_replicas_share_what_telegram_brings_and_handle_each_update_once(tmp_path: Path) -> None:
    with postgres_database() as url, running_sandbox() as sandbox:
        ports = free_port(), free_port()
        bots = []
        for number, port in enumerate(ports):
            (tmp_path / str(number)).mkdir()
            bots.append(
                hooked(sandbox, tmp_path / str(number), port, url_port=ports[0], DIGESTBOT_DATABASE_URL=url)
            )
        first, second = bots
        with running(*bots):
            first.ask("/help")  # a bot may write to those alone who wrote to it
            for number in range(FAR, FAR + 20):  # a load balancer that repeats what it brought to the other
                assert post(first, written(number, "/help")) == 200
                assert post(second, written(number, "/help")) == 200
            first.wait_for(lambda: len(answers(first)) >= 21)
            assert "/digest" in first.ask("/help")["text"]
            assert len(answers(first)) == 22
            # An answer is out before its update is marked as handled; a kill in between is the test above.
            first.wait_for(lambda: sum(handled(bot) for bot in bots) == 22)
            first.end(signal.SIGKILL)
            assert post(second, written(FAR + 20, "/help")) == 200
            second.wait_for(lambda: len(answers(second)) == 23)
