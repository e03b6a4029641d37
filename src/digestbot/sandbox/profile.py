"""Methods with which a bot describes itself: command menus, name, descriptions, menu button."""

from __future__ import annotations

import re

from digestbot.sandbox.calls import Call
from digestbot.sandbox.chats import Json
from digestbot.sandbox.refusals import bad
from digestbot.sandbox.world import Event, EventKind

MOST_COMMANDS = 100
LONGEST = {"name": 64, "description": 512, "short_description": 120}
"""Characters, by the Bot API."""
_COMMAND = re.compile(r"[a-z0-9_]{1,32}\Z")
_LANGUAGE = re.compile(r"([a-z]{2})?\Z")


def _scope(call: Call) -> str:
    """The scope as key of World.commands. Raises ApiError where its chat is unknown."""
    scope = call.get("scope", {"type": "default"})
    key = str(scope["type"])
    if "chat_id" in scope:
        chat = call.world.find_chat(scope["chat_id"])
        if chat is None:
            raise bad("chat not found")
        if chat.type == "channel":
            raise bad("can't change commands in channel chats")
        key += f":{chat.id}"
    if "user_id" in scope:
        key += f":{scope['user_id']}"
    return key


def _language(call: Call) -> str:
    code = str(call.get("language_code", ""))
    if not _LANGUAGE.match(code):
        raise bad("invalid language code specified")
    return code


def set_my_commands(call: Call) -> bool:
    """The menu of one scope and language; an empty one takes it away."""
    commands = call.given["commands"]
    if len(commands) > MOST_COMMANDS:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for row in commands:
        if not _COMMAND.match(row["command"]):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(row["description"].strip()) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    key = _scope(call), _language(call)
    if commands:
        call.world.commands[key] = commands
    else:
        call.world.commands.pop(key, None)
    call.world.emit(Event(EventKind.COMMANDS, None))
    return True


def get_my_commands(call: Call) -> list[Json]:
    """The menu set for exactly this scope and language."""
    return call.world.commands.get((_scope(call), _language(call)), [])


def delete_my_commands(call: Call) -> bool:
    """No menu for this scope and language."""
    call.world.commands.pop((_scope(call), _language(call)), None)
    call.world.emit(Event(EventKind.COMMANDS, None))
    return True


def _set_text(call: Call, what: str) -> bool:
    text = call.get(what, "")
    if len(text) > LONGEST[what]:
        raise bad(f"BOT_{'TITLE' if what == 'name' else what.upper()}_INVALID")
    key = what, _language(call)
    if text:
        call.world.texts[key] = text
    else:
        call.world.texts.pop(key, None)
    return True


def _get_text(call: Call, what: str) -> Json:
    default = call.world.bot["first_name"] if what == "name" else ""
    texts = call.world.texts
    return {what: texts.get((what, _language(call)), texts.get((what, ""), default))}


def set_my_name(call: Call) -> bool:
    """The bot's name in one language."""
    return _set_text(call, "name")


def get_my_name(call: Call) -> Json:
    """The bot's name as people of the language see it."""
    return _get_text(call, "name")


def set_my_description(call: Call) -> bool:
    """What an empty chat with the bot shows."""
    return _set_text(call, "description")


def get_my_description(call: Call) -> Json:
    """What an empty chat with the bot shows."""
    return _get_text(call, "description")


def set_my_short_description(call: Call) -> bool:
    """What the bot's profile shows."""
    return _set_text(call, "short_description")


def get_my_short_description(call: Call) -> Json:
    """What the bot's profile shows."""
    return _get_text(call, "short_description")


def set_chat_menu_button(call: Call) -> bool:
    """The button beside the message field, in one private chat or in all."""
    button = call.get("menu_button", {"type": "default"})
    if "chat_id" not in call.given:
        call.world.menu_button = {"type": "commands"} if button["type"] == "default" else button
        return True
    chat = call.chat()
    if chat.type != "private":
        raise bad("chat_id must be of a private chat")
    chat.menu_button = None if button["type"] == "default" else button
    call.world.emit(Event(EventKind.CHAT, chat.id))
    return True


def get_chat_menu_button(call: Call) -> Json:
    """The button beside the message field."""
    own = call.chat().menu_button if "chat_id" in call.given else None
    return own or call.world.menu_button
