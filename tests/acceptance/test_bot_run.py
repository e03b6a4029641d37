"""`digestbot run` as a process, over HTTP, against the sandbox: what a person, a group and a channel see."""

from __future__ import annotations

import base64
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot_run import PATIENCE, SAMPLE, BotRun, buttons, running_bot
from digestbot.sandbox.world import CHANNEL_ID, GROUP_ID, PERSON_ID
from sandbox_process import running_sandbox

BULLET = "willingness to participate"
"""Words of the sample's first bullet."""

DEMAND = "wants its military to command the proposed ISF"
"""Words of another of its bullets."""


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotRun]:
    """One bot for the module, with the sample read and posted to the channel."""
    with running_bot(tmp_path_factory.mktemp("bot"), documents=[SAMPLE], scheduled=True) as running:
        running.wait_for(lambda: running.sandbox.texts(CHANNEL_ID))
        yield running
        assert wrong_calls(running) == []
        assert running.sandbox.token not in running.logged()


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotRun]:
    """A bot that has read nothing."""
    with running_bot(tmp_path_factory.mktemp("empty")) as running:
        yield running
        assert wrong_calls(running) == []


def wrong_calls(bot: BotRun) -> list[dict[str, object]]:
    """Calls the strict sandbox refused. A poll may find the one of the process before it still open (409)."""
    return [call for call in bot.sandbox.refused() if call["status"] != 409]


def bullet_number(digest: str, words: str) -> str:
    """The number, such as "1.2", under which the digest shows the bullet with these words."""
    (number,) = re.findall(rf"(\d+\.\d+) [^\n]*{re.escape(words)}", digest)
    return str(number)


# --- start, help, menu ------------------------------------------------------------------------------------


def test_start_says_what_to_do_and_offers_it_by_buttons(bot: BotRun) -> None:
    answer = bot.ask("/start")
    assert "/subscribe 07:30 Karachi" in answer["text"]
    assert list(buttons(answer)) == ["Digest now", "Subscribe"]


def test_help_lists_every_command_of_the_menu(bot: BotRun) -> None:
    def menu() -> list[str]:
        asked = bot.sandbox.control("GET", "commands", chat_id=PERSON_ID, user_id=PERSON_ID)
        return [row["command"] for row in asked["commands"]]

    names = bot.wait_for(menu)
    listed = re.findall(r"^/(\w+) — ", bot.ask("/help")["text"], re.MULTILINE)
    assert names == listed
    assert {"digest", "summary", "actors", "conditions", "source", "subscribe", "settings"} <= set(names)


def test_groups_have_a_menu_of_their_own(bot: BotRun) -> None:
    asked = bot.sandbox.control("GET", "commands", chat_id=GROUP_ID, user_id=PERSON_ID)
    names = {row["command"] for row in asked["commands"]}
    assert "digest" in names
    assert "mydata" not in names


# --- subscribing ------------------------------------------------------------------------------------------


def next_three(time: str, zone: str, asked: datetime) -> list[str]:
    """The next three days' posts as the bot writes them."""
    hour, minute = map(int, time.split(":"))
    local = asked.astimezone(ZoneInfo(zone))
    first = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if first <= local:
        first += timedelta(days=1)
    return [f"• {first + timedelta(days=day):%a, %b %-d, %H:%M}" for day in range(3)]


def test_subscribing_by_typing_tells_the_next_three_posts_in_local_time(bot: BotRun) -> None:
    before = datetime.now(ZoneInfo("Asia/Karachi"))
    answer = bot.ask("/subscribe 07:30 Asia/Karachi")
    after = datetime.now(ZoneInfo("Asia/Karachi"))
    first, *posts = answer["text"].splitlines()
    assert "07:30, Asia/Karachi" in first
    assert posts in (
        next_three("07:30", "Asia/Karachi", before),
        next_three("07:30", "Asia/Karachi", after),
    )
    settings = bot.press(answer, "Settings")
    assert "Zone: Asia/Karachi" in settings["text"]
    assert "Times: 07:30" in settings["text"]


def test_unsubscribing_ends_it_and_a_second_time_says_how_to_begin(bot: BotRun) -> None:
    bot.ask("/subscribe 07:30 Asia/Karachi")
    assert "No more digests here" in bot.ask("/unsubscribe")["text"]
    assert "no subscription here" in bot.ask("/unsubscribe")["text"]
    assert "none yet" in bot.ask("/settings")["text"]


def test_subscribing_by_buttons_asks_for_time_and_zone(empty: BotRun) -> None:
    time = empty.ask("/subscribe")
    assert "07:30" in buttons(time)
    zone = empty.press(time, "07:30")
    assert "in which zone" in zone["text"]
    done = empty.press(zone, "Karachi")
    assert "Subscribed: 07:30, Asia/Karachi" in done["text"]
    assert len(re.findall(r"^• ", done["text"], re.MULTILINE)) == 3


# --- the scheduled post -----------------------------------------------------------------------------------


