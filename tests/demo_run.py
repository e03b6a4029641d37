"""`digestbot demo` as a newcomer starts it, a process of its own; for acceptance tests."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue

import pytest

ROOT = Path(__file__).parents[1]
PATIENCE = 90.0
"""Seconds after which a line that has not come will not come; far above what a slow machine needs."""


class Demo:
    """A running demo and the lines it prints."""

    def __init__(self, *arguments: str, temporary: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "digestbot", "demo", *arguments],
            cwd=ROOT,
            env={**os.environ, "TMPDIR": str(temporary), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._lines: Queue[str | None] = Queue()  # None: there will be no more
        self._printed: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def until(self, pattern: str) -> re.Match[str]:
        """The first line that matches, from the last one seen on."""
        while True:
            try:
                line = self._lines.get(timeout=PATIENCE)
            except Empty:
                pytest.fail(f"no line with {pattern} within {PATIENCE:.0f} s; printed: {self._printed}")
            if line is None:
                pytest.fail(f"the demo ended without a line with {pattern}; printed: {self._printed}")
            self._printed.append(line)
            if found := re.search(pattern, line):
                return found

    def interrupt(self) -> int:
        """Ctrl-C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        """End it where it has not ended, and read what is left of its lines."""
        if self.process.poll() is None:
            self.interrupt()
        self._reader.join(PATIENCE)
        assert self.process.stdout is not None
        self.process.stdout.close()


@contextlib.contextmanager
def running_demo(*arguments: str, temporary: Path) -> Iterator[Demo]:
    """A demo that is ended with the block; `temporary` is where it makes its folder."""
    demo = Demo(*arguments, temporary=temporary)
    try:
        yield demo
    finally:
        demo.close()
