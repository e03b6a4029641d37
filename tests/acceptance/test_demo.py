"""`digestbot demo` as a newcomer starts it: a real process, a real bot in it, the first digest, Ctrl-C."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from demo_run import PATIENCE, Demo


@pytest.fixture
def demo_with(tmp_path: Path) -> Iterator[Callable[..., Demo]]:
    started: list[Demo] = []

    def start(*arguments: str) -> Demo:
        started.append(Demo(*arguments, temporary=tmp_path))
        return started[-1]

    yield start
    for demo in started:
        demo.close()


def test_the_first_digest_is_posted_shown_and_everything_is_gone_after_ctrl_c(
    demo_with: Callable[..., Demo], tmp_path: Path
) -> None:
    demo = demo_with("--port", "0")
    address = demo.until(r"http://127\.0\.0\.1:\d+").group()
    assert httpx.get(address).status_code == 200
    demo.until(r"Posted to the channel after")
    demo.until(r"Pakistan")
    assert demo.interrupt() == 0
    assert list(tmp_path.glob("digestbot-demo-*")) == []
    with pytest.raises(httpx.ConnectError):
        httpx.get(address)


def test_a_folder_that_is_not_there_is_said_at_once(demo_with: Callable[..., Demo], tmp_path: Path) -> None:
    demo = demo_with(str(tmp_path / "nothing"))
    demo.until(r"nothing: no such folder")
    assert demo.process.wait(PATIENCE) == 1


def test_a_port_that_is_taken_is_said_at_once(demo_with: Callable[..., Demo]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        demo = demo_with("--port", str(port))
        demo.until(rf"Port {port} cannot be used")
        assert demo.process.wait(PATIENCE) == 1
