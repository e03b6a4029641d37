"""An analyser that does what its text says: for tests of the processes it runs in."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from digestbot.model import Analysis, ExtractedText
from reading import simple_analysis


def analyse(extracted: ExtractedText) -> Analysis:
    """Loop, die, eat memory, print or raise, where the text begins with the word for it."""
    match extracted.text.split(" ")[0].strip():
        case "LOOP":
            while True:
                pass
        case "DIE":
            os._exit(3)
        case "KILL":
            os.kill(os.getpid(), 9)
        case "EAT":
            eaten = [bytes(50_000_000) for _ in range(100)]
            assert not eaten
        case "PRINT":
            print("x" * 100_000, flush=True)
            sys.stdout.buffer.write(b"\x00" * 10_000)
        case "RAISE":
            raise ZeroDivisionError("of its own")
        case "NEST":
            return analyse(extracted)
        case "WRITE":
            with Path("/var/tmp/digestbot-hostile").open("wb") as file:
                file.write(b"x" * 200_000_000)
    return simple_analysis(extracted)
