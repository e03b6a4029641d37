"""python-telegram-bot's requests on aiohttp, for paid broadcasts: from one process httpx sends a few hundred
messages a second however many connections it has, this class over a thousand.

aiohttp repeats a request on a fresh connection only for methods that may be repeated: POST is none of them.
"""

from __future__ import annotations

from typing import Any
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

from digestbot.transports.telegram import CONNECT_TIMEOUT, POOL_TIMEOUT, NotSent, check_status

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
MEDIA_TIMEOUT = 60.0
"""Seconds to upload a file."""


class AiohttpRequest(BaseRequest):
    """One aiohttp session. Raises NotSent, ServerFault, TimedOut and NetworkError as TelegramRequest does."""

    def __init__(
        self,
        *,
        connections: int = 64,
        read_timeout: float = 20.0,
        connect_timeout: float = CONNECT_TIMEOUT,
        pool_timeout: float = POOL_TIMEOUT,
    ) -> None:
        """`connections`: open at a time; the others are seconds."""
        self._connections = connections
        self._read_timeout = read_timeout
        self._connect_timeout = connect_timeout
        self._pool_timeout = pool_timeout
        self._session: aiohttp.ClientSession | None = None
        self._proxies: dict[str, str | None] = {}

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for an answer."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Open the session."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=30),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One request; aiohttp has no time-out of its own for writing, the one for reading covers it."""
        if self._session is None or self._session.closed:
            raise RuntimeError("this request object is not initialised")
        files = bool(request_data and request_data.contains_files)
        read = self._chosen(read_timeout, MEDIA_TIMEOUT if files else self._read_timeout)
        connect = self._chosen(connect_timeout, self._connect_timeout)
        timeout = aiohttp.ClientTimeout(
            total=None if read is None else read + (connect or 0.0) + self._pool_timeout,
            connect=self._chosen(pool_timeout, self._pool_timeout),
            sock_connect=connect,
            sock_read=read,
        )
        try:
            async with self._session.request(
                method,
                url,
                data=_body(request_data, files=files),
                headers=None if files else FORM,
                timeout=timeout,
                proxy=self._proxy(url),
                allow_redirects=False,
            ) as answer:
                return check_status(answer.status, await answer.read())
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(f"Telegram cannot be reached: {type(error).__name__}") from error
        except TimeoutError as error:
            raise TimedOut from error
        except aiohttp.ClientError as error:
            raise NetworkError(f"aiohttp.{type(error).__name__}: {error}") from error

    def _proxy(self, url: str) -> str | None:
        """The proxy of the environment for this address.

        Looked up once for each server: aiohttp's own `trust_env` asks two threads at every request.
        """
        scheme, _, rest = url.partition("://")
        server = f"{scheme}://{rest.partition('/')[0]}"
        if server not in self._proxies:
            host = URL(server).host or ""
            self._proxies[server] = None if proxy_bypass(host) else getproxies().get(scheme)
        return self._proxies[server]

    def _chosen(self, given: Any, default: float | None) -> float | None:
        return default if given is BaseRequest.DEFAULT_NONE else given


def _body(request_data: RequestData | None, *, files: bool) -> aiohttp.FormData | bytes | None:
    if request_data is None:
        return None
    if not files:  # yarl's quoting is compiled; aiohttp's form would spend a tenth of a message's time on it
        return URL.build(query=request_data.json_parameters).raw_query_string.encode("ascii")
    form = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, media_type) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=media_type)
    return form
