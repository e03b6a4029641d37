"""Telegram's limits, kept on our side: one bucket for all, one for each chat; answers before broadcasts.

    acquire ──► the chat's bucket (a place is reserved, in order of arrival)
            ──► the bucket for all (a queue: answers first, then broadcasts, each in order of arrival)
            ──► Grant

The bucket for all lives here, or in the database when several replicas share one bot: then places are
reserved there in small blocks, so that one round trip serves several messages. With paid broadcasts a
second, wider bucket takes what the free one cannot, as long as the budget lasts.

Telegram's figures: about 30 messages a second over all chats, one a second in one chat, 20 a minute in a
group or channel (core.telegram.org/bots/faq).
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from digestbot.errors import DeliveryError, StorageError
from digestbot.protocols.delivery import Grant, Reservation
from digestbot.protocols.store import Clock, Store

log = logging.getLogger(__name__)

ANSWER, BROADCAST = 0, 1
BLOCK_SECONDS = 0.25
"""How far ahead places are reserved in the shared bucket: an answer waits no longer than that for others."""
LONGEST_KEPT = 0.5
"""Seconds a reserved place is good for: what is past and used at once stays below 1% of a minute."""
GLOBAL_SLACK = 2.0
"""Chats whose 429s end within so many seconds of each other were stopped by the limit for all …"""
LONG_HOLD = 60.0
ALIKE, ALIKE_LONG = 2, 5
"""… where they are so many: up to LONG_HOLD seconds, and beyond."""
LONGEST_ANSWER_WAIT = 60.0
LONGEST_BROADCAST_WAIT = 5.0
IDLE_SECONDS = 60.0
"""A chat that got nothing for so long is forgotten: the longest bucket is a group's minute."""
PAID_BLOCK = 100
"""Paid messages whose Stars are set aside at a time."""
PAID_SLACK = 0.02
"""Seconds an event loop is busy with other work now and then: 20 paid messages at most go in a burst."""
STARS_PER_MESSAGE = 0.1  # Bot API, sendMessage, allow_paid_broadcast

Reserve = Callable[[int, float], Awaitable[Reservation]]
"""Reserve that many places, so many seconds apart, in the bucket that all replicas share."""
Spend = Callable[[float], Awaitable[bool]]
"""Set Stars aside; False where the day's budget is used up."""
Share = Callable[[int | None, float], Awaitable[None]]
"""Let other replicas, and this one after a restart, know that a chat (None: all) is held for so long."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes of the buckets: messages a second for all, a second for a chat, a minute for a group.

    `paid_rate`: messages a second with paid broadcasts; None without.
    """

    rate: float = 29.7
    chat_rate: float = 1.0
    group_rate: float = 20.0
    paid_rate: float | None = None


@dataclass(slots=True)
class _ChatBucket:
    """When messages of the last minute went to a chat, and until when Telegram asked us to wait."""

    places: deque[float] = field(default_factory=deque)
    held_until: float = 0.0


@dataclass(slots=True)
class _Bucket:
    """`free_at` is when the next message may go; an idle bucket saves nothing up (burst 1).

    `slack`: seconds that are made up where places were waited for and the timer came late.
    """

    interval: float
    slack: float
    free_at: float = 0.0

    def take(self, now: float, *, waited: bool) -> None:
        """`waited`: a timer brought us here."""
        began = max(self.free_at, now - self.slack) if waited else now
        self.free_at = began + self.interval