def test_the_scheduled_post_holds_the_sample_digest(bot: BotRun) -> None:
    post = "\n".join(bot.sandbox.texts(CHANNEL_ID)[:1])
    assert BULLET in post
    assert "Pakistan" in post
    assert "Conditions" in post


# --- reading ----------------------------------------------------------------------------------------------


def test_digest_numbers_its_stories_and_sentences(bot: BotRun) -> None:
    answer = bot.ask("/digest")
    assert re.search(r"^1\. ", answer["text"], re.MULTILINE)
    assert re.search(rf"1\.1 .*{BULLET}", answer["text"])
    assert {"Conditions", "Actors", "Sources"} <= set(buttons(answer))


def test_summary_by_number_by_reply_and_of_the_latest_are_the_same(bot: BotRun) -> None:
    digest = bot.ask("/digest")
    by_number = bot.ask("/summary 1")["text"]
    assert BULLET in by_number
    assert bot.ask("/summary", reply_to=digest["message_id"])["text"] == by_number
    assert bot.ask("/summary")["text"] == by_number


def test_source_shows_the_sentence_in_its_context(bot: BotRun) -> None:
    digest = bot.ask("/digest")["text"]
    text = bot.ask(f"/source {bullet_number(digest, DEMAND)}")["text"]
    assert "seeking US support to attract investment" in text  # the sentence before
    assert DEMAND in text  # the sentence itself
    assert "contingent on broad international backing" in text  # the sentence after
    assert "Document:" in text
    assert re.search(r"Characters \d+ to \d+", text)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("/actors", ["Pakistan", "Asim Munir", "Marco Rubio", "International Monetary Fund", "Israel"]),
        ("/actors Munir", ["Field Marshal", "Appears in 1 document"]),
        ("/conditions", ["command the proposed ISF", "demand, military", "precondition"]),
        ("/conditions Pakistan military 7d", ["wants its military to command the proposed ISF"]),
        ("/story 1", ["Sources"]),
        ("/search loans", ["International Monetary Fund"]),
        ("/why 1", ["1 publisher tells it"]),
        ("/settings", ["Zone:", "Language:"]),
    ],
)
def test_each_command_answers_from_what_was_read(bot: BotRun, command: str, expected: list[str]) -> None:
    bot.ask("/digest")
    text = bot.ask(command)["text"]
    assert [words for words in expected if words not in text] == []


def test_buttons_of_the_digest_lead_on(bot: BotRun) -> None:
    digest = bot.ask("/digest")
    assert "command the proposed ISF" in bot.press(digest, "Conditions")["text"]
    assert "Asim Munir" in bot.press(digest, "Actors")["text"]
    assert "Sources" in bot.press(digest, "Sources")["text"]


def test_a_file_somebody_sends_is_read_and_answered(bot: BotRun) -> None:
    text = (
        "Norland sets terms for the bridge\n\n"
        "OSLO — Norway said on Tuesday that it would reopen the bridge only if Sweden withdraws its troops. "
        "Sweden rejected the demand and called for talks in Geneva. The two governments will meet soon.\n"
    )
    before = len(bot.sandbox.ledger(PERSON_ID))
    bot.sandbox.person(
        PERSON_ID,
        "send_document",
        chat_id=PERSON_ID,
        content=base64.b64encode(text.encode()).decode(),
        name="bridge.txt",
        mime_type="text/plain",
    )

    def read() -> bool:
        return any(
            "withdraws its troops" in entry["text"] for entry in bot.sandbox.ledger(PERSON_ID)[before:]
        )

    bot.wait_for(read)


# --- what is not understood -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("/nonsense", "/help"),
        ("/source", "/source 2.1"),
        ("/source 99.9", "/digest"),
        ("/summary 99", "/digest"),
        ("/digest banana", "/digest 7d"),
        ("/subscribe 07:30 Nowhereville", "/subscribe 07:30 Asia/Karachi"),
        ("/search", "/search gas transit"),
        ("/pause someday", "/pause 7d"),
        ("/actors Nobodyever", "/search"),
        ("hello", "/help"),
    ],
)
def test_what_is_not_understood_is_answered_with_what_to_type(bot: BotRun, typed: str, hint: str) -> None:
    bot.ask("/digest")
    assert hint in bot.ask(typed)["text"]


@pytest.mark.parametrize("command", ["/digest", "/summary", "/actors", "/conditions", "/source 1.1"])
def test_an_empty_store_says_what_to_do(empty: BotRun, command: str) -> None:
    answer = empty.ask(command)["text"]
    assert re.search(r"/digest|Send me|no document came in", answer), answer


# --- groups and channels ----------------------------------------------------------------------------------


def test_a_group_is_answered_only_where_it_commands(bot: BotRun) -> None:
    before = len(bot.sandbox.ledger(GROUP_ID))
    for text in ("good morning", "what about Pakistan?", "/digest@another_bot"):
        bot.sandbox.person(PERSON_ID, "send_text", chat_id=GROUP_ID, text=text)
    answer = bot.ask("/digest", chat=GROUP_ID)
    assert BULLET in answer["text"]
    assert answer["reply_to_message"]["text"] == "/digest"
    assert len(bot.sandbox.ledger(GROUP_ID)) == before + 1


