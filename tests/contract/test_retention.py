"""What is kept no longer goes, what is still within its time stays."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, insert, select

from deliveries import NOW, enqueue, part, seen
from digestbot.protocols.delivery import Outcome
from digestbot.storage.retention import Retention, prune
from digestbot.storage.tables import (
    chats,
    deliveries,
    document_versions,
    documents,
    editions,
    follows,
    stories,
)

OLD = NOW - timedelta(days=40)


async def document(store, key, picked_up):
    async with store.begin() as tx:
        story = await tx.connection.scalar(
            insert(stories).values(first_seen=picked_up, updated=picked_up).returning(stories.c.id)
        )
        found = await tx.connection.scalar(
            insert(documents)
            .values(
                document_key=key,
                publisher="P",
                title="T",
                language="en",
                published=picked_up,
                published_origin="fetch",
                picked_up=picked_up,
                archive=False,
                story_id=story,
            )
            .returning(documents.c.id)
        )
        await tx.connection.execute(
            insert(document_versions).values(
                document_id=found,
                number=1,
                text="text",
                text_hash=key,
                media_type="text/plain",
                raw=b"text",
                created=picked_up,
            )
        )


async def count(store, table, *where):
    async with store.read() as tx:
        return await tx.connection.scalar(select(func.count()).select_from(table).where(*where))


async def test_raw_bytes_go_first_and_texts_with_their_stories_later(store):
    await document(store, "old", OLD)
    await document(store, "new", NOW)
    gone = await prune(store, NOW)
    assert (gone["raw"], gone["texts"], gone["stories"]) == (1, 0, 0)
    assert await count(store, document_versions, document_versions.c.raw.is_not(None)) == 1
    gone = await prune(store, NOW, Retention(text_days=30))
    assert (gone["texts"], gone["stories"]) == (1, 1)
    assert (await count(store, documents), await count(store, document_versions)) == (1, 1)


async def test_sent_rows_go_with_their_editions_and_waiting_ones_stay(store):
    await enqueue(store, [1, 2], [part("a")], now=OLD)
    async with store.begin() as tx:
        first, _ = await tx.outbox.lease(OLD, 2, 60)
        await tx.outbox.finish([Outcome(first, "sent", OLD, message_id=1)], timedelta())
    assert (await prune(store, NOW))["deliveries"] == 1
    assert (await count(store, deliveries), await count(store, editions)) == (1, 1)


async def test_a_deleted_account_is_forgotten_in_time_and_one_that_blocked_us_is_not(store):
    await seen(store, 1, 2, 3, -4, now=OLD)
    said = "Forbidden: user is deactivated"
    async with store.begin() as tx:
        await tx.follows.put(1, "actor:1", now=OLD)
        await tx.chats.deactivate(1, said, now=NOW - timedelta(days=31))
        await tx.chats.deactivate(2, said, now=NOW - timedelta(days=29))
        await tx.chats.deactivate(3, "Forbidden: bot was blocked by the user", now=OLD)
        await tx.chats.deactivate(-4, "Forbidden: the group chat was deactivated", now=OLD)
    assert (await prune(store, NOW))["accounts"] == 1
    assert await count(store, chats) == 3
    assert (await count(store, chats, chats.c.id == 1), await count(store, follows)) == (0, 0)
    assert (await prune(store, NOW, Retention(deleted_account_days=7)))["accounts"] == 1
    assert await count(store, chats) == 2
