"""Sending what the outbox holds.

    recover (leases that ran out) ─► lease ─► queue ─► worker: limiter ─► start ─► send ─► finish
                                                                           │         │        │
                                                                     committed before│   with what the message
                                                                                 the call    refers to
    a failure ─► retry.decide_retry ─► again later | plain | new chat | give up (chat gone, row failed)

`start` and `finish` of all workers go through one `Ledger`, which commits what has gathered while the last
commit was under way, and, where many come at a time, in a moment after it: one row or two at 30 messages a
second, up to 25 starts at 1,000.
"""

from __future__ import annotations

import asyncio
import html
import logging
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from digestbot.errors import DeliveryError, StorageError
from digestbot.metrics import Metrics
from digestbot.model import OutgoingMessage
from digestbot.notices import tell_once
from digestbot.protocols.delivery import Delivery, Limiter, Outcome, SendOptions, Transport, right_notice
from digestbot.protocols.store import Clock, Store, Transaction
from digestbot.rendering.notices import delivery_notice, more_undelivered_notice, unsure_notice
from digestbot.retry import GiveUp, Retry, RetryPolicy, backoff, decide_retry

log = logging.getLogger(__name__)

START_BATCH = 25
"""Rows at most that one commit marks as `sending`: as many can be uncertain after a kill, and no more."""
GATHER_FROM = 5
GATHER_SECONDS = 0.008
"""After a commit of so many rows the next one waits so long for more: most of a commit's cost is the same
for one row and for 25."""
PAUSE_AFTER = 5
"""So many failures of Telegram itself in a row, and sending waits until getMe answers again."""
DAY = timedelta(days=1)
MOST_TOLD = 10
"""Chats a day that admins are told of for one reason: when Telegram was away for hours, every chat fails."""
PASSING = frozenset({"locked", "disk-full", "unreachable"})
"""Codes of StorageErrors that pass by themselves."""
HOLDS_SECONDS = 1.0
"""How often holds that other processes were told are read."""
UNWELL = frozenset({"server-error", "unreachable", "bad-token"})


@dataclass(frozen=True, slots=True)
class SenderSettings:
    """How to send. `workers`: calls under way at a time; `part_gap`: seconds between parts of one digest.

    `lease_seconds`: how long a row waits in this process; `sending_seconds`: above the sum of all time-outs
    of one call (the transport knows it), then its outcome is unknown.
    """

    workers: int = 10
    part_gap: float = 1.0
    idle_seconds: float = 1.0
    recover_seconds: float = 10.0
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    admins: tuple[int, ...] = ()
    lease_seconds: float = 60.0
    sending_seconds: float = 60.0


