"""From what was picked up to alerts: new and changed conditions of those a chat follows with alerts.

    chats that want alerts ─► those in quiet hours wait ─► what came in since each was last looked at
        ─► conditions that are new or changed (ledger) and followed ─► one message for each chat
        ─► one transaction: the message enqueued, the chat's front moved

A chat's stretches of time follow one another without a gap and do not overlap, so nothing is told twice and
nothing is lost; what quiet hours hold back comes as one message when they end. An analysis made anew changes
no time of pick-up, so it never alerts.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from digestbot.digest import alert_stories, settings_of
from digestbot.model import DigestSettings, DigestStory, OutgoingMessage, Story, Window
from digestbot.protocols.chat import Watcher
from digestbot.protocols.store import Clock, Store
from digestbot.rendering.texts import texts_for
from digestbot.rendering.views import alert_view

log = logging.getLogger(__name__)

QUIET = "22:00-07:00"
"""Quiet hours of a chat that chose none, on its own clock."""
KEPT = timedelta(hours=6)
"""An alert that could not be sent for so long is no alert any more."""
LONGEST = timedelta(days=2)
"""What was missed for longer is left to the digests."""


class Alerts:
    """Tells chats at once what is new of those they follow."""

    def __init__(self, store: Store, clock: Clock, *, on_enqueued: Callable[[], None] | None = None) -> None:
        """`on_enqueued`: called after rows were committed, to wake the sender."""
        self._store = store
        self._clock = clock
        self._on_enqueued = on_enqueued

    async def tick(self, now: datetime | None = None) -> int:
        """Look at what came in; how many chats are told something."""
        now = now or self._clock()
        async with self._store.read() as tx:
            watchers = await tx.follows.watchers(now=now)
        awake = [one for one in watchers if not is_quiet(*_quiet_of(one), now)]
        if not awake:
            return 0
        async with (
            self._store.begin() as tx
        ):  # a document that is still being stored belongs to the next look
            await tx.stories.close_news(now)
        read: dict[tuple[Window, int | None], Sequence[Story]] = {}
        told = 0
        for watcher in awake:
            since = now if watcher.front is None else max(watcher.front, now - LONGEST)
            stories = await self._stories(watcher, Window(since, now), read) if since < now else ()
            told += await self._tell(watcher, stories, now)
        if told and self._on_enqueued is not None:
            self._on_enqueued()
        return told

    async def _stories(
        self, watcher: Watcher, window: Window, read: dict[tuple[Window, int | None], Sequence[Story]]
    ) -> Sequence[DigestStory]:
        """Stories with the conditions this chat is to be told of."""
        settings = _settings(watcher)
        async with self._store.read() as tx:
            own = await tx.schedules.with_own_documents({watcher.chat.chat_id}, window)
            scope = watcher.chat.chat_id if own else None
            if (window, scope) not in read:
                read[window, scope] = await tx.stories.in_window(window, scope=scope)
        targets = [follow.target for follow in watcher.follows if follow.alerts and not follow.mute]
        return alert_stories(read[window, scope], targets, settings, window)

    async def _tell(self, watcher: Watcher, stories: Sequence[DigestStory], now: datetime) -> bool:
        """Move the chat's front and enqueue its message; False where there is none, or another was faster."""
        chat_id = watcher.chat.chat_id
        parts = alert_view(stories, texts_for(_settings(watcher).locale)) if stories else ()
        async with self._store.begin() as tx:
            if not await tx.follows.advance_front(chat_id, watcher.front, now):
                return False
            for place, part in enumerate(parts):
                await tx.outbox.enqueue_message(
                    OutgoingMessage(chat_id, part, silent=bool(watcher.chat.settings.get("silent", False))),
                    dedupe_key=f"alert:{chat_id}:{now.isoformat()}:{place}",
                    kind="alert",
                    now=now,
                    expires=now + KEPT,
                )
        return bool(parts)


def _settings(watcher: Watcher) -> DigestSettings:
    return replace(settings_of(watcher.chat, watcher.follows), scope=watcher.chat.chat_id)


def _quiet_of(watcher: Watcher) -> tuple[str, str]:
    return str(watcher.chat.settings.get("quiet") or QUIET), _settings(watcher).zone


def is_quiet(hours: str, zone: str, now: datetime) -> bool:
    """Whether it is within quiet hours ("22:00-07:00", over midnight or not; "off": never) in that zone."""
    if hours == "off":
        return False
    begin, end = (time.fromisoformat(each) for each in hours.split("-"))
    local = now.astimezone(ZoneInfo(zone)).time()
    return begin <= local < end if begin <= end else local >= begin or local < end
