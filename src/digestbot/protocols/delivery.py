"""Seams of the way out: schedules, outbox, inbox, leases, and the transport."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from digestbot.model import Digest, MessagePart, OutgoingMessage, Slot, Window
from digestbot.protocols.chat import Chat, Follow

# --- schedules --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """When a chat (or a topic of it) gets its digest. `next_due`: the first slot not yet decided over."""

    schedule_id: int
    chat_id: int
    thread_id: int | None
    origin: str  # chat, config
    local_time: str
    zone: str
    weekdays: int  # bit 0 is Monday
    next_due: datetime
    paused_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ConfiguredSchedule:
    """One time of one channel, as the configuration file lists it."""

    chat_id: int
    local_time: str
    zone: str
    weekdays: int = 127
    thread_id: int | None = None


@dataclass(frozen=True, slots=True)
class DueSchedule:
    """A schedule that has come due, its chat, and where its next window begins (None: never published)."""

    schedule: ScheduleRow
    chat: Chat
    covered_until: datetime | None
    follows: tuple[Follow, ...] = ()  # and mutes, in force


@dataclass(frozen=True, slots=True)
class SlotClaim:
    """A slot to be decided over: `state` is published, empty or skipped."""

    schedule: ScheduleRow
    slot: Slot
    state: Literal["published", "empty", "skipped"]
    until: datetime | None = None  # end of the window it covers; None for a skipped one
    edition_id: int | None = None
    reason: str | None = None


class Schedules(Protocol):
    """When which chat gets its digest, and the slots already claimed."""

    async def for_chat(self, chat_id: int) -> list[ScheduleRow]: ...
    async def put(
        self,
        chat_id: int,
        *,
        local_time: str,
        zone: str,
        origin: str,
        thread_id: int | None = None,
        weekdays: int = 127,
        now: datetime,
    ) -> int:
        """Add a schedule, or change the one of that chat, topic and time; returns its id."""
        ...

    async def covered_until(self, chat_id: int, thread_id: int | None) -> datetime | None:
        """The end of what the chat's (or topic's) last scheduled post covered; None where there was none."""
        ...

    async def configured_chats(self) -> list[int]:
        """Chats that have schedules of the configuration file."""
        ...

    async def remove(self, chat_id: int, schedule_id: int | None = None) -> int:
        """Remove one of a chat's schedules, or all of them; how many."""
        ...

    async def pause(self, chat_id: int, until: datetime | None) -> None:
        """Skip the chat's slots until then; None ends a pause."""
        ...

    async def sync_config(
        self, channels: Sequence[ConfiguredSchedule], now: datetime, *, complete: bool = True
    ) -> None:
        """Make the schedules of origin "config" exactly these; not `complete`: none is removed."""
        ...

    async def due(
        self, now: datetime, limit: int, after: tuple[datetime, int] | None = None
    ) -> list[DueSchedule]:
        """Schedules of active chats with a slot due, by (next_due, id), after that pair."""
        ...

    async def claim(self, claims: Sequence[SlotClaim], now: datetime) -> set[tuple[int, Slot]]:
        """Record slots; returns (schedule id, slot) of those that are ours. A slot claimed before is not."""
        ...

    async def advance(self, schedule_ids: Collection[int], next_due: datetime) -> None:
        """Set when these schedules are due next."""
        ...

    async def with_own_documents(self, chat_ids: Collection[int], window: Window) -> set[int]:
        """Those of the chats that have documents of their own in the window."""
        ...

    async def status(self) -> tuple[int, datetime | None]:
        """How many schedules there are, and when the next one is due."""
        ...


# --- outbox -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Target:
    """Where an edition goes: one chat or topic."""

    chat_id: int
    thread_id: int | None
    due: datetime
    expires: datetime
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message part on its way to one chat, leased by this process until `lease_until`."""

    delivery_id: int
    token: str
    message: OutgoingMessage
    kind: str  # digest, alert, notice
    edition_id: int | None
    part: int
    parts: int  # of the whole digest
    attempts: int  # finished ones
    uncertain: int
    due: datetime
    expires: datetime
    lease_until: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended, as the row is to record it.

    `state`: sent, failed, skipped; or pending, to be tried again from `not_before` on. `uncertain`: nobody
    knows whether it arrived. `counts`: False for an attempt that was put off before anything was tried.
    """

    delivery: Delivery
    state: Literal["sent", "failed", "skipped", "pending"]
    at: datetime
    message_id: int | None = None
    not_before: datetime | None = None
    reason: str | None = None
    uncertain: bool = False
    counts: bool = True


