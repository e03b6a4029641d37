"""One call of a command, or one press of a button: who asks, where, and the ways to answer.

update ──► Call ──► command or action ──► answer | edit | tell ──► what the message refers to is stored
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from telegram import CallbackQuery, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ChatAction, ChatMemberStatus, ParseMode
from telegram.error import BadRequest, TelegramError
from telegram.ext import ExtBot

from digestbot.bot.keyboards import markup
from digestbot.bot.services import Services
from digestbot.digest import settings_of
from digestbot.model import DigestSettings, Keyboard, MessagePart
from digestbot.protocols.chat import Chat
from digestbot.rendering.texts import Texts
from digestbot.rendering.views import say

if TYPE_CHECKING:
    from digestbot.bot.commands import Command

log = logging.getLogger(__name__)

NOTICE_LIMIT = 200
"""Characters of answerCallbackQuery's text."""


@dataclass(slots=True)
class Call:
    """`message`: the command's, or the one the button stands under. `query`: the press, if it is one."""

    services: Services
    bot: ExtBot[Any]
    chat: Chat
    message: Message
    user_id: int | None
    now: datetime
    texts: Texts
    table: Sequence[Command]
    arguments: str = ""
    query: CallbackQuery | None = None
    _told: bool = field(default=False)
    _action: ChatAction = field(default=ChatAction.TYPING)

    @property
    def chat_id(self) -> int:
        """Where to answer."""
        return self.chat.chat_id

    @property
    def private(self) -> bool:
        """Whether this is a conversation with one person."""
        return self.chat.type == "private"

    @property
    def thread_id(self) -> int | None:
        """The forum topic, if there is one."""
        return self.message.message_thread_id if self.message.is_topic_message else None

    @property
    def zone(self) -> str:
        """The zone times are shown in."""
        return self.chat.zone or self.services.defaults.zone

    @property
    def words(self) -> list[str]:
        """The arguments, word by word."""
        return self.arguments.split()

    async def settings(self) -> DigestSettings:
        """What this chat's digest holds and how it reads, its follows included."""
        async with self.services.store.read() as tx:
            follows = await tx.follows.for_chat(self.chat_id, now=self.now)
        settings = settings_of(self.chat, follows)
        return replace(settings, zone=self.zone, locale=self.texts.language)

    # --- answering ----------------------------------------------------------------------------------

    async def answer(self, parts: Sequence[MessagePart], *, listing: bool = False) -> None:
        """Send messages; with `listing` the numbers typed from now on mean those in them."""
        for place, part in enumerate(parts):
            message_id = await self._send(part, first=place == 0)
            await self.remember(message_id, part, listing=listing and place == 0)

    async def say(self, key: str, keyboard: Keyboard = (), **values: object) -> None:
        """Send a text of the catalogue."""
        await self.answer(say(self.texts, key, keyboard, **values))

    async def working(self, action: ChatAction | None = None) -> None:
        """Show that an answer is on its way (`action`: of which kind, from now on); not in channels, which
        know no such thing."""
        self._action = action or self._action
        if self.chat.type == "channel":
            return
        try:
            await self.bot.send_chat_action(self.chat_id, self._action, message_thread_id=self.thread_id)
        except TelegramError as error:  # the answer itself will tell
            log.info("work could not be shown: %s", error.message)

    async def edit(self, part: MessagePart, *, message_id: int | None = None) -> None:
        """Put another text and keyboard into the button's message (or another one of ours)."""
        target = message_id or self.message.message_id
        try:
            await self.bot.edit_message_text(
                part.html,
                chat_id=self.chat_id,
                message_id=target,
                parse_mode=ParseMode.HTML,
                link_preview_options=LinkPreviewOptions(is_disabled=not part.link_preview),
                reply_markup=markup(part.keyboard),
            )
        except BadRequest as error:
            if "not modified" not in error.message.lower():
                raise
        await self.remember(target, part)

    async def tell(self, key: str | None = None, *, alert: bool = False, **values: object) -> None:
        """Answer a press, with a short notice or without; once."""
        if self.query is None or self._told:
            return
        self._told = True
        text = self.texts(key, **values)[:NOTICE_LIMIT] if key else None
        await self._answer_query(text=text, show_alert=alert if text else None)

    async def open(self, url: str) -> None:
        """Answer a press by opening a link of the bot's own."""
        self._told = True
        await self._answer_query(url=url)

    async def _answer_query(self, **fields: Any) -> None:
        assert self.query is not None
        try:
            await self.bot.answer_callback_query(self.query.id, **fields)
        except BadRequest as error:  # an old press, after a restart: its effect is shown all the same
            log.info("a press could not be acknowledged: %s", error.message)

    def reply_parameters(self) -> ReplyParameters | None:
        """The command an answer belongs to, where others write too; a press needs none."""
        if self.private or self.query is not None:
            return None
        return ReplyParameters(self.message.message_id, allow_sending_without_reply=True)

    async def _send(self, part: MessagePart, *, first: bool) -> int:
        fields: dict[str, Any] = {
            "chat_id": self.chat_id,
            "link_preview_options": LinkPreviewOptions(is_disabled=not part.link_preview),
            "reply_markup": markup(part.keyboard),
            "message_thread_id": self.thread_id,
            "reply_parameters": self.reply_parameters() if first else None,
        }
        try:
            sent = await self.bot.send_message(text=part.html, parse_mode=ParseMode.HTML, **fields)
        except BadRequest as error:
            if "parse entities" not in error.message.lower():
                raise
            log.warning("Telegram refused the markup of an answer: %s", error.message)
            sent = await self.bot.send_message(text=part.plain, **fields)
        return sent.message_id

    async def remember(self, message_id: int, part: MessagePart, *, listing: bool = False) -> None:
        """Keep what a message of ours refers to."""
        if not part.refers_to:
            return
        async with self.services.store.begin() as tx:
            await tx.messages.record(self.chat_id, message_id, part.refers_to, now=self.now)
            if listing:
                await tx.messages.set_listing(self.chat_id, part.refers_to, now=self.now)

    # --- who may ------------------------------------------------------------------------------------

    @property
    def bot_admin(self) -> bool:
        """Whether one of those who run the bot asks."""
        return self.user_id is not None and self.user_id in self.services.admins

    async def chat_admin(self) -> bool:
        """Whether the asker may change this chat's settings.

        In a private chat everybody may. A channel's own post comes from one who may post there. In a group,
        an anonymous admin writes as the group itself, and the linked channel's posts are forwarded into it:
        both count; a person who writes as any other channel does not.
        """
        if self.private or (self.chat.type == "channel" and self.query is None):
            return True
        if self.query is None:
            sender = self.message.sender_chat
            if sender is not None:
                return sender.id == self.chat_id or bool(self.message.is_automatic_forward)
        if self.user_id is None:
            return False
        try:
            member = await self.bot.get_chat_member(self.chat_id, self.user_id)
        except TelegramError as error:
            log.warning("rights in chat %d cannot be looked up: %s", self.chat_id, error.message)
            return False
        return member.status in (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)

    async def change_settings(self, changes: Mapping[str, Any]) -> None:
        """Set some of the chat's settings."""
        async with self.services.store.begin() as tx:
            changed = await tx.chats.change_settings(self.chat_id, changes)
        if changed is not None:
            self.chat = changed
