"""Every fault of the way to Telegram, met by the real `digestbot run` while it posts a digest.

What the sandbox accepted is compared with what was due: nothing is lost, and nothing comes more often than
the attempts whose outcome nobody could know. A group that gets the same digest shows that the fault of one
chat is no other's.
"""

from __future__ import annotations

import contextlib
import re
import signal
import socket
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot_run import SAMPLE, BotRun, running_bot
from digestbot.sandbox.world import CHANNEL_ID, GROUP_ID, PERSON_ID
from sandbox_process import running_sandbox

pytestmark = pytest.mark.slow

IN_TIME = {"DIGESTBOT_TELEGRAM_READ_TIMEOUT": "1.5"}


@contextlib.contextmanager
def posting_bot(folder: Path, *faults: dict[str, Any], **more: str) -> Iterator[BotRun]:
    """A bot about to post the sample's digest to the channel and the group, with faults on the way."""
    with running_sandbox() as sandbox:
        bot = BotRun(sandbox, folder, scheduled=True, **(IN_TIME | more))
        config = folder / "digestbot.toml"
        text = config.read_text("utf-8")
        channel = text.partition("[[channels]]")[2].replace(str(CHANNEL_ID), str(GROUP_ID))
        config.write_text(f"{text}\n[[channels]]{channel}", "utf-8")
        bot.add(SAMPLE)
        for fault in faults:
            sandbox.fault(**{"method": "sendMessage", **fault})
        sandbox.person(PERSON_ID, "send_text", chat_id=PERSON_ID, text="/start")  # to be told what goes wrong
        bot.start()
        try:
            yield bot
        finally:
            if bot.runs:
                bot.end(signal.SIGKILL)


def query(bot: BotRun, statement: str, *values: object) -> list[dict[str, Any]]:
    """Rows of the bot's database; none while it has not made its tables."""
    file = bot.folder / "data" / "digestbot.sqlite3"
    if not file.exists():
        return []
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.row_factory = sqlite3.Row
        if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'deliveries'").fetchall():
            return []
        return [dict(row) for row in database.execute(statement, values)]


def rows(bot: BotRun, chat_id: int) -> list[dict[str, Any]]:
    """The outbox's rows of a chat's digest, in order."""
    return query(
        bot,
        "SELECT part, state, uncertain, attempts, reason FROM deliveries "
        "WHERE chat_id = ? AND kind = 'digest' ORDER BY part",
        chat_id,
    )


def is_active(bot: BotRun, chat_id: int) -> bool:
    """Whether the bot counts the chat as one it can reach."""
    (row,) = query(bot, "SELECT active FROM chats WHERE id = ?", chat_id)
    return bool(row["active"])


def ended(bot: BotRun, chat_id: int) -> list[dict[str, Any]]:
    """The rows of a chat once none of them is on its way any more."""

    def done() -> list[dict[str, Any]]:
        found = rows(bot, chat_id)
        return found if all(row["state"] in ("sent", "failed", "skipped") for row in found) else []

    found: list[dict[str, Any]] = bot.wait_for(done)
    return found


def assert_all_arrived(bot: BotRun, chat_id: int, *, uncertain: int) -> None:
    """Every part came, in order; what came twice was recorded as possible."""
    found = ended(bot, chat_id)
    assert {row["state"] for row in found} == {"sent"}
    assert sum(row["uncertain"] for row in found) == uncertain
    texts = bot.sandbox.texts(chat_id)
    first = list(dict.fromkeys(texts))
    ended(bot, GROUP_ID)
    assert first == list(dict.fromkeys(bot.sandbox.texts(GROUP_ID)))
    assert len(first) == len(found)
    assert len(texts) - len(first) <= uncertain


ERRORS: dict[str, tuple[dict[str, Any], int]] = {
    "a server's fault": ({"kind": "error", "status": 500}, 1),
    "a server's fault after the message was taken": ({"kind": "error", "status": 502, "accept": True}, 1),
    "flood control of the chat": ({"kind": "error", "status": 429, "retry_after": 2}, 0),
    "closed before": ({"kind": "close"}, 1),
    "closed after": ({"kind": "close", "accept": True}, 1),
    "answered too late": ({"kind": "delay", "seconds": 3.0, "accept": True}, 1),
    "never taken, and no answer": ({"kind": "delay", "seconds": 3.0}, 1),
    "garbage, and taken": ({"kind": "garbage", "accept": True}, 1),
    "a web page, and not taken": ({"kind": "not_json"}, 1),
}
"""What passes by itself, and how many attempts nobody knows the outcome of."""


