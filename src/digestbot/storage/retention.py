"""Deleting what is kept no longer, a little at a time, so that nobody waits long for the database.

Texts go with all that was found in them; a digest already sent keeps only what its edition holds, until the
edition goes too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, false, or_, select, update

from digestbot.storage.engine import Store, Transaction
from digestbot.storage.tables import chats, document_versions, documents, stories

BATCH = 500
"""Rows deleted in one unit of work."""
MOST_ROUNDS = 200
"""Of one kind in one go: the next tick goes on."""

ACCOUNT_DELETED = ("user is deactivated", "input_user_deactivated")
"""How Telegram calls a person's account that was deleted (the reason of a 403)."""


@dataclass(frozen=True, slots=True)
class Retention:
    """Days that things are kept. `slots`: long enough that no date can be claimed again."""

    raw_days: int = 30
    sent_days: int = 14
    text_days: int = 400
    slot_days: int = 45
    update_days: int = 14
    notice_days: int = 30
    deleted_account_days: int = 30


STANDARD = Retention()
Step = Callable[[Transaction], Awaitable[int]]


async def prune(store: Store, now: datetime, retention: Retention = STANDARD) -> dict[str, int]:
    """Delete what is older than its time; how many rows, by kind."""

    def before(days: int) -> datetime:
        return now - timedelta(days=days)

    steps: dict[str, Step] = {
        "deliveries": lambda tx: tx.outbox.prune(before(retention.sent_days), BATCH),
        "slots": lambda tx: tx.schedules.prune(before(retention.slot_days), BATCH),
        "updates": lambda tx: tx.inbox.prune(before(retention.update_days), BATCH),
        "raw": lambda tx: _drop_raw(tx, before(retention.raw_days)),
        "texts": lambda tx: _drop_texts(tx, before(retention.text_days)),
        "stories": lambda tx: _drop_empty_stories(tx, before(retention.text_days)),
        "accounts": lambda tx: _forget_deleted_accounts(tx, before(retention.deleted_account_days)),
    }
    gone: dict[str, int] = {}
    for name, step in steps.items():
        gone[name] = 0
        for _ in range(MOST_ROUNDS):
            async with store.begin() as tx:
                count = await step(tx)
            gone[name] += count
            if count < BATCH:
                break
            await asyncio.sleep(0)  # others first
    async with store.begin() as tx:
        gone["messages"] = await tx.messages.prune(before(retention.text_days))
        await tx.leases.prune(before(retention.notice_days))
    return gone


async def _forget_deleted_accounts(tx: Transaction, before: datetime) -> int:
    """As /forget does. Who merely blocked the bot may come back, and finds everything as it was."""
    gone = await tx.connection.scalars(
        select(chats.c.id)
        .where(
            chats.c.active == false(),
            chats.c.type == "private",
            chats.c.inactive_since < before,
            or_(*(chats.c.inactive_reason.icontains(said) for said in ACCOUNT_DELETED)),
        )
        .limit(BATCH)
    )
    forgotten = gone.all()
    for chat_id in forgotten:
        await tx.chats.forget(chat_id)
    return len(forgotten)


async def _drop_raw(tx: Transaction, before: datetime) -> int:
    old = (
        select(document_versions.c.id)
        .where(document_versions.c.created < before, document_versions.c.raw.is_not(None))
        .limit(BATCH)
    )
    gone = await tx.connection.scalars(
        update(document_versions)
        .where(document_versions.c.id.in_(old))
        .values(raw=None)
        .returning(document_versions.c.id)
    )
    return len(gone.all())


async def _drop_texts(tx: Transaction, before: datetime) -> int:
    old = (
        select(documents.c.id)
        .where(documents.c.picked_up < before)
        .order_by(documents.c.picked_up)
        .limit(BATCH)
    )
    gone = await tx.connection.scalars(
        delete(documents).where(documents.c.id.in_(old)).returning(documents.c.id)
    )
    return len(gone.all())


async def _drop_empty_stories(tx: Transaction, before: datetime) -> int:
    old = (
        select(stories.c.id)
        .where(
            stories.c.updated < before,
            ~select(documents.c.id).where(documents.c.story_id == stories.c.id).exists(),
        )
        .order_by(stories.c.updated)
        .limit(BATCH)
    )
    gone = await tx.connection.scalars(delete(stories).where(stories.c.id.in_(old)).returning(stories.c.id))
    return len(gone.all())
