"""The bot's application: updates in, commands and buttons done, answers out.

process_update ──► who asks, where (a chat row, "seen") ──► may they? ──► command | button | anything sent
                   │                                                      └► NotFound ──► what to type instead
                   └► blocked, removed, added, migrated ──► the chat's row

No Updater: updates are stored first and fed in (transports/updates.py).
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from datetime import timedelta
from typing import Any

from telegram import BotCommandScopeChat, CallbackQuery, Chat, ChatMember, Message, Update
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import Application, ApplicationBuilder, ContextTypes, ExtBot, TypeHandler

from digestbot.bot import channels, inline, settings_menu, uploads
from digestbot.bot.admission import GUEST
from digestbot.bot.call import Call
from digestbot.bot.callbacks import FROM_START, act
from digestbot.bot.commands import ALONE, COMMANDS, GROUP, SCOPES, Command, command_named, menu
from digestbot.bot.finding import NotFound
from digestbot.bot.services import Services
from digestbot.bot.zones import nearest_zone
from digestbot.errors import StorageError, TryLaterError
from digestbot.protocols.delivery import right_notice
from digestbot.rendering.actions import decode, from_start
from digestbot.rendering.texts import available, texts_for
from digestbot.rendering.views import say

log = logging.getLogger(__name__)

COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]{1,32})(?:@(?P<bot>\w+))?(?:\s+(?P<arguments>.*))?", re.DOTALL)
UNHANDLED = "unhandled"
"""Where bot_data holds what kept an update from being handled."""
TYPING_LASTS = 4.5
"""Seconds after which "typing …" is sent anew: Telegram shows it for five."""
GONE = frozenset({ChatMember.LEFT, ChatMember.BANNED})


def build_application(bot: ExtBot[Any], services: Services) -> Application[Any, Any, Any, Any, Any, Any]:
    """The application over this bot, without an Updater; feed it with `handler_of`."""
    application = ApplicationBuilder().bot(bot).updater(None).build()
    dispatcher = Dispatcher(bot, services)
    application.add_handler(TypeHandler(Update, dispatcher.handle))
    application.add_error_handler(dispatcher.failed)
    return application


def handler_of(
    application: Application[Any, Any, Any, Any, Any, Any],
) -> Callable[[Update], Awaitable[None]]:
    """`process_update`, but what was away is raised (StorageError, TryLaterError): the update is to be
    handled again."""

    async def handle(update: Update) -> None:
        await application.process_update(update)
        error = application.bot_data.pop((UNHANDLED, update.update_id), None)
        if isinstance(error, TelegramError):
            asked = error.retry_after if isinstance(error, RetryAfter) else None
            seconds = asked.total_seconds() if isinstance(asked, timedelta) else asked
            raise TryLaterError(f"Telegram did not take the answer: {error}", retry_after=seconds) from error
        if error is not None:
            raise error

    return handle


async def set_menus(bot: ExtBot[Any], operators: Iterable[int] = ()) -> None:
    """Set the menus of commands, for each kind of chat and each language of the interface.

    `operators`: user ids of those who run the bot; their private chats show their commands too.
    """
    for scope, places, admins in SCOPES:
        for language in available():
            await bot.set_my_commands(
                menu(places, admins=admins, language=language),
                scope=scope,
                language_code=None if language == "en" else language,
            )
    for operator in operators:
        for language in available():
            try:
                await bot.set_my_commands(
                    menu(ALONE, admins=True, language=language, operators=True),
                    scope=BotCommandScopeChat(operator),
                    language_code=None if language == "en" else language,
                )
            except BadRequest as error:  # they have not written to the bot yet
                log.info("the menu of admin %d could not be set: %s", operator, error.message)
                break


def passes(error: BaseException | None) -> bool:
    """Whether Telegram could not be had for a moment: the update is handled again, its answer is due."""
    if isinstance(error, BadRequest):  # a NetworkError to python-telegram-bot
        return False
    return isinstance(error, (NetworkError, RetryAfter)) or type(error) is TelegramError  # no readable answer


class Dispatcher:
    """Finds what an update asks for, and has it done."""

    def __init__(self, bot: ExtBot[Any], services: Services) -> None:
        self._bot = bot
        self._services = services

    async def handle(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """One update."""
        if update.my_chat_member is not None:
            await self._membership(update)
        elif update.inline_query is not None:
            await inline.answer(self._bot, self._services, update.inline_query)
        elif update.callback_query is not None:
            await self._press(update.callback_query)
        elif (message := update.message or update.channel_post) is not None:
            await self._message(message)

    async def failed(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Something went wrong: it is logged, and the person is told that it is not their fault."""
        error = context.error
        if (isinstance(error, StorageError) or passes(error)) and isinstance(update, Update):
            context.bot_data[UNHANDLED, update.update_id] = error
            return
        chat = update.effective_chat if isinstance(update, Update) else None
        if isinstance(error, Forbidden) and chat is not None:
            async with self._services.store.begin() as tx:
                await tx.chats.deactivate(chat.id, error.message, now=self._services.clock())
            return
        log.error("an update could not be handled", exc_info=error)
        if not isinstance(update, Update) or chat is None or isinstance(error, TelegramError):
            return
        async with self._services.store.read() as tx:
            known = await tx.chats.get(chat.id)
        user = update.effective_user
        texts = texts_for((known.language if known else None) or (user.language_code if user else None))
        try:
            if update.callback_query is not None:
                await self._bot.answer_callback_query(update.callback_query.id, texts("error")[:200])
            elif chat.type != Chat.CHANNEL:
                await self._bot.send_message(chat.id, texts("error"))
        except TelegramError as second:
            log.warning("the apology could not be sent: %s", second.message)

    # --- kinds of updates ---------------------------------------------------------------------------

    async def _membership(self, update: Update) -> None:
        """Blocked, removed, or added."""
        change = update.my_chat_member
        assert change is not None
        now = self._services.clock()
        gone = change.new_chat_member.status in GONE
        seen = await self._seen(
            change.chat, None if change.chat.type != Chat.PRIVATE else change.from_user.language_code
        )
        if gone:
            reason = "blocked by the user" if change.chat.type == Chat.PRIVATE else "removed from the chat"
            async with self._services.store.begin() as tx:
                await tx.chats.deactivate(change.chat.id, reason, now=now)
        elif change.chat.type != Chat.PRIVATE:
            async with self._services.store.begin() as tx:
                if seen.owner is None:
                    await tx.chats.update(change.chat.id, owner=change.from_user.id)
                # Rights were changed: should they be lost again, the owner hears of it again.
                await tx.leases.forget_notice(right_notice(change.chat.id))
            if change.old_chat_member.status in GONE:
                await channels.welcome(self._bot, self._services, change)

    async def _message(self, message: Message) -> None:
        if message.migrate_to_chat_id is not None or message.migrate_from_chat_id is not None:
            new = message.migrate_to_chat_id or message.chat.id
            old = message.migrate_from_chat_id or message.chat.id
            async with self._services.store.begin() as tx:
                await tx.chats.migrate(old, new)
            return
        text = message.text or (message.caption if message.document else "") or ""
        found = COMMAND.fullmatch(text.strip()) if text.startswith("/") else None
        private = message.chat.type == Chat.PRIVATE
        if found is None and not private:
            return
        if found is not None and found["bot"] and found["bot"].lower() != self._bot.username.lower():
            return
        command = command_named(found["name"].lower()) if found else None
        if found is not None and command is None and not private and not found["bot"]:
            return  # another bot's command
        # Anonymous admins and posts on behalf of a channel name a sender that Telegram made up for them all.
        sender = message.from_user if message.sender_chat is None else None
        call = await self._call(message, sender.id if sender else None)
        if not await self._admitted(call, found):
            await call.say("not_invited")
            return
        if not await self._in_pace(call):
            return
        try:
            if found is None:
                await self._anything(call)
            elif command is None:
                await call.say("unknown_command", command=found["name"])
            else:
                call.arguments = " ".join((found["arguments"] or "").split())
                await self._in_sight(call, self._command(call, command))
        except NotFound as missing:
            await call.answer(say(call.texts, missing.key, missing.keyboard, **missing.values))

    async def _command(self, call: Call, command: Command) -> None:
        place = call.chat.type if call.chat.type in ("private", "channel") else GROUP
        if command.bot_admin and not call.bot_admin:
            await call.say("unknown_command", command=command.name)
        elif place not in command.where:
            await call.say("not_here", command=command.name)
        elif command.admins_only and not await call.chat_admin():
            await call.say("admins_only")
        elif command.name == "start" and call.arguments and call.private:
            encoded = from_start(call.arguments)
            action = decode(encoded)
            if action.name in FROM_START:
                await act(call, action, encoded)
            else:
                await command.function(call)
        else:
            await command.function(call)

    async def _in_sight(self, call: Call, work: Coroutine[Any, Any, None]) -> None:
        """Do the work; what is not done in a moment is shown as "typing …" until it is."""
        doing = asyncio.ensure_future(work)
        try:
            wait = self._services.patience
            while not (await asyncio.wait({doing}, timeout=wait))[0]:
                await call.working()
                wait = TYPING_LASTS
            await doing
        finally:
            doing.cancel()

    async def _anything(self, call: Call) -> None:
        location = call.message.location
        if location is not None:
            zone = await asyncio.to_thread(nearest_zone, location.latitude, location.longitude)
            await settings_menu.zone_shared(call, zone)
            return
        if not await channels.typed(call):
            await uploads.anything(call)

    async def _press(self, query: CallbackQuery) -> None:
        message = query.message
        if not isinstance(message, Message) or query.data is None:
            # too old for Telegram to show us what it stood under
            try:
                await self._bot.answer_callback_query(query.id)
            except BadRequest as error:
                log.info("a press could not be acknowledged: %s", error.message)
            return
        call = await self._call(message, query.from_user.id, query)
        if not await self._admitted(call):
            await call.tell("not_invited", alert=True)
            return
        if not await self._in_pace(call):
            return
        try:
            await self._in_sight(call, act(call, decode(query.data), query.data))
        except NotFound as missing:
            await call.tell(missing.key, alert=True, **missing.values)
        finally:
            await call.tell()

    # --- whether they may ---------------------------------------------------------------------------

    async def _admitted(self, call: Call, found: re.Match[str] | None = None) -> bool:
        """Whether the asker may use the bot; an invitation that is opened makes their chat a guest's."""
        services = self._services
        # A message without a sender stands for the chat: for whoever added the bot to it.
        asker = call.user_id if call.user_id is not None else call.chat.owner
        if services.access.admits(asker, services.admins):
            return True
        chat = call.chat
        if not call.private:
            async with services.store.read() as tx:
                if asker is None:  # those of the configuration file need nobody else
                    return chat.chat_id in await tx.schedules.configured_chats()
                chat = await tx.chats.get(asker) or chat
        if services.access.admits(asker, services.admins, guest=bool(chat.settings.get(GUEST))):
            return True
        opened = found["arguments"] or "" if found is not None and found["name"].lower() == "start" else ""
        if not call.private or not services.access.invited_by(opened.strip(), call.now):
            return False
        await call.change_settings({GUEST: True})
        return services.access.admits(call.user_id, services.admins, guest=True)

    async def _in_pace(self, call: Call) -> bool:
        """Whether this is not one command too many; who is too fast is told so once a minute."""
        pace = self._services.pace
        if pace is None or call.bot_admin:
            return True
        who = call.chat_id if call.user_id is None else call.user_id
        if pace.takes(who) and (who == call.chat_id or pace.takes(call.chat_id)):
            return True
        if pace.tells(who):
            if call.query is not None:
                await call.tell("slow_down", alert=True)
            else:
                await call.say("slow_down")
        else:
            await call.tell()
        return False

    # --- who asks -----------------------------------------------------------------------------------

    async def _call(self, message: Message, user_id: int | None, query: CallbackQuery | None = None) -> Call:
        user = query.from_user if query else message.from_user
        private = message.chat.type == Chat.PRIVATE
        chat = await self._seen(message.chat, user.language_code if user and private else None)
        return Call(
            services=self._services,
            bot=self._bot,
            chat=chat,
            message=message,
            user_id=user_id,
            now=self._services.clock(),
            texts=texts_for(chat.language),
            table=COMMANDS,
            query=query,
        )

    async def _seen(self, chat: Chat, language: str | None) -> Any:
        async with self._services.store.begin() as tx:
            return await tx.chats.seen(
                chat.id,
                type=str(chat.type),
                title=chat.title or chat.full_name,
                username=chat.username,
                language=language,
                now=self._services.clock(),
            )
