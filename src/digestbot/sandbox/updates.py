"""How updates reach the bot: getUpdates with long polling, or POSTs to its webhook."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from urllib.parse import urlsplit

import httpx

from digestbot.sandbox.calls import Call
from digestbot.sandbox.chats import Json
from digestbot.sandbox.refusals import ApiError, bad
from digestbot.sandbox.world import World

LONGEST_POLL = 50
"""Seconds; Telegram answers by then whatever was asked."""
WEBHOOK_PORTS = (443, 80, 88, 8443)
WEBHOOK_TIMEOUT = 30.0
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0
"""Seconds between attempts to deliver an update; Telegram's own are longer and not told."""
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}\Z")
_LOCAL = ("127.0.0.1", "localhost", "::1")
KINDS = frozenset(
    [
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "business_connection",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "guest_message",
        "message_reaction",
        "message_reaction_count",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "shipping_query",
        "pre_checkout_query",
        "purchased_paid_media",
        "poll",
        "poll_answer",
        "my_chat_member",
        "chat_member",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
        "managed_bot",
    ]
)


def _allow(world: World, kinds: Sequence[str] | None) -> None:
    """Remember allowed_updates; None leaves them as they were, as Telegram does."""
    if kinds is None:
        return
    if unknown := sorted(set(kinds) - KINDS):
        raise bad(f'unknown update type "{unknown[0]}" in allowed_updates')
    world.allowed_updates = frozenset(kinds) or None


class Polling:
    """getUpdates. At most one poll is open; a new one ends the older with 409."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._newest: asyncio.Event | None = None
        self._ended: set[asyncio.Event] = set()
        self._closing = False

    async def get_updates(self, call: Call, webhook: Webhook) -> list[Json]:
        """Unconfirmed updates, at once or when the first one comes within the time asked for."""
        if webhook.url:
            raise ApiError(
                409,
                "can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        limit = min(max(call.get("limit", 100), 1), 100)
        seconds = min(max(call.get("timeout", 0), 0), LONGEST_POLL)
        _allow(self.world, call.get("allowed_updates"))
        news = self.world.listen_for_updates()
        self._end_older()
        self._newest = news
        try:
            return await self._wait(call.get("offset", 0), limit, seconds, news)
        finally:
            self.world.ignore_updates(news)
            self._ended.discard(news)
            if self._newest is news:
                self._newest = None

    def close(self) -> None:
        """The server stops: open polls answer now."""
        self._closing = True
        if self._newest is not None:
            self._newest.set()

    def _end_older(self) -> None:
        if self._newest is not None:
            self._ended.add(self._newest)
            self._newest.set()

    async def _wait(self, offset: int, limit: int, seconds: int, news: asyncio.Event) -> list[Json]:
        pending = self.world.pending_updates()
        if offset < 0 and pending:
            self.world.confirm_updates(pending[max(len(pending) + offset, 0)]["update_id"])
        elif offset > 0:
            self.world.confirm_updates(offset)
        deadline = asyncio.get_running_loop().time() + seconds
        while True:
            if news in self._ended:
                raise ApiError(
                    409,
                    "terminated by other getUpdates request; make sure that only one bot instance is running",
                )
            if pending := self.world.pending_updates():
                return [pending[index] for index in range(min(limit, len(pending)))]
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0 or self._closing:
                return []
            news.clear()
            try:
                await asyncio.wait_for(news.wait(), left)
            except TimeoutError:
                return []


class Webhook:
    """setWebhook and what follows: each update is POSTed until the bot answers with a 2xx.

    `repeat`: how often every update is posted although it was taken, as Telegram sometimes does.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.url = ""
        self.secret: str | None = None
        self.repeat = 1
        self._max_connections = 40
        self._last_error: tuple[int, str] | None = None
        self._task: asyncio.Task[None] | None = None

    async def set(self, call: Call) -> bool:
        """setWebhook; an empty address takes it away."""
        url, secret = call.given["url"], call.get("secret_token")
        if "certificate" in call.given:
            raise bad("certificates are not known to the sandbox")
        if url:
            parts = urlsplit(url)
            local = parts.hostname in _LOCAL
            if not parts.hostname or not (parts.scheme == "https" or (local and parts.scheme == "http")):
                raise bad("bad webhook: An HTTPS URL must be provided for webhook")
            if not local and (parts.port or 443) not in WEBHOOK_PORTS:
                raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
        if secret is not None and not _SECRET.match(secret):
            raise bad("secret token contains unallowed characters")
        _allow(self.world, call.get("allowed_updates"))
        await self.stop()
        if call.get("drop_pending_updates"):
            self.world.confirm_updates(2**62)
        self.url, self.secret, self._last_error = url, secret, None
        self._max_connections = min(max(call.get("max_connections", 40), 1), 100)
        if url:
            self._task = asyncio.create_task(self._deliver(), name="sandbox webhook")
        return True

    async def delete(self, call: Call) -> bool:
        """deleteWebhook."""
        await self.stop()
        self.url, self.secret = "", None
        if call.get("drop_pending_updates"):
            self.world.confirm_updates(2**62)
        return True

    def info(self) -> Json:
        """getWebhookInfo."""
        found: Json = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self.world.pending_updates()),
        }
        if self.url:
            found |= {"max_connections": self._max_connections, "ip_address": "127.0.0.1"}
        if self._last_error:
            found |= {"last_error_date": self._last_error[0], "last_error_message": self._last_error[1]}
        if self.world.allowed_updates:
            found["allowed_updates"] = sorted(self.world.allowed_updates)
        return found

    async def stop(self) -> None:
        """End the delivery; unconfirmed updates stay."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _deliver(self) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.secret} if self.secret else {}
        news = self.world.listen_for_updates()
        try:
            async with httpx.AsyncClient(timeout=WEBHOOK_TIMEOUT, headers=headers, trust_env=False) as client:
                while True:
                    while pending := self.world.pending_updates():
                        update = pending[0]
                        await self._post(client, update)
                        self.world.confirm_updates(update["update_id"] + 1)
                    news.clear()
                    await news.wait()
        finally:
            self.world.ignore_updates(news)

    async def _post(self, client: httpx.AsyncClient, update: Json) -> None:
        pause = FIRST_PAUSE
        taken = 0
        while taken < self.repeat:
            try:
                answer = await client.post(self.url, json=update)
            except httpx.HTTPError as error:
                problem = f"Connection failed: {type(error).__name__}"
            else:
                if answer.is_success:
                    taken += 1
                    continue
                problem = f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}"
            self._last_error = int(self.world.now()), problem
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
