"""/channels: set up a channel or group from the private chat with the bot.

ch                    the list                     ch:<chat>:a:<field>    ask for a text, by a reply
ch:<chat>             its settings                 ch:<chat>:r[:<region>] regions; one on or off
ch:<chat>:p           a test post                  ch:<chat>:l[:<code>]   language
ch:<chat>:s           no more posts                <chat>: its id without the minus, in base 36

Whoever changes something must be an admin of that chat at that moment: Telegram is asked each time. Chats of
the configuration file are shown to those who run the bot too, and cannot be changed here.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from telegram import ChatMemberUpdated, ForceReply, LinkPreviewOptions
from telegram.constants import ChatMemberStatus, ParseMode
from telegram.error import TelegramError
from telegram.ext import ExtBot

from digestbot.bot.admission import GUEST
from digestbot.bot.call import Call
from digestbot.bot.finding import NotFound
from digestbot.bot.keyboards import markup, rows_of
from digestbot.bot.services import Services
from digestbot.bot.subscribing import MOST_TIMES, next_posts, set_zone
from digestbot.bot.typed import schedule
from digestbot.bot.zones import find_zones, read_wish
from digestbot.digest import regions, settings_of
from digestbot.model import Button, Keyboard, MessagePart, Window
from digestbot.protocols.chat import Chat
from digestbot.protocols.delivery import ScheduleRow
from digestbot.publish import compose_now
from digestbot.rendering.actions import base36, encode, number
from digestbot.rendering.rich import Piece, Rich, pack, plain
from digestbot.rendering.telegram import message_part, region_name, render_digest
from digestbot.rendering.texts import Texts, available, texts_for
from digestbot.rendering.views import say

log = logging.getLogger(__name__)

ADMINS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)
NEVER = "-"
"""What is typed to take a header, a footer, a topic or all times away."""
MOST_TEXT = 300
"""Characters of a header or footer: it stands in every digest."""
KNOWN = "channels"
"""The setting of a private chat that lists chats it sets up without having added the bot to them."""


# --- the list and one chat ------------------------------------------------------------------------------


async def channels(call: Call) -> None:
    """/channels [@name]."""
    if call.arguments:
        chat = await _named(call, call.arguments)
        await call.answer([await _panel(call, chat)])
    else:
        await call.answer([await _list(call)])


async def press(call: Call, token: str = "", kind: str = "", value: str = "") -> None:
    """A button of the list or of a chat's settings."""
    if not call.private:
        await call.tell("button_old", alert=True)
        return
    if not token:
        await call.tell()
        await call.edit(await _list(call))
        return
    chat = await _chat(call, -number(token))
    changes = kind in ("a", "s", "p") or bool(value)
    fixed = changes and kind != "p" and await _configured(call, chat)
    await _check_admin(call, chat, reading=fixed or not changes)
    if fixed:
        await call.tell("channels.configured", alert=True)
        return
    there = replace(call, chat=chat)
    if kind == "a" and value in FIELDS:
        await call.tell()
        await _ask(call, chat, value)
        return
    if kind == "p":
        await _test_post(call, chat)
        return
    if kind == "s":
        await _set_times(there, NEVER)
        await call.tell("channels.stopped", title=chat.title or "")
    elif kind == "r" and value:
        names = {_slug(name): name for name in regions().values()}
        if value in names:
            chosen = set(chat.settings.get("regions") or ()) ^ {names[value]}
            await there.change_settings({"regions": sorted(chosen) or None})
    elif kind == "l" and value in available():
        async with call.services.store.begin() as tx:
            await tx.chats.update(chat.chat_id, language=value)
        await there.change_settings({"locale": value})
    await call.tell()
    await call.edit(await _panel(call, there.chat, kind))


async def _list(call: Call) -> MessagePart:
    async with call.services.store.read() as tx:
        ids = [chat.chat_id for chat in await tx.chats.owned_by(call.chat_id)]
        ids += [int(known) for known in call.chat.settings.get(KNOWN) or ()]
        if call.bot_admin:
            ids += await tx.schedules.configured_chats()
        found = [await tx.chats.get(chat_id) for chat_id in dict.fromkeys(ids)]
    chats = [chat for chat in found if chat is not None and chat.active and chat.chat_id < 0]
    keyboard = tuple((Button(_title(chat), encode("ch", _token(chat))),) for chat in chats[:40])
    return say(call.texts, "channels.list" if chats else "channels.none", keyboard)[0]


