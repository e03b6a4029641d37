"""`digestbot ingest` as a process: all of a folder, interrupted and taken up again."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

COUNT = 120


def files(folder: Path) -> None:
    folder.mkdir()
    for number in range(COUNT):
        (folder / f"{number:03}.txt").write_text(
            f"Ships counted in harbour {number}\n\nArland told Borduria on Tuesday that it counted {number} "
            f"ships off Port {number} and would not sign unless they leave.\n" * 3
        )
    (folder / "bad.pdf").write_bytes(b"%PDF-1.4 nothing")


def ingest(folder: Path, data: Path) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DIGESTBOT_")}
    return subprocess.Popen(
        [sys.executable, "-m", "digestbot", "ingest", str(folder)],
        env={**environment, "DIGESTBOT_DATA_DIR": str(data), "DIGESTBOT_WORKERS_PROCESSES": "1"},
        cwd=folder.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def stored(data: Path) -> list[str]:
    files = list(data.glob("*.sqlite3"))
    if not files:
        return []
    with sqlite3.connect(f"file:{files[0]}?mode=ro", uri=True) as connection:
        try:
            return [row[0] for row in connection.execute("SELECT document_key FROM documents")]
        except sqlite3.OperationalError:
            return []  # the tables are being made


@pytest.mark.slow
def test_an_interrupted_ingest_is_taken_up_again_and_does_nothing_twice(tmp_path):
    folder, data = tmp_path / "Courier", tmp_path / "data"
    files(folder)
    run = ingest(folder, data)
    end = time.monotonic() + 120
    while len(stored(data)) < 5 and run.poll() is None and time.monotonic() < end:
        time.sleep(0.05)
    run.send_signal(signal.SIGINT)
    _, said = run.communicate(timeout=60)
    first = stored(data)
    assert run.returncode == 130, said
    assert "run the same again" in said
    assert "Traceback" not in said
    assert 5 <= len(first) < COUNT
    again = ingest(folder, data)
    out, said = again.communicate(timeout=120)
    assert again.returncode == 1
    assert f"{COUNT - len(first)} new, 0 changed, {len(first)} known already" in out
    assert "bad.pdf" in said
    assert sorted(stored(data)) == [f"{number:03}.txt" for number in range(COUNT)]
