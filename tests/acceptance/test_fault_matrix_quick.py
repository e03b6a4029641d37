"""Faults of the way to Telegram, met by the real `digestbot run` while it answers people: the quick half of
the fault matrix. An answer comes in spite of each, and again only where the first may have arrived."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from typing import Any

import pytest

from bot_run import BotRun
from digestbot.sandbox.world import PERSON_ID
from sandbox_process import running_sandbox

FAULTS: dict[str, tuple[dict[str, Any], int]] = {
    "a server's fault": ({"kind": "error", "status": 500}, 1),
    "taken, and a server's fault": ({"kind": "error", "status": 502, "accept": True}, 2),
    "flood control": ({"kind": "error", "status": 429, "retry_after": 1}, 1),
    "closed before": ({"kind": "close"}, 1),
    "closed after": ({"kind": "close", "accept": True}, 2),
    "garbage, and taken": ({"kind": "garbage", "accept": True}, 2),
    "a web page, and not taken": ({"kind": "not_json"}, 1),
}
"""A fault of one call, and how often the answer may come."""


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotRun]:
    with running_sandbox() as sandbox:
        bot = BotRun(sandbox, tmp_path_factory.mktemp("faults"), DIGESTBOT_ACCESS_PER_MINUTE="1000")
        bot.start()
        try:
            bot.wait_for(lambda: "digestbot runs" in bot.logged())
            yield bot
        finally:
            bot.end(signal.SIGKILL)


@pytest.mark.parametrize("name", FAULTS)
def test_an_answer_comes_in_spite_of_a_fault(bot: BotRun, name: str) -> None:
    fault, most = FAULTS[name]
    before = len(bot.sandbox.texts(PERSON_ID))
    bot.sandbox.fault(**fault, method="sendMessage", chat_id=PERSON_ID)
    helped = bot.ask("/help")["text"]
    # The chat's next update: when it is answered, the one before is done with.
    bot.sandbox.person(PERSON_ID, "send_text", chat_id=PERSON_ID, text="/stats")
    bot.wait_for(lambda: bot.sandbox.texts(PERSON_ID)[-1] != helped)
    assert 1 <= bot.sandbox.texts(PERSON_ID)[before:].count(helped) <= most


def test_updates_that_cannot_be_had_come_when_they_can(bot: BotRun) -> None:
    for fault in ({"kind": "not_json"}, {"kind": "close"}, {"kind": "error", "status": 502}):
        bot.sandbox.fault(**fault, method="getUpdates")
    assert "/digest" in bot.ask("/help")["text"]