async def _panel(call: Call, chat: Chat, page: str = "") -> MessagePart:
    """All that is set for a chat, its rights, and the buttons of one page."""
    texts = call.texts
    chosen = settings_of(chat)
    async with call.services.store.read() as tx:
        rows = await tx.schedules.for_chat(chat.chat_id)
    configured = any(row.origin == "config" for row in rows)
    posts = next_posts(replace(call, chat=chat), rows)
    unset = texts("channels.unset")
    lines: list[Rich] = [
        texts.rich(
            "channels.panel",
            title=_title(chat),
            times=", ".join(sorted({row.local_time for row in rows})) or unset,
            zone=chat.zone or call.zone,
            next=posts[0] if posts else "–",
            regions=", ".join(region_name(one, texts) for one in chosen.regions)
            or texts("channels.all_regions"),
            header=chosen.header or unset,
            footer=chosen.footer or unset,
            language=texts.language_name(texts_for(chosen.locale).language),
        )
    ]
    if chat.type == "supergroup":
        lines.append(
            plain(texts("channels.topic", topic=_topics(chat, rows) or texts("channels.whole_chat")))
        )
    missing = await _missing_rights(call.bot, chat.chat_id)
    if missing:
        words = ", ".join(texts(f"channels.right_{right}") for right in missing)
        lines.append(plain(f"⚠️ {texts('channels.rights_missing', rights=words)}"))
    else:
        lines.append(plain(f"✓ {texts('channels.rights_ok')}"))
    if configured:
        lines.append(plain(texts("channels.configured")))
    keyboard = _keyboard(texts, chat, page, configured=configured)
    return message_part(pack([[Piece(line) for line in lines]])[0], keyboard)


def _keyboard(texts: Texts, chat: Chat, page: str, *, configured: bool) -> Keyboard:
    token = _token(chat)

    def button(words: str, *arguments: str) -> Button:
        return Button(texts(words), encode("ch", token, *arguments))

    foot = (
        (button("channels.button_test", "p"), button("channels.button_refresh")),
        (Button(f"◀ {texts('channels.button_back')}", encode("ch")),),
    )
    if configured:
        return foot
    if page in ("r", "l"):
        if page == "r":
            on = set(chat.settings.get("regions") or ())
            choices = [
                (region_name(name, texts), _slug(name), name in on)
                for name in dict.fromkeys(regions().values())
            ]
        else:
            current = texts_for(settings_of(chat).locale).language
            choices = [(texts.language_name(code), code, code == current) for code in available()]
        buttons = [
            Button(f"{'✓' if ticked else '·'} {words}", encode("ch", token, page, value))
            for words, value, ticked in choices
        ]
        return (*rows_of(buttons, 2), (Button(f"◀ {texts('button.back')}", encode("ch", token)),))
    return (
        (button("channels.button_times", "a", "t"), button("channels.button_zone", "a", "z")),
        (button("channels.button_regions", "r"), button("button.language", "l")),
        (button("channels.button_header", "a", "h"), button("channels.button_footer", "a", "f")),
        *(((button("channels.button_topic", "a", "x"),),) if chat.type == "supergroup" else ()),
        (button("channels.button_stop", "s"),),
        *foot,
    )


def _topics(chat: Chat, rows: list[ScheduleRow]) -> str:
    """Numbers of the topics its posts go to; empty for the whole chat."""
    threads = {row.thread_id for row in rows if row.thread_id}
    threads |= {int(chat.settings["thread"])} if chat.settings.get("thread") and not rows else set()
    return ", ".join(str(thread) for thread in sorted(threads))


# --- which chat, and who may ----------------------------------------------------------------------------


async def _named(call: Call, words: str) -> Chat:
    """The chat of that @name, link or id, from now on in the asker's list. Raises NotFound.

    The bot was told of every chat it was added to, so what it does not know it is not in.
    """
    found = re.fullmatch(r"(?:https?://)?(?:t\.me/|@)?(\w+)/?|(-\d{1,18})", words.strip())
    if found is None:
        raise NotFound("channels.unknown", name=words)
    async with call.services.store.read() as tx:
        known = await (tx.chats.get(int(found[2])) if found[2] else tx.chats.named(found[1]))
    if known is None or known.chat_id > 0 or not known.active:
        raise NotFound("channels.unknown", name=words)
    await _check_admin(call, known, reading=True, named=words)
    mine = call.chat.settings.get(KNOWN) or []
    if known.owner != call.user_id and known.chat_id not in mine:
        await call.change_settings({KNOWN: [*mine, known.chat_id]})
    return known


async def _chat(call: Call, chat_id: int) -> Chat:
    async with call.services.store.read() as tx:
        chat = await tx.chats.get(chat_id)
    if chat is None or not chat.active or chat_id >= 0:
        raise NotFound("channels.unknown", name=str(chat_id))
    return chat


