"""Chats, their messages and what they follow: the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select

from digestbot.protocols.chat import Follow
from digestbot.storage.engine import Store
from digestbot.storage.tables import Utc, documents, fronts, metadata, shown_messages, stories, updates

NOW = datetime(2026, 3, 4, 6, 0, tzinfo=UTC)


async def seen(store: Store, chat_id: int = 7, *, language: str | None = "en", now: datetime = NOW):
    async with store.begin() as tx:
        return await tx.chats.seen(
            chat_id, type="private", title="Ann", username="ann", language=language, now=now
        )


async def test_a_chat_is_added_once_and_keeps_what_it_chose(store):
    first = await seen(store)
    assert (first.language, first.zone, first.active, dict(first.settings)) == ("en", None, True, {})
    async with store.begin() as tx:
        await tx.chats.update(7, language="ur", zone="Asia/Karachi", settings={"stories": 5})
    again = await seen(store, language="fr", now=NOW + timedelta(days=1))
    assert (again.language, again.zone, dict(again.settings)) == ("ur", "Asia/Karachi", {"stories": 5})


async def test_telegrams_language_is_taken_while_none_is_known(store):
    await seen(store, language=None)
    assert (await seen(store, language="ar")).language == "ar"


async def test_a_column_that_is_no_setting_cannot_be_set(store):
    await seen(store)
    async with store.begin() as tx:
        with pytest.raises(ValueError, match="active"):
            await tx.chats.update(7, active=False)


async def test_settings_change_one_by_one_and_go_back_to_their_default(store):
    await seen(store)
    async with store.begin() as tx:
        await tx.chats.change_settings(7, {"stories": 5, "silent": True})
        chat = await tx.chats.change_settings(7, {"silent": None})
        assert chat is not None
        assert dict(chat.settings) == {"stories": 5}
        assert await tx.chats.change_settings(8, {"stories": 5}) is None


async def test_a_deactivated_chat_is_active_again_when_it_writes(store):
    await seen(store)
    async with store.begin() as tx:
        await tx.chats.deactivate(7, "blocked", now=NOW)
        assert not (await tx.chats.get(7)).active
        assert await tx.chats.counts() == {}
    assert (await seen(store)).active
    async with store.read() as tx:
        assert await tx.chats.counts() == {"private": 1}


async def test_channels_are_found_by_who_set_them_up(store):
    await seen(store)
    await seen(store, -100)
    async with store.begin() as tx:
        await tx.chats.update(-100, owner=7)
        assert [chat.chat_id for chat in await tx.chats.owned_by(7)] == [-100]
        assert await tx.chats.owned_by(8) == []


async def test_numbers_and_messages_keep_their_meaning(store):
    async with store.begin() as tx:
        await tx.messages.record(7, 1, {"default": "1"}, now=NOW)
        await tx.messages.record(7, 1, {"default": "2"}, now=NOW)
        await tx.messages.set_listing(7, {"numbers": {"1": {"story": 3}}}, now=NOW)
        await tx.messages.set_listing(7, {"numbers": {"1": {"story": 4}}}, now=NOW)
    async with store.read() as tx:
        assert await tx.messages.refers_to(7, 1) == {"default": "2"}
        assert await tx.messages.refers_to(8, 1) is None
        assert await tx.messages.listing(7) == {"numbers": {"1": {"story": 4}}}
        assert await tx.messages.listing(8) is None


async def test_old_messages_are_pruned(store):
    async with store.begin() as tx:
        await tx.messages.record(7, 1, {}, now=NOW - timedelta(days=30))
        await tx.messages.record(7, 2, {}, now=NOW)
        assert await tx.messages.prune(NOW - timedelta(days=14)) == 1
        assert await tx.messages.refers_to(7, 2) == {}


async def test_follows_and_mutes_replace_each_other_and_mutes_end(store):
    async with store.begin() as tx:
        await tx.follows.put(7, "country:PK", alerts=True, now=NOW)
        await tx.follows.put(7, "term:gas", mute=True, until=NOW + timedelta(days=3), now=NOW)
        assert await tx.follows.for_chat(7, now=NOW) == [
            Follow("country:PK", False, None, True),
            Follow("term:gas", True, NOW + timedelta(days=3), False),
        ]
        assert [f.target for f in await tx.follows.for_chat(7, now=NOW + timedelta(days=3))] == ["country:PK"]
        await tx.follows.put(7, "country:PK", mute=True, alerts=True, now=NOW)
        assert (await tx.follows.for_chat(7, now=NOW))[0] == Follow("country:PK", True, None, False)
        assert await tx.follows.remove(7, "country:PK")
        assert not await tx.follows.remove(7, "country:PK")


async def test_alerts_go_to_active_chats_that_want_them(store):
    await seen(store, 7)
    await seen(store, 8)
    await seen(store, 9)
    async with store.begin() as tx:
        for chat_id in (7, 8):
            await tx.follows.put(chat_id, "country:PK", alerts=True, now=NOW)
        await tx.follows.put(9, "country:PK", now=NOW)
        await tx.chats.deactivate(8, "blocked", now=NOW)
        (watcher,) = await tx.follows.watchers(now=NOW)
        assert (watcher.chat.chat_id, watcher.front) == (7, NOW)
        assert [one.target for one in watcher.follows] == ["country:PK"]


async def test_one_of_two_moves_the_front_of_a_chats_alerts(store):
    await seen(store, 7)
    later = NOW + timedelta(minutes=1)
    async with store.begin() as tx:
        await tx.follows.put(7, "country:PK", alerts=True, now=NOW)
        assert not await tx.follows.advance_front(7, None, later)
        assert await tx.follows.advance_front(7, NOW, later)
        assert not await tx.follows.advance_front(7, NOW, later)
        (watcher,) = await tx.follows.watchers(now=NOW)
        assert watcher.front == later
        await tx.chats.forget(7)
        assert not list(await tx.connection.scalars(select(fronts.c.name)))


async def a_story(store: Store, scope: int | None = None) -> int:
    async with store.begin() as tx:
        story = await tx.connection.scalar(
            insert(stories).values(first_seen=NOW, updated=NOW, scope=scope).returning(stories.c.id)
        )
        await tx.connection.execute(
            insert(documents).values(
                document_key=f"k{scope}",
                publisher="P",
                title="T",
                language="en",
                published=NOW,
                published_origin="fetch",
                picked_up=NOW,
                scope=scope,
                archive=False,
                story_id=story,
            )
        )
        return int(story)


async def test_a_second_vote_replaces_the_first(store):
    story = await a_story(store)
    async with store.begin() as tx:
        await tx.follows.vote(7, 7, story, 1, now=NOW)
        await tx.follows.vote(7, 7, story, -1, now=NOW)
        await tx.follows.vote(-100, None, story, 1, now=NOW)
        await tx.follows.vote(-100, None, story, 1, now=NOW)
        await tx.follows.say(7, 7, "More maps", now=NOW)
        assert await tx.follows.votes() == (1, 1)


async def test_a_group_that_became_a_supergroup_keeps_all_it_had(store):
    await seen(store, -5)
    await seen(store, -1005)
    story = await a_story(store, scope=-5)
    async with store.begin() as tx:
        await tx.chats.update(-5, zone="Asia/Karachi")
        await tx.schedules.put(-5, local_time="07:30", zone="UTC", origin="chat", now=NOW)
        await tx.schedules.put(-1005, local_time="07:30", zone="UTC", origin="chat", now=NOW)
        await tx.schedules.put(-5, local_time="18:00", zone="UTC", origin="chat", now=NOW)
        await tx.follows.put(-5, "country:PK", now=NOW)
        await tx.follows.put(-1005, "country:PK", now=NOW)
        await tx.messages.record(-5, 1, {}, now=NOW)
        await tx.messages.set_listing(-5, {"default": "1"}, now=NOW)
        await tx.chats.migrate(-5, -1005)
        await tx.chats.migrate(-5, -1005)
    async with store.read() as tx:
        assert await tx.chats.get(-5) is None
        moved = await tx.chats.get(-1005)
        assert (moved.zone, moved.type) == ("Asia/Karachi", "supergroup")
        assert [row.local_time for row in await tx.schedules.for_chat(-1005)] == ["07:30", "18:00"]
        assert [follow.target for follow in await tx.follows.for_chat(-1005, now=NOW)] == ["country:PK"]
        assert await tx.messages.listing(-1005) == {"default": "1"}
        scope = await tx.connection.scalar(select(stories.c.scope).where(stories.c.id == story))
        assert scope == -1005
        assert await tx.connection.scalar(select(func.count()).select_from(shown_messages)) == 0


async def test_all_that_is_kept_can_be_had_and_deleted_and_nothing_of_others(store):
    await seen(store, 7)
    await seen(store, 8)
    await a_story(store, scope=7)
    public = await a_story(store)
    async with store.begin() as tx:
        for chat_id in (7, 8):
            await tx.schedules.put(chat_id, local_time="07:30", zone="UTC", origin="chat", now=NOW)
            await tx.follows.put(chat_id, "country:PK", now=NOW)
            await tx.messages.record(chat_id, 1, {"default": "1"}, now=NOW)
            await tx.follows.vote(chat_id, chat_id, public, 1, now=NOW)
        await tx.connection.execute(
            insert(updates).values(
                update_id=1, chat_id=7, update={"message": "secret"}, state="handled", received=NOW
            )
        )
        kept = await tx.chats.everything(7)
        assert kept["chat"][0]["title"] == "Ann"
        assert [row["target"] for row in kept["follows"]] == ["country:PK"]
        assert kept["schedules"][0]["created"] == NOW.isoformat()
        assert kept["updates"][0]["update"] == {"message": "secret"}
        gone = await tx.chats.forget(7)
        assert (gone["documents"], gone["stories"], gone["follows"], gone["chats"]) == (1, 1, 1, 1)
    async with store.read() as tx:
        after = await tx.chats.everything(7)
        assert [row["update"] for row in after.pop("updates")] == [{}]
        assert not any(after.values())
        assert (await tx.chats.everything(8))["follows"]
        assert await tx.follows.votes() == (1, 0)
        assert await tx.connection.scalar(select(func.count()).select_from(documents)) == 1


NAMES_SOMEBODY = {"chat_id", "user_id", "owner", "added_by", "scope"}
"""Columns of any table that hold the id of a chat or of a person."""


def any_value(column):
    """Something that may stand in a column that must not be empty."""
    if column.foreign_keys:
        return 1  # the first row of the table before it
    if isinstance(column.type, Utc):
        return NOW
    python_type = column.type.python_type
    return {str: "x", dict: {}, bool: False, float: 0.0, bytes: b""}.get(python_type, 1)


async def test_nothing_of_somebody_stays_in_any_table_once_they_are_forgotten(store):
    named = [
        (table, column)
        for table in metadata.sorted_tables
        for column in table.c
        if column.name in NAMES_SOMEBODY or (table.name, column.name) == ("chats", "id")
    ]
    assert len({table.name for table, _ in named}) >= 11
    async with store.begin() as tx:
        for table in dict.fromkeys(table for table, _ in named):
            row = {
                column.name: 7 if (table, column) in named else any_value(column)
                for column in table.c
                if (table, column) in named
                or (not column.nullable and column.default is None and column.name != "id")
            }
            await tx.connection.execute(insert(table).values(row))
        for _, column in named:
            assert await tx.connection.scalar(select(func.count()).where(column == 7)), f"{column}"
        await tx.chats.forget(7)
        for table, column in named:
            if table is not updates:  # an emptied one stays by its id, so that it is not handled twice
                left = await tx.connection.scalar(select(func.count()).where(column == 7))
                assert left == 0, f"{column}"
        assert (await tx.connection.scalars(select(updates.c.update))).all() == [{}]
