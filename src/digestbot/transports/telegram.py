"""Telegram: the bot object, sending and editing, and every error Telegram gives as a DeliveryError.

OutgoingMessage ──► TelegramTransport ──► ExtBot ──► BotRateLimiter ──► request ──► Bot API
                        ▲                                                    │
                        └── DeliveryError ◄── delivery_error ◄── exceptions ─┘
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from typing import Any

import httpx
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import BaseRateLimiter, ExtBot
from telegram.request import BaseRequest, HTTPXRequest

from digestbot.errors import ConfigurationError, DeliveryError
from digestbot.model import Keyboard, MessagePart, OutgoingMessage
from digestbot.protocols.delivery import DEFAULT_SEND, SendOptions, is_update
from digestbot.transports.limiter import RateLimiter

GRANTED = "granted"
"""rate_limit_args of a call that has its place already."""
BOT_API_REFUSALS = frozenset({400, 401, 403, 404, 409, 429})
CONNECT_TIMEOUT = 5.0
POOL_TIMEOUT = 10.0
SHORTEST_SENDING = 60.0
LONGEST_ANSWER_HOLD = 30.0
"""Seconds an answer waits out a 429 by itself; beyond, its handler is told."""

log = logging.getLogger(__name__)


class ServerFault(NetworkError):
    """Telegram answered with a 5xx: the message may have been taken before it failed."""


class NotSent(NetworkError):
    """The request surely never reached Telegram."""


# --- the bot ----------------------------------------------------------------------------------------


class TelegramRequest(HTTPXRequest):
    """python-telegram-bot's httpx request, with the two distinctions it does not make."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """As the base class; raises NotSent and ServerFault."""
        try:
            status, payload = await super().do_request(*args, **kwargs)
        except NetworkError as error:
            unsent = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
            if isinstance(error.__cause__, unsent):
                raise NotSent(f"Telegram cannot be reached: {type(error.__cause__).__name__}") from error
            raise
        return check_status(status, payload)


class UpdatesBot(ExtBot[str]):
    """python-telegram-bot's bot, which also gives updates as they came."""

    async def raw_updates(
        self, *, offset: int | None, timeout: float, allowed_updates: Sequence[str] | None
    ) -> list[dict[str, Any]]:
        """getUpdates, its answer unread: one update that cannot be parsed must not keep the others away.

        What is no update at all is left out. `timeout`: seconds Telegram may take. Raises TelegramError, also
        where the answer is no list of updates.
        """
        asked = {"timeout": round(timeout), "offset": offset, "allowed_updates": allowed_updates}
        patience = (self._request[0].read_timeout or 0) + timeout
        found = await self._post("getUpdates", asked, read_timeout=patience)
        if not isinstance(found, list):
            raise TelegramError("the answer to getUpdates is no list")
        updates = [update for update in found if is_update(update)]
        if found and not updates:
            raise TelegramError("the answer to getUpdates holds no updates")
        return updates


def check_status(status: int, payload: bytes) -> tuple[int, bytes]:
    """The answer, unless it is a server's fault, or a refusal the Bot API does not define (such as 413).

    A refusal in other words than the Bot API's comes from a proxy on the way: it says nothing about the chat.
    """
    if status >= 500:
        raise ServerFault(f"Telegram answered {status}")
    if 400 <= status < 500:
        if status not in BOT_API_REFUSALS:
            raise BadRequest(f"Telegram refused the request ({status})")
        if not _is_refusal(payload):
            raise ServerFault(f"a {status} that is not Telegram's")
    return status, payload


def _is_refusal(payload: bytes) -> bool:
    try:
        said = json.loads(payload)
    except ValueError:
        return False
    return isinstance(said, dict) and said.get("ok") is False


def build_bot(
    token: str,
    api_url: str,
    *,
    rate_limiter: BaseRateLimiter[str] | None = None,
    request: BaseRequest | None = None,
    read_timeout: float = 20.0,
    pool_size: int = 12,
    poll_timeout: float = 10.0,
) -> UpdatesBot:
    """The bot object, with a connection of its own for getUpdates.

    `pool_size`: 8 to 16 connections are fastest with httpx, larger pools are slower. `poll_timeout`: seconds
    getUpdates may take to answer. Nothing is asked of Telegram yet.
    """
    # RetryAfter warns of a coming change of its own attribute unless the change is taken up here.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    quiet_http_logs()
    return UpdatesBot(
        token=token,
        base_url=f"{api_url.rstrip('/')}/bot",
        base_file_url=f"{api_url.rstrip('/')}/file/bot",
        request=request or telegram_request(pool_size, read_timeout),
        get_updates_request=telegram_request(1, poll_timeout + read_timeout),
        rate_limiter=rate_limiter,
    )


def telegram_request(pool_size: int, read_timeout: float) -> TelegramRequest:
    """A request object on httpx."""
    return TelegramRequest(
        connection_pool_size=pool_size,
        connect_timeout=CONNECT_TIMEOUT,
        read_timeout=read_timeout,
        write_timeout=read_timeout,
        pool_timeout=POOL_TIMEOUT,
    )


