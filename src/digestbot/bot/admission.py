"""Who may use the bot, and how often: everyone, those invited, or those listed; so many commands a minute.

/invite ──► a link t.me/bot?start=iv-EXPIRES-SEAL ──► opened by somebody ──► their private chat is a guest's

A link is sealed with a key of the bot's own, so that nothing has to be kept of it; it ends with its time, and
with the bot's token. What is kept is the guest's chat; /forget ends that too.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from digestbot.rendering.actions import instant, moment

INVITATION = "iv"
"""What a start parameter begins with that is an invitation."""
INVITED_FOR = timedelta(days=7)
"""How long a link may be opened."""
GUEST = "guest"
"""The setting of a private chat that came by an invitation."""
SEAL_LENGTH = 24
"""Hexadecimal digits of a seal: 96 bits."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who may use the bot. `who`: everyone, invited or listed (`users`). `key`: seals invitations."""

    who: str = "everyone"
    users: frozenset[int] = frozenset()
    key: bytes = b""

    def admits(self, user_id: int | None, admins: frozenset[int], *, guest: bool = False) -> bool:
        """Whether this person may; None: nobody knows who it is. `guest`: who came by an invitation."""
        if self.who == "everyone" or (user_id is not None and user_id in self.users | admins):
            return True
        return guest and self.who == "invited"

    def invitation(self, now: datetime) -> tuple[str, datetime]:
        """The parameter of a link, and until when it may be opened."""
        until = (now + INVITED_FOR).replace(microsecond=0)
        expires = instant(until)
        return f"{INVITATION}-{expires}-{self._seal(expires)}", until

    def invited_by(self, parameter: str, now: datetime) -> bool:
        """Whether a start parameter is an invitation of this bot that has not ended."""
        name, _, rest = parameter.partition("-")
        expires, _, seal = rest.partition("-")
        if name != INVITATION or not hmac.compare_digest(seal.encode(), self._seal(expires).encode()):
            return False
        return now < moment(expires)

    def _seal(self, expires: str) -> str:
        return hmac.new(self.key, f"{INVITATION}-{expires}".encode(), hashlib.sha256).hexdigest()[
            :SEAL_LENGTH
        ]


def invitation_key(secret: str) -> bytes:
    """The key of a bot's invitations, out of a secret of its own such as its token."""
    return hashlib.sha256(f"invitations of digestbot {secret}".encode()).digest()


@dataclass(slots=True)
class Pace:
    """At most `per_minute` commands a minute from one person or chat; kept in memory, by a monotonic clock.

    `elapsed`: seconds that pass whatever happens to the wall clock.
    """

    per_minute: int
    elapsed: Callable[[], float]
    _taken: dict[int, deque[float]] = field(default_factory=dict)
    _told: dict[int, float] = field(default_factory=dict)

    def takes(self, who: int) -> bool:
        """Count a command; False where it is one too many."""
        now = self.elapsed()
        if len(self._taken) > 10_000:
            self._taken = {one: times for one, times in self._taken.items() if times[-1] > now - 60.0}
            self._told = {one: at for one, at in self._told.items() if at > now - 60.0}
        times = self._taken.setdefault(who, deque(maxlen=self.per_minute))
        if len(times) == self.per_minute and times[0] > now - 60.0:
            return False
        times.append(now)
        return True

    def tells(self, who: int) -> bool:
        """Whether they should hear of it: once a minute."""
        now = self.elapsed()
        if self._told.get(who, now - 61.0) > now - 60.0:
            return False
        self._told[who] = now
        return True