class RateLimiter:
    """Leave to send, one message at a time. Belongs to one event loop."""

    def __init__(
        self,
        limits: Limits,
        *,
        reserve: Reserve | None = None,
        spend: Spend | None = None,
        share: Share | None = None,
    ) -> None:
        """`reserve`: the shared bucket, where replicas share the bot. `spend`: needed for paid broadcasts.
        `share`: where holds are kept."""
        self.limits = limits
        self._reserve = reserve
        self._share = share
        self._spend = spend if limits.paid_rate else None
        self._bucket = _Bucket(1.0 / limits.rate, slack=1.0 / limits.rate)
        self._paid = _Bucket(1.0 / limits.paid_rate if limits.paid_rate else 0.0, slack=PAID_SLACK)
        self._credit = 0  # paid messages whose Stars are set aside
        self._broke_until = 0.0
        self._places: deque[float] = deque()  # reserved in the shared bucket
        self._chats: dict[int | str, _ChatBucket] = {}
        self._held_until = 0.0
        self._recent_holds: deque[tuple[int | str, float]] = deque(maxlen=32)
        self._queue: list[tuple[int, int, asyncio.Future[Grant]]] = []
        self._arrivals = itertools.count()
        self._timer: asyncio.TimerHandle | None = None
        self._waited = False  # whether messages were waiting for the next place
        self._errands: set[asyncio.Task[None]] = set()
        self._reserving = self._paying = False

    # --- asking ---------------------------------------------------------------------------------------

    def chat_wait(self, chat_id: int | str) -> float:
        """Seconds until this chat may get its next message, others apart."""
        return max(0.0, self._chat_free_at(chat_id) - self._now())

    def held(self) -> float:
        """Seconds for which Telegram asked us to send nothing at all."""
        return max(0.0, self._held_until - self._now())

    async def acquire(self, chat_id: int | str, *, broadcast: bool) -> Grant:
        """Wait for leave to send one message to this chat.

        Raises DeliveryError (unsent, with retry_after) where that would take too long: over a minute for
        an answer, over five seconds for a broadcast.
        """
        longest = LONGEST_BROADCAST_WAIT if broadcast else LONGEST_ANSWER_WAIT
        arrived = self._now()
        at = self._chat_free_at(chat_id)
        if max(at, self._held_until) - arrived > longest:
            wait = max(at, self._held_until) - arrived
            raise DeliveryError(
                f"Telegram's limits leave no place for {wait:.0f} s",
                unsent=True,
                retry_after=wait,
                code="held",
            )
        self._take_chat_place(chat_id, max(at, arrived))
        if at > arrived:
            await asyncio.sleep(at - arrived)
        place: asyncio.Future[Grant] = asyncio.get_running_loop().create_future()
        priority = BROADCAST if broadcast else ANSWER
        heapq.heappush(self._queue, (priority, next(self._arrivals), place))
        self._pump()
        return await place

    async def acquire_any(self) -> None:
        """Wait for a place in the bucket for all, for a call that counts there alone (an edit)."""
        place: asyncio.Future[Grant] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._queue, (ANSWER, next(self._arrivals), place))
        self._pump()
        await place

    def hold(self, seconds: float, chat_id: int | str | None) -> None:
        """Telegram asked to wait: that chat, or all for None.

        A 429 does not say which limit it was. A second chat that is told to wait until the same moment
        shows that it was the one for all; for a long wait it takes several, for two channels that post at
        the same minute may well be stopped each by its own. A long wait of one never stops the others.
        """
        until = self._now() + seconds
        held: list[int | str | None] = [chat_id]
        if chat_id is not None:
            alike = {other for other, end in self._recent_holds if abs(end - until) <= GLOBAL_SLACK}
            if len(alike - {chat_id}) + 1 >= (ALIKE if seconds <= LONG_HOLD else ALIKE_LONG):
                held.append(None)
            self._recent_holds.append((chat_id, until))
        for one in held:
            self._hold_until(until, one)
            if self._share is not None and not isinstance(one, str):
                self._run(self._tell_others(self._share, one, seconds))
        self._pump()

    def adopt(self, holds: Mapping[int | None, float]) -> None:
        """Keep holds that others were told, or this process before its restart: seconds left, by chat."""
        now = self._now()
        for chat_id, seconds in holds.items():
            self._hold_until(now + seconds, chat_id)
        if holds:
            self._pump()

    def _hold_until(self, until: float, chat_id: int | str | None) -> None:
        if chat_id is None:
            self._held_until = max(self._held_until, until)
            return
        bucket = self._chats.setdefault(chat_id, _ChatBucket())
        bucket.held_until = max(bucket.held_until, until)

    async def _tell_others(self, share: Share, chat_id: int | None, seconds: float) -> None:
        try:
            await share(chat_id, seconds)
        except StorageError as error:
            log.warning("a hold of %.0f s is known to this process alone: %s", seconds, error)

    async def close(self) -> None:
        """Stop waiting for places."""
        if self._timer is not None:
            self._timer.cancel()
        for errand in self._errands:
            errand.cancel()
        await asyncio.gather(*self._errands, return_exceptions=True)

    # --- one chat -------------------------------------------------------------------------------------

    def _chat_free_at(self, chat_id: int | str) -> float:
        bucket = self._chats.get(chat_id)
        if bucket is None:
            return 0.0
        free_at = bucket.held_until
        if bucket.places:
            free_at = max(free_at, bucket.places[-1] + 1.0 / self.limits.chat_rate)
            most = max(1, int(self.limits.group_rate))
            if is_group(chat_id) and len(bucket.places) >= most:
                free_at = max(free_at, bucket.places[-most] + 60.0)
        return free_at

    def _take_chat_place(self, chat_id: int | str, at: float) -> None:
        bucket = self._chats.pop(chat_id, None) or _ChatBucket()
        self._chats[chat_id] = bucket  # at the end: the longest unused ones stand first
        bucket.places.append(at)
        most = max(1, int(self.limits.group_rate)) if is_group(chat_id) else 1
        while len(bucket.places) > most:
            bucket.places.popleft()
        self._forget_idle_chats()

    def _forget_idle_chats(self) -> None:
        """Two at most of those unused for longest, so that it costs the same however many there are."""
        now = self._now()
        for chat_id in list(itertools.islice(self._chats, 2)):
            bucket = self._chats[chat_id]
            if bucket.places and bucket.places[-1] >= now - IDLE_SECONDS:
                return
            del self._chats[chat_id]
            if bucket.held_until >= now:
                self._chats[chat_id] = bucket  # it must not stand in the way of the others

    # --- all chats ------------------------------------------------------------------------------------

    def _pump(self) -> None:
        """Hand out every place there is now, and come back when the next one is free."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self._waited = True
        now = self._now()
        while self._queue:
            if self._queue[0][2].done():  # given up by who waited
                heapq.heappop(self._queue)
                continue
            at, paid = self._next_place(now, self._queue[0][0])
            if at is None:
                return  # a place is being reserved: its errand comes back here
            if at > now:
                self._timer = asyncio.get_running_loop().call_at(at, self._pump)
                return
            self._take(now, paid)
            heapq.heappop(self._queue)[2].set_result(Grant(paid))
            self._waited = bool(self._queue)
        self._waited = False

    def _next_place(self, now: float, priority: int) -> tuple[float | None, bool]:
        """(when the next message may go, whether it is a paid one); None while a place is reserved."""
        free: float | None
        if self._reserve is None:
            free = self._bucket.free_at
        else:
            while self._places and self._places[0] < now - LONGEST_KEPT:
                self._places.popleft()
            if len(self._places) < 2:
                self._fetch_places()
            free = self._places[0] if self._places else None
        if free is not None and max(free, self._held_until) <= now:
            return max(free, self._held_until), False
        if self._spend is not None and priority == BROADCAST:
            if self._credit < PAID_BLOCK // 2 and now >= self._broke_until:
                self._fetch_credit()
            if self._credit:
                return max(self._paid.free_at, self._held_until), True
        return None if free is None else max(free, self._held_until), False

    def _take(self, now: float, paid: bool) -> None:
        if paid:
            self._credit -= 1
            self._paid.take(now, waited=self._waited)
        elif self._reserve is None:
            self._bucket.take(now, waited=self._waited)
        else:
            self._places.popleft()

    def _fetch_places(self) -> None:
        if not self._reserving and self._reserve is not None:
            self._reserving = True
            self._run(self._reserve_places(self._reserve))

    async def _reserve_places(self, reserve: Reserve) -> None:
        wanted = min(len(self._queue), max(1, round(BLOCK_SECONDS * self.limits.rate)))
        try:
            asked = self._now()
            block = await reserve(max(1, wanted), self._bucket.interval)
            # The database told the time at some moment of the call; the later end is the safe one.
            first = self._now() + block.start if block.start > 0 else asked
            self._places.extend(first + number * block.interval for number in range(block.count))
        except StorageError:
            await asyncio.sleep(1.0)  # no database, no sending: the next round asks again
        finally:
            self._reserving = False
        self._pump()

    def _fetch_credit(self) -> None:
        if not self._paying and self._spend is not None:
            self._paying = True
            self._run(self._set_stars_aside(self._spend))

    async def _set_stars_aside(self, spend: Spend) -> None:
        try:
            if await spend(PAID_BLOCK * STARS_PER_MESSAGE):
                self._credit += PAID_BLOCK
            else:
                self._broke_until = self._now() + 60.0  # the budget is a day's: look again now and then
        except StorageError:
            self._broke_until = self._now() + 1.0
        finally:
            self._paying = False
        self._pump()

    def _run(self, errand: Awaitable[None]) -> None:
        task = asyncio.ensure_future(errand)
        self._errands.add(task)  # the loop keeps only weak references
        task.add_done_callback(self._errands.discard)

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()  # monotonic: a changed clock changes no limit


def shared_bucket(store: Store) -> Reserve:
    """The bucket for all in the database, for replicas that share one bot."""

    async def reserve(count: int, interval: float) -> Reservation:
        async with store.begin() as tx:
            return await tx.leases.reserve("all", count, interval, 0.0)

    return reserve


def shared_holds(store: Store) -> Share:
    """Holds in the database."""

    async def share(chat_id: int | None, seconds: float) -> None:
        async with store.begin() as tx:
            await tx.leases.hold(chat_id, seconds)

    return share


def daily_budget(store: Store, clock: Clock, stars: float) -> Spend:
    """Stars that paid broadcasts may cost in one day (UTC), counted in the database."""

    async def spend(amount: float) -> bool:
        async with store.begin() as tx:
            return await tx.leases.spend(f"stars:{clock().date().isoformat()}", amount, stars)

    return spend


def is_group(chat_id: int | str) -> bool:
    """Whether the limit of groups and channels holds: their ids are negative, or @names."""
    return isinstance(chat_id, str) or chat_id < 0