@dataclass(frozen=True, slots=True)
class OutboxStatus:
    """The outbox in numbers. `oldest_due`: of the rows that may be sent now and are not."""

    pending: int
    in_flight: int
    failed: int
    oldest_due: datetime | None


@dataclass(frozen=True, slots=True)
class FailedDelivery:
    """A row for /failures."""

    delivery_id: int
    chat_id: int
    kind: str
    state: str
    reason: str
    due: datetime
    finished: datetime


def is_update(found: object) -> bool:
    """Whether JSON from Telegram has the one thing that every update has: its id, in at most 63 bits."""
    if not isinstance(found, dict):
        return False
    number = found.get("update_id")
    return type(number) is int and 0 <= number < 2**63


def offer_of(document_id: int) -> str:
    """How the keys of messages begin that show somebody's document to those who run the bot."""
    return f"offer:{document_id}:"


def right_notice(chat_id: int) -> str:
    """Key of the notice that the right to post in a chat is lost; forgotten when its rights change."""
    return f"right:{chat_id}"


class Outbox(Protocol):
    """Editions and deliveries."""

    async def editions(self, edition_keys: Collection[str]) -> dict[str, tuple[int, int]]:
        """(edition id, number of parts) of those that are stored, by key."""
        ...

    async def add_edition(
        self,
        edition_key: str,
        window: Window,
        digest: Digest,
        parts: Sequence[MessagePart],
        now: datetime,
    ) -> tuple[int, int]:
        """Store an edition, or find the one another process stored first; (edition id, number of parts)."""
        ...

    async def edition_digest(self, edition_id: int) -> Digest | None: ...
    async def digest_sent(self, chat_id: int, message_id: int) -> Digest | None:
        """The digest that a message of ours is part of; None for other messages, and once it is pruned."""
        ...

    async def enqueue(self, edition_id: int, parts: int, targets: Sequence[Target], now: datetime) -> None:
        """One row for each target and part, in order; those already there are left alone."""
        ...

    async def enqueue_message(
        self,
        message: OutgoingMessage,
        *,
        dedupe_key: str,
        kind: str,
        now: datetime,
        expires: datetime,
        not_before: datetime | None = None,
    ) -> bool:
        """A message of its own; False where one with that key was enqueued before."""
        ...

    async def lease(self, now: datetime, limit: int, seconds: float) -> list[Delivery]:
        """Take rows that may be sent now: never a part before the parts ahead of it are final."""
        ...

    async def start(self, deliveries: Sequence[Delivery], now: datetime, seconds: float) -> set[int]:
        """leased → sending, to be committed before the call; the ids still ours."""
        ...

    async def finish(self, outcomes: Sequence[Outcome], part_gap: timedelta) -> set[int]:
        """Record outcomes; the ids still ours. The next part waits `part_gap` after one that was sent."""
        ...

    async def recover(self, now: datetime, *, resend: bool) -> tuple[int, int]:
        """Take back leases that ran out: (leased rows now pending, sending rows now uncertain)."""
        ...

    async def drop_chat(self, chat_id: int, reason: str, now: datetime) -> int:
        """Skip everything that waits for this chat; how many rows."""
        ...

    async def status(self, now: datetime) -> OutboxStatus: ...
    async def failures(self, limit: int) -> list[FailedDelivery]: ...
    async def retry(self, delivery_id: int, now: datetime, expires: datetime) -> bool:
        """Put a failed or skipped row back; False where there is none such."""
        ...

    async def prune(self, before: datetime, limit: int) -> int:
        """Delete finished rows, and editions nobody waits for, older than that; how many rows."""
        ...


# --- inbox ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StoredUpdate:
    """An update to be handled, leased by this process."""

    update_id: int
    chat_id: int | None
    update: Mapping[str, Any]
    attempts: int  # this one included
    token: str
    received: datetime


