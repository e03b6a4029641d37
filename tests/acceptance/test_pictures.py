"""Pictures asked for in chat, from the real bot process: a photo each, with its words in the caption.

DIGESTBOT_SCREENS_DIR names a folder for the pictures, to be looked at.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot_run import SAMPLE, BotRun, running_bot

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotRun]:
    with running_bot(tmp_path_factory.mktemp("pictures"), documents=[SAMPLE]) as running:
        running.wait_for(lambda: running.ask("/actors Pakistan")["text"].count("Stabilisation"))
        yield running


def picture(bot: BotRun, message: dict[str, object]) -> bytes:
    """The bytes of a message's photo, and a copy for whoever wants to look at it."""
    sizes = message["photo"]
    assert isinstance(sizes, list)
    file = bot.sandbox.result("getFile", file_id=sizes[-1]["file_id"])
    content = bot.sandbox.http.get(f"/file/bot{bot.sandbox.token}/{file['file_path']}").content
    if folder := os.environ.get("DIGESTBOT_SCREENS_DIR"):
        words = str(message["caption"]).split()[:3]
        (Path(folder) / f"picture-{'-'.join(words)}.png").write_bytes(content)
    return content


@pytest.mark.parametrize(
    ("command", "words"),
    [("/network", "Pakistan"), ("/map", "Pakistan"), ("/trend Pakistan, Israel", "Israel")],
)
def test_a_picture_comes_with_its_words_and_twice_the_same(bot: BotRun, command: str, words: str) -> None:
    first, second = bot.ask(command), bot.ask(command)
    assert words in first["caption"]
    assert len(first["caption"]) <= 1024
    assert picture(bot, first).startswith(b"\x89PNG")
    assert picture(bot, first) == picture(bot, second)


def test_wrong_words_are_answered_kindly(bot: BotRun) -> None:
    assert "/trend" in bot.ask("/trend")["text"]
    assert "Xanadu" in bot.ask("/trend Xanadu")["text"]
    assert "/digest" in bot.ask("/network tomorrow")["text"]