def sending_seconds(read_timeout: float) -> float:
    """Seconds after which a call that sends has surely ended: connecting, a place in the pool, writing and
    reading, each with its own time-out; a minute at least."""
    return max(SHORTEST_SENDING, CONNECT_TIMEOUT + POOL_TIMEOUT + 2 * read_timeout + 5.0)


def quiet_http_logs() -> None:
    """httpx and httpcore log addresses, which hold the token, at INFO and DEBUG."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


async def reach(bot: ExtBot[Any], stop: asyncio.Event, *, longest: float = 30.0) -> bool:
    """Initialise the bot, however long Telegram is away; False when `stop` was set meanwhile.

    Raises ConfigurationError where Telegram does not know the token.
    """
    wait = 1.0
    while not stop.is_set():
        try:
            await bot.initialize()
        except InvalidToken as error:
            raise ConfigurationError(
                "Telegram does not know this token: copy it again from @BotFather (DIGESTBOT_TELEGRAM_TOKEN)"
            ) from error
        except TelegramError as error:
            log.warning("Telegram cannot be reached, trying again in %.0f s: %s", wait, error)
            try:
                await asyncio.wait_for(stop.wait(), wait)
            except TimeoutError:
                wait = min(wait * 2, longest)
        else:
            return True
    return False


class BotRateLimiter(BaseRateLimiter[str]):
    """Puts what the bot answers under the same limits as the broadcasts, and ahead of them.

    New messages count for their chat and for all, edits for all; nothing else is limited. A call made with
    `rate_limit_args=GRANTED` has its place already.
    """

    def __init__(self, limiter: RateLimiter) -> None:
        self.limiter = limiter

    async def initialize(self) -> None:
        """Nothing to set up."""

    async def shutdown(self) -> None:
        """Nothing to close: the limiter belongs to who built it."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: str | None,
    ) -> Any:
        """Call `callback` once it has leave; a 429 is waited out up to half a minute, twice at most."""
        chat_id: int | str | None = data.get("chat_id")
        for patience in (2, 1, 0):
            if rate_limit_args != GRANTED and chat_id is not None:
                await self._leave(endpoint, chat_id)
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                seconds = seconds_of(error)
                self.limiter.hold(seconds, chat_id)
                if not patience or rate_limit_args == GRANTED or seconds > LONGEST_ANSWER_HOLD:
                    raise
        raise AssertionError("the last round returns or raises")

    async def _leave(self, endpoint: str, chat_id: int | str) -> None:
        if endpoint.startswith("edit"):
            await self.limiter.acquire_any()
        elif endpoint.startswith(("send", "copy", "forward")) and endpoint != "sendChatAction":
            try:
                await self.limiter.acquire(chat_id, broadcast=False)
            except DeliveryError as error:
                raise RetryAfter(round(error.retry_after or 1)) from error


# --- sending ----------------------------------------------------------------------------------------


class TelegramTransport:
    """Sends and edits through a bot; every failure is a DeliveryError."""

    def __init__(self, bot: ExtBot[Any]) -> None:
        """`bot`: built with a rate limiter."""
        self.bot = bot

    async def send(self, message: OutgoingMessage, options: SendOptions = DEFAULT_SEND) -> int:
        """Send, within a grant of the limiter; returns Telegram's message id."""
        part = message.part
        try:
            sent = await self.bot.send_message(
                chat_id=message.chat_id,
                text=part.html,
                parse_mode=ParseMode.HTML,
                message_thread_id=message.thread_id,
                disable_notification=message.silent or None,
                reply_markup=markup(part.keyboard),
                reply_parameters=(
                    ReplyParameters(message.reply_to, allow_sending_without_reply=True)
                    if message.reply_to
                    else None
                ),
                link_preview_options=LinkPreviewOptions(is_disabled=not part.link_preview),
                allow_paid_broadcast=options.paid or None,
                rate_limit_args=GRANTED,
            )
        except Exception as error:
            raise delivery_error(error) from error
        if not isinstance(sent, Message):  # what Telegram calls the result of a send, but is none
            raise DeliveryError("Telegram's answer holds no message", code="unreadable", uncertain=True)
        return sent.message_id

    async def edit(self, chat_id: int, message_id: int, part: MessagePart) -> None:
        """Change a message; one that reads so already is no error."""
        try:
            await self.bot.edit_message_text(
                text=part.html,
                chat_id=chat_id,
                message_id=message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=markup(part.keyboard),
                link_preview_options=LinkPreviewOptions(is_disabled=not part.link_preview),
            )
        except Exception as error:
            failure = delivery_error(error)
            if failure.code != "not-modified":
                raise failure from error

    async def probe(self) -> None:
        """getMe; raises DeliveryError while Telegram is unwell."""
        try:
            await self.bot.get_me()
        except Exception as error:
            raise delivery_error(error) from error


