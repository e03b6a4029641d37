"""Helpers for tests of the way out: stores, chats, editions, and a transport that remembers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from databases import postgres_database
from digestbot.errors import DeliveryError
from digestbot.model import (
    Coverage,
    Digest,
    DigestSettings,
    MessagePart,
    OutgoingMessage,
    Window,
)
from digestbot.protocols.delivery import DEFAULT_SEND, Delivery, Grant, SendOptions, Target
from digestbot.storage.engine import Store, create_engine

NOW = datetime(2026, 3, 4, 6, 0, tzinfo=UTC)


@asynccontextmanager
async def opened_store(kind: str, folder: Path) -> AsyncIterator[Store]:
    """A fresh store, `sqlite` or `postgres`."""
    if kind == "sqlite":
        store = Store(create_engine(f"sqlite:///{folder / 'test.sqlite3'}"))
        await store.upgrade()
        try:
            yield store
        finally:
            await store.close()
        return
    with postgres_database() as url:
        store = Store(create_engine(url))
        await store.upgrade()
        try:
            yield store
        finally:
            await store.close()


class SetClock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **parts: float) -> datetime:
        self.now += timedelta(**parts)
        return self.now


def running_clock(start: datetime = NOW) -> Callable[[], datetime]:
    """A clock that begins at `start` and goes on by itself."""
    began = asyncio.get_running_loop().time()
    return lambda: start + timedelta(seconds=asyncio.get_running_loop().time() - began)


def part(text: str, **refers_to: object) -> MessagePart:
    return MessagePart(html=f"<b>{text}</b>", plain=text, refers_to=dict(refers_to))


def empty_digest(now: datetime = NOW) -> Digest:
    return Digest(Window(now - timedelta(days=1), now), now, DigestSettings(), (), Coverage())


async def seen(store: Store, *chat_ids: int, title: str | None = None, now: datetime = NOW) -> None:
    async with store.begin() as tx:
        for chat_id in chat_ids:
            kind = "private" if chat_id > 0 else "channel"
            await tx.chats.seen(chat_id, type=kind, title=title, username=None, language="en", now=now)


async def enqueue(
    store: Store,
    chat_ids: Sequence[int],
    parts: Sequence[MessagePart],
    *,
    key: str = "edition",
    now: datetime = NOW,
    grace: timedelta = timedelta(hours=6),
) -> int:
    """One edition for these chats; its id."""
    async with store.begin() as tx:
        digest = empty_digest(now)
        edition_id, count = await tx.outbox.add_edition(key, digest.window, digest, parts, now)
        targets = [Target(chat_id, None, now, now + grace) for chat_id in chat_ids]
        await tx.outbox.enqueue(edition_id, count, targets, now)
    return edition_id


async def lease(store: Store, now: datetime, limit: int = 100, seconds: float = 60.0) -> list[Delivery]:
    async with store.begin() as tx:
        return await tx.outbox.lease(now, limit, seconds)


class Telegram:
    """A transport that remembers what it took, and fails as it is told, one failure for each attempt.

    An error marked `uncertain` is raised after the message was taken: as when the answer is lost.
    """

    def __init__(self) -> None:
        self.taken: list[tuple[int, str]] = []
        self.attempts: list[tuple[int, str]] = []
        self.paid: list[bool] = []
        self.failures: dict[int, list[DeliveryError]] = {}
        self.for_all: list[DeliveryError] = []
        self.probes = 0
        self.delay = 0.0

    def fails(self, chat_id: int | None, *errors: DeliveryError) -> None:
        """The next attempts for that chat (None: for any) fail so."""
        if chat_id is None:
            self.for_all.extend(errors)
        else:
            self.failures.setdefault(chat_id, []).extend(errors)

    async def send(self, message: OutgoingMessage, options: SendOptions = DEFAULT_SEND) -> int:
        self.attempts.append((message.chat_id, message.part.html))
        await asyncio.sleep(self.delay)
        waiting = self.failures.get(message.chat_id) or self.for_all
        if waiting:
            error = waiting.pop(0)
            if error.uncertain:
                self.taken.append((message.chat_id, message.part.html))
            raise error
        self.taken.append((message.chat_id, message.part.html))
        self.paid.append(options.paid)
        return 1000 + len(self.taken)

    async def edit(self, chat_id: int, message_id: int, part: MessagePart) -> None:
        raise AssertionError("nothing is edited here")

    async def probe(self) -> None:
        self.probes += 1
        if self.for_all:
            raise self.for_all.pop(0)


class NoLimits:
    """Leave at once, for tests in which limits do not matter."""

    def __init__(self) -> None:
        self.holds: list[tuple[float, int | None]] = []

    def chat_wait(self, chat_id: int) -> float:
        return 0.0

    def held(self) -> float:
        return 0.0

    async def acquire(self, chat_id: int, *, broadcast: bool) -> Grant:
        return Grant()

    def hold(self, seconds: float, chat_id: int | None) -> None:
        self.holds.append((seconds, chat_id))

    def adopt(self, holds: Mapping[int | None, float]) -> None:
        return None


async def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait until something is so; fails if it does not come."""
    end = asyncio.get_running_loop().time() + seconds
    while not condition():
        if asyncio.get_running_loop().time() > end:
            raise AssertionError(f"not within {seconds} s")
        await asyncio.sleep(0.01)
