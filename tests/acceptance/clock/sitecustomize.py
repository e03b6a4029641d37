"""Loaded by Python at the start of a bot whose clock a test sets: seconds ahead, in DIGESTBOT_CLOCK_FILE.

It shifts the wall clock of the whole process, as a step of the machine's clock would, and leaves the
monotonic one alone.
"""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

if file := os.environ.get("DIGESTBOT_CLOCK_FILE"):
    import time_machine

    traveller = time_machine.travel(time.time(), tick=True)
    clock = traveller.start()

    def follow(path: Path) -> None:
        ahead = 0.0
        while True:
            try:
                wanted = float(path.read_text() or ahead)
            except FileNotFoundError:
                wanted = ahead
            if wanted != ahead:
                clock.shift(wanted - ahead)
                ahead = wanted
            time.sleep(0.05)

    threading.Thread(target=follow, args=(Path(file),), daemon=True).start()