@pytest.mark.parametrize("name", ERRORS)
def test_what_passes_by_itself_delays_and_loses_nothing(tmp_path: Path, name: str) -> None:
    fault, uncertain = ERRORS[name]
    with posting_bot(tmp_path, fault | {"chat_id": CHANNEL_ID}) as bot:
        assert_all_arrived(bot, CHANNEL_ID, uncertain=uncertain)


def test_five_server_faults_in_a_row_pause_sending_until_telegram_answers(tmp_path: Path) -> None:
    down = [
        {"kind": "error", "status": 503, "times": 5, "skip": 1},  # the first is the answer to /start
        {"kind": "error", "status": 503, "method": "getMe", "skip": 1},
    ]
    with posting_bot(tmp_path, *down) as bot:
        bot.wait_for(lambda: rows(bot, CHANNEL_ID))
        assert_all_arrived(bot, CHANNEL_ID, uncertain=sum(row["uncertain"] for row in ended(bot, CHANNEL_ID)))
        assert sum(row["uncertain"] for chat in (CHANNEL_ID, GROUP_ID) for row in rows(bot, chat)) == 5
        assert "sending is paused" in bot.logged()
        assert "Telegram answers again" in bot.logged()


def test_a_refused_connection_has_sent_nothing_and_is_tried_until_it_answers(tmp_path: Path) -> None:
    with posting_bot(
        tmp_path, {"kind": "error", "status": 429, "retry_after": 4, "chat_id": CHANNEL_ID}
    ) as bot:
        bot.wait_for(lambda: any(row["attempts"] for row in rows(bot, CHANNEL_ID)))
        world = bot.sandbox
    # The sandbox is gone now, and the bot with it: what was due stands in its database.
    before = rows(bot, CHANNEL_ID)
    assert before[0]["state"] in ("pending", "sent")
    with socket.socket() as nobody:
        nobody.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        nobody.bind(("127.0.0.1", world.port))  # taken, and not listening: connections are refused
        bot.start()
        time.sleep(6)
        assert bot.runs
    with running_sandbox(port=world.port, token=world.token) as sandbox:
        bot.sandbox = sandbox
        try:
            found = ended(bot, CHANNEL_ID)
            assert {row["state"] for row in found} == {"sent"}
            assert sum(row["uncertain"] for row in found) == 0
            assert len(sandbox.texts(CHANNEL_ID)) == sum(row["state"] != "sent" for row in before)
        finally:
            bot.end(signal.SIGKILL)


def test_a_hold_of_40_000_seconds_ends_the_digest_and_is_told(tmp_path: Path) -> None:
    """Eleven hours are beyond the grace of six: the row fails, the group and people are served at once."""
    hold = {"kind": "error", "status": 429, "retry_after": 40_000, "chat_id": CHANNEL_ID, "times": None}
    with posting_bot(tmp_path, hold) as bot:
        found = ended(bot, CHANNEL_ID)
        assert found[0]["state"] == "failed"
        assert "40000" in found[0]["reason"]
        assert {row["state"] for row in ended(bot, GROUP_ID)} == {"sent"}
        assert bot.wait_for(lambda: [text for text in bot.sandbox.texts(PERSON_ID) if "World digest" in text])
        assert "1." in bot.ask("/digest")["text"]


GONE = [
    "Forbidden: bot was kicked from the channel chat",
    "Forbidden: bot was blocked by the user",
    "Forbidden: user is deactivated",
    "Bad Request: chat not found",
]


@pytest.mark.parametrize("said", GONE)
def test_a_chat_that_is_gone_is_left_in_peace_and_no_other(tmp_path: Path, said: str) -> None:
    status = 403 if said.startswith("Forbidden") else 400
    fault = {"kind": "error", "status": status, "description": said, "chat_id": CHANNEL_ID, "times": None}
    with posting_bot(tmp_path, fault) as bot:
        assert {row["state"] for row in ended(bot, CHANNEL_ID)} == {"skipped"}
        assert sum(row["attempts"] for row in rows(bot, CHANNEL_ID)) == 1
        assert not is_active(bot, CHANNEL_ID)
        assert {row["state"] for row in ended(bot, GROUP_ID)} == {"sent"}
        bot.sandbox.clear_faults()
        bot.sandbox.person(PERSON_ID, "set_bot", chat_id=CHANNEL_ID, status="left")
        bot.sandbox.person(
            PERSON_ID,
            "set_bot",
            chat_id=CHANNEL_ID,
            status="administrator",
            rights={"can_post_messages": True},
        )
        bot.wait_for(lambda: is_active(bot, CHANNEL_ID))


