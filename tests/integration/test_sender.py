"""The sender over a real SQLite store, against a transport that fails as it is told."""

from __future__ import annotations

import asyncio
import random
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select

from deliveries import NOW, NoLimits, Telegram, enqueue, opened_store, part, running_clock, seen, until
from digestbot.deliver import Sender, SenderSettings
from digestbot.errors import DeliveryError, StorageError
from digestbot.metrics import Metrics
from digestbot.retry import RetryPolicy
from digestbot.storage.tables import deliveries
from digestbot.transports.limiter import Limits, RateLimiter, shared_holds

ADMIN = 900
QUICK = RetryPolicy(first=0.02, longest=0.05)


@pytest.fixture
async def store(tmp_path):
    async with opened_store("sqlite", tmp_path) as store:
        yield store


@asynccontextmanager
async def sending(store, telegram, *, limiter=None, clock=None, retry=QUICK, workers=4, metrics=None):
    sender = Sender(
        store,
        telegram,
        limiter or NoLimits(),
        clock or running_clock(),
        settings=SenderSettings(
            workers=workers, part_gap=0.01, idle_seconds=0.02, retry=retry, admins=(ADMIN,)
        ),
        metrics=metrics,
        jitter=random.Random(1),
    )
    running = asyncio.create_task(sender.run())
    try:
        yield sender
    finally:
        await sender.drain(5)
        await running


async def rows(store):
    async with store.read() as tx:
        return (await tx.connection.execute(select(deliveries).order_by(deliveries.c.id))).all()


async def states(store):
    return [row.state for row in await rows(store)]


async def final(store, seconds=10.0):
    """Wait until nothing waits any more."""
    end = asyncio.get_running_loop().time() + seconds
    while any(state in ("pending", "leased", "sending") for state in await states(store)):
        assert asyncio.get_running_loop().time() < end, await states(store)
        await asyncio.sleep(0.02)


async def test_everything_is_sent_once_and_each_chats_parts_in_order(store):
    chats = range(1, 41)
    await enqueue(store, chats, [part("a"), part("b"), part("c")])
    telegram = Telegram()
    async with sending(store, telegram):
        await final(store)
    assert len(telegram.taken) == 120
    for chat_id in chats:
        assert [text for chat, text in telegram.taken if chat == chat_id] == [
            "<b>a</b>",
            "<b>b</b>",
            "<b>c</b>",
        ]
    assert all(row.state == "sent" and row.message_id and row.attempts == 1 for row in await rows(store))


async def test_what_a_message_refers_to_is_recorded_with_it(store):
    await enqueue(store, [7], [part("a", numbers={"1": "x"}), part("b", numbers={"1": "x"}, default="2")])
    async with sending(store, Telegram()):
        await final(store)
    first, second = await rows(store)
    async with store.read() as tx:
        assert await tx.messages.refers_to(7, first.message_id) == {"numbers": {"1": "x"}}
        assert (await tx.messages.refers_to(7, second.message_id))["default"] == "2"
        assert await tx.messages.listing(7) == {"numbers": {"1": "x"}}


async def test_a_429_holds_its_chat_and_the_message_comes_after(store):
    await enqueue(store, [1, 2], [part("a")])
    telegram, limits = Telegram(), NoLimits()
    telegram.fails(1, DeliveryError("wait", unsent=True, retry_after=0.1, code="too-many"))
    async with sending(store, telegram, limiter=limits):
        await final(store)
    assert limits.holds == [(0.1, 1)]
    assert sorted(chat for chat, _ in telegram.taken) == [1, 2]
    assert [(r.attempts, r.uncertain) for r in await rows(store)] == [(2, 0), (1, 0)]


async def test_an_endless_429_fails_its_row_alone_and_the_admins_hear_of_it(store):
    await seen(store, 1, title="The channel")
    await enqueue(store, [1, 2], [part("a")])
    telegram = Telegram()
    telegram.fails(1, DeliveryError("wait", unsent=True, retry_after=40_000, code="too-many"))
    async with sending(store, telegram):
        await final(store)
        await until(lambda: any(chat == ADMIN for chat, _ in telegram.taken))
    assert (await states(store))[:2] == ["failed", "sent"]
    assert "The channel" in next(text for chat, text in telegram.taken if chat == ADMIN)


