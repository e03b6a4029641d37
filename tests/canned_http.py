"""A web server that answers as it is told, for tests of what a client makes of the answers."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

MESSAGE = {
    "ok": True,
    "result": {"message_id": 42, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "x"},
}


@dataclass
class Canned:
    """One answer: a status and a body, or what happens in its place."""

    status: int = 200
    body: object = field(default_factory=lambda: MESSAGE)
    instead: Literal["", "close", "hang", "close-before-reading"] = ""
    delay: float = 0.0


class CannedServer:
    """Gives the answers in turn, the last one for ever; remembers the requests."""

    def __init__(self) -> None:
        self.answers: list[Canned] = [Canned()]
        self.requests: list[tuple[str, str]] = []  # path, body
        self.peeked = ("", "")  # the request to be answered now
        self.url = ""

    def next(self) -> Canned:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                path = head.split(" ", 2)[1]
                length = re.search(r"(?i)\r\ncontent-length: *(\d+)", head)
                body = (await reader.readexactly(int(length[1]) if length else 0)).decode()
                self.peeked = (path, body)
                answer = self.next()
                if answer.instead == "close-before-reading":
                    break
                self.requests.append((path, body))
                await asyncio.sleep(answer.delay)
                if answer.instead == "close":
                    break
                if answer.instead == "hang":
                    await asyncio.sleep(3600)
                payload = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
                writer.write(
                    f"HTTP/1.1 {answer.status} X\r\nContent-Type: application/json\r\n"
                    f"Content-Length: {len(payload)}\r\n\r\n".encode()
                    + payload
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client went away
        finally:
            writer.close()


@asynccontextmanager
async def canned_server():
    canned = CannedServer()
    tasks: set[asyncio.Task] = set()

    async def connected(reader, writer):
        task = asyncio.current_task()
        tasks.add(task)
        try:
            await canned.serve(reader, writer)
        except asyncio.CancelledError:
            writer.close()
        finally:
            tasks.discard(task)

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    canned.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield canned
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def refused(status: int, description: str, **parameters: object) -> Canned:
    """Telegram's way to refuse."""
    body: dict[str, object] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        body["parameters"] = parameters
    return Canned(status, body)
