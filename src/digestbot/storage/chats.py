"""The chats aggregate: who the bot talks with, their settings, and all that is kept about them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, delete, func, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digestbot.protocols.chat import Chat
from digestbot.protocols.delivery import offer_of
from digestbot.storage.leases import hold_bucket
from digestbot.storage.tables import (
    chats,
    deliveries,
    document_versions,
    documents,
    editions,
    feedback,
    follows,
    fronts,
    limits,
    listings,
    schedules,
    shown_messages,
    slots,
    sources,
    stories,
    updates,
)
from digestbot.storage.upserts import insert_into

CHANGEABLE = frozenset({"language", "zone", "settings", "owner", "title", "username"})
"""Columns that `update` may set; activity is set by `seen` and `deactivate` alone."""


class Chats:
    """Rows of chats on one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, chat_id: int) -> Chat | None:
        """The chat, or None for one we never heard of."""
        row = (await self._connection.execute(select(chats).where(chats.c.id == chat_id))).one_or_none()
        return None if row is None else chat_of(row)

    async def named(self, username: str) -> Chat | None:
        """The active chat with that public name, without the @ and in any case; of several the last seen."""
        found = await self._connection.execute(
            select(chats)
            .where(func.lower(chats.c.username) == username.lower(), chats.c.active == true())
            .order_by(chats.c.last_seen.desc())
            .limit(1)
        )
        row = found.one_or_none()
        return None if row is None else chat_of(row)

    async def seen(
        self,
        chat_id: int,
        *,
        type: str,
        title: str | None,
        username: str | None,
        language: str | None,
        now: datetime,
    ) -> Chat:
        """Record that the chat wrote to us (a new one is added, a deactivated one is active again).

        `language` is Telegram's; it is kept only until the chat has one, so a chosen one stays.
        """
        seen = {"type": type, "title": title, "username": username, "last_seen": now}
        back = {"active": True, "inactive_reason": None, "inactive_since": None}
        row = await self._connection.execute(
            insert_into(self._connection, chats)
            .values(id=chat_id, language=language, settings={}, created=now, **seen, **back)
            .on_conflict_do_update(
                index_elements=["id"],
                set_={**seen, **back, "language": func.coalesce(chats.c.language, language)},
            )
            .returning(*chats.c)
        )
        return chat_of(row.one())

    async def update(self, chat_id: int, **changes: Any) -> None:
        """Set columns of a chat. Raises ValueError for a name that may not be set."""
        unknown = set(changes) - CHANGEABLE
        if unknown:
            raise ValueError(f"no such columns of a chat: {', '.join(sorted(unknown))}")
        if changes:
            await self._connection.execute(update(chats).where(chats.c.id == chat_id).values(**changes))

    async def change_settings(self, chat_id: int, changes: Mapping[str, Any]) -> Chat | None:
        """Set some settings and leave the others; a value of None takes a setting back to its default."""
        row = (
            await self._connection.execute(select(chats).where(chats.c.id == chat_id).with_for_update())
        ).one_or_none()
        if row is None:
            return None
        settings = {**(row.settings or {}), **changes}
        kept = {name: value for name, value in settings.items() if value is not None}
        await self.update(chat_id, settings=kept)
        return await self.get(chat_id)

    async def owned_by(self, user_id: int) -> list[Chat]:
        """Channels and groups this person has set up, active ones first."""
        found = await self._connection.execute(
            select(chats).where(chats.c.owner == user_id).order_by(chats.c.active.desc(), chats.c.title)
        )
        return [chat_of(row) for row in found]

    async def counts(self) -> dict[str, int]:
        """Active chats by type."""
        found = await self._connection.execute(
            select(chats.c.type, func.count()).where(chats.c.active == true()).group_by(chats.c.type)
        )
        return {str(kind): int(count) for kind, count in found}

    async def deactivate(self, chat_id: int, reason: str, *, now: datetime) -> None:
        """The chat blocked us or put us out: nothing is sent to it until it writes again."""
        await self._connection.execute(
            update(chats)
            .where(chats.c.id == chat_id, chats.c.active == true())
            .values(active=False, inactive_reason=reason, inactive_since=now)
        )

    async def migrate(self, old: int, new: int) -> None:
        """The group `old` became the supergroup `new`: rewrite the id everywhere.

        Telegram tells it twice, in both chats, so the second time there is nothing left to do. What the new
        chat already has wins only where it is the same thing (a schedule at the same time, the same follow).
        """
        if await self.get(old) is not None:
            await self._connection.execute(delete(chats).where(chats.c.id == new))
            await self._connection.execute(
                update(chats).where(chats.c.id == old).values(id=new, type="supergroup")
            )
        for table, same in (
            (schedules, ("thread_id", "local_time")),
            (follows, ("target",)),
            (feedback, ("user_id", "story_id")),
            (deliveries, ("edition_id", "thread_id", "part")),
            (listings, ()),
        ):
            await self._move(table, old, new, same)
        for table, column in (
            (slots, slots.c.chat_id),
            (documents, documents.c.scope),
            (stories, stories.c.scope),
        ):
            await self._connection.execute(update(table).where(column == old).values({column: new}))
        front = await self._connection.scalar(select(fronts.c.at).where(fronts.c.name == alert_front(old)))
        if front is not None:
            await self._connection.execute(delete(fronts).where(fronts.c.name == alert_front(new)))
            await self._connection.execute(
                update(fronts).where(fronts.c.name == alert_front(old)).values(name=alert_front(new))
            )
        # messages of the old group keep their ids there and have others in the supergroup
        await self._connection.execute(delete(shown_messages).where(shown_messages.c.chat_id == old))

    async def _move(self, table: Table, old: int, new: int, same: tuple[str, ...]) -> None:
        """Give the rows of `old` to `new`, without those that would collide in the columns `same`."""
        other = table.alias()
        collides = (
            select(other.c.chat_id)
            .where(other.c.chat_id == new, *(other.c[name] == table.c[name] for name in same))
            .exists()
        )
        await self._connection.execute(
            update(table).where(table.c.chat_id == old, ~collides).values(chat_id=new)
        )
        if table is not deliveries:  # a delivery that collides stays where it is and fails by itself
            await self._connection.execute(delete(table).where(table.c.chat_id == old))

    async def everything(self, chat_id: int) -> dict[str, Any]:
        """All that is kept about a chat, as JSON: for /mydata."""
        kept: dict[str, Any] = {}
        for name, table in (
            ("chat", chats),
            ("schedules", schedules),
            ("follows", follows),
            ("feedback", feedback),
            ("posts", slots),
            ("listing", listings),
            ("messages", shown_messages),
            ("deliveries", deliveries),
            ("updates", updates),
        ):
            column = table.c.id if table is chats else table.c.chat_id
            hidden = {"lease_token", "lease_until"}
            columns = [column for column in table.c if column.name not in hidden]
            found = await self._connection.execute(select(*columns).where(column == chat_id))
            kept[name] = [_as_json(row) for row in found]
        found = await self._connection.execute(select(fronts).where(fronts.c.name == alert_front(chat_id)))
        kept["alerts"] = [_as_json(row) for row in found]
        found = await self._connection.execute(
            select(
                documents.c.id,
                documents.c.title,
                documents.c.url,
                documents.c.publisher,
                documents.c.picked_up,
                document_versions.c.number.label("version"),
                document_versions.c.media_type,
                func.length(document_versions.c.raw).label("bytes_kept"),
                document_versions.c.text,
            )
            .join(document_versions, document_versions.c.document_id == documents.c.id)
            .where(documents.c.scope == chat_id)
            .order_by(documents.c.id, document_versions.c.number)
        )
        kept["documents"] = [_as_json(row) for row in found]
        for name, wanted in (
            (
                "feedback elsewhere",
                select(feedback).where(feedback.c.user_id == chat_id, feedback.c.chat_id != chat_id),
            ),
            (
                "set up by you",
                select(chats.c.id, chats.c.type, chats.c.title, chats.c.username).where(
                    chats.c.owner == chat_id
                ),
            ),
            (
                "sources added by you",
                select(sources.c.kind, sources.c.address, sources.c.title, sources.c.created).where(
                    sources.c.added_by == chat_id
                ),
            ),
        ):
            kept[name] = [_as_json(row) for row in await self._connection.execute(wanted)]
        return kept

    async def forget(self, chat_id: int) -> dict[str, int]:
        """Delete all of it, its uploads included; how many rows by kind. Others' rows are not touched."""
        gone: dict[str, int] = {}
        await self._forget_what_shows_documents(chat_id)
        for name, table, column in (
            ("documents", documents, documents.c.scope),
            ("stories", stories, stories.c.scope),
            ("schedules", schedules, schedules.c.chat_id),
            ("posts", slots, slots.c.chat_id),
            ("follows", follows, follows.c.chat_id),
            ("feedback", feedback, feedback.c.chat_id),
            ("listings", listings, listings.c.chat_id),
            ("messages", shown_messages, shown_messages.c.chat_id),
            ("deliveries", deliveries, deliveries.c.chat_id),
            ("chats", chats, chats.c.id),
        ):
            found = await self._connection.scalars(delete(table).where(column == chat_id).returning(column))
            gone[name] = len(found.all())
        await self._connection.execute(delete(fronts).where(fronts.c.name == alert_front(chat_id)))
        # A person's private chat has their user id: what they did in other chats goes too.
        await self._connection.execute(delete(feedback).where(feedback.c.user_id == chat_id))
        await self._connection.execute(update(chats).where(chats.c.owner == chat_id).values(owner=None))
        await self._connection.execute(
            update(sources).where(sources.c.added_by == chat_id).values(added_by=None)
        )
        await self._connection.execute(delete(limits).where(limits.c.bucket == hold_bucket(chat_id)))
        # The updates stay by their ids, so that none is handled twice; what they said goes. The one that
        # asked for this is still being handled and must be finished by its own lease: it is emptied too.
        await self._connection.execute(
            update(updates).where(updates.c.chat_id == chat_id).values(update={}, error=None)
        )
        return gone

    async def _forget_what_shows_documents(self, chat_id: int) -> None:
        """Delete digests that were made for this chat alone, since its own documents are in them, and what
        was shown of those to the ones who run the bot."""
        own = await self._connection.scalars(select(documents.c.id).where(documents.c.scope == chat_id))
        for document_id in own.all():
            await self._connection.execute(
                delete(deliveries).where(deliveries.c.dedupe_key.startswith(offer_of(document_id)))
            )
        posted = select(slots.c.edition_id).where(slots.c.chat_id == chat_id)
        await self._connection.execute(
            delete(editions).where(
                editions.c.id.in_(posted), editions.c.digest[("settings", "scope")].as_integer() == chat_id
            )
        )


def alert_front(chat_id: int) -> str:
    """Name of the front up to which a chat was looked at for alerts."""
    return f"alerts:{chat_id}"


def chat_of(row: Row[Any]) -> Chat:
    """A row of chats."""
    return Chat(
        chat_id=row.id,
        type=row.type,
        title=row.title,
        username=row.username,
        language=row.language,
        zone=row.zone,
        settings=row.settings or {},
        owner=row.owner,
        active=row.active,
    )


def _as_json(row: Row[Any]) -> dict[str, Any]:
    """A row as JSON: times in ISO 8601."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in row._mapping.items()
    }
