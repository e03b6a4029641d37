"""The demo's own time zone: the first digest falls on a full minute of it."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from digestbot.sandbox.moment import EAST_HOURS, ZONE, moment_at

INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))


@given(INSTANTS)
def test_the_first_wall_time_begins_at_the_instant(instant: datetime) -> None:
    moment = moment_at(instant)
    local = moment.due + timedelta(seconds=moment.ahead)
    assert 0 <= moment.ahead < 60
    assert local.second == 0
    assert moment.wall_times(1) == [f"{local:%H:%M}"]
    assert timedelta(0) <= instant - moment.due < timedelta(seconds=1)


def test_wall_times_run_on_over_midnight() -> None:
    moment = moment_at(datetime(2025, 11, 20, 23, 58, 30, tzinfo=UTC))
    assert moment.wall_times(3) == ["23:59", "00:00", "00:01"]


def test_a_second_zone_is_hours_ahead_at_the_same_minute() -> None:
    moment = moment_at(datetime(2025, 11, 20, 21, 58, 30, tzinfo=UTC))
    assert moment.wall_times(1) == ["21:59"]
    assert moment.wall_times(1, EAST_HOURS) == ["02:59"]


def test_another_process_finds_the_zone_and_all_others(tmp_path: Path) -> None:
    moment = moment_at(datetime(2025, 11, 20, 9, 30, 42, tzinfo=UTC))
    path = moment.install(tmp_path)
    script = (
        "import sys; from datetime import datetime, UTC; from zoneinfo import ZoneInfo\n"
        "at = datetime(2025, 11, 20, 9, 30, 42, tzinfo=UTC)\n"
        "print(at.astimezone(ZoneInfo(sys.argv[1])).time(), at.astimezone(ZoneInfo('Asia/Karachi')).time())"
    )
    seen = subprocess.run(
        [sys.executable, "-c", script, ZONE],
        env={**os.environ, "PYTHONTZPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    assert seen.stdout.split() == ["09:31:00", "14:30:42"]
