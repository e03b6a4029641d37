"""The follows aggregate: what a chat follows and mutes, and its feedback."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, false, func, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digestbot.protocols.chat import Follow, Watcher
from digestbot.storage.chats import alert_front, chat_of
from digestbot.storage.tables import chats, feedback, follows, fronts
from digestbot.storage.upserts import chunks, insert_into


class Follows:
    """Rows of follows and feedback on one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def for_chat(self, chat_id: int, *, now: datetime) -> list[Follow]:
        """Those in force, in order of their making."""
        found = await self._connection.execute(
            select(follows)
            .where(follows.c.chat_id == chat_id, or_(follows.c.until.is_(None), follows.c.until > now))
            .order_by(follows.c.id)
        )
        return [Follow(row.target, row.mute, row.until, row.alerts) for row in found]

    async def put(
        self,
        chat_id: int,
        target: str,
        *,
        mute: bool = False,
        until: datetime | None = None,
        alerts: bool = False,
        now: datetime,
    ) -> None:
        """Follow or mute; an earlier word on the same target is replaced.

        A chat's first wish for alerts holds from `now` on: what comes before the next look is told too.
        """
        if alerts and not mute and not await self._watches(chat_id, now):
            await self._connection.execute(
                insert_into(self._connection, fronts)
                .values(name=alert_front(chat_id), at=now)
                .on_conflict_do_update(index_elements=["name"], set_={"at": now})
            )
        values = {"mute": mute, "until": until, "alerts": alerts and not mute}
        await self._connection.execute(
            insert_into(self._connection, follows)
            .values(chat_id=chat_id, target=target, created=now, **values)
            .on_conflict_do_update(index_elements=["chat_id", "target"], set_=values)
        )

    async def _watches(self, chat_id: int, now: datetime) -> bool:
        """Whether the chat wants alerts for something already."""
        in_force = or_(follows.c.until.is_(None), follows.c.until > now)
        wanted = select(follows.c.id).where(
            follows.c.chat_id == chat_id, follows.c.alerts == true(), in_force
        )
        return await self._connection.scalar(wanted.limit(1)) is not None

    async def remove(self, chat_id: int, target: str) -> bool:
        """Neither follow nor mute it any more; False where it was neither."""
        gone = await self._connection.scalars(
            delete(follows)
            .where(follows.c.chat_id == chat_id, follows.c.target == target)
            .returning(follows.c.id)
        )
        return bool(gone.all())

    async def watchers(self, *, now: datetime) -> list[Watcher]:
        """Active chats that want alerts for something they follow."""
        in_force = or_(follows.c.until.is_(None), follows.c.until > now)
        wanting = select(follows.c.chat_id).where(
            follows.c.alerts == true(), follows.c.mute == false(), in_force
        )
        found = await self._connection.execute(
            select(chats).where(chats.c.id.in_(wanting), chats.c.active == true()).order_by(chats.c.id)
        )
        watching = [chat_of(row) for row in found]
        own: dict[int, list[Follow]] = {}
        fronted: dict[str, datetime] = {}
        for some in chunks([chat.chat_id for chat in watching]):
            rows = await self._connection.execute(
                select(follows).where(follows.c.chat_id.in_(some), in_force).order_by(follows.c.id)
            )
            for row in rows:
                own.setdefault(row.chat_id, []).append(Follow(row.target, row.mute, row.until, row.alerts))
            names = [alert_front(chat_id) for chat_id in some]
            fronted |= {
                row.name: row.at
                for row in await self._connection.execute(select(fronts).where(fronts.c.name.in_(names)))
            }
        return [
            Watcher(chat, tuple(own.get(chat.chat_id, ())), fronted.get(alert_front(chat.chat_id)))
            for chat in watching
        ]

    async def advance_front(self, chat_id: int, since: datetime | None, until: datetime) -> bool:
        """Move up to when a chat was looked at; False where another moved it first."""
        name = alert_front(chat_id)
        moved = (
            insert_into(self._connection, fronts)
            .values(name=name, at=until)
            .on_conflict_do_nothing(index_elements=["name"])
            .returning(fronts.c.name)
            if since is None
            else update(fronts)
            .where(fronts.c.name == name, fronts.c.at == since)
            .values(at=until)
            .returning(fronts.c.name)
        )
        return bool((await self._connection.scalars(moved)).all())

    async def vote(
        self, chat_id: int, user_id: int | None, story_id: int, vote: int, *, now: datetime
    ) -> None:
        """+1 or -1 on a story; a second vote replaces the first."""
        voter = chat_id if user_id is None else user_id  # a null would never conflict with another null
        values = {"vote": vote, "created": now}
        await self._connection.execute(
            insert_into(self._connection, feedback)
            .values(chat_id=chat_id, user_id=voter, story_id=story_id, **values)
            .on_conflict_do_update(index_elements=["chat_id", "user_id", "story_id"], set_=values)
        )

    async def say(self, chat_id: int, user_id: int | None, text: str, *, now: datetime) -> None:
        """Keep a message to the admins."""
        await self._connection.execute(
            feedback.insert().values(chat_id=chat_id, user_id=user_id, text=text, created=now)
        )

    async def votes(self) -> tuple[int, int]:
        """(up, down), over all."""
        found = await self._connection.execute(
            select(feedback.c.vote, func.count())
            .where(feedback.c.vote.is_not(None))
            .group_by(feedback.c.vote)
        )
        counts = {int(vote): int(count) for vote, count in found}
        return counts.get(1, 0), counts.get(-1, 0)