class Sender:
    """Sends until it is drained. One for each process; any number of processes."""

    def __init__(
        self,
        store: Store,
        transport: Transport,
        limiter: Limiter,
        clock: Clock,
        *,
        settings: SenderSettings | None = None,
        metrics: Metrics | None = None,
        jitter: random.Random | None = None,
    ) -> None:
        """`jitter`: the random source of the back-off; default: one of its own."""
        self._store = store
        self._transport = transport
        self._limiter = limiter
        self._clock = clock
        self._settings = settings or SenderSettings()
        self._metrics = metrics or Metrics()
        self._random = jitter or random.Random()
        self._queue: asyncio.Queue[Delivery] = asyncio.Queue(maxsize=4 * self._settings.workers)
        self._in_flight = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._wake = asyncio.Event()
        self._draining = asyncio.Event()
        self._well = asyncio.Event()
        self._well.set()
        self._faults_in_row = 0
        self._probing: asyncio.Task[None] | None = None
        self._holds_read = float("-inf")
        self._ledger = Ledger(store, clock, self._settings)

    # --- life -----------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Send until `drain` is called (or the task is cancelled)."""
        ledger = asyncio.create_task(self._ledger.run())
        workers = [asyncio.create_task(self._work()) for _ in range(self._settings.workers)]
        recovering = asyncio.create_task(self._recover_now_and_then())
        try:
            await self._feed(ledger)
            await self._settle()
        finally:
            tasks = [recovering, *workers, *([self._probing] if self._probing else [])]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._ledger.close()
            await ledger

    def wake(self) -> None:
        """There may be something to send: look now."""
        self._wake.set()

    async def drain(self, seconds: float) -> None:
        """Take nothing new, and wait until what is under way has ended, at most so many seconds."""
        self._draining.set()
        self._wake.set()
        try:
            await asyncio.wait_for(self._idle.wait(), seconds)
        except TimeoutError:
            log.warning("%d messages are still under way", self._in_flight)

    @property
    def paused(self) -> bool:
        """Whether Telegram is unwell and nothing is sent."""
        return not self._well.is_set()

    async def _feed(self, ledger: asyncio.Task[None]) -> None:
        while not self._draining.is_set():
            if ledger.done():
                ledger.result()  # nothing can be recorded any more: fail loudly
            self._wake.clear()
            await self._read_holds()
            room = self._queue.maxsize - self._queue.qsize()
            taken: Sequence[Delivery] = ()
            if room >= self._settings.workers and self._well.is_set() and not self._limiter.held():
                try:
                    async with self._store.begin() as tx:
                        taken = await tx.outbox.lease(self._clock(), room, self._settings.lease_seconds)
                except StorageError as error:
                    log.error("the outbox cannot be read, trying again: %s", error)
            for delivery in taken:
                self._queue.put_nowait(delivery)
            if not taken or self._queue.qsize() >= 2 * self._settings.workers:
                await self._wait_for_work(0.1 if self._queue.qsize() else self._settings.idle_seconds)

    async def _read_holds(self) -> None:
        """What Telegram asked other processes to wait for, or this one before its restart."""
        now = asyncio.get_running_loop().time()
        if now - self._holds_read < HOLDS_SECONDS:
            return
        try:
            async with self._store.read() as tx:
                self._limiter.adopt(await tx.leases.holds())
        except StorageError as error:
            log.error("holds cannot be read, trying again: %s", error)
        self._holds_read = now

    async def _wait_for_work(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._wake.wait(), seconds)
        except TimeoutError:
            return

    async def _settle(self) -> None:
        """After the last lease: give back what no worker has begun, and let the others end."""
        waiting = []
        while not self._queue.empty():
            waiting.append(self._queue.get_nowait())
        now = self._clock()
        for delivery in waiting:
            self._ledger.finish(Outcome(delivery, "pending", now, counts=False))  # leased → pending
        await self._idle.wait()

    async def _recover_now_and_then(self) -> None:
        while True:
            try:
                await self.recover()
            except StorageError as error:
                log.error("leases cannot be recovered, trying again: %s", error)
            await asyncio.sleep(self._settings.recover_seconds)

    async def recover(self) -> tuple[int, int]:
        """Take back leases that ran out: (rows not tried, rows whose outcome nobody knows)."""
        now, resend = self._clock(), self._settings.retry.uncertain == "resend"
        async with self._store.begin() as tx:
            released, unsure = await tx.outbox.recover(now, resend=resend)
            if unsure and not resend:  # they are given up: nothing is lost silently
                key = f"unsure:{now.isoformat()}"
                await tell_once(tx, self._settings.admins, partial(unsure_notice, unsure), key=key, now=now)
        if unsure:
            self._metrics.uncertain.inc(unsure)
            log.warning("%d messages may or may not have arrived before a process ended", unsure)
        if released or unsure:
            self._wake.set()
        return released, unsure

    # --- one delivery ---------------------------------------------------------------------------------

    async def _work(self) -> None:
        while True:
            delivery = await self._queue.get()
            self._in_flight += 1
            self._idle.clear()
            try:
                await self._deliver(delivery)
            except Exception as error:
                # The row keeps its lease and comes back when that runs out.
                log.error(
                    "delivery %d is left to its lease: %s",
                    delivery.delivery_id,
                    error,
                    exc_info=not isinstance(error, StorageError),
                )
            finally:
                self._in_flight -= 1
                if not self._in_flight:
                    self._idle.set()
                if self._queue.qsize() < self._settings.workers:
                    self._wake.set()

    async def _deliver(self, delivery: Delivery) -> None:
        chat_id = delivery.message.chat_id
        now = self._clock()
        if now >= delivery.expires:
            reason = "not delivered within its time"
            await self._give_up(delivery, GiveUp(reason, "expired"))
            return
        if not self._well.is_set():
            self._put_off(delivery, self._settings.idle_seconds)
            return
        wait = self._limiter.chat_wait(chat_id)
        if wait > 0.5:  # a long wait of one chat must not keep a worker from the others
            await self._wait_out(delivery, wait)
            return
        asked = asyncio.get_running_loop().time()
        try:
            grant = await self._limiter.acquire(chat_id, broadcast=delivery.kind == "digest")
        except DeliveryError as error:
            await self._wait_out(delivery, error.retry_after or 1.0)
            return
        finally:
            self._metrics.limiter_seconds.inc(asyncio.get_running_loop().time() - asked)
        if self._clock() >= delivery.lease_until or not await self._ledger.start(delivery):
            return  # the lease ran out while waiting: another process has the row
        await self._attempt(delivery, SendOptions(paid=grant.paid))

    async def _attempt(self, delivery: Delivery, options: SendOptions, *, plain: bool = False) -> None:
        message = plain_message(delivery.message) if plain else delivery.message
        began = asyncio.get_running_loop().time()
        try:
            message_id = await self._transport.send(message, options)
        except asyncio.CancelledError:
            self._cut_short(delivery)
            raise
        except DeliveryError as error:
            self._metrics.sends.labels(outcome=error.code).inc()
            self._note_health(error)
            await self._failed(delivery, error, options, plain=plain)
            return
        self._metrics.send_seconds.observe(asyncio.get_running_loop().time() - began)
        self._metrics.sends.labels(outcome="sent").inc()
        self._note_health(None)
        now = self._clock()
        if delivery.kind == "digest":
            self._metrics.lateness.observe(max(0.0, (now - delivery.due).total_seconds()))
        reason = "sent as plain text: Telegram refused the markup" if plain else None
        self._ledger.finish(Outcome(delivery, "sent", now, message_id=message_id, reason=reason))

    def _cut_short(self, delivery: Delivery) -> None:
        """The stop waits no longer for the answer: the next start need not wait for the lease to run out."""
        if self._settings.retry.uncertain == "skip":
            return  # given up, and told, when the lease runs out
        self._metrics.uncertain.inc()
        reason = "digestbot was stopped before Telegram answered"
        self._ledger.finish(Outcome(delivery, "pending", self._clock(), reason=reason, uncertain=True))

    async def _failed(
        self, delivery: Delivery, error: DeliveryError, options: SendOptions, *, plain: bool
    ) -> None:
        now = self._clock()
        if error.uncertain:
            self._metrics.uncertain.inc()
        if error.retry_after:  # whatever becomes of this row, the chat is to be left alone
            self._limiter.hold(error.retry_after, delivery.message.chat_id)
        decision = decide_retry(
            error,
            delivery.attempts + 1,
            now,
            expires=delivery.expires,
            jitter=self._random.random(),
            policy=self._settings.retry,
            plain=plain,
        )
        if isinstance(decision, GiveUp):
            await self._give_up(delivery, decision)
        elif decision.plain:
            await self._attempt(delivery, options, plain=True)
        elif decision.chat_id is not None:
            await self._follow(delivery, decision)
        else:
            self._ledger.finish(
                Outcome(
                    delivery,
                    "pending",
                    now,
                    not_before=decision.at,
                    reason=decision.reason,
                    uncertain=decision.uncertain,
                )
            )

    async def _wait_out(self, delivery: Delivery, seconds: float) -> None:
        """Its chat may not be written to yet: later, or never where its time ends before."""
        if self._clock() + timedelta(seconds=seconds) <= delivery.expires:
            self._put_off(delivery, seconds)
            return
        reason = f"Telegram asks to leave this chat alone for {seconds:.0f} s, and its time ends before"
        await self._give_up(delivery, GiveUp(reason, "expired"))

    def _put_off(self, delivery: Delivery, seconds: float) -> None:
        """Back to the outbox untried, so that other chats go first."""
        now = self._clock()
        at = now + timedelta(seconds=seconds)
        if at > delivery.expires:
            at = delivery.expires  # it is given up then, and told
        self._ledger.finish(Outcome(delivery, "pending", now, not_before=at, counts=False))

    async def _follow(self, delivery: Delivery, decision: Retry) -> None:
        """The group became a supergroup: rewrite its id everywhere, this row's among them."""
        assert decision.chat_id is not None
        now = self._clock()
        old = delivery.message.chat_id
        async with self._store.begin() as tx:
            await tx.outbox.finish(
                [Outcome(delivery, "pending", now, reason=f"{decision.reason} {decision.chat_id}")],
                timedelta(),
            )
            await tx.chats.migrate(old, decision.chat_id)
        log.info("chat %d became the supergroup %d", old, decision.chat_id)

    async def _give_up(self, delivery: Delivery, decision: GiveUp) -> None:
        now = self._clock()
        chat_id = delivery.message.chat_id
        outcome = Outcome(delivery, decision.state, now, reason=decision.reason, uncertain=decision.uncertain)
        async with self._store.begin() as tx:
            await tx.outbox.finish([outcome], timedelta())
            if decision.chat_gone:
                await tx.chats.deactivate(chat_id, decision.reason, now=now)
                dropped = await tx.outbox.drop_chat(chat_id, decision.reason, now)
                log.info("chat %d is gone (%s); %d more rows skipped", chat_id, decision.reason, dropped)
            elif delivery.kind != "notice":  # a notice that fails must not breed another
                await self._tell(tx, delivery, decision)
        self._wake.set()

    async def _tell(self, tx: Transaction, delivery: Delivery, decision: GiveUp) -> None:
        chat_id = delivery.message.chat_id
        log.warning("delivery %d to chat %d: %s", delivery.delivery_id, chat_id, decision.reason)
        chat = await tx.chats.get(chat_id)
        name = (chat.title or chat.username if chat else None) or str(chat_id)
        owner = chat.owner if decision.tell == "owner" and chat is not None else None
        people: tuple[int, ...]
        if owner is not None:
            people, key = (owner,), right_notice(chat_id)
        elif decision.tell == "nobody":
            return
        else:
            people, key = self._settings.admins, f"failed:{decision.code}:{chat_id}"
        now = self._clock()
        notice = partial(delivery_notice, name, decision.reason, to_owner=owner is not None)
        if owner is None and await tx.leases.told_since(f"failed:{decision.code}:", now - DAY) >= MOST_TOLD:
            key = f"failed:{decision.code}:more:{now.date()}"
            notice = partial(more_undelivered_notice, decision.reason)
        await tell_once(tx, people, notice, key=key, now=now)

    # --- Telegram's health ----------------------------------------------------------------------------

    def _note_health(self, error: DeliveryError | None) -> None:
        if error is None or error.code not in UNWELL:
            self._faults_in_row = 0
            return
        self._faults_in_row += 1
        if (self._faults_in_row >= PAUSE_AFTER or error.code == "bad-token") and self._well.is_set():
            self._well.clear()
            log.error("sending is paused, Telegram is unwell: %s", error)
            self._probing = asyncio.create_task(self._probe())

    async def _probe(self) -> None:
        """Ask for getMe, ever less often, until it answers."""
        for attempt in range(1, 1_000_000):
            await asyncio.sleep(backoff(attempt, self._random.random(), RetryPolicy(longest=30.0)))
            try:
                await self._transport.probe()
            except DeliveryError as error:
                log.warning("Telegram is still unwell: %s", error)
            else:
                break
        log.info("Telegram answers again: sending goes on")
        self._faults_in_row = 0
        self._well.set()
        self._wake.set()