def test_a_channel_is_answered_when_it_posts_a_command(bot: BotRun) -> None:
    assert BULLET in bot.ask("/digest", chat=CHANNEL_ID)["text"]


# --- restarts ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_numbers_and_buttons_work_after_a_restart(bot: BotRun, number: signal.Signals) -> None:
    digest = bot.ask("/digest")
    summary = bot.ask("/summary 1")["text"]
    bot.restart(number)
    assert "command the proposed ISF" in bot.press(digest, "Conditions")["text"]
    assert bot.ask("/summary 1", reply_to=digest["message_id"])["text"] == summary
    bullet = bullet_number(digest["text"], DEMAND)
    assert DEMAND in bot.ask(f"/source {bullet}", reply_to=digest["message_id"])["text"]


def test_what_was_written_while_it_was_away_is_answered_once(bot: BotRun) -> None:
    bot.end(signal.SIGKILL)
    before = len(bot.sandbox.ledger(PERSON_ID))
    bot.sandbox.person(PERSON_ID, "send_text", chat_id=PERSON_ID, text="/summary 99")
    bot.start()
    assert "no 99" in bot.answer(PERSON_ID, before)["text"]
    bot.ask("/help")  # answered after it: a second answer would stand between
    assert len(bot.sandbox.ledger(PERSON_ID)) == before + 2


def test_the_scheduled_post_came_once_whatever_restarts_there_were(bot: BotRun) -> None:
    bot.restart(signal.SIGTERM)
    bot.ask("/help")
    scheduled = [
        message
        for message in bot.sandbox.messages(CHANNEL_ID)
        if message.get("text", "").startswith("Digest ·") and "reply_to_message" not in message
    ]
    assert len(scheduled) == 1


def test_sigterm_ends_it_in_order_without_a_traceback(empty: BotRun) -> None:
    empty.ask("/help")
    assert empty.end(signal.SIGTERM) == 0
    assert "stopping" in empty.logged()
    assert "Traceback" not in empty.logged()
    assert empty.sandbox.token not in empty.logged()
    empty.start()


# --- Telegram away ----------------------------------------------------------------------------------------


def test_telegram_out_of_order_at_the_start_is_waited_for(tmp_path: Path) -> None:
    with running_sandbox() as sandbox:
        sandbox.fault("error", method="getMe", status=502, times=1)
        sandbox.fault("error", method="getUpdates", status=409, times=1, description="Conflict: terminated")
        bot = BotRun(sandbox, tmp_path)
        bot.start()
        try:
            assert "/subscribe" in bot.ask("/start")["text"]
            bot.wait_for(lambda: "Telegram cannot be reached" in bot.logged())
            assert "another program asks for this bot's updates" in bot.logged()
            assert sandbox.token not in bot.logged()
            assert wrong_calls(bot) == []
        finally:
            bot.end(signal.SIGKILL)


# --- what is wrong is said --------------------------------------------------------------------------------


def run_once(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """`digestbot run` where it is to end by itself."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DIGESTBOT_")}
    return subprocess.run(
        [sys.executable, "-m", "digestbot", "run"],
        cwd=folder,
        env=kept | {"DIGESTBOT_DATA_DIR": str(folder / "data")} | variables,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_without_a_token_three_lines_say_how_to_get_one(tmp_path: Path) -> None:
    done = run_once(tmp_path)
    assert done.returncode == 1
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 3
    assert "@BotFather" in lines[0]
    assert "digestbot demo" in lines[2]


def test_a_token_telegram_does_not_know_is_said_and_not_shown(tmp_path: Path) -> None:
    token = "123456789:AAaaBBbbCCccDDddEEeeFFffGGggHHhhIIi"
    with running_sandbox() as sandbox:
        done = run_once(tmp_path, DIGESTBOT_TELEGRAM_TOKEN=token, DIGESTBOT_TELEGRAM_API_URL=sandbox.api_url)
    assert done.returncode != 0
    assert "does not know this token" in done.stderr
    assert "Traceback" not in done.stderr
    assert token not in done.stderr + done.stdout


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("[telegram\n", "digestbot.toml"),
        ('[digest]\nzone = "Mars/Olympus"\n', "Mars/Olympus"),
        ('[digest]\ntime = "25:99"\n', "25:99"),
        ("[digest]\nstoriez = 3\n", "storiez"),
    ],
)
def test_a_wrong_configuration_names_what_is_wrong(tmp_path: Path, config: str, said: str) -> None:
    file = tmp_path / "digestbot.toml"
    file.write_text(config, encoding="utf-8")
    done = run_once(tmp_path, DIGESTBOT_CONFIG=str(file))
    assert done.returncode != 0
    assert said in done.stderr
    assert "Traceback" not in done.stderr
