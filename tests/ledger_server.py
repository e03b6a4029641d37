"""A minimal Bot API that keeps a ledger of what it accepted, quick enough for benchmarks.

It knows sendMessage, getMe, its own getLedger, and nothing else. `flood`: a leaky bucket of so many messages
a second with a burst of 30, answered with 429 beyond; paid messages do not count in it.
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs

ME = {"id": 1, "is_bot": True, "first_name": "b", "username": "b_bot"}


@dataclass
class Ledger:
    """What was accepted: (chat, text, when), in order."""

    latency: float = 0.0
    flood: float | None = None
    accepted: list[tuple[int, str, float]] = field(default_factory=list)
    refused: int = 0
    url: str = ""
    _level: float = 0.0
    _at: float = 0.0

    def overflows(self) -> bool:
        if self.flood is None:
            return False
        now = asyncio.get_running_loop().time()
        self._level = max(0.0, self._level - (now - self._at) * self.flood)
        self._at = now
        if self._level + 1 > 30:
            return True
        self._level += 1
        return False

    def answer(self, method: str, body: bytes) -> tuple[int, object]:
        if method == "getMe":
            return 200, {"ok": True, "result": ME}
        if method == "getLedger":
            times = [at for _, _, at in self.accepted]
            seconds = times[-1] - times[0] if times else 0.0
            return 200, {"accepted": len(times), "refused": self.refused, "seconds": seconds}
        said = parse_qs(body.decode())
        chat_id = int(said["chat_id"][0])
        if "allow_paid_broadcast" not in said and self.overflows():
            self.refused += 1
            return 429, {
                "ok": False,
                "error_code": 429,
                "description": "Too Many Requests: retry after 1",
                "parameters": {"retry_after": 1},
            }
        self.accepted.append((chat_id, said["text"][0], asyncio.get_running_loop().time()))
        chat = {"id": chat_id, "type": "private" if chat_id > 0 else "channel"}
        result = {"message_id": len(self.accepted), "date": 1, "chat": chat, "text": "x"}
        return 200, {"ok": True, "result": result}


class _Connection(asyncio.Protocol):
    """HTTP/1.1 as far as our clients speak it: one request after another, with a length."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.buffer = b""

    def connection_made(self, transport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while b"\r\n\r\n" in self.buffer:
            head, rest = self.buffer.split(b"\r\n\r\n", 1)
            length = 0
            for line in head.split(b"\r\n")[1:]:
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if len(rest) < length:
                return
            body, self.buffer = rest[:length], rest[length:]
            method = head.split(b" ", 2)[1].rsplit(b"/", 1)[1].decode()
            status, said = self.ledger.answer(method, body)
            payload = json.dumps(said).encode()
            answer = (
                b"HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                % (status, len(payload))
                + payload
            )
            if self.ledger.latency:
                asyncio.get_running_loop().call_later(self.ledger.latency, self.write, answer)
            else:
                self.write(answer)

    def write(self, answer: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(answer)


@asynccontextmanager
async def ledger_server(*, latency: float = 0.0, flood: float | None = None):
    ledger = Ledger(latency, flood)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(ledger), "127.0.0.1", 0)
    ledger.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield ledger
    finally:
        server.close()


async def serve_for_ever(latency: float, flood: float | None) -> None:
    """A server as a process of its own; prints its address."""
    async with ledger_server(latency=latency, flood=flood) as ledger:
        print(ledger.url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve_for_ever(float(sys.argv[1]), float(sys.argv[2]) or None))