class Ledger:
    """Commits starts and outcomes, all that have gathered at a time, and tells when a start is committed."""

    def __init__(self, store: Store, clock: Clock, settings: SenderSettings) -> None:
        self._store = store
        self._clock = clock
        self._part_gap = timedelta(seconds=settings.part_gap)
        self._sending_seconds = settings.sending_seconds
        self._starts: list[tuple[Delivery, asyncio.Future[bool]]] = []
        self._outcomes: list[Outcome] = []
        self._work = asyncio.Event()
        self._closing = False

    async def start(self, delivery: Delivery) -> bool:
        """Mark as `sending`; True once that is committed, False where the lease was lost.

        Raises StorageError where it cannot be committed: then nothing must be sent.
        """
        committed: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._starts.append((delivery, committed))
        self._work.set()
        return await committed

    def finish(self, outcome: Outcome) -> None:
        """Have an outcome recorded with the next commit."""
        self._outcomes.append(outcome)
        self._work.set()

    async def close(self) -> None:
        """Commit what is left, then end `run`."""
        self._closing = True
        self._work.set()

    async def run(self) -> None:
        """Commit until closed. Outcomes that cannot be committed are kept and tried again."""
        patience = 5
        while not (self._closing and not self._starts and not self._outcomes and patience):
            await self._work.wait()
            self._work.clear()
            starts, self._starts = self._starts[:START_BATCH], self._starts[START_BATCH:]
            outcomes, self._outcomes = self._outcomes, []
            if self._starts or self._closing:
                self._work.set()
            if not starts and not outcomes:
                continue
            try:
                ours = await self._commit(starts, outcomes)
            except StorageError as error:
                if error.code not in PASSING and outcomes:
                    await self._record_singly(outcomes)
                    self._starts = [*starts, *self._starts]
                    self._work.set()
                    continue
                self._outcomes = outcomes + self._outcomes
                for _, committed in starts:
                    if not committed.done():
                        committed.set_exception(error)
                log.error("what was sent cannot be recorded, trying again: %s", error)
                patience -= self._closing
                if not patience:
                    return
                await asyncio.sleep(0.5)
                self._work.set()
            else:
                for delivery, committed in starts:
                    if not committed.done():
                        committed.set_result(delivery.delivery_id in ours)
                if len(starts) + len(outcomes) >= GATHER_FROM and not self._closing:
                    await asyncio.sleep(GATHER_SECONDS)

    async def _record_singly(self, outcomes: Sequence[Outcome]) -> None:
        """One outcome the database refuses must not keep the others from being recorded.

        It is tried once more without what its message refers to; refused again, its row is left to its lease.
        """
        for outcome in outcomes:
            for remembering in (True, False):
                try:
                    await self._commit([], [outcome], remembering=remembering)
                except StorageError as error:
                    log.error("delivery %d cannot be recorded: %s", outcome.delivery.delivery_id, error)
                else:
                    break

    async def _commit(
        self,
        starts: Sequence[tuple[Delivery, asyncio.Future[bool]]],
        outcomes: Sequence[Outcome],
        *,
        remembering: bool = True,
    ) -> set[int]:
        now = self._clock()
        async with self._store.begin() as tx:
            if outcomes:
                recorded = await tx.outbox.finish(outcomes, self._part_gap)
                for outcome in outcomes if remembering else ():
                    if outcome.state == "sent" and outcome.delivery.delivery_id in recorded:
                        await remember(tx, outcome)
            rows = [delivery for delivery, _ in starts]
            return await tx.outbox.start(rows, now, self._sending_seconds)


async def remember(tx: Transaction, outcome: Outcome) -> None:
    """What a message that was sent refers to, for replies to it and for the numbers in it."""
    refers_to = outcome.delivery.message.part.refers_to
    if not refers_to or outcome.message_id is None:
        return
    chat_id = outcome.delivery.message.chat_id
    await tx.messages.record(chat_id, outcome.message_id, refers_to, now=outcome.at)
    if outcome.delivery.part == 0:
        await tx.messages.set_listing(chat_id, refers_to, now=outcome.at)


TAGS = re.compile(r"<[^>]*>")


def plain_message(message: OutgoingMessage) -> OutgoingMessage:
    """The same message without markup, for when Telegram refuses its entities."""
    text = message.part.plain or html.unescape(TAGS.sub("", message.part.html))
    return replace(message, part=replace(message.part, html=html.escape(text, quote=False)))
