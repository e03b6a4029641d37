"""Updates: in by long polling or webhook, stored, then handled once, each chat's in order.

Telegram ─► Poller (one of all replicas, by lease) ─┐
Telegram ─► webhook (server.py) ─► UpdateInbox.add ─┴─► rows ─► claim ─► workers ─► handle(update)
                                    committed before                       │
                                    it is acknowledged                     └► done | again | failed
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from telegram import Update
from telegram.error import Conflict, RetryAfter, TelegramError
from telegram.ext import ExtBot

from digestbot.errors import StorageError, TryLaterError
from digestbot.metrics import Metrics
from digestbot.protocols.delivery import StoredUpdate
from digestbot.protocols.store import Clock, Store
from digestbot.transports.telegram import UpdatesBot, seconds_of

log = logging.getLogger(__name__)

Handle = Callable[[Update], Awaitable[None]]
Alarm = Callable[[str], Awaitable[None]]

POLLER_LEASE = "poller"
LEASE_SECONDS = 15.0
RENEW_SECONDS = 5.0
"""The lease outlives two renewals that fail; another replica takes over within LEASE + RENEW, 20 s."""
HANDLING_SECONDS = 120.0
"""A handler that takes longer may be repeated by another process; nothing it does takes nearly as long."""
MOST_ATTEMPTS = 3
"""An update whose handling fails of itself, or ends the process, is not tried for ever."""
PATIENCE = timedelta(hours=1)
"""How long an update is tried while the database or Telegram are away; an older question needs no answer."""
SHORTEST_WAIT, LONGEST_WAIT = 2.0, 60.0
"""Seconds until the next attempt: half of the update's age within these."""