def markup(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    """A keyboard in python-telegram-bot's terms."""
    if not keyboard:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(b.text, callback_data=b.callback, url=b.url) for b in row] for row in keyboard]
    )


# --- errors -----------------------------------------------------------------------------------------

CHAT_GONE = (
    "bot was blocked by the user",
    "user is deactivated",
    "bot was kicked",
    "bot is not a member",
    "bot is not a participant",
    "chat not found",
    "chat_id is empty",
    "group chat was deleted",
    "group chat was deactivated",
    "the group is deactivated",
    "can't initiate conversation with a user",
    "can't send messages to bots",
    "can't send messages to the user",
    "peer_id_invalid",
    "user_is_blocked",
    "input_user_deactivated",
    "channel_private",
    "forbidden: user not found",
)
NO_RIGHT = (
    "need administrator rights",
    "not enough rights",
    "have no rights to send",
    "chat_write_forbidden",
    "chat_admin_required",
    "chat_restricted",
    "chat_send_plain_forbidden",
    "chat_guest_send_forbidden",
    "bot can't send messages to the chat",
)
NO_TOPIC = ("message thread not found", "topic_closed", "topic_deleted", "topic_id_invalid")
BAD_MARKUP = (
    "can't parse entities",
    "can't parse message text",
    "entity_bounds_invalid",
    "entity_textual_invalid",
    "entities_too_long",
)
OTHER_REFUSALS = {
    "message is not modified": "not-modified",
    "message to edit not found": "message-gone",
    "message can't be edited": "message-gone",
    "message to be replied not found": "message-gone",
    "query is too old": "too-old",
    "query id is invalid": "too-old",
    "button_data_invalid": "bad-button",
    "button_url_invalid": "bad-button",
    "message is too long": "too-long",
    "message text is empty": "empty",
    "upgraded to a supergroup": "migrated",
    "payment_required": "no-stars",
    "balance_too_low": "no-stars",
}
"""Descriptions of refusals that end one row alone, and the codes they are recorded under."""


def delivery_error(error: Exception) -> DeliveryError:
    """What an exception out of python-telegram-bot says about the message. Order matters: BadRequest and
    TimedOut are NetworkErrors."""
    if isinstance(error, DeliveryError):
        return error
    said = str(error) or type(error).__name__
    if isinstance(error, RetryAfter):
        wait = seconds_of(error)
        return DeliveryError(
            f"Telegram asks to wait {wait:.0f} s", code="too-many", unsent=True, retry_after=wait
        )
    if isinstance(error, ChatMigrated):
        return DeliveryError(
            "the group became a supergroup", code="migrated", unsent=True, new_chat_id=error.new_chat_id
        )
    if isinstance(error, InvalidToken):
        return DeliveryError("Telegram does not know the token (any more)", code="bad-token", unsent=True)
    if isinstance(error, (Forbidden, BadRequest)):
        return refusal(said, forbidden=isinstance(error, Forbidden))
    if isinstance(error, NotSent):
        return DeliveryError(said, code="unreachable", unsent=True)
    if isinstance(error, ServerFault):
        return DeliveryError(said, code="server-error", uncertain=True)
    flood = re.search(r"retry after (\d+)", said, re.IGNORECASE)
    if flood:  # a 429 without its parameters
        wait = float(flood[1])
        return DeliveryError(
            f"Telegram asks to wait {wait:.0f} s", code="too-many", unsent=True, retry_after=wait
        )
    if isinstance(error, TimedOut):
        return DeliveryError("Telegram did not answer in time", code="timeout", uncertain=True)
    if isinstance(error, NetworkError):
        return DeliveryError(
            f"the connection broke before Telegram answered: {said}", code="broken", uncertain=True
        )
    return DeliveryError(f"Telegram's answer cannot be read: {said}", code="unreadable", uncertain=True)


def refusal(said: str, *, forbidden: bool) -> DeliveryError:
    """A 400 or 403, by its description; Telegram changes their case at times."""
    folded = said.casefold()
    if any(text in folded for text in NO_RIGHT):
        return DeliveryError(said, code="no-right", permanent=True)
    if any(text in folded for text in CHAT_GONE) or forbidden:
        return DeliveryError(said, code="chat-gone", permanent=True, chat_gone=True)
    if any(text in folded for text in NO_TOPIC):
        return DeliveryError(said, code="no-topic", permanent=True)
    if any(text in folded for text in BAD_MARKUP):
        return DeliveryError(said, code="bad-markup", bad_markup=True)
    for text, code in OTHER_REFUSALS.items():
        if text in folded:
            return DeliveryError(said, code=code, permanent=True)
    return DeliveryError(said, code="refused", permanent=True)


def seconds_of(error: RetryAfter) -> float:
    """How long a 429 asks to wait; python-telegram-bot gives a number or a timedelta, as it is set."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
