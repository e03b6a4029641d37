"""Telegram's limits, on a loop whose time is the test's own: hours pass at once."""

from __future__ import annotations

import asyncio
import selectors

import pytest

from digestbot.errors import DeliveryError, StorageError
from digestbot.protocols.delivery import Reservation
from digestbot.transports.limiter import Limits, RateLimiter


class QuickLoop(asyncio.SelectorEventLoop):
    """An event loop that does not wait: when nothing is ready, its clock moves on to the next timer."""

    def __init__(self) -> None:
        super().__init__(selectors.SelectSelector())
        self._at = 1000.0
        select = self._selector.select

        def jump(timeout=None):
            if timeout:
                self._at += timeout
            return select(0)

        self._selector.select = jump

    def time(self) -> float:
        return self._at


def run(story):
    """Run a story on a quick loop."""
    with asyncio.Runner(loop_factory=QuickLoop) as runner:
        return runner.run(story)


async def sent_at(limiter, chat_id, *, broadcast=True):
    await limiter.acquire(chat_id, broadcast=broadcast)
    return asyncio.get_running_loop().time()


def test_no_more_than_the_limit_goes_out_and_nearly_all_of_it_is_used():
    async def story():
        limiter = RateLimiter(Limits(rate=29.7))
        times = await asyncio.gather(*(sent_at(limiter, chat) for chat in range(1, 1783)))
        return sorted(times)

    times = run(story())
    assert times[-1] - times[0] == pytest.approx(60, rel=0.01)
    gaps = [later - earlier for earlier, later in zip(times, times[30:], strict=False)]
    assert min(gaps) > 29 / 29.7  # never over 30 in a second


def test_one_chat_gets_one_a_second_and_the_others_do_not_wait_for_it():
    async def story():
        limiter = RateLimiter(Limits())
        slow = [asyncio.ensure_future(sent_at(limiter, 1)) for _ in range(4)]
        others = await asyncio.gather(*(sent_at(limiter, chat) for chat in range(2, 12)))
        return await asyncio.gather(*slow), others

    slow, others = run(story())
    assert [round(at - slow[0]) for at in slow] == [0, 1, 2, 3]
    assert max(others) - min(others) < 0.5


def test_a_group_gets_twenty_a_minute():
    async def story():
        limiter = RateLimiter(Limits())
        times = []
        for _ in range(45):
            while (wait := limiter.chat_wait(-7)) > 1:
                await asyncio.sleep(wait)
            times.append(await sent_at(limiter, -7))
        return times

    times = run(story())
    assert all(later - earlier >= 60 for earlier, later in zip(times, times[20:], strict=False))
    assert times[19] - times[0] < 21
    assert times[44] - times[0] < 126


def test_answers_go_before_broadcasts():
    async def story():
        limiter = RateLimiter(Limits(rate=10))
        waiting = [asyncio.ensure_future(sent_at(limiter, chat)) for chat in range(1, 51)]
        await asyncio.sleep(1.0)
        began = asyncio.get_running_loop().time()
        answered = await sent_at(limiter, 99, broadcast=False)
        await asyncio.gather(*waiting)
        return answered - began

    assert run(story()) <= 0.11


def test_a_429_of_one_chat_holds_that_chat_alone():
    async def story():
        limiter = RateLimiter(Limits())
        limiter.hold(40_000, 1)
        assert limiter.chat_wait(1) == pytest.approx(40_000)
        assert limiter.held() == 0
        with pytest.raises(DeliveryError) as caught:
            await limiter.acquire(1, broadcast=True)
        assert caught.value.unsent
        await limiter.acquire(2, broadcast=True)

    run(story())


def test_two_long_waits_of_two_chats_do_not_stop_the_others():
    async def story():
        limiter = RateLimiter(Limits())
        limiter.hold(40_000, -1)
        await asyncio.sleep(30)
        limiter.hold(40_000, -2)
        assert limiter.held() == 0

    run(story())


def test_channels_stopped_at_the_same_minute_for_long_do_not_stop_the_others_until_there_are_many():
    async def story():
        limiter = RateLimiter(Limits())
        for channel in (-1, -2, -3, -4):
            limiter.hold(40_000, channel)
        assert limiter.held() == 0
        limiter.hold(40_000, -5)
        assert limiter.held() == pytest.approx(40_000)

    run(story())


def test_a_chat_that_is_told_again_to_wait_is_no_sign_of_a_limit_for_all():
    async def story():
        limiter = RateLimiter(Limits())
        for _ in range(6):
            limiter.hold(40_000, 1)
        limiter.hold(4, 1)
        assert limiter.held() == 0

    run(story())


def test_holds_are_told_to_others_and_kept_by_them():
    async def story():
        told = {}

        async def share(chat_id, seconds):
            told[chat_id] = seconds

        first, second = RateLimiter(Limits(), share=share), RateLimiter(Limits())
        first.hold(30, 1)
        first.hold(30, 2)
        first.hold(50, "@name")  # of a channel whose number is not known here
        await asyncio.sleep(0)
        assert told == {1: 30, 2: 30, None: 30}
        second.adopt(told)
        assert (second.held(), second.chat_wait(1), second.chat_wait(3)) == (30, 30, 0)
        await asyncio.sleep(10)
        second.adopt({1: 5, None: 5})  # what is known here ends later, and stays
        assert (second.held(), second.chat_wait(1)) == (20, 20)

    run(story())


