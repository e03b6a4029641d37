"""What becomes of a delivery that failed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.errors import DeliveryError
from digestbot.retry import GiveUp, Retry, RetryPolicy, backoff, decide_retry

NOW = datetime(2026, 3, 4, 6, 0, tzinfo=UTC)
EXPIRES = NOW + timedelta(hours=6)


def decide(
    error: DeliveryError, *, attempts: int = 1, plain: bool = False, policy: RetryPolicy | None = None
):
    return decide_retry(
        error, attempts, NOW, expires=EXPIRES, jitter=0.5, plain=plain, policy=policy or RetryPolicy()
    )


def test_a_429_waits_as_long_as_telegram_asks():
    decision = decide(DeliveryError("wait", unsent=True, retry_after=37))
    assert isinstance(decision, Retry)
    assert decision.at == NOW + timedelta(seconds=37)
    assert not decision.uncertain


def test_a_429_longer_than_the_message_is_worth_sending_gives_up():
    decision = decide(DeliveryError("wait", unsent=True, retry_after=40_000))
    assert isinstance(decision, GiveUp)
    assert (decision.code, decision.state, decision.tell) == ("expired", "failed", "admins")


def test_a_chat_that_is_gone_is_skipped_without_a_word_to_the_admins():
    decision = decide(DeliveryError("blocked", permanent=True, chat_gone=True))
    assert decision == GiveUp("blocked", "delivery-failed", state="skipped", chat_gone=True, tell="nobody")


def test_a_migrated_group_is_followed_at_once():
    decision = decide(DeliveryError("migrated", unsent=True, new_chat_id=-100))
    assert isinstance(decision, Retry)
    assert (decision.at, decision.chat_id) == (NOW, -100)


def test_bad_markup_is_sent_once_as_plain_text():
    error = DeliveryError("can't parse entities", bad_markup=True)
    first = decide(error)
    assert isinstance(first, Retry)
    assert first.plain
    assert isinstance(decide(error, plain=True), GiveUp)


def test_an_uncertain_attempt_is_repeated_or_left_as_the_setting_says():
    error = DeliveryError("no answer", uncertain=True)
    again = decide(error)
    assert isinstance(again, Retry)
    assert again.uncertain
    left = decide(error, policy=RetryPolicy(uncertain="skip"))
    assert isinstance(left, GiveUp)
    assert (left.state, left.uncertain) == ("skipped", True)


def test_a_lost_right_is_told_to_the_owner_and_other_refusals_to_the_admins():
    lost = decide(DeliveryError("need administrator rights", permanent=True, code="no-right"))
    other = decide(DeliveryError("BUTTON_DATA_INVALID", permanent=True, code="bad-button"))
    assert isinstance(lost, GiveUp)
    assert isinstance(other, GiveUp)
    assert (lost.tell, other.tell) == ("owner", "admins")
    assert not other.chat_gone


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_the_back_off_grows_stays_in_bounds_and_never_vanishes(attempts, jitter):
    wait = backoff(attempts, jitter)
    assert 0.5 <= wait <= 300
    assert wait <= backoff(attempts + 1, 1.0)


@pytest.mark.parametrize("unsent", [True, False])
@given(attempts=st.integers(1, 100), jitter=st.floats(0, 1), left=st.integers(0, 20_000))
def test_nothing_is_put_off_beyond_its_time(unsent, attempts, jitter, left):
    error = DeliveryError("down", unsent=unsent, uncertain=not unsent)
    expires = NOW + timedelta(seconds=left)
    decision = decide_retry(error, attempts, NOW, expires=expires, jitter=jitter)
    if isinstance(decision, Retry):
        assert NOW < decision.at <= expires
    else:
        assert decision.code == "expired"
