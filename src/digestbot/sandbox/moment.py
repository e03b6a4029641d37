"""A time zone made to measure, so that the demo's first digest is due seconds after its start.

Digests are due at a wall time to the minute, and a demo should not have its reader wait for one to pass. So
the demo gives its channel a zone of its own, a few seconds ahead of UTC, in which a full minute begins
exactly when the first digest is wanted. The bot finds it where it finds every zone, on Python's search path
(PYTHONTZPATH), and needs no other clock and no special case.
"""

from __future__ import annotations

import os
import struct
import zoneinfo
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

ZONE = "Sandbox/Demo"
EAST = "Sandbox/Karachi"
EAST_HOURS = 5
"""Hours that the second zone is ahead of the first, as Karachi is of UTC."""
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant as a wall time of the demo's own zone. `ahead`: its seconds ahead of UTC, 0 to 59."""

    due: datetime
    ahead: int

    def wall_times(self, count: int, hours: int = 0) -> list[str]:
        """The minute that begins at the instant, and those after it, as "07:30"; `hours`: of a zone so many
        hours further ahead."""
        first = self.due.astimezone(UTC) + timedelta(hours=hours, seconds=self.ahead)
        return [f"{first + number * _MINUTE:%H:%M}" for number in range(count)]

    def install(self, folder: Path) -> str:
        """Write both zones below `folder`; returns the value of PYTHONTZPATH with which Python finds them."""
        for name, hours, letters in ((ZONE, 0, "DEMO"), (EAST, EAST_HOURS, "EAST")):
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(_tzif(self.ahead + 3600 * hours, letters))
        return os.pathsep.join([str(folder.absolute()), *zoneinfo.TZPATH])


def moment_at(instant: datetime) -> Moment:
    """The instant (with zone), cut to whole seconds."""
    due = instant.astimezone(UTC).replace(microsecond=0)
    return Moment(due, -due.second % 60)


def _tzif(ahead: int, name: str) -> bytes:
    """A compiled zone (RFC 8536, version 1) that is always `ahead` seconds ahead of UTC."""
    designation = name.encode("ascii") + b"\0"
    counts = (
        0,
        0,
        0,
        0,
        1,
        len(designation),
    )  # flags (two), leap seconds, transitions, types, letters
    header = b"TZif" + b"\0" + b"\0" * 15 + struct.pack(">6l", *counts)
    return header + struct.pack(">lBB", ahead, 0, 0) + designation
