"""A web server on this machine that plays what publishers' servers do, the hostile ones included.

Each path gives an answer that a test sets; every request is kept in `requests`.
"""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Answer:
    """What one path answers. `pause`: seconds before each piece of the body; `endless`: it never ends."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0
    endless: bool = False
    length: int | None = None  # a Content-Length that lies
    silent: bool = False  # no answer at all


@dataclass(slots=True)
class Asked:
    """A request as it came in."""

    path: str
    headers: Mapping[str, str]


class FeedServer:
    """Listens on 127.0.0.1."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer | Callable[[Asked], Answer]] = {}
        self.requests: list[Asked] = []
        self.at_once = self.most_at_once = 0
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def set(self, path: str, body: bytes | str = b"", **about: object) -> None:
        data = body.encode() if isinstance(body, str) else body
        self.answers[path] = Answer(data, **about)  # type: ignore[arg-type]

    def paths(self) -> list[str]:
        return [asked.path for asked in self.requests]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            lines = head.split("\r\n")
            pairs = (line.partition(":") for line in lines[1:])
            headers = {name.lower(): value.strip() for name, _, value in pairs if name}
            asked = Asked(lines[0].split(" ")[1], headers)
            self.requests.append(asked)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            try:
                await self._answer(asked, writer)
            finally:
                self.at_once -= 1
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    async def _answer(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        found = self.answers.get(asked.path, Answer(b"not here", 404))
        answer = found(asked) if callable(found) else found
        if answer.silent:
            await asyncio.sleep(60)
        headers = dict(answer.headers)
        if not answer.endless:
            headers["Content-Length"] = str(len(answer.body) if answer.length is None else answer.length)
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        writer.write(f"HTTP/1.1 {answer.status} X\r\nConnection: close\r\n{head}\r\n".encode("latin-1"))
        await writer.drain()
        while True:
            for start in range(0, len(answer.body), 8192):
                if answer.pause:
                    await asyncio.sleep(answer.pause)
                writer.write(answer.body[start : start + 8192])
                await writer.drain()
            if not answer.endless:
                return


@asynccontextmanager
async def feed_server() -> AsyncIterator[FeedServer]:
    """A server for the length of a test."""
    server = FeedServer()
    listening = await asyncio.start_server(server._serve, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()


def gzip_bomb(megabytes: int) -> bytes:
    """A small gzip file that unpacks to so many megabytes of noughts."""
    packer = zlib.compressobj(9, wbits=16 + zlib.MAX_WBITS)
    block = bytes(1_000_000)
    return b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()


def gzipped(text: str) -> bytes:
    return gzip.compress(text.encode())


def rss(*items: str, title: str = "The Courier", extra: str = "") -> str:
    """An RSS 2.0 feed."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{title}</title><link>/</link>{extra}{''.join(items)}</channel></rss>"
    )


def item(
    number: int,
    *,
    text: str | None = None,
    guid: str | None = None,
    link: str | None = None,
    date: str | None = "Wed, 04 Mar 2026 05:00:00 GMT",
) -> str:
    """One entry with a text long enough to need no article page."""
    body = text if text is not None else long_text(number)
    return (
        f"<item><title>Ship number {number} sails</title><guid isPermaLink='false'>{guid or number}</guid>"
        f"<link>{link or f'/articles/{number}'}</link>"
        + (f"<pubDate>{date}</pubDate>" if date else "")
        + f"<description><![CDATA[{body}]]></description></item>"
    )


def long_text(number: int) -> str:
    """An article of some length."""
    told = f"Ship number {number} left Arland for Borduria with grain on board, its owner said. "
    return f"<p>{told * 4}</p><p>{told.replace('grain', 'salt') * 4}</p>"