async def _check_admin(call: Call, chat: Chat, *, reading: bool, named: str | None = None) -> None:
    """Raises NotFound for somebody who is no admin of the chat now; a configured one may be read by those who
    run the bot.

    Who is not even in the chat hears what they would hear if there were none: `named` is what they called it.
    """
    if reading and call.bot_admin and await _configured(call, chat):
        return
    try:
        member = await call.bot.get_chat_member(chat.chat_id, call.user_id or call.chat_id)
    except TelegramError as error:
        log.info("rights in chat %d cannot be looked up: %s", chat.chat_id, error.message)
    else:
        if member.status in ADMINS:
            return
        if member.status in (ChatMemberStatus.MEMBER, ChatMemberStatus.RESTRICTED):
            raise NotFound("channels.not_admin", title=_title(chat))
    raise NotFound("channels.unknown", name=named or str(chat.chat_id))


async def _configured(call: Call, chat: Chat) -> bool:
    async with call.services.store.read() as tx:
        return any(row.origin == "config" for row in await tx.schedules.for_chat(chat.chat_id))


async def _missing_rights(bot: ExtBot[Any], chat_id: int) -> list[str]:
    """What the bot may not, of what it needs: "post" (channels), "send" (groups), "member"."""
    try:
        me = await bot.get_chat_member(chat_id, bot.id)
    except TelegramError as error:
        log.info("own rights in chat %d cannot be looked up: %s", chat_id, error.message)
        return ["member"]
    if me.status in (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED):
        return ["member"]
    if me.status == ChatMemberStatus.RESTRICTED:
        return [] if getattr(me, "can_send_messages", False) else ["send"]
    # Only a channel's administrators have this right at all: in groups Telegram leaves it out.
    return ["post"] if getattr(me, "can_post_messages", None) is False else []


async def welcome(bot: ExtBot[Any], services: Services, change: ChatMemberUpdated) -> None:
    """Tell who added the bot to a channel or group where to set it up, if they have talked with it before."""
    person = change.from_user
    if person.is_bot:
        return
    async with services.store.read() as tx:
        known = await tx.chats.get(person.id)
    if known is None or not known.active:
        return
    if not services.access.admits(person.id, services.admins, guest=bool(known.settings.get(GUEST))):
        return
    texts = texts_for(known.language)
    title = change.chat.title or str(change.chat.id)
    token = base36(-change.chat.id)
    part = say(
        texts, "channels.added", ((Button(texts("button.settings"), encode("ch", token)),),), title=title
    )[0]
    try:
        await bot.send_message(
            person.id, part.html, parse_mode=ParseMode.HTML, reply_markup=markup(part.keyboard)
        )
    except TelegramError as error:
        log.info("who added the bot to chat %d cannot be told: %s", change.chat.id, error.message)


# --- what is typed --------------------------------------------------------------------------------------


async def _ask(call: Call, chat: Chat, field: str) -> None:
    """Ask for a text; what is replied to that message is taken for it, after any restart."""
    part = say(call.texts, FIELDS[field][0], title=_title(chat))[0]
    sent = await call.bot.send_message(
        call.chat_id, part.html, parse_mode=ParseMode.HTML, reply_markup=ForceReply()
    )
    asked = replace(part, refers_to={"channel": chat.chat_id, "field": field})
    await call.remember(sent.message_id, asked)


async def typed(call: Call) -> bool:
    """Whether a message answers what was asked here; then it is done. Raises NotFound where it is wrong."""
    replied = call.message.reply_to_message
    if replied is None or not call.message.text:
        return False
    async with call.services.store.read() as tx:
        asked = await tx.messages.refers_to(call.chat_id, replied.message_id) or {}
    if "channel" not in asked or asked.get("field") not in FIELDS:
        return False
    chat = await _chat(call, int(asked["channel"]))
    await _check_admin(call, chat, reading=False)
    if await _configured(call, chat):
        raise NotFound("channels.configured")
    there = replace(call, chat=chat)
    await FIELDS[asked["field"]][1](there, call.message.text.strip())
    await call.answer([await _panel(call, await _chat(call, chat.chat_id))])
    return True


async def _set_times(there: Call, text: str) -> None:
    """Exactly these times, in the topic that is set."""
    wish = read_wish(schedule(text, there.texts))
    if text != NEVER and (not wish.times or len(wish.times) > MOST_TIMES):
        raise NotFound("channels.bad_times", given=text)
    if text != NEVER and wish.zone_words:
        await _set_zone(there, wish.zone_words)
    times = () if text == NEVER else wish.times
    zone = there.zone
    if there.chat.zone is None and times:
        zone = await _zone_of_asker(there)
        await set_zone(there, zone)
    thread = there.chat.settings.get("thread")
    async with there.services.store.begin() as tx:
        for row in await tx.schedules.for_chat(there.chat_id):
            if row.origin == "chat" and (row.local_time not in times or row.thread_id != thread):
                await tx.schedules.remove(there.chat_id, row.schedule_id)
        for time in times:
            await tx.schedules.put(
                there.chat_id,
                local_time=time,
                zone=zone,
                origin="chat",
                thread_id=thread,
                weekdays=wish.weekdays,
                now=there.now,
            )