def test_markup_that_is_refused_is_sent_as_plain_text_once(tmp_path: Path) -> None:
    said = 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 3'
    fault = {"kind": "error", "status": 400, "description": said, "chat_id": CHANNEL_ID}
    with posting_bot(tmp_path, fault) as bot:
        found = ended(bot, CHANNEL_ID)
        assert {row["state"] for row in found} == {"sent"}
        assert "plain text" in found[0]["reason"]
        ended(bot, GROUP_ID)
        plain, styled = bot.sandbox.texts(CHANNEL_ID)[0], bot.sandbox.texts(GROUP_ID)[0]
        words = re.compile(r"\w+")
        assert words.findall(plain)[:20] == words.findall(styled)[:20]


def test_a_lost_right_is_told_to_the_owner_once_and_other_refusals_to_the_admins(tmp_path: Path) -> None:
    said = "Bad Request: need administrator rights in the channel chat"
    fault = {"kind": "error", "status": 400, "description": said, "chat_id": CHANNEL_ID, "times": None}
    other = {
        "kind": "error",
        "status": 400,
        "description": "Bad Request: STRANGE_NEW_ERROR",
        "chat_id": GROUP_ID,
    }
    with posting_bot(tmp_path, fault, other) as bot:
        assert {row["state"] for row in ended(bot, CHANNEL_ID)} == {"failed"}
        assert ended(bot, GROUP_ID)[0]["state"] == "failed"

        def told() -> list[str]:
            return [
                text
                for text in bot.sandbox.texts(PERSON_ID)
                if "Morning desk" in text or "World digest" in text
            ]

        for words in ("administrator rights", "strange_new_error"):
            assert (
                len(bot.wait_for(lambda words=words: [text for text in told() if words in text.casefold()]))
                == 1
            )


def test_a_group_that_became_a_supergroup_is_followed(tmp_path: Path) -> None:
    with posting_bot(tmp_path) as bot:
        new_id = bot.sandbox.world("migrate", chat_id=GROUP_ID)["id"]
        bot.wait_for(lambda: bot.sandbox.texts(new_id))
        found = ended(bot, new_id)
        assert {row["state"] for row in found} == {"sent"}
        assert rows(bot, GROUP_ID) == []
        ended(bot, CHANNEL_ID)
        assert bot.sandbox.texts(new_id) == bot.sandbox.texts(CHANNEL_ID)


def test_a_channel_that_cannot_be_found_is_told_and_keeps_no_other_waiting(tmp_path: Path) -> None:
    fault = {"kind": "error", "status": 400, "description": "Bad Request: chat not found", "times": None}
    with posting_bot(tmp_path, fault | {"method": "getChat", "chat_id": CHANNEL_ID}) as bot:
        assert {row["state"] for row in ended(bot, GROUP_ID)} == {"sent"}
        assert bot.wait_for(
            lambda: [text for text in bot.sandbox.texts(PERSON_ID) if str(CHANNEL_ID) in text]
        )


def test_an_answer_to_a_person_is_tried_again_after_flood_control(tmp_path: Path) -> None:
    with running_bot(tmp_path, documents=[SAMPLE]) as bot:
        bot.wait_for(lambda: "Pakistan" in bot.ask("/actors")["text"])
        bot.sandbox.fault("error", method="sendMessage", chat_id=PERSON_ID, status=429, retry_after=1)
        assert "Pakistan" in bot.ask("/summary 1")["text"]


def test_an_answer_outlasts_a_time_in_which_telegram_is_away(tmp_path: Path) -> None:
    with running_bot(tmp_path, documents=[SAMPLE]) as bot:
        bot.wait_for(lambda: "Pakistan" in bot.ask("/actors")["text"])
        bot.sandbox.fault("error", method="sendMessage", chat_id=PERSON_ID, status=502, times=7)
        assert "Pakistan" in bot.ask("/summary 1")["text"]
