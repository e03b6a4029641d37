"""The schedules aggregate: when which chat gets its digest, and the slots already decided over.

A schedule is never deleted while its slots matter: one that is removed is only disabled, so that a person
who subscribes again on the same day, or changes zone and changes back, does not get that day's digest twice.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, delete, func, or_, select, true, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digestbot.model import Slot, Window
from digestbot.protocols.chat import Chat, Follow
from digestbot.protocols.delivery import ConfiguredSchedule, DueSchedule, ScheduleRow, SlotClaim
from digestbot.slots import next_slots
from digestbot.storage.tables import chats, documents, follows, schedules, slots
from digestbot.storage.upserts import chunks, insert_into

LOOK_BACK = timedelta(days=8)
"""How far back a previous slot is looked for: a weekly digest finds its last one."""


class Schedules:
    """Rows of schedules and slots on one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def for_chat(self, chat_id: int) -> list[ScheduleRow]:
        """A chat's schedules, by topic and time of day."""
        found = await self._connection.execute(
            select(schedules)
            .where(schedules.c.chat_id == chat_id, schedules.c.enabled == true())
            .order_by(schedules.c.thread_id, schedules.c.local_time)
        )
        return [_schedule(row) for row in found]

    async def configured_chats(self) -> list[int]:
        """Chats that have schedules of the configuration file."""
        found = await self._connection.scalars(
            select(schedules.c.chat_id)
            .where(schedules.c.origin == "config", schedules.c.enabled == true())
            .distinct()
            .order_by(schedules.c.chat_id)
        )
        return list(found)

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
        """Add a schedule, or change the one of that chat, topic and time; returns its id.

        A date whose slot has been decided over is not due again, whatever the new zone makes of it.
        """
        values = {"zone": zone, "weekdays": weekdays, "origin": origin, "enabled": True, "paused_until": None}
        statement = (
            insert_into(self._connection, schedules)
            .values(
                chat_id=chat_id,
                thread_id=thread_id or 0,
                local_time=local_time,
                created=now,
                next_due=now,
                **values,
            )
            .on_conflict_do_update(index_elements=["chat_id", "thread_id", "local_time"], set_=values)
            .returning(schedules.c.id)
        )
        schedule_id = int((await self._connection.execute(statement)).scalar_one())
        decided = await self._connection.scalars(
            select(slots.c.local_date).where(
                slots.c.schedule_id == schedule_id,
                slots.c.local_time == local_time,
                slots.c.due > now - LOOK_BACK,
            )
        )
        dates = set(decided)
        upcoming = next_slots(local_time, zone, weekdays, now, len(dates) + 1)
        next_due = next(slot.due for slot in upcoming if slot.local_date.isoformat() not in dates)
        await self._connection.execute(
            update(schedules).where(schedules.c.id == schedule_id).values(next_due=next_due)
        )
        return schedule_id

    async def remove(self, chat_id: int, schedule_id: int | None = None) -> int:
        """Remove one of a chat's schedules, or all of them; how many."""
        statement = update(schedules).where(schedules.c.chat_id == chat_id, schedules.c.enabled == true())
        if schedule_id is not None:
            statement = statement.where(schedules.c.id == schedule_id)
        gone = await self._connection.scalars(statement.values(enabled=False).returning(schedules.c.id))
        return len(gone.all())

    async def covered_until(self, chat_id: int, thread_id: int | None) -> datetime | None:
        """The end of what the chat's (or topic's) last scheduled post covered; None where there was none."""
        last: datetime | None = await self._connection.scalar(
            select(func.max(slots.c.until)).where(
                slots.c.chat_id == chat_id, slots.c.thread_id == (thread_id or 0)
            )
        )
        return last

    async def pause(self, chat_id: int, until: datetime | None) -> None:
        """Skip the chat's slots until then; None ends a pause."""
        await self._connection.execute(
            update(schedules).where(schedules.c.chat_id == chat_id).values(paused_until=until)
        )

    async def sync_config(
        self, channels: Sequence[ConfiguredSchedule], now: datetime, *, complete: bool = True
    ) -> None:
        """Make the schedules of origin "config" exactly these; what has not changed is not touched.

        Not `complete`: some could not be found, so none is removed.
        """
        found = await self._connection.execute(
            select(schedules).where(schedules.c.origin == "config", schedules.c.enabled == true())
        )
        present = {(row.chat_id, row.thread_id, row.local_time): row for row in found}
        for wanted in channels:
            row = present.pop((wanted.chat_id, wanted.thread_id or 0, wanted.local_time), None)
            if row is None or (row.zone, row.weekdays) != (wanted.zone, wanted.weekdays):
                await self.put(
                    wanted.chat_id,
                    local_time=wanted.local_time,
                    zone=wanted.zone,
                    origin="config",
                    thread_id=wanted.thread_id,
                    weekdays=wanted.weekdays,
                    now=now,
                )
        for row in present.values() if complete else ():
            await self.remove(row.chat_id, row.id)

    async def due(
        self, now: datetime, limit: int, after: tuple[datetime, int] | None = None
    ) -> list[DueSchedule]:
        """Schedules with a slot due, by (next_due, id), after that pair; those of inactive chats too."""
        earlier = slots.alias()
        covered = (
            select(func.max(earlier.c.until))
            .where(
                earlier.c.chat_id == schedules.c.chat_id,
                earlier.c.thread_id == schedules.c.thread_id,
                earlier.c.due > now - LOOK_BACK,
            )
            .scalar_subquery()
        )
        statement = (
            select(schedules, covered.label("covered"), *(c.label(f"of_chat_{c.name}") for c in chats.c))
            .outerjoin(chats, chats.c.id == schedules.c.chat_id)
            .where(schedules.c.enabled == true(), schedules.c.next_due <= now)
            .order_by(schedules.c.next_due, schedules.c.id)
            .limit(limit)
        )
        if after is not None:
            statement = statement.where(tuple_(schedules.c.next_due, schedules.c.id) > after)
        rows = (await self._connection.execute(statement)).all()
        followed = await self._follows([row.chat_id for row in rows], now)
        return [
            DueSchedule(_schedule(row), _chat(row), row.covered, tuple(followed.get(row.chat_id, ())))
            for row in rows
        ]

    async def _follows(self, chat_ids: Sequence[int], now: datetime) -> dict[int, list[Follow]]:
        """What each of the chats follows and mutes now, in order of their making."""
        found: dict[int, list[Follow]] = {}
        for ids in chunks(sorted(set(chat_ids))):
            rows = await self._connection.execute(
                select(follows)
                .where(follows.c.chat_id.in_(ids), or_(follows.c.until.is_(None), follows.c.until > now))
                .order_by(follows.c.chat_id, follows.c.id)
            )
            for row in rows:
                found.setdefault(row.chat_id, []).append(Follow(row.target, row.mute, row.until, row.alerts))
        return found

    async def claim(self, claims: Sequence[SlotClaim], now: datetime) -> set[tuple[int, Slot]]:
        """Record slots; returns (schedule id, slot) of those that are ours. A slot claimed before is not.

        One statement in the order of the key, so that two processes wait for one another, never in a circle.
        """
        if not claims:
            return set()
        by_key = {
            (claim.schedule.schedule_id, claim.slot.local_date.isoformat(), claim.slot.local_time): claim
            for claim in claims
        }
        rows = [
            {
                "schedule_id": claim.schedule.schedule_id,
                "chat_id": claim.schedule.chat_id,
                "thread_id": claim.schedule.thread_id or 0,
                "local_date": claim.slot.local_date.isoformat(),
                "local_time": claim.slot.local_time,
                "due": claim.slot.due,
                "state": claim.state,
                "reason": claim.reason,
                "until": claim.until,
                "edition_id": claim.edition_id,
                "claimed": now,
            }
            for claim in sorted(claims, key=lambda claim: (claim.schedule.schedule_id, claim.slot.local_date))
        ]
        ours = await self._connection.execute(
            insert_into(self._connection, slots)
            .on_conflict_do_nothing(index_elements=["schedule_id", "local_date", "local_time"])
            .returning(slots.c.schedule_id, slots.c.local_date, slots.c.local_time),
            rows,
        )
        return {(row[0], by_key[tuple(row)].slot) for row in ours}

    async def advance(self, schedule_ids: Collection[int], next_due: datetime) -> None:
        """Set when these schedules are due next; never back."""
        for ids in chunks(sorted(schedule_ids)):
            await self._connection.execute(
                update(schedules)
                .where(schedules.c.id.in_(ids), schedules.c.next_due < next_due)
                .values(next_due=next_due)
            )

    async def with_own_documents(self, chat_ids: Collection[int], window: Window) -> set[int]:
        """Those of the chats that have documents of their own in the window."""
        owners: set[int] = set()
        for ids in chunks(sorted(chat_ids)):
            found = await self._connection.scalars(
                select(documents.c.scope)
                .where(
                    documents.c.scope.in_(ids),
                    documents.c.picked_up > window.since,
                    documents.c.picked_up <= window.until,
                )
                .distinct()
            )
            owners.update(found)
        return owners

    async def status(self) -> tuple[int, datetime | None]:
        """How many schedules there are, and when the next one is due."""
        row = (
            await self._connection.execute(
                select(func.count(), func.min(schedules.c.next_due)).where(schedules.c.enabled == true())
            )
        ).one()
        return int(row[0]), row[1]

    async def prune(self, before: datetime, limit: int) -> int:
        """Delete slots that were due before then, and removed schedules without any; how many slots."""
        old = select(slots.c.id).where(slots.c.due < before).limit(limit)
        gone = await self._connection.scalars(delete(slots).where(slots.c.id.in_(old)).returning(slots.c.id))
        await self._connection.execute(
            delete(schedules).where(
                and_(
                    schedules.c.enabled != true(),
                    or_(schedules.c.next_due < before, schedules.c.created < before),
                    ~select(slots.c.id).where(slots.c.schedule_id == schedules.c.id).exists(),
                )
            )
        )
        return len(gone.all())


def _schedule(row: Row[Any]) -> ScheduleRow:
    return ScheduleRow(
        schedule_id=row.id,
        chat_id=row.chat_id,
        thread_id=row.thread_id or None,
        origin=row.origin,
        local_time=row.local_time,
        zone=row.zone,
        weekdays=row.weekdays,
        next_due=row.next_due,
        paused_until=row.paused_until,
    )


def _chat(row: Row[Any]) -> Chat:
    """The chat's row; a channel of the configuration may be due before it was ever seen."""
    if row.of_chat_type is None:
        kind = "private" if row.chat_id > 0 else "channel"
        return Chat(row.chat_id, kind, None, None, None, row.zone, {}, None, True)
    return Chat(
        chat_id=row.chat_id,
        type=row.of_chat_type,
        title=row.of_chat_title,
        username=row.of_chat_username,
        language=row.of_chat_language,
        zone=row.of_chat_zone,
        settings=row.of_chat_settings or {},
        owner=row.of_chat_owner,
        active=row.of_chat_active,
    )
