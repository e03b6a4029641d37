"""Telegram's limits on sending, as far as they are known: leaky buckets that answer 429.

Figures: about 30 messages a second over all, one a second to one person, 20 a minute to a group or
channel (Telegram's FAQ for bots, "My bot is hitting limits"); 1,000 a second for paid broadcasts.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from digestbot.sandbox.chats import Chat
from digestbot.sandbox.refusals import too_many


@dataclass(frozen=True, slots=True)
class Limit:
    """`rate`: messages a second in the long run; `burst`: how many may come at once."""

    rate: float
    burst: float


@dataclass(frozen=True, slots=True)
class FloodLimits:
    """None: no limit of this kind."""

    overall: Limit | None = Limit(30.0, 30.0)
    private: Limit | None = Limit(1.0, 3.0)
    group: Limit | None = Limit(20 / 60, 20.0)
    paid: Limit | None = Limit(1000.0, 1000.0)


NO_LIMITS = FloodLimits(None, None, None, None)


class LeakyBucket:
    """Fills by one with each message and leaks at the limit's rate."""

    __slots__ = ("at", "level", "limit")

    def __init__(self, limit: Limit, now: float) -> None:
        self.limit = limit
        self.level = 0.0
        self.at = now

    def wait(self, count: int, now: float) -> float:
        """Seconds until so many messages fit, 0 where they do. A larger batch fits when empty."""
        self.level = max(0.0, self.level - (now - self.at) * self.limit.rate)
        self.at = now
        over = self.level + min(count, self.limit.burst) - self.limit.burst
        return over / self.limit.rate if over > 1e-9 else 0.0

    def add(self, count: int) -> None:
        """The messages were accepted."""
        self.level += count


class FloodControl:
    """The buckets of one bot. `clock`: seconds, monotonic. `refused` counts the 429s given."""

    def __init__(self, limits: FloodLimits = NO_LIMITS, clock: Callable[[], float] = time.monotonic) -> None:
        self.limits = limits
        self.refused = 0
        self._clock = clock
        self._overall: dict[int, LeakyBucket] = {}
        self._chats: dict[int, LeakyBucket] = {}

    def set_limits(self, limits: FloodLimits) -> None:
        """Other limits, all buckets empty."""
        self.limits = limits
        self._overall.clear()
        self._chats.clear()

    def take(self, chat: Chat, count: int = 1, *, paid: bool = False) -> None:
        """Room for `count` messages to the chat; where there is none, ApiError 429 and nothing taken."""
        if self.limits is NO_LIMITS:
            return
        now = self._clock()
        buckets = []
        over_all = self.limits.paid if paid else self.limits.overall
        if over_all is not None:
            buckets.append(
                self._overall.get(paid) or self._overall.setdefault(paid, LeakyBucket(over_all, now))
            )
        in_chat = self.limits.private if chat.type == "private" else self.limits.group
        if in_chat is not None:
            buckets.append(
                self._chats.get(chat.id) or self._chats.setdefault(chat.id, LeakyBucket(in_chat, now))
            )
        longest = max((bucket.wait(count, now) for bucket in buckets), default=0.0)
        if longest > 0:
            self.refused += 1
            raise too_many(max(1, math.ceil(longest)))
        for bucket in buckets:
            bucket.add(count)

    @staticmethod
    def _bucket(buckets: dict[int, LeakyBucket], key: int, limit: Limit, now: float) -> LeakyBucket:
        bucket = buckets.get(key)
        if bucket is None:
            bucket = buckets[key] = LeakyBucket(limit, now)
        return bucket