async def test_a_chat_that_is_to_be_left_alone_for_too_long_is_asked_no_second_time(store):
    await enqueue(store, [1], [part("a"), part("b"), part("c")])
    telegram = Telegram()
    telegram.fails(1, DeliveryError("wait 40000 s", unsent=True, retry_after=40_000, code="too-many"))
    async with sending(store, telegram, limiter=RateLimiter(Limits(rate=1000))):
        await final(store)
    assert [chat for chat, _ in telegram.attempts].count(1) == 1
    digest = (await rows(store))[:3]
    assert [row.state for row in digest] == ["failed"] * 3
    assert "leave this chat alone" in digest[1].reason


async def test_a_hold_is_kept_by_other_processes_and_after_a_restart(store):
    """One process is told to wait; another, which runs already, and a third, which starts later, wait too."""
    limits = Limits(rate=1000, chat_rate=1000)
    told, second, third = (RateLimiter(limits, share=shared_holds(store)) for _ in range(3))
    telegram = Telegram()
    async with sending(store, telegram, limiter=second):
        told.hold(4, 1)
        held = asyncio.get_running_loop().time()
        await until(lambda: second.chat_wait(1) > 0)
        await enqueue(store, [1, 2], [part("a")])
        await until(lambda: telegram.taken)
    async with sending(store, telegram, limiter=third):
        await final(store)
    assert [chat for chat, _ in telegram.taken] == [2, 1]
    assert asyncio.get_running_loop().time() - held > 3.5


async def test_an_uncertain_attempt_is_repeated_and_counted(store):
    await enqueue(store, [1], [part("a")])
    telegram, metrics = Telegram(), Metrics()
    telegram.fails(1, DeliveryError("no answer", uncertain=True, code="timeout"))
    async with sending(store, telegram, metrics=metrics):
        await final(store)
    assert telegram.taken == [(1, "<b>a</b>")] * 2  # the one duplicate that was recorded as possible
    (row,) = await rows(store)
    assert (row.state, row.uncertain, row.attempts) == ("sent", 1, 2)
    assert metrics.registry.get_sample_value("digestbot_uncertain_total") == 1


async def test_or_it_is_not_repeated_where_that_is_the_setting(store):
    await enqueue(store, [1], [part("a")])
    telegram = Telegram()
    telegram.fails(1, DeliveryError("no answer", uncertain=True, code="timeout"))
    async with sending(store, telegram, retry=RetryPolicy(uncertain="skip")):
        await final(store)
    assert telegram.taken[0] == (1, "<b>a</b>")
    assert (await rows(store))[0].state == "skipped"


async def test_a_chat_that_is_gone_is_deactivated_and_nothing_more_is_tried(store):
    await seen(store, 1)
    await enqueue(store, [1, 2], [part("a"), part("b")])
    telegram = Telegram()
    telegram.fails(1, DeliveryError("bot was blocked by the user", permanent=True, chat_gone=True))
    async with sending(store, telegram):
        await final(store)
    assert [chat for chat, _ in telegram.attempts].count(1) == 1
    assert await states(store) == ["skipped", "skipped", "sent", "sent"]
    async with store.read() as tx:
        chat = await tx.chats.get(1)
    assert chat is not None
    assert not chat.active


async def test_a_group_that_became_a_supergroup_is_followed(store):
    await seen(store, -1)
    await enqueue(store, [-1], [part("a"), part("b")])
    telegram = Telegram()
    telegram.fails(-1, DeliveryError("migrated", unsent=True, new_chat_id=-100))
    async with sending(store, telegram):
        await final(store)
    assert telegram.taken == [(-100, "<b>a</b>"), (-100, "<b>b</b>")]
    async with store.read() as tx:
        assert await tx.chats.get(-1) is None
        assert await tx.chats.get(-100) is not None


async def test_refused_markup_is_sent_once_more_as_plain_text(store):
    await enqueue(store, [1], [part("5 < 6 & so on")])
    telegram = Telegram()
    telegram.fails(1, DeliveryError("can't parse entities", bad_markup=True, code="bad-markup"))
    async with sending(store, telegram):
        await final(store)
    assert telegram.taken == [(1, "5 &lt; 6 &amp; so on")]
    assert "plain text" in (await rows(store))[0].reason


async def test_a_refusal_fails_that_row_alone_and_is_told_once(store):
    await enqueue(store, [1], [part("a"), part("b")])
    telegram = Telegram()
    refusal = DeliveryError("BUTTON_DATA_INVALID", permanent=True, code="bad-button")
    telegram.fails(1, refusal, refusal)
    async with sending(store, telegram):
        await final(store)
    assert await states(store) == ["failed", "failed", "sent"]
    assert [chat for chat, _ in telegram.taken] == [ADMIN]


