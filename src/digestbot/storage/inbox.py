"""The inbox aggregate: Telegram's updates, stored by their id before they are acknowledged.

pending ──claim (lease)──► pending, leased ──► handled | failed; a lease that runs out frees the row again.
Updates of one chat are handled one after another, in the order Telegram gave them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digestbot.protocols.delivery import StoredUpdate
from digestbot.storage.tables import updates
from digestbot.storage.upserts import insert_into

LARGEST_ID = 2**63
"""Bounds of the columns that hold Telegram's ids, which have 52 bits."""
UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class Inbox:
    """Rows of updates on one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, received: Sequence[Mapping[str, Any]], now: datetime) -> int:
        """Store updates; how many were new. Telegram repeats one until it is acknowledged."""
        if not received:
            return 0
        rows = [
            {
                "update_id": int(found["update_id"]),
                "chat_id": chat_of(found),
                "update": storable(found),
                "state": "pending",
                "received": now,
            }
            for found in received
        ]
        new = await self._connection.scalars(
            insert_into(self._connection, updates)
            .on_conflict_do_nothing(index_elements=["update_id"])
            .returning(updates.c.update_id),
            rows,
        )
        return len(new.all())

    async def claim(self, now: datetime, limit: int, seconds: float) -> list[StoredUpdate]:
        """Take updates to be handled, oldest first, never two of one chat at a time."""
        earlier = updates.alias()
        behind = (
            select(earlier.c.update_id)
            .where(
                earlier.c.chat_id == updates.c.chat_id,
                earlier.c.state == "pending",
                earlier.c.update_id < updates.c.update_id,
            )
            .exists()
        )
        free = (
            select(updates.c.update_id)
            .where(
                updates.c.state == "pending",
                or_(updates.c.lease_until.is_(None), updates.c.lease_until <= now),
                ~behind,
            )
            .order_by(updates.c.update_id)
            .limit(limit)
        )
        if self._connection.dialect.name == "postgresql":
            free = free.with_for_update(skip_locked=True)
        token = uuid4().hex
        taken = (
            await self._connection.execute(
                update(updates)
                .where(updates.c.update_id.in_(free))
                .values(
                    lease_until=now + timedelta(seconds=seconds),
                    lease_token=token,
                    attempts=updates.c.attempts + 1,
                )
                .returning(
                    updates.c.update_id,
                    updates.c.chat_id,
                    updates.c.update,
                    updates.c.attempts,
                    updates.c.received,
                )
            )
        ).all()
        return [
            StoredUpdate(row.update_id, row.chat_id, row[2], row.attempts, token, row.received)
            for row in sorted(taken, key=lambda row: int(row.update_id))
        ]

    async def done(self, handled: StoredUpdate, now: datetime, error: str | None = None) -> bool:
        """Handled (or, with `error`, given up); False where the lease was lost."""
        ours = await self._connection.scalar(
            update(updates)
            .where(
                updates.c.update_id == handled.update_id,
                updates.c.lease_token == handled.token,
                updates.c.state == "pending",
            )
            .values(
                state="failed" if error else "handled",
                error=error,
                handled=now,
                lease_until=None,
                lease_token=None,
            )
            .returning(updates.c.update_id)
        )
        return ours is not None

    async def put_back(
        self, handled: StoredUpdate, not_before: datetime, error: str, *, counted: bool = True
    ) -> None:
        """To be handled again, from then on. `counted`: whether this was one of its attempts."""
        await self._connection.execute(
            update(updates)
            .where(updates.c.update_id == handled.update_id, updates.c.lease_token == handled.token)
            .values(
                lease_until=not_before,
                lease_token=None,
                error=error,
                attempts=handled.attempts - (0 if counted else 1),
            )
        )

    async def waiting(self) -> int:
        """Updates not handled yet."""
        counted = await self._connection.scalar(select(func.count()).where(updates.c.state == "pending"))
        return int(counted or 0)

    async def prune(self, before: datetime, limit: int) -> int:
        """Delete updates handled before then; how many."""
        old = (
            select(updates.c.update_id)
            .where(updates.c.handled < before)
            .order_by(updates.c.handled)
            .limit(limit)
        )
        gone = await self._connection.scalars(
            delete(updates).where(updates.c.update_id.in_(old)).returning(updates.c.update_id)
        )
        return len(gone.all())


def chat_of(update: Mapping[str, Any]) -> int | None:
    """The chat an update belongs to, for order; the user where there is no chat; else None.

    Read out of the raw JSON: every kind of update holds its chat in `chat`, in its message, or has only a
    user.
    """
    for name, content in update.items():
        if name == "update_id" or not isinstance(content, Mapping):
            continue
        message = content.get("message")
        holders = [content, message] if isinstance(message, Mapping) else [content]
        found = [holder.get("chat") for holder in holders]
        found += [content.get(person) for person in ("from", "user", "voter_chat")]
        for one in found:
            number = one.get("id") if isinstance(one, Mapping) else None
            if type(number) is int and abs(number) < LARGEST_ID:
                return number
    return None


def storable(value: Any) -> Any:
    """JSON without what PostgreSQL cannot keep in it: NUL and halves of characters become U+FFFD.

    An update the database refuses would be brought again for ever, and keep those behind it away.
    """
    if isinstance(value, str):
        return UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return {storable(name): storable(content) for name, content in value.items()}
    if isinstance(value, list):
        return [storable(one) for one in value]
    return value
