"""The leases aggregate: who does what only one may do, shared limits, heartbeats, and notices told once."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Float, case, cast, delete, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from digestbot.protocols.delivery import Reservation
from digestbot.storage.tables import heartbeats, leases, limits, notices
from digestbot.storage.upserts import insert_into

HOLD = "hold:"
"""What the names of buckets begin with that are held."""


def hold_bucket(chat_id: int | None) -> str:
    """Name of the bucket that says until when a chat, or all of them, are to be left alone."""
    return f"{HOLD}{'all' if chat_id is None else chat_id}"


class Leases:
    """Rows of leases, limits, heartbeats and notices on one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def acquire(self, name: str, holder: str, now: datetime, seconds: float) -> bool:
        """Take or renew a lease; False while another holds it.

        One that ends later than any taken now could was taken by a clock that has been set back since: it is
        void, else nobody would have it until then.
        """
        until = now + timedelta(seconds=seconds)
        void = leases.c.until > now + timedelta(seconds=2 * seconds)
        taken = await self._connection.scalar(
            insert_into(self._connection, leases)
            .values(name=name, holder=holder, until=until)
            .on_conflict_do_update(
                index_elements=["name"],
                set_={"holder": holder, "until": until},
                where=or_(leases.c.holder == holder, leases.c.until <= now, void),
            )
            .returning(leases.c.name)
        )
        return taken is not None

    async def holder(self, name: str, now: datetime) -> str | None:
        """Who holds a lease that has not run out."""
        found: str | None = await self._connection.scalar(
            select(leases.c.holder).where(leases.c.name == name, leases.c.until > now)
        )
        return found

    async def release(self, name: str, holder: str) -> None:
        """Give a lease back, if it is ours."""
        await self._connection.execute(delete(leases).where(leases.c.name == name, leases.c.holder == holder))

    async def reserve(self, bucket: str, count: int, interval: float, burst: float) -> Reservation:
        """Reserve places in a bucket that all replicas share, by the database's clock (GCRA).

        `interval`: seconds between two; `burst`: seconds by which an idle bucket may be ahead.
        """
        now = self._epoch()
        idle_since = now - burst
        free = case((limits.c.free_at > idle_since, limits.c.free_at), else_=idle_since)
        row = (
            await self._connection.execute(
                insert_into(self._connection, limits)
                .values(bucket=bucket, free_at=idle_since + count * interval)
                .on_conflict_do_update(index_elements=["bucket"], set_={"free_at": free + count * interval})
                .returning(limits.c.free_at, self._epoch())
            )
        ).one()
        return Reservation(float(row[0]) - count * interval - float(row[1]), interval, count)

    async def spend(self, bucket: str, amount: float, budget: float) -> bool:
        """Take `amount` out of a counter that may reach `budget`; False where it would exceed it."""
        if amount > budget:
            return False
        spent = await self._connection.scalar(
            insert_into(self._connection, limits)
            .values(bucket=bucket, free_at=amount)
            .on_conflict_do_update(
                index_elements=["bucket"],
                set_={"free_at": limits.c.free_at + amount},
                where=limits.c.free_at + amount <= budget + 1e-6,  # sums of tenths are not exact
            )
            .returning(limits.c.bucket)
        )
        return spent is not None

    async def hold(self, chat_id: int | None, seconds: float) -> None:
        """Telegram asked to leave a chat (None: all) alone for so long: kept for replicas and restarts."""
        until = self._epoch() + seconds
        await self._connection.execute(
            insert_into(self._connection, limits)
            .values(bucket=hold_bucket(chat_id), free_at=until)
            .on_conflict_do_update(
                index_elements=["bucket"],
                set_={"free_at": case((limits.c.free_at > until, limits.c.free_at), else_=until)},
            )
        )

    async def holds(self) -> dict[int | None, float]:
        """Seconds for which chats (None: all) are still to be left alone."""
        left = limits.c.free_at - self._epoch()
        found = await self._connection.execute(
            select(limits.c.bucket, left).where(limits.c.bucket.like(f"{HOLD}%"), left > 0)
        )
        return {
            None if bucket == hold_bucket(None) else int(bucket.removeprefix(HOLD)): float(seconds)
            for bucket, seconds in found
        }

    async def beat(self, name: str, at: datetime) -> None:
        """Record a sign of life."""
        await self._connection.execute(
            insert_into(self._connection, heartbeats)
            .values(name=name, at=at)
            .on_conflict_do_update(index_elements=["name"], set_={"at": at})
        )

    async def heartbeats(self) -> dict[str, datetime]:
        """The last sign of life of each job."""
        return {row.name: row.at for row in await self._connection.execute(select(heartbeats))}

    async def notice_once(self, key: str, text: str, now: datetime) -> bool:
        """Record that the admins are told; False where they were before."""
        new = await self._connection.scalar(
            insert_into(self._connection, notices)
            .values(notice_key=key, text=text, created=now)
            .on_conflict_do_nothing(index_elements=["notice_key"])
            .returning(notices.c.notice_key)
        )
        return new is not None

    async def told_since(self, prefix: str, since: datetime) -> int:
        """How many notices were told since then whose keys begin so."""
        counted = await self._connection.scalar(
            select(func.count()).where(
                notices.c.notice_key.startswith(prefix, autoescape=True), notices.c.created >= since
            )
        )
        return int(counted or 0)

    async def forget_notice(self, key: str) -> None:
        """What was told is over: it may be told again."""
        await self._connection.execute(delete(notices).where(notices.c.notice_key == key))

    async def prune(self, before: datetime) -> None:
        """Forget what was spent on past days, holds that have ended, and old notices."""
        await self._connection.execute(
            delete(limits).where(
                limits.c.bucket.like("stars:%"), limits.c.bucket < f"stars:{before.date().isoformat()}"
            )
        )
        await self._connection.execute(
            delete(limits).where(limits.c.bucket.like(f"{HOLD}%"), limits.c.free_at < self._epoch())
        )
        await self._connection.execute(delete(notices).where(notices.c.created < before))

    def _epoch(self) -> ColumnElement[float]:
        """The database's clock, in seconds since 1970: one clock for all replicas."""
        if self._connection.dialect.name == "postgresql":
            return cast(func.extract("epoch", func.clock_timestamp()), Float)
        julian_day_of_1970 = 2440587.5
        return (func.julianday("now", type_=Float) - literal(julian_day_of_1970)) * 86400.0