class UpdateInbox:
    """Stores updates and has them handled."""

    def __init__(
        self,
        store: Store,
        bot: ExtBot[Any],
        handle: Handle,
        clock: Clock,
        *,
        workers: int = 8,
        idle_seconds: float = 1.0,
        metrics: Metrics | None = None,
    ) -> None:
        """`handle`: such as Application.process_update; `workers`: chats served at a time."""
        self._store = store
        self._bot = bot
        self._handle = handle
        self._clock = clock
        self._workers = workers
        self._idle_seconds = idle_seconds
        self._metrics = metrics or Metrics()
        self._wake = asyncio.Event()
        self._draining = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def add(self, updates: Sequence[Mapping[str, Any]]) -> int:
        """Store updates, committed on return; how many were new. Raises StorageError: do not acknowledge."""
        async with self._store.begin() as tx:
            new = await tx.inbox.add(updates, self._clock())
        if new:
            self._wake.set()
        self._metrics.updates.labels(outcome="received").inc(new)
        return new

    async def run(self) -> None:
        """Handle updates until drained."""
        while not self._draining.is_set():
            self._wake.clear()
            claimed: list[StoredUpdate] = []
            if (room := self._workers - len(self._tasks)) > 0:
                try:
                    async with self._store.begin() as tx:
                        claimed = await tx.inbox.claim(self._clock(), room, HANDLING_SECONDS)
                except StorageError as error:
                    log.error("updates cannot be read, trying again: %s", error)
            for stored in claimed:
                task = asyncio.create_task(self._one(stored))
                self._tasks.add(task)
                task.add_done_callback(self._ended)
            if not claimed:
                await _wait(self._wake, self._idle_seconds)

    async def drain(self, seconds: float) -> None:
        """Take no more, and give what is being handled so many seconds to end."""
        self._draining.set()
        self._wake.set()
        if self._tasks:
            _, late = await asyncio.wait(set(self._tasks), timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._wake.set()

    async def _one(self, stored: StoredUpdate) -> None:
        now = self._clock()
        try:
            if stored.attempts > MOST_ATTEMPTS:
                await self._done(stored, "its handling ended the process again and again")
                return
            try:
                update = Update.de_json(dict(stored.update), self._bot)
            except Exception as error:
                log.exception("update %d cannot be read", stored.update_id)
                await self._done(stored, f"cannot be read: {error!r}")
                return
            try:
                await self._handle(update)
            except (StorageError, TryLaterError) as error:
                log.warning("update %d is handled later: %s", stored.update_id, error)
                await self._failed(stored, error)
            except asyncio.CancelledError:  # the stop waits no longer: the next start takes it up at once
                async with self._store.begin() as tx:
                    await tx.inbox.put_back(stored, self._clock(), "cut short by a stop", counted=False)
                raise
            except Exception as error:
                log.exception("update %d could not be handled", stored.update_id)
                await self._failed(stored, error)
            else:
                await self._done(stored, None)
                self._metrics.update_seconds.observe((self._clock() - now).total_seconds())
        except StorageError as error:
            log.error("update %d is left to its lease: %s", stored.update_id, error)

    async def _failed(self, stored: StoredUpdate, error: Exception) -> None:
        now = self._clock()
        passing = isinstance(error, (StorageError, TryLaterError))
        if passing:
            age = (now - stored.received).total_seconds()
            wait = min(max(age / 2, SHORTEST_WAIT), LONGEST_WAIT)
            asked = error.retry_after if isinstance(error, TryLaterError) else None
            again = now + timedelta(seconds=max(wait, asked or 0.0))
            ended = again > stored.received + PATIENCE
        else:
            again = now + timedelta(seconds=2**stored.attempts)
            ended = stored.attempts >= MOST_ATTEMPTS
        if ended:
            await self._done(stored, repr(error))
            return
        async with self._store.begin() as tx:
            await tx.inbox.put_back(stored, again, repr(error), counted=not passing)

    async def _done(self, stored: StoredUpdate, error: str | None) -> None:
        async with self._store.begin() as tx:
            await tx.inbox.done(stored, self._clock(), error)
        self._metrics.updates.labels(outcome="failed" if error else "handled").inc()


class Poller:
    """Long polling, by one replica at a time."""

    def __init__(
        self,
        bot: UpdatesBot,
        inbox: UpdateInbox,
        store: Store,
        clock: Clock,
        *,
        allowed_updates: Sequence[str] | None = None,
        poll_timeout: float = 10.0,
        alarm: Alarm | None = None,
        holder: str | None = None,
    ) -> None:
        """`alarm`: told once when another program polls with the same token. `poll_timeout`: seconds."""
        self._bot = bot
        self._inbox = inbox
        self._store = store
        self._clock = clock
        self._allowed = list(allowed_updates) if allowed_updates is not None else None
        self._poll_timeout = poll_timeout
        self._alarm = alarm
        self._holder = holder or process_name()
        self._stopping = asyncio.Event()
        self._offset: int | None = None
        self._conflicts = 0

    async def run(self) -> None:
        """Poll while the lease is ours, wait for it while it is not; until stopped."""
        while not self._stopping.is_set():
            if not await self._hold_lease():
                await _wait(self._stopping, RENEW_SECONDS)
                continue
            polling = asyncio.create_task(self._poll_on())
            stopping = asyncio.create_task(self._stopping.wait())
            lost = asyncio.create_task(self._lease_lost())
            try:
                await asyncio.wait({polling, stopping, lost}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in (polling, stopping, lost):
                    task.cancel()
                ended = await asyncio.gather(polling, stopping, lost, return_exceptions=True)
            if isinstance(ended[0], Exception):
                log.error("polling failed, it begins anew", exc_info=ended[0])
        await self._release()

    def stop(self) -> None:
        """End `run` at once; updates not stored yet stay with Telegram."""
        self._stopping.set()

    async def _poll_on(self) -> None:
        # No offset at first: Telegram gives what is not acknowledged, and rows we have are not stored twice.
        # (An offset from our rows could skip some: after a quiet week Telegram numbers anew, at random.)
        self._offset = None
        wait = 1.0
        while True:
            try:
                updates = await self._bot.raw_updates(
                    offset=self._offset, timeout=self._poll_timeout, allowed_updates=self._allowed
                )
                self._conflicts = 0
                wait = 1.0
                if updates:
                    await self._inbox.add(updates)
                    # They are stored: the next call acknowledges them.
                    self._offset = max(update["update_id"] for update in updates) + 1
                async with self._store.begin() as tx:
                    await tx.leases.beat("poll", self._clock())
            except Conflict as error:
                await self._conflict(error)
                await asyncio.sleep(wait)
                wait = min(wait * 2, 30.0)
            except RetryAfter as error:
                await asyncio.sleep(seconds_of(error))
            except (TelegramError, StorageError) as error:
                log.warning("no updates for now, trying again in %.0f s: %s", wait, error)
                await asyncio.sleep(wait)
                wait = min(wait * 2, 30.0)

    async def _conflict(self, error: Conflict) -> None:
        """409: another program polls, or a webhook is set. A webhook left over is removed, once."""
        self._conflicts += 1
        if "webhook" in str(error).casefold() and self._conflicts == 1:
            log.warning("a webhook was set for this bot: it is removed, updates come by polling")
            await self._bot.delete_webhook(drop_pending_updates=False)
            return
        log.error("another program asks for this bot's updates with the same token: stop one of them")
        if self._conflicts == 3 and self._alarm is not None:  # one or two follow a restart
            await self._alarm(
                "Another program asks for this bot's updates with the same token. Stop one of the two: "
                "until then some messages to the bot may go to the other."
            )

    # --- the lease ------------------------------------------------------------------------------------

    async def _hold_lease(self) -> bool:
        now = self._clock()
        try:
            async with self._store.begin() as tx:
                held_by = await tx.leases.holder(POLLER_LEASE, now)
                if held_by and held_by != self._holder and process_ended(held_by):
                    await tx.leases.release(POLLER_LEASE, held_by)
                return await tx.leases.acquire(POLLER_LEASE, self._holder, now, LEASE_SECONDS)
        except StorageError as error:
            log.error("the poller's lease cannot be read, trying again: %s", error)
            return False

    async def _lease_lost(self) -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            if not await self._hold_lease():
                log.warning("another replica polls now")
                return

    async def _release(self) -> None:
        try:
            async with self._store.begin() as tx:
                await tx.leases.release(POLLER_LEASE, self._holder)
        except StorageError as error:
            log.error("the poller's lease is left to run out: %s", error)


_THIS_RUN = uuid4().hex[:8]


def process_name() -> str:
    """Host, process and run: who holds a lease."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{_THIS_RUN}"


def process_ended(holder: str) -> bool:
    """Whether a lease's holder ran on this machine and is no more: its lease need not run out first."""
    host, pid, run = [*holder.rsplit(":", 2), "", ""][:3]
    if host != socket.gethostname()[:40] or not pid.isdigit():
        return False
    if int(pid) == os.getpid():
        return run != _THIS_RUN
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
