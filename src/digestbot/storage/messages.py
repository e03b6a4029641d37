"""The messages aggregate: what shown messages and the numbers in them refer to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from digestbot.storage.tables import listings, shown_messages
from digestbot.storage.upserts import insert_into


class Messages:
    """Rows of shown messages and listings on one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def record(
        self, chat_id: int, message_id: int, refers_to: Mapping[str, Any], *, now: datetime
    ) -> None:
        """What a message of ours refers to; an edited message is recorded anew."""
        values = {"refers_to": dict(refers_to), "created": now}
        await self._connection.execute(
            insert_into(self._connection, shown_messages)
            .values(chat_id=chat_id, message_id=message_id, **values)
            .on_conflict_do_update(index_elements=["chat_id", "message_id"], set_=values)
        )

    async def refers_to(self, chat_id: int, message_id: int) -> Mapping[str, Any] | None:
        """What that message refers to; None for one that is not ours, or too old."""
        found: Mapping[str, Any] | None = await self._connection.scalar(
            select(shown_messages.c.refers_to).where(
                shown_messages.c.chat_id == chat_id, shown_messages.c.message_id == message_id
            )
        )
        return found

    async def set_listing(self, chat_id: int, refers_to: Mapping[str, Any], *, now: datetime) -> None:
        """From now on the numbers typed in this chat mean these."""
        values = {"refers_to": dict(refers_to), "created": now}
        await self._connection.execute(
            insert_into(self._connection, listings)
            .values(chat_id=chat_id, **values)
            .on_conflict_do_update(index_elements=["chat_id"], set_=values)
        )

    async def listing(self, chat_id: int) -> Mapping[str, Any] | None:
        """What numbers typed in this chat mean."""
        found: Mapping[str, Any] | None = await self._connection.scalar(
            select(listings.c.refers_to).where(listings.c.chat_id == chat_id)
        )
        return found

    async def prune(self, before: datetime) -> int:
        """Delete what older messages refer to; how many."""
        gone = await self._connection.scalars(
            delete(shown_messages)
            .where(shown_messages.c.created < before)
            .returning(shown_messages.c.message_id)
        )
        return len(gone.all())
