"""Every command, in every kind of chat, by everybody, with right, wrong and no arguments, in every language.

The real bot in its own process against the strict sandbox, which checks each call against the specification:
no call is refused, every command is answered where it was asked, and no answer is English where the chat
speaks another language. A line is written in all places before the answers are awaited. /forget only asks
here: its button is not pressed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from bot_run import PATIENCE, SAMPLE, BotRun, running_bot
from digestbot.bot.commands import CHANNEL, COMMANDS, GROUP, PRIVATE, Command
from digestbot.rendering.texts import available, catalogue
from digestbot.sandbox.world import CHANNEL_ID, GROUP_ID, PERSON_ID

pytestmark = pytest.mark.slow

MEMBER, CHAT_ADMIN = 2001, 2002
"""Besides the bot's admin, who owns the group and the channel. In private chats both are strangers."""
FORUM_ID = -1001000000777
UNPACED = {"DIGESTBOT_ACCESS_PER_MINUTE": "100000", "DIGESTBOT_TELEGRAM_RATE": "1000"}
SCRIPTS = {"ar": "ARABIC", "ur": "ARABIC", "ru": "CYRILLIC"}
RIGHT = {"read": "/read http://127.0.0.1:9/article", "addsource": "/addsource http://127.0.0.1:9/feed"}
"""Right ones that the examples of the table are not: of addresses that lead nowhere."""
TYPED = r"`[^`]*`|\{\w+\}|[*_\n]"
"""Where a text of the catalogue has values, markup, and what is typed in every language alike."""
WRONG = "zzqx 99.99 <b>&"


@dataclass(frozen=True)
class Place:
    """A chat, who writes there and how. `kind`: as in the table of commands."""

    kind: str
    chat: int
    person: int
    thread: int | None = None
    anonymous: bool = False


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotRun]:
    with running_bot(tmp_path_factory.mktemp("matrix"), documents=[SAMPLE], **UNPACED) as running:
        sandbox = running.sandbox
        sandbox.world("add_user", user_id=MEMBER, first_name="Basim", started=False)
        sandbox.world("add_user", user_id=CHAT_ADMIN, first_name="Chiara", started=False)
        sandbox.world(
            "add_chat",
            chat_id=FORUM_ID,
            chat_type="supergroup",
            title="Desk of many topics",
            owner_id=PERSON_ID,
            is_forum=True,
        )
        for chat in (GROUP_ID, FORUM_ID):
            sandbox.person(MEMBER, "join", chat_id=chat)
            sandbox.person(CHAT_ADMIN, "join", chat_id=chat, status="administrator")
        running.thread = sandbox.world("add_topic", chat_id=FORUM_ID, name="News")["thread"]
        running.wait_for(lambda: "Pakistan" in running.ask("/search Pakistan")["text"])
        yield running


def places(thread: int) -> list[Place]:
    groups = [
        Place(GROUP, chat, person, topic)
        for chat, topic in ((GROUP_ID, None), (FORUM_ID, thread))
        for person in (MEMBER, CHAT_ADMIN, PERSON_ID)
    ]
    return [
        *(Place(PRIVATE, person, person) for person in (MEMBER, PERSON_ID)),
        *groups,
        Place(GROUP, FORUM_ID, CHAT_ADMIN, thread, anonymous=True),
        Place(CHANNEL, CHANNEL_ID, PERSON_ID),
    ]


def told(bot: BotRun, everywhere: list[Place], text: str) -> list[dict[str, Any]]:
    """Write it in all these places; the first thing that the bot answers to each."""
    before = bot.sandbox.control("GET", "ledger", after=10**9)["total"]
    written = [
        bot.sandbox.person(
            place.person,
            "send_text",
            chat_id=place.chat,
            text=text,
            thread=place.thread,
            anonymous=place.anonymous,
        )["message_id"]
        for place in everywhere
    ]
    found: dict[Place, dict[str, Any]] = {}

    def answered() -> bool:
        entries = bot.sandbox.control("GET", "ledger", after=before)["entries"]
        for place, message_id in zip(everywhere, written, strict=True):
            for entry in entries:
                mine = entry["what"] == "sent" and entry["chat_id"] == place.chat
                # Alone with the bot an answer needs no reply; elsewhere it is one to the command.
                if mine and (place.kind == PRIVATE or entry["reply_to"] == message_id):
                    found.setdefault(place, entry)
        return len(found) == len(everywhere)

    try:
        bot.wait_for(answered)
    except AssertionError as error:
        missing = [place for place in everywhere if place not in found]
        raise AssertionError(f"{text!r} is not answered within {PATIENCE} s in {missing}") from error
    return [found[place] for place in everywhere]


