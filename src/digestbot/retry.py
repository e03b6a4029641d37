"""What to do with a delivery that failed: a pure decision over what is known of the error.

error ──► unsent?     wait as long as asked, or back off; nothing went out, so no risk
      ──► uncertain?  the setting decides: again (may come twice) or not (may be lost)
      ──► migrated?   at once, to the new chat
      ──► bad markup? at once, as plain text, once
      ──► refused     give up: with the chat, or with this row alone
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from digestbot.errors import DeliveryError


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How to treat failures. `first` and `longest` bound the back-off (seconds)."""

    uncertain: Literal["resend", "skip"] = "resend"
    first: float = 1.0
    longest: float = 300.0


DEFAULT_POLICY = RetryPolicy()


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again, not before `at`.

    `uncertain`: the attempt may have reached the reader. `plain`: without markup. `chat_id`: the group's new
    id.
    """

    at: datetime
    reason: str
    uncertain: bool = False
    plain: bool = False
    chat_id: int | None = None


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Do not try again.

    `state`: `failed`, or `skipped` where that is what was wanted. `chat_gone`: nothing can reach this chat.
    `tell`: who should hear of it, once. `uncertain`: the attempt may have reached the reader.
    """

    reason: str
    code: str
    state: Literal["failed", "skipped"] = "failed"
    chat_gone: bool = False
    tell: Literal["nobody", "admins", "owner"] = "admins"
    uncertain: bool = field(default=False)


def backoff(attempts: int, jitter: float, policy: RetryPolicy = DEFAULT_POLICY) -> float:
    """Seconds to wait after the `attempts`-th attempt: doubling, between half and all of it at random.

    `jitter`: a random number from 0 to 1. Some wait always remains, so that an error that lasts is not met
    at once again by chance.
    """
    ceiling = min(policy.longest, policy.first * 2.0 ** min(max(attempts, 1) - 1, 30))
    return ceiling * (0.5 + 0.5 * jitter)


def decide_retry(
    error: DeliveryError,
    attempts: int,
    now: datetime,
    *,
    expires: datetime,
    jitter: float,
    policy: RetryPolicy = DEFAULT_POLICY,
    plain: bool = False,
) -> Retry | GiveUp:
    """Decide over one failed attempt.

    `attempts`: how many there have been, this one included. `expires`: until when the message is worth
    sending. `plain`: this attempt was already without markup.
    """
    if error.new_chat_id is not None:
        return Retry(now, error.message, chat_id=error.new_chat_id)
    if error.chat_gone:
        return GiveUp(error.message, error.code, state="skipped", chat_gone=True, tell="nobody")
    if error.bad_markup and not plain:
        return Retry(now, error.message, plain=True)
    if error.uncertain and policy.uncertain == "skip":
        return GiveUp(
            f"{error.message}; it may have arrived, and is not sent twice",
            "uncertain",
            state="skipped",
            uncertain=True,
        )
    if error.permanent or error.bad_markup:
        return GiveUp(error.message, error.code, tell="owner" if error.code == "no-right" else "admins")
    wait = error.retry_after if error.retry_after is not None else backoff(attempts, jitter, policy)
    at = now + timedelta(seconds=wait)
    if at > expires:
        return GiveUp(f"{error.message}; its time ends before it may be tried again", "expired",
                      uncertain=error.uncertain)  # fmt: skip
    return Retry(at, error.message, uncertain=error.uncertain)
