"""COMMANDS: every command, in the order people see them. Help, menu and docs/commands.md follow from it.

A new command is one function and one row here; its one-line help is the text `command.<name>` of the
catalogues (a test fails where it is missing).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeDefault,
)

from digestbot.bot import (
    channels,
    following,
    operators,
    personal,
    pictures,
    reading,
    settings_menu,
    sources,
    subscribing,
    uploads,
)
from digestbot.bot.call import Call
from digestbot.rendering.texts import texts_for

PRIVATE, GROUP, CHANNEL = "private", "group", "channel"
EVERYWHERE = frozenset({PRIVATE, GROUP, CHANNEL})
WITH_PEOPLE = frozenset({PRIVATE, GROUP})
ALONE = frozenset({PRIVATE})


@dataclass(frozen=True, slots=True)
class Command:
    """`where`: kinds of chats it makes sense in. `arguments`: as shown after its name.
    `admins_only`: changes a chat, so in a group only its admins may. `also`: other names it answers to."""

    name: str
    function: Callable[[Call], Awaitable[None]]
    where: frozenset[str] = EVERYWHERE
    arguments: str = ""
    example: str = ""
    admins_only: bool = False
    bot_admin: bool = False
    also: tuple[str, ...] = ()

    @property
    def help(self) -> str:
        """Key of its one-line help."""
        return f"command.{self.name}"

    @property
    def usage(self) -> str:
        """The whole line as typed."""
        return f"/{self.name} {self.arguments}".strip()


COMMANDS = (
    Command("start", personal.start, WITH_PEOPLE),
    Command(
        "digest", reading.digest, arguments="[24h | 7d | new | yesterday | 2026-03-04]", example="/digest 7d"
    ),
    Command("summary", reading.summary, arguments="[number | words]", example="/summary 2"),
    Command(
        "conditions",
        reading.conditions,
        arguments="[number | actor | type | domain | period]",
        example="/conditions Pakistan military 7d",
    ),
    Command("actors", reading.actors, arguments="[number | name]", example="/actors Munir"),
    Command("source", reading.source, arguments="number", example="/source 2.1"),
    Command("story", reading.story, arguments="[number | words]", example="/story 2"),
    Command("search", reading.search, arguments="words", example="/search gas transit"),
    Command("network", pictures.network, arguments="[7d | date]", example="/network 7d"),
    Command("trend", pictures.trend, arguments="actor, actor …", example="/trend Pakistan, India"),
    Command("map", pictures.heat_map, arguments="[7d | date]", example="/map 30d"),
    Command("why", reading.why, arguments="[number]", example="/why 1"),
    Command(
        "subscribe",
        subscribing.subscribe,
        arguments="[times] [days] [city or zone]",
        example="/subscribe 07:30 Asia/Karachi",
        admins_only=True,
    ),
    Command("unsubscribe", subscribing.unsubscribe, admins_only=True, also=("stop",)),
    Command(
        "pause",
        subscribing.pause,
        arguments="[7d | Friday | 2026-04-01 | off]",
        example="/pause 3d",
        admins_only=True,
    ),
    Command(
        "settings",
        settings_menu.settings,
        arguments="[zone Karachi | times 07:13 | language fr | quiet 22-7]",
        example="/settings zone Karachi",
        admins_only=True,
    ),
    Command("channels", channels.channels, ALONE, arguments="[@name]", example="/channels @morning_post"),
    Command(
        "follow",
        following.follow,
        arguments="[name | country | topic | source | word]",
        example="/follow Türkiye",
        admins_only=True,
    ),
    Command(
        "mute",
        following.mute,
        arguments="[name | country | topic | source | word] [days]",
        example="/mute gas 3d",
        admins_only=True,
    ),
    Command(
        "unfollow",
        following.unfollow,
        arguments="[name]",
        example="/unfollow Türkiye",
        admins_only=True,
        also=("unmute",),
    ),
    Command(
        "read", uploads.read, WITH_PEOPLE, arguments="[address]", example="/read https://example.org/article"
    ),
    Command(
        "feedback", personal.feedback, WITH_PEOPLE, arguments="words", example="/feedback More on the Sahel"
    ),
    Command("mydata", personal.mydata, ALONE),
    Command("forget", personal.forget, ALONE),
    Command("sources", sources.sources, ALONE, bot_admin=True),
    Command(
        "addsource",
        sources.add,
        ALONE,
        arguments="address",
        example="/addsource https://example.org/feed",
        bot_admin=True,
    ),
    Command(
        "removesource", sources.remove, ALONE, arguments="number", example="/removesource 3", bot_admin=True
    ),
    Command("importsources", sources.import_list, ALONE, bot_admin=True),
    Command("exportsources", sources.export_list, ALONE, bot_admin=True),
    Command("status", operators.status, ALONE, bot_admin=True),
    Command("failures", operators.failures, ALONE, bot_admin=True),
    Command("retry", operators.retry, ALONE, arguments="number | all", example="/retry all", bot_admin=True),
    Command("invite", operators.invite, ALONE, bot_admin=True),
    Command("help", personal.help_, arguments="[command]", example="/help summary"),
)


def command_named(name: str) -> Command | None:
    """The command of that name or alias."""
    return next((command for command in COMMANDS if name in (command.name, *command.also)), None)


SCOPES: tuple[tuple[BotCommandScope, frozenset[str], bool], ...] = (
    (BotCommandScopeDefault(), ALONE, True),
    (BotCommandScopeAllPrivateChats(), ALONE, True),
    (BotCommandScopeAllGroupChats(), frozenset({GROUP}), False),
    (BotCommandScopeAllChatAdministrators(), frozenset({GROUP}), True),
)
"""Scope of a menu, the kinds of chats it is for, and whether it shows commands for admins."""


def menu(places: frozenset[str], *, admins: bool, language: str, operators: bool = False) -> list[BotCommand]:
    """The commands of a menu, in one language; `operators`: those who run the bot see theirs too."""
    texts = texts_for(language)
    return [
        BotCommand(command.name, texts(command.help)[:256])
        for command in COMMANDS
        if command.where & places
        and (operators or not command.bot_admin)
        and (admins or not command.admins_only)
    ]


def documentation() -> str:
    """docs/commands.md."""
    texts = texts_for("en")
    lines = [
        "# Commands",
        "",
        "Generated from the table of commands (`python scripts/write_commands.py`); a test keeps it true.",
        "",
        "| command | what it does | example | where |",
        "| --- | --- | --- | --- |",
    ]
    names = {PRIVATE: "private", GROUP: "groups", CHANNEL: "channels"}
    for command in COMMANDS:
        where = (
            "everywhere"
            if command.where == EVERYWHERE
            else ", ".join(name for place, name in names.items() if place in command.where)
        )
        if command.admins_only and GROUP in command.where:
            where += " (in groups: admins)"
        if command.bot_admin:
            where += ", for those who run the bot"
        usage = command.usage.replace("|", "\\|")
        example = f"`{command.example}`" if command.example else ""
        lines.append(f"| `{usage}` | {texts(command.help)} | {example} | {where} |")
    lines += [
        "",
        "Numbers are those of the latest list in the chat, or of the message you reply to: `2` is a story,",
        "`2.1` its first sentence. Where a number may stand, words may too: the best match is meant. Send an",
        "address, a text or a file (PDF, DOCX, HTML, e-mail, text) in a private chat and it is read at once,",
        "for that chat alone.",
        "",
        "In a group write the command, or `/command@name_of_the_bot`; the bot is silent otherwise. In a",
        "channel it answers commands posted by the channel itself.",
    ]
    return "\n".join(lines) + "\n"