async def test_a_lost_right_is_told_to_the_channels_owner(store):
    await seen(store, -5, title="News")
    async with store.begin() as tx:
        await tx.chats.update(-5, owner=33)
    await enqueue(store, [-5], [part("a")])
    telegram = Telegram()
    telegram.fails(-5, DeliveryError("need administrator rights", permanent=True, code="no-right"))
    async with sending(store, telegram):
        await final(store)
    assert [chat for chat, _ in telegram.taken] == [33]
    assert "News" in telegram.taken[0][1]


async def test_owners_and_admins_are_told_in_their_language(store):
    await seen(store, -5, title="News")
    await seen(store, 33)
    await seen(store, ADMIN)
    async with store.begin() as tx:
        await tx.chats.update(-5, owner=33)
        await tx.chats.update(33, language="fr")
        await tx.chats.update(ADMIN, language="ru")
    await enqueue(store, [-5, 2], [part("a")])
    telegram = Telegram()
    telegram.fails(-5, DeliveryError("need administrator rights", permanent=True, code="no-right"))
    telegram.fails(2, DeliveryError("BUTTON_DATA_INVALID", permanent=True, code="bad-button"))
    async with sending(store, telegram):
        await final(store)
    told = dict(telegram.taken)
    assert told[33].startswith("Je ne peux plus publier dans News : ")
    assert told[ADMIN].startswith("Сообщение для 2 не удалось доставить: BUTTON_DATA_INVALID")


async def test_when_every_chat_fails_the_admins_hear_of_ten_and_that_there_are_more(store):
    await enqueue(store, range(1, 31), [part("a")], grace=timedelta(hours=1))
    telegram = Telegram()
    async with sending(store, telegram, clock=running_clock(NOW + timedelta(hours=2))):
        await final(store)
    told = [text for chat, text in telegram.taken if chat == ADMIN]
    assert len(told) == 11
    assert sum("More messages could not be delivered" in text for text in told) == 1
    assert (await states(store))[:30] == ["failed"] * 30


async def test_what_a_killed_process_left_and_is_not_sent_twice_is_told(store):
    await enqueue(store, [1, 2], [part("a")])
    async with store.begin() as tx:
        taken = await tx.outbox.lease(NOW, 2, 60)
        await tx.outbox.start(taken, NOW, 60)
    telegram = Telegram()
    late = running_clock(NOW + timedelta(minutes=2))
    async with sending(store, telegram, clock=late, retry=RetryPolicy(uncertain="skip")):
        await until(lambda: telegram.taken)
        await final(store)
    assert (await states(store))[:2] == ["skipped", "skipped"]
    ((chat, text),) = telegram.taken
    assert chat == ADMIN
    assert text.startswith("2 messages may or may not have arrived")


async def test_a_notice_that_fails_breeds_no_other(store):
    await enqueue(store, [1], [part("a")])
    telegram = Telegram()
    telegram.fails(1, DeliveryError("no", permanent=True))
    telegram.fails(ADMIN, DeliveryError("no", permanent=True))
    async with sending(store, telegram):
        await final(store)
    assert await states(store) == ["failed", "failed"]


async def test_five_server_errors_pause_sending_until_telegram_answers(store):
    await enqueue(store, range(1, 31), [part("a")])
    telegram = Telegram()
    fault = DeliveryError("502", uncertain=True, code="server-error")
    telegram.fails(None, *[fault] * 6)
    async with sending(store, telegram, workers=1) as sender:
        await until(lambda: sender.paused)
        assert len(telegram.attempts) == 5
        await final(store)
        assert telegram.probes == 2
    assert await states(store) == ["sent"] * 30
    uncertain = sum(row.uncertain for row in await rows(store))
    assert len(telegram.taken) <= 30 + uncertain


async def test_telegram_away_for_a_while_costs_nothing(store):
    await enqueue(store, range(1, 11), [part("a")])
    telegram = Telegram()
    telegram.fails(None, *[DeliveryError("refused", unsent=True, code="unreachable")] * 7)
    async with sending(store, telegram):
        await final(store, 20)
    assert sorted(chat for chat, _ in telegram.taken) == list(range(1, 11))


