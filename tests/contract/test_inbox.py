"""The inbox: stored once, one at a time for each chat; the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import timedelta

import pytest

from deliveries import NOW
from digestbot.storage.inbox import chat_of


def update(update_id: int, chat_id: int) -> dict:
    return {
        "update_id": update_id,
        "message": {"message_id": update_id, "date": 0, "chat": {"id": chat_id, "type": "private"}},
    }


async def add(store, *updates):
    async with store.begin() as tx:
        return await tx.inbox.add(updates, NOW)


async def claim(store, now=NOW, limit=10):
    async with store.begin() as tx:
        return await tx.inbox.claim(now, limit, 60)


async def done(store, stored, error=None):
    async with store.begin() as tx:
        return await tx.inbox.done(stored, NOW, error)


async def test_an_update_that_telegram_repeats_is_stored_once(store):
    assert await add(store, update(1, 7), update(2, 7)) == 2
    assert await add(store, update(2, 7), update(3, 7)) == 1
    assert await add(store) == 0


async def test_updates_of_one_chat_are_handed_out_one_after_another(store):
    await add(store, update(1, 7), update(2, 7), update(3, 8))
    first = await claim(store)
    assert [(u.update_id, u.chat_id) for u in first] == [(1, 7), (3, 8)]
    assert await claim(store) == []
    assert await done(store, first[0])
    assert [u.update_id for u in await claim(store)] == [2]


async def test_what_a_process_left_is_handed_out_again_and_the_old_lease_is_void(store):
    await add(store, update(1, 7))
    (first,) = await claim(store)
    (again,) = await claim(store, NOW + timedelta(seconds=61))
    assert (first.attempts, again.attempts) == (1, 2)
    assert not await done(store, first)
    assert await done(store, again)
    assert await claim(store, NOW + timedelta(days=1)) == []


async def test_one_that_failed_comes_back_later_and_its_chat_waits(store):
    await add(store, update(1, 7), update(2, 7))
    (first,) = await claim(store)
    async with store.begin() as tx:
        await tx.inbox.put_back(first, NOW + timedelta(seconds=5), "broken")
    assert await claim(store, NOW + timedelta(seconds=4)) == []
    assert [u.update_id for u in await claim(store, NOW + timedelta(seconds=5))] == [1]


async def test_one_that_was_given_up_lets_the_next_through(store):
    await add(store, update(1, 7), update(2, 7))
    (first,) = await claim(store)
    assert await done(store, first, "cannot be read")
    assert [u.update_id for u in await claim(store)] == [2]


async def test_handled_ones_are_pruned_in_time(store):
    await add(store, update(1, 7), update(2, 8))
    (first, _) = await claim(store)
    await done(store, first)
    async with store.begin() as tx:
        assert await tx.inbox.waiting() == 1
        assert await tx.inbox.prune(NOW + timedelta(days=1), 10) == 1


@pytest.mark.parametrize(
    ("content", "chat"),
    [
        ({"message": {"chat": {"id": -5}}}, -5),
        ({"callback_query": {"from": {"id": 3}, "message": {"chat": {"id": -6}}}}, -6),
        ({"callback_query": {"from": {"id": 3}, "inline_message_id": "x"}}, 3),
        ({"my_chat_member": {"chat": {"id": -7}, "from": {"id": 3}}}, -7),
        ({"inline_query": {"from": {"id": 4}, "query": ""}}, 4),
        ({"poll": {"id": "1"}}, None),
        ({"message": {"chat": {"id": 2**70}, "from": {"id": "x"}}}, None),
        ({"message": {"chat": {}, "from": {"id": 4}}}, 4),
    ],
)
def test_an_update_belongs_to_its_chat_or_its_person(content, chat):
    assert chat_of({"update_id": 1, **content}) == chat


async def test_an_update_no_database_could_keep_as_it_is_keeps_none_away(store):
    await add(store, {"update_id": 1, "message": {"chat": {"id": 7}, "text": "a\0b\ud800c"}})
    (claimed,) = await claim(store)
    assert claimed.update["message"]["text"] == "a\ufffdb\ufffdc"