def test_a_hold_that_cannot_be_told_is_kept_all_the_same():
    async def story():
        async def share(chat_id, seconds):
            raise StorageError("locked", code="locked")

        limiter = RateLimiter(Limits(), share=share)
        limiter.hold(30, 1)
        await asyncio.sleep(1)
        assert limiter.chat_wait(1) == pytest.approx(29)

    run(story())


def test_two_429s_that_end_together_hold_all():
    async def story():
        limiter = RateLimiter(Limits())
        limiter.hold(4, 1)
        limiter.hold(4, 2)
        assert limiter.held() == pytest.approx(4)
        began = asyncio.get_running_loop().time()
        return await sent_at(limiter, 3) - began

    assert run(story()) == pytest.approx(4)


def test_who_stops_waiting_takes_no_place():
    async def story():
        limiter = RateLimiter(Limits(rate=1))
        await limiter.acquire(1, broadcast=True)
        impatient = [asyncio.ensure_future(limiter.acquire(chat, broadcast=True)) for chat in range(2, 50)]
        await asyncio.sleep(0)
        for task in impatient:
            task.cancel()
        await asyncio.gather(*impatient, return_exceptions=True)
        began = asyncio.get_running_loop().time()
        return await sent_at(limiter, 99) - began

    assert run(story()) <= 2.0


def test_replicas_that_share_the_bucket_keep_the_limit_together():
    async def story():
        free_at = 0.0

        async def reserve(count, interval):
            nonlocal free_at
            await asyncio.sleep(0.003)  # the database
            now = asyncio.get_running_loop().time()
            first = max(free_at, now)
            free_at = first + count * interval
            return Reservation(first - now, interval, count)

        replicas = [RateLimiter(Limits(rate=29.7), reserve=reserve) for _ in range(3)]
        calls = [sent_at(replicas[chat % 3], chat) for chat in range(1, 1783)]
        times = sorted(await asyncio.gather(*calls))
        for replica in replicas:
            await replica.close()
        return times

    times = run(story())
    assert times[-1] - times[0] == pytest.approx(60, rel=0.02)
    assert len([at for at in times if at < times[0] + 59]) <= 59 * 29.7 * 1.01


def test_paid_broadcasts_go_beyond_the_limit_as_long_as_the_budget_lasts():
    async def story():
        stars = 30.0

        async def spend(amount):
            nonlocal stars
            if amount > stars:
                return False
            stars -= amount
            return True

        limiter = RateLimiter(Limits(rate=30, paid_rate=1000), spend=spend)
        began = asyncio.get_running_loop().time()

        async def one(chat):
            grant = await limiter.acquire(chat, broadcast=True)
            return grant.paid, asyncio.get_running_loop().time() - began

        grants = await asyncio.gather(*(one(chat) for chat in range(1, 601)))
        await limiter.close()
        return stars, grants

    stars, grants = run(story())
    paid = [at for is_paid, at in grants if is_paid]
    assert stars == pytest.approx(0)
    assert len(paid) == 300  # a tenth of a Star each
    assert max(paid) < 1.0
    assert max(at for _, at in grants) == pytest.approx(10, rel=0.1)  # the rest at 30 a second


def test_an_answer_is_never_paid_for():
    async def story():
        async def spend(amount):
            return True

        limiter = RateLimiter(Limits(rate=30, paid_rate=1000), spend=spend)
        grants = await asyncio.gather(*(limiter.acquire(chat, broadcast=False) for chat in range(1, 31)))
        await limiter.close()
        return grants

    assert not any(grant.paid for grant in run(story()))


def test_chats_are_forgotten_after_a_minute_and_held_ones_are_not():
    async def story():
        limiter = RateLimiter(Limits(rate=1000))
        limiter.hold(3000, 7)
        for chat in range(100, 2100):
            await limiter.acquire(chat, broadcast=True)
        await asyncio.sleep(61)
        for chat in range(5000, 6500):
            await limiter.acquire(chat, broadcast=True)
        return limiter

    limiter = run(story())
    assert len(limiter._chats) == 1501
    assert 7 in limiter._chats


def test_paid_places_that_a_busy_loop_missed_are_made_up_but_no_more_than_a_few():
    async def always(amount):
        return True

    async def story():
        loop = asyncio.get_running_loop()
        limiter = RateLimiter(Limits(paid_rate=1000), spend=always)
        sends = [asyncio.ensure_future(sent_at(limiter, chat)) for chat in range(1, 3001)]
        while not all(send.done() for send in sends):
            await asyncio.sleep(0.01)
            loop._at += 0.005  # the loop was busy
        return sorted(send.result() for send in sends)

    times = run(story())
    assert times[-1] - times[0] == pytest.approx(3.0, rel=0.05)
    gaps = [later - earlier for earlier, later in zip(times, times[1050:], strict=False)]
    assert min(gaps) >= 0.98