def lines_of(command: Command) -> list[str]:
    """The command alone, as its example has it, and with what it cannot mean."""
    right = RIGHT.get(command.name, command.example)
    return [f"/{command.name}", *([right] if right else []), f"/{command.name} {WRONG}"]


def foreign(text: str, language: str) -> list[str]:
    """English texts of the catalogue that stand in an answer of another language."""
    english, own = catalogue("en"), catalogue(language)
    return [
        words
        for key, template in english.items()
        if own.get(key) != template
        and len(words := max(re.split(TYPED, template), key=len).strip()) >= 16
        and words in text
    ]


def speaks(text: str, language: str) -> bool:
    """Whether the answer holds letters of the language's script, where that is not Latin."""
    script = SCRIPTS.get(language)
    return script is None or any(unicodedata.name(letter, "").startswith(script) for letter in text)


@pytest.mark.parametrize("language", available())
def test_every_command_is_answered_everywhere_in_the_language_of_the_chat(bot: BotRun, language: str) -> None:
    everywhere = places(bot.thread)
    able = [place for place in everywhere if (place.kind, place.person) != (GROUP, MEMBER)]
    told(bot, able, f"/settings language {language}")
    wrong: list[str] = []
    for command in COMMANDS:
        for line in lines_of(command):
            for place, answer in zip(everywhere, told(bot, everywhere, line), strict=True):
                text = answer["text"] or ""
                if not (text or answer["document"]):
                    wrong.append(f"{line} in {place}: an empty answer")
                if answer["thread_id"] != place.thread:
                    wrong.append(f"{line} in {place}: answered in topic {answer['thread_id']}")
                if found := foreign(text, language):
                    wrong.append(f"{line} in {place}: {found}")
                if text and not speaks(text, language):
                    wrong.append(f"{line} in {place}: {text[:80]!r}")
    assert not wrong, "\n".join(wrong)
    assert [call for call in bot.sandbox.refused() if call["status"] != 409] == []
    assert "could not be handled" not in bot.logged()


def test_who_may_not_is_told_so_everywhere_and_nothing_is_changed(bot: BotRun) -> None:
    (member,) = (one for one in places(bot.thread) if (one.chat, one.person) == (GROUP_ID, MEMBER))
    stranger = Place(PRIVATE, MEMBER, MEMBER)
    told(bot, [stranger, Place(GROUP, GROUP_ID, CHAT_ADMIN)], "/settings language en")
    for command in COMMANDS:
        line = lines_of(command)[-2]
        if command.bot_admin:
            for place in (stranger, member):
                assert "I do not know" in told(bot, [place], line)[0]["text"]
        elif command.admins_only:
            assert "Only admins of this chat" in told(bot, [member], line)[0]["text"]
        elif GROUP not in command.where:
            assert "makes no sense here" in told(bot, [member], line)[0]["text"]


def test_nothing_but_commands_is_answered_in_groups(bot: BotRun) -> None:
    before = len(bot.sandbox.ledger(GROUP_ID))
    for text in ("Good morning", "@nobody see /digest later", "/nothing_of_ours", "/digest@another_bot"):
        bot.sandbox.person(MEMBER, "send_text", chat_id=GROUP_ID, text=text)
    told(bot, [Place(GROUP, GROUP_ID, MEMBER)], "/help")
    assert len(bot.sandbox.ledger(GROUP_ID)) == before + 1
