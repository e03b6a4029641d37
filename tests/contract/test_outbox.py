"""The outbox: order, leases, uncertainty; the same on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy import select

from deliveries import NOW, empty_digest, enqueue, lease, part
from digestbot.model import OutgoingMessage
from digestbot.protocols.delivery import Outcome, Target
from digestbot.storage.tables import deliveries

GAP = timedelta(seconds=1)


async def rows(store):
    async with store.read() as tx:
        found = await tx.connection.execute(select(deliveries).order_by(deliveries.c.id))
        return found.all()


async def start(store, taken, now=NOW):
    async with store.begin() as tx:
        return await tx.outbox.start(taken, now, 60)


async def finish(store, *outcomes):
    async with store.begin() as tx:
        return await tx.outbox.finish(outcomes, GAP)


async def send_all(store, now=NOW):
    """One round: lease, start, sent. Returns what went out."""
    taken = await lease(store, now)
    await start(store, taken, now)
    await finish(store, *(Outcome(d, "sent", now, message_id=d.delivery_id) for d in taken))
    return [(d.message.chat_id, d.message.part.plain) for d in taken]


async def test_an_edition_is_stored_once_whoever_comes_second(store):
    digest = empty_digest()
    async with store.begin() as tx:
        first = await tx.outbox.add_edition("k", digest.window, digest, [part("a"), part("b")], NOW)
        again = await tx.outbox.add_edition("k", digest.window, digest, [part("other")], NOW)
        assert again == first
        assert await tx.outbox.editions(["k", "unknown"]) == {"k": first}
        assert first[1] == 2
        assert await tx.outbox.edition_digest(first[0]) == digest


async def test_a_chat_gets_each_part_of_an_edition_once(store):
    edition_id = await enqueue(store, [1, 2], [part("a"), part("b")])
    async with store.begin() as tx:
        await tx.outbox.enqueue(edition_id, 2, [Target(1, None, NOW, NOW + GAP)], NOW)
        await tx.outbox.enqueue(edition_id, 2, [Target(1, 77, NOW, NOW + GAP)], NOW)
    assert [(r.chat_id, r.thread_id, r.part) for r in await rows(store)] == [
        (1, 0, 0),
        (1, 0, 1),
        (2, 0, 0),
        (2, 0, 1),
        (1, 77, 0),
        (1, 77, 1),
    ]


async def test_a_part_waits_for_those_ahead_of_it_and_for_the_chats_pace(store):
    await enqueue(store, [1], [part("a"), part("b"), part("c")])
    assert await send_all(store) == [(1, "a")]
    assert await send_all(store) == []  # one a second in one chat
    assert await send_all(store, NOW + GAP) == [(1, "b")]
    assert await send_all(store, NOW + 2 * GAP) == [(1, "c")]
    assert {r.state for r in await rows(store)} == {"sent"}


async def test_a_part_that_failed_does_not_hold_up_the_next(store):
    await enqueue(store, [1], [part("a"), part("b")])
    taken = await lease(store, NOW)
    await start(store, taken)
    await finish(store, Outcome(taken[0], "failed", NOW, reason="refused"))
    assert [d.message.part.plain for d in await lease(store, NOW)] == ["b"]


async def test_a_leased_row_is_nobody_elses_until_its_lease_runs_out(store):
    await enqueue(store, [1], [part("a")])
    (mine,) = await lease(store, NOW, seconds=60)
    assert await lease(store, NOW) == []
    async with store.begin() as tx:
        assert await tx.outbox.recover(NOW + timedelta(seconds=61), resend=True) == (1, 0)
    (theirs,) = await lease(store, NOW + timedelta(seconds=61))
    assert await start(store, [mine]) == set()  # the old token opens nothing
    assert await start(store, [theirs]) == {theirs.delivery_id}
    assert await finish(store, Outcome(mine, "failed", NOW)) == set()
    assert [(r.state, r.attempts, r.uncertain) for r in await rows(store)] == [("sending", 0, 0)]


async def test_a_sending_row_whose_process_ended_is_uncertain_and_sent_again(store):
    await enqueue(store, [1], [part("a")])
    await start(store, await lease(store, NOW))
    async with store.begin() as tx:
        assert await tx.outbox.recover(NOW + timedelta(seconds=59), resend=True) == (0, 0)
        assert await tx.outbox.recover(NOW + timedelta(seconds=61), resend=True) == (0, 1)
    (row,) = await rows(store)
    assert (row.state, row.uncertain, row.attempts) == ("pending", 1, 1)


async def test_or_it_is_left_where_that_is_the_setting(store):
    await enqueue(store, [1], [part("a")])
    await start(store, await lease(store, NOW))
    async with store.begin() as tx:
        await tx.outbox.recover(NOW + timedelta(seconds=61), resend=False)
    (row,) = await rows(store)
    assert (row.state, row.uncertain) == ("skipped", 1)
    assert "not sent twice" in row.reason


async def test_what_is_put_off_comes_back_then_and_counts_no_attempt(store):
    await enqueue(store, [1], [part("a")])
    (taken,) = await lease(store, NOW)
    later = NOW + timedelta(minutes=5)
    await finish(store, Outcome(taken, "pending", NOW, not_before=later, counts=False))
    assert await lease(store, NOW + timedelta(minutes=4)) == []
    (again,) = await lease(store, later)
    assert again.attempts == 0


async def test_a_chat_that_is_gone_gets_nothing_more(store):
    await enqueue(store, [1, 2], [part("a"), part("b")])
    async with store.begin() as tx:
        assert await tx.outbox.drop_chat(1, "blocked", NOW) == 2
    assert [d.message.chat_id for d in await lease(store, NOW)] == [2]


async def test_a_notice_is_told_once_and_goes_before_a_broadcast(store):
    await enqueue(store, [1, 2], [part("a")])
    message = OutgoingMessage(9, part("notice"))
    async with store.begin() as tx:
        expires = NOW + timedelta(days=1)
        for expected in (True, False):
            assert expected is await tx.outbox.enqueue_message(
                message, dedupe_key="x", kind="notice", now=NOW, expires=expires
            )
        assert (await tx.outbox.status(NOW)).oldest_due == NOW
    (first,) = await lease(store, NOW, limit=1)
    assert (first.message.chat_id, first.kind, first.edition_id) == (9, "notice", None)


async def test_two_that_lease_at_once_share_the_rows(store):
    await enqueue(store, range(1, 101), [part("a")])
    taken = await asyncio.gather(*(lease(store, NOW, limit=30) for _ in range(4)))
    ids = [d.delivery_id for some in taken for d in some]
    assert len(ids) == len(set(ids)) <= 100
    rest = await lease(store, NOW, limit=200)
    assert len(ids) + len(rest) == 100


async def test_failures_are_listed_and_can_be_retried(store):
    await enqueue(store, [1, 2], [part("a")])
    taken = await lease(store, NOW)
    await start(store, taken)
    await finish(
        store,
        Outcome(taken[0], "failed", NOW, reason="too long"),
        Outcome(taken[1], "sent", NOW, message_id=5),
    )
    async with store.begin() as tx:
        (failure,) = await tx.outbox.failures(10)
        assert (failure.chat_id, failure.reason) == (1, "too long")
        later = NOW + timedelta(hours=1)
        assert await tx.outbox.retry(failure.delivery_id, NOW, later)
        assert not await tx.outbox.retry(taken[1].delivery_id, NOW, later)
        status = await tx.outbox.status(NOW)
    assert (status.pending, status.in_flight, status.failed) == (1, 0, 0)


async def test_old_rows_and_their_editions_are_pruned_and_waiting_ones_kept(store):
    await enqueue(store, [1], [part("a")], key="old")
    await send_all(store)
    await enqueue(store, [2], [part("b")], key="waiting")
    async with store.begin() as tx:
        assert await tx.outbox.prune(NOW + timedelta(days=14), 100) == 1
        assert set(await tx.outbox.editions(["old", "waiting"])) == {"waiting"}
    assert [r.chat_id for r in await rows(store)] == [2]