class Inbox(Protocol):
    """Telegram's updates."""

    async def add(self, updates: Sequence[Mapping[str, Any]], now: datetime) -> int:
        """Store updates; how many were new."""
        ...

    async def claim(self, now: datetime, limit: int, seconds: float) -> list[StoredUpdate]:
        """Take updates to be handled, oldest first, never two of one chat at a time."""
        ...

    async def done(self, update: StoredUpdate, now: datetime, error: str | None = None) -> bool:
        """Handled (or, with `error`, given up); False where the lease was lost."""
        ...

    async def put_back(
        self, update: StoredUpdate, not_before: datetime, error: str, *, counted: bool = True
    ) -> None:
        """To be handled again, from then on. `counted`: whether this was one of its attempts."""
        ...

    async def waiting(self) -> int: ...
    async def prune(self, before: datetime, limit: int) -> int: ...


# --- leases -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reservation:
    """Places in a shared bucket: the first `start` seconds from now, the others `interval` apart."""

    start: float
    interval: float
    count: int


class Leases(Protocol):
    """Leases, shared limits, heartbeats, notices."""

    async def acquire(self, name: str, holder: str, now: datetime, seconds: float) -> bool:
        """Take or renew a lease; False while another holds it."""
        ...

    async def holder(self, name: str, now: datetime) -> str | None: ...
    async def release(self, name: str, holder: str) -> None: ...
    async def reserve(self, bucket: str, count: int, interval: float, burst: float) -> Reservation:
        """Reserve places in a bucket that all replicas share, by the database's clock.

        `interval`: seconds between two; `burst`: seconds by which an idle bucket may be ahead.
        """
        ...

    async def spend(self, bucket: str, amount: float, budget: float) -> bool:
        """Take `amount` out of a counter that may reach `budget`; False where it would exceed it."""
        ...

    async def hold(self, chat_id: int | None, seconds: float) -> None:
        """Telegram asked to leave a chat (None: all) alone for so long."""
        ...

    async def holds(self) -> dict[int | None, float]:
        """Seconds for which chats (None: all) are still to be left alone."""
        ...

    async def beat(self, name: str, at: datetime) -> None: ...
    async def heartbeats(self) -> dict[str, datetime]: ...
    async def notice_once(self, key: str, text: str, now: datetime) -> bool:
        """Record that the admins are told; False where they were before."""
        ...

    async def told_since(self, prefix: str, since: datetime) -> int:
        """How many notices were told since then whose keys begin so."""
        ...

    async def forget_notice(self, key: str) -> None:
        """What was told is over: it may be told again."""
        ...


# --- transport --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Grant:
    """Leave to send one message now; `paid`: beyond the free limit, against Stars."""

    paid: bool = False


@dataclass(frozen=True, slots=True)
class SendOptions:
    """How to send, beside what."""

    paid: bool = False


DEFAULT_SEND = SendOptions()


class Transport(Protocol):
    """Sends and edits messages; every failure is a DeliveryError."""

    async def send(self, message: OutgoingMessage, options: SendOptions = DEFAULT_SEND) -> int:
        """Send, within a grant of the limiter; returns Telegram's message id."""
        ...

    async def edit(self, chat_id: int, message_id: int, part: MessagePart) -> None: ...

    async def probe(self) -> None:
        """Ask Telegram for something harmless; raises DeliveryError while it is unwell."""
        ...


class Limiter(Protocol):
    """Keeps Telegram's limits. Answers to people go before broadcasts."""

    def chat_wait(self, chat_id: int) -> float:
        """Seconds until this chat may get its next message, others apart."""
        ...

    def held(self) -> float:
        """Seconds for which Telegram asked us to send nothing at all."""
        ...

    async def acquire(self, chat_id: int, *, broadcast: bool) -> Grant:
        """Wait for leave to send one message to this chat."""
        ...

    def hold(self, seconds: float, chat_id: int | None) -> None:
        """Telegram asked to wait: that chat, or all for None."""
        ...

    def adopt(self, holds: Mapping[int | None, float]) -> None:
        """Holds that other processes, or this one before its restart, were told: seconds left, by chat."""
        ...