async def _zone_of_asker(there: Call) -> str:
    async with there.services.store.read() as tx:
        asker = await tx.chats.get(there.message.chat.id)
    return (asker.zone if asker is not None else None) or there.services.defaults.zone


async def _set_zone(there: Call, text: str) -> None:
    zones = await asyncio.to_thread(find_zones, text)
    if not zones:
        raise NotFound("subscribe.unknown_zone", words=text)
    if len(zones) > 1:
        raise NotFound("channels.ambiguous_zone", given=text, zones=", ".join(zones))
    await set_zone(there, zones[0])


async def _set_header(there: Call, text: str) -> None:
    await _set_text(there, "header", text)


async def _set_footer(there: Call, text: str) -> None:
    await _set_text(there, "footer", text)


async def _set_text(there: Call, name: str, text: str) -> None:
    if len(text) > MOST_TEXT:
        raise NotFound("channels.bad_text", most=MOST_TEXT)
    await there.change_settings({name: None if text == NEVER else text})


async def _set_topic(there: Call, text: str) -> None:
    """The topic of a link (t.me/c/chat/topic[/message]) or number; all times move to it."""
    found = re.fullmatch(r"(\d{1,10})|(?:https?://)?t\.me/(?:c/\d+|\w+)/(\d{1,10})(?:/\d+)?(?:\?\S*)?", text)
    if text != NEVER and found is None:
        raise NotFound("channels.bad_topic", given=text)
    thread = int(found[1] or found[2]) if found is not None else None
    if thread == 1:  # the topic "General": posts of the whole chat stand there
        thread = None
    await there.change_settings({"thread": thread})
    async with there.services.store.begin() as tx:
        for row in await tx.schedules.for_chat(there.chat_id):
            if row.origin == "chat" and row.thread_id != thread:
                await tx.schedules.remove(there.chat_id, row.schedule_id)
                await tx.schedules.put(
                    there.chat_id,
                    local_time=row.local_time,
                    zone=row.zone,
                    origin="chat",
                    thread_id=thread,
                    weekdays=row.weekdays,
                    now=there.now,
                )


FIELDS: dict[str, tuple[str, Callable[[Call, str], Awaitable[None]]]] = {
    "t": ("channels.ask_times", _set_times),
    "z": ("channels.ask_zone", _set_zone),
    "h": ("channels.ask_header", _set_header),
    "f": ("channels.ask_footer", _set_footer),
    "x": ("channels.ask_topic", _set_topic),
}
"""What is asked for by a reply: the text that asks, and what is done with the answer."""


# --- a test post ----------------------------------------------------------------------------------------


async def _test_post(call: Call, chat: Chat) -> None:
    """The digest of the last 24 hours, posted there now as it would be; what fails is told."""
    missing = await _missing_rights(call.bot, chat.chat_id)
    if missing:
        words = ", ".join(call.texts(f"channels.right_{right}") for right in missing)
        await call.tell("channels.rights_missing", alert=True, rights=words)
        return
    await call.tell()
    there = replace(call, chat=chat, texts=texts_for(settings_of(chat).locale))
    window = Window(call.now.replace(microsecond=0) - timedelta(days=1), call.now.replace(microsecond=0))
    parts = render_digest(await compose_now(call.services.store, await there.settings(), window, call.now))
    async with call.services.store.read() as tx:
        rows = await tx.schedules.for_chat(chat.chat_id)
    thread = rows[0].thread_id if rows else chat.settings.get("thread")
    try:
        for part in parts:
            sent = await call.bot.send_message(
                chat.chat_id,
                part.html,
                parse_mode=ParseMode.HTML,
                link_preview_options=LinkPreviewOptions(is_disabled=not part.link_preview),
                reply_markup=markup(part.keyboard),
                message_thread_id=thread or None,
                disable_notification=bool(chat.settings.get("silent")),
            )
            await there.remember(sent.message_id, part)
    except TelegramError as error:
        await call.say("channels.test_failed", title=_title(chat), why=error.message)
        return
    await call.say("channels.test_sent", title=_title(chat))


def _title(chat: Chat) -> str:
    return chat.title or chat.username or str(chat.chat_id)


def _token(chat: Chat) -> str:
    return base36(-chat.chat_id)


def _slug(region: str) -> str:
    return region.lower().replace(" ", "_").replace("-", "_")
