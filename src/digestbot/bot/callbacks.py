"""ACTIONS: what each kind of button does. The data is rendering/actions.py's: at most 64 bytes, rows by id.

A button of a channel's post is pressed by readers, and must not make the bot write into the channel: it opens
the private chat with the bot, where the same action is done.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from digestbot.bot import (
    channels,
    following,
    personal,
    pictures,
    reading,
    settings_menu,
    sources,
    subscribing,
    uploads,
)
from digestbot.bot.call import Call
from digestbot.rendering.actions import Action, to_start


@dataclass(frozen=True, slots=True)
class Press:
    """`function` takes the call and the action's arguments. `admins_only`: changes a chat.
    `elsewhere`: answers with messages, so in a channel it is done in the private chat."""

    function: Callable[..., Awaitable[None]]
    admins_only: bool = False
    elsewhere: bool = True


async def nothing(call: Call, *_arguments: str) -> None:
    """A button that only shows something, such as the page number."""
    await call.tell()


async def digest_now(call: Call, *_arguments: str) -> None:
    """A button: /digest."""
    await call.tell()
    await reading.digest(call)


async def subscribe(call: Call, *arguments: str) -> None:
    """A button: /subscribe, or the time and zone chosen there."""
    if len(arguments) in (2, 3):
        await subscribing.choose(call, *arguments)
    else:
        await call.tell()
        await subscribing.subscribe(call)


async def vote_up(call: Call, named: str) -> None:
    """👍"""
    await personal.press_vote(call, named, 1)


async def vote_down(call: Call, named: str) -> None:
    """👎"""
    await personal.press_vote(call, named, -1)


ACTIONS = {
    "cn": Press(reading.show_conditions),
    "ac": Press(reading.show_actors),
    "so": Press(reading.show_sources),
    "pi": Press(pictures.show_network),
    "st": Press(reading.show_story),
    "wh": Press(reading.show_why),
    "pg": Press(reading.page, elsewhere=False),
    "dg": Press(digest_now),
    "sb": Press(subscribe, admins_only=True, elsewhere=False),
    "se": Press(settings_menu.press, admins_only=True, elsewhere=False),
    "fo": Press(following.press_follow, admins_only=True),
    "al": Press(following.press_alert, admins_only=True),
    "mu": Press(following.press_mute, admins_only=True),
    "md": Press(following.press_mute_days, admins_only=True),
    "un": Press(following.press_undo, admins_only=True),
    "an": Press(reading.show_profile),
    "vu": Press(vote_up, elsewhere=False),
    "vd": Press(vote_down, elsewhere=False),
    "fg": Press(personal.press_forget, admins_only=True, elsewhere=False),
    "sa": Press(sources.press_start, elsewhere=False),
    "si": Press(sources.press_import, elsewhere=False),
    "sr": Press(sources.press_remove, elsewhere=False),
    "ch": Press(channels.press, elsewhere=False),
    "po": Press(uploads.press_offer, admins_only=True, elsewhere=False),
    "pp": Press(uploads.press_publish, elsewhere=False),
    "pd": Press(uploads.press_decline, elsewhere=False),
    "no": Press(nothing, elsewhere=False),
}

FROM_START = frozenset({"cn", "ac", "pi", "so", "st", "wh", "dg"})
"""What a link may ask for: reading only. A link must never change anything for whoever follows it."""


async def act(call: Call, action: Action, encoded: str) -> None:
    """Do what a button says; what is not known, or names nothing, is answered kindly.

    Raises NotFound where the rows are gone.
    """
    press = ACTIONS.get(action.name)
    if press is None:
        await call.tell("button_old", alert=True)
        return
    if call.query is not None and call.chat.type == "channel" and press.elsewhere:
        parameter = to_start(encoded)
        if parameter:
            await call.open(f"https://t.me/{call.bot.username}?start={parameter}")
            return
    if press.admins_only and not await call.chat_admin():
        await call.tell("admins_only", alert=True)
        return
    arguments: tuple[Any, ...] = action.arguments
    try:
        await press.function(call, *arguments)
    except (ValueError, TypeError) as error:
        if not _malformed(error, press, arguments):
            raise
        await call.tell("button_old", alert=True)


def _malformed(error: Exception, press: Press, arguments: tuple[str, ...]) -> bool:
    """Whether the data itself was at fault: as many arguments as the function takes, and ids that are ids."""
    try:
        inspect.signature(press.function).bind(None, *arguments)
    except TypeError:
        return True
    return isinstance(error, ValueError)