async def test_what_comes_too_late_is_failed_not_sent(store):
    await enqueue(store, [1], [part("a")], grace=timedelta(hours=1))
    telegram = Telegram()
    async with sending(store, telegram, clock=running_clock(NOW + timedelta(hours=2))):
        await final(store)
    assert (await rows(store))[0].state == "failed"
    assert [chat for chat, _ in telegram.taken] == [ADMIN]


async def test_draining_finishes_what_is_under_way_and_gives_back_the_rest(store):
    await enqueue(store, range(1, 101), [part("a")])
    telegram = Telegram()
    telegram.delay = 0.05
    async with sending(store, telegram) as sender:
        await until(lambda: len(telegram.taken) >= 4)
        await sender.drain(5)
    found = await states(store)
    assert set(found) <= {"sent", "pending"}
    assert found.count("sent") == len(telegram.taken) < 100


@pytest.mark.parametrize(("setting", "left"), [("resend", ("pending", 1)), ("skip", ("sending", 0))])
async def test_a_call_that_the_stop_cut_short_is_uncertain_at_once(store, setting, left):
    """Where it is not to be sent twice it is given up, and told, when its lease runs out."""
    await enqueue(store, [1], [part("a")])
    telegram = Telegram()
    telegram.delay = 60
    retry = RetryPolicy(uncertain=setting)
    sender = Sender(store, telegram, NoLimits(), running_clock(), settings=SenderSettings(retry=retry))
    running = asyncio.create_task(sender.run())
    await until(lambda: telegram.attempts)
    await sender.drain(0.1)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    (row,) = await rows(store)
    assert (row.state, row.uncertain) == left


async def test_rows_a_killed_process_left_are_taken_up(store):
    await enqueue(store, [1, 2], [part("a")])
    async with store.begin() as tx:
        leased = await tx.outbox.lease(NOW - timedelta(minutes=5), 0, 60)
        assert leased == []
        first, _ = await tx.outbox.lease(NOW, 2, 60)
        await tx.outbox.start([first], NOW, 60)
    telegram = Telegram()
    async with sending(store, telegram, clock=running_clock(NOW + timedelta(minutes=2))):
        await final(store)
    assert sorted(chat for chat, _ in telegram.taken) == [1, 2]
    assert [row.uncertain for row in await rows(store)] == [1, 0]


async def test_a_database_that_cannot_be_written_for_a_while_loses_nothing(store):
    class Shaky:
        """The store, which refuses some units of work."""

        def __init__(self) -> None:
            self.count = 0

        @asynccontextmanager
        async def begin(self):
            self.count += 1
            if self.count % 3 == 0:
                raise StorageError("locked", code="locked")
            async with store.begin() as tx:
                yield tx

        read = store.read

    await enqueue(store, range(1, 6), [part("a")])
    telegram = Telegram()
    async with sending(Shaky(), telegram):
        end = asyncio.get_running_loop().time() + 20
        while "sent" not in await states(store) or len(telegram.taken) < 3:
            assert asyncio.get_running_loop().time() < end
            await asyncio.sleep(0.05)
    assert len(telegram.taken) == len(set(telegram.taken)) == (await states(store)).count("sent")


async def test_an_outcome_the_database_refuses_keeps_no_other_from_being_recorded(store):
    await enqueue(store, [1], [part("a", numbers={"1": "x"})], key="one")
    await enqueue(store, range(2, 8), [part("b")], key="others")

    class Picky:
        """The store, which refuses to remember what a message of chat 1 refers to."""

        @asynccontextmanager
        async def begin(self):
            async with store.begin() as tx:
                record = tx.messages.record

                async def refuse(chat_id, message_id, refers_to, *, now):
                    if chat_id == 1:
                        raise StorageError("refused")
                    await record(chat_id, message_id, refers_to, now=now)

                tx.messages.record = refuse
                yield tx

        read = store.read

    telegram = Telegram()
    async with sending(Picky(), telegram):
        end = asyncio.get_running_loop().time() + 20
        while (await states(store)).count("sent") < 7:
            assert asyncio.get_running_loop().time() < end
            await asyncio.sleep(0.05)
    assert len(telegram.taken) == 7


async def test_parts_keep_the_pace_of_one_chat_under_the_real_limiter(store):
    await enqueue(store, [1], [part("a"), part("b")])
    telegram = Telegram()
    limiter = RateLimiter(Limits(rate=1000, chat_rate=20))
    async with sending(store, telegram, limiter=limiter):
        await final(store)
    assert [text for _, text in telegram.taken] == ["<b>a</b>", "<b>b</b>"]
