"""The one way out to the network: every address is checked before it is connected to.

    fetch(url) ──► scheme ──► robots.txt (pages) ──► place with the host ──► connect: resolve, check, pin
                      ▲                                                          │
                      └──── redirect (at most 5, each checked anew) ◄── status ◄─┴─► body (time, size)

A name is resolved and checked where the connection is made, and the connection goes to the address that was
checked: there is no moment in which a name server could change its answer. No proxy is taken from the
environment.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
import ssl
import time
import zlib
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

import httpcore
import httpx

from digestbot import __version__
from digestbot.errors import ConfigurationError, FetchError
from digestbot.protocols.ingest import Fetched
from digestbot.robots import Robots

log = logging.getLogger(__name__)

PRODUCT = "digestbot"
"""The name robots.txt files know us by, whatever the User-Agent says besides."""
USER_AGENT = f"{PRODUCT}/{__version__} (self-hosted news digest; reads feeds and the articles they name)"
REDIRECTS = 5
PERMANENT = frozenset((301, 308))
TEMPORARY = frozenset((302, 303, 307))
ROBOTS_SECONDS = 3600.0
"""How long a robots.txt is believed (RFC 9309 allows a day)."""
ROBOTS_BYTES = 512_000
"""How much of a robots.txt is read (RFC 9309: at least 500 KiB)."""
MOST_HOSTS = 1_000
"""Hosts remembered at a time."""
CHUNK = 65_536

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_REFUSED = tuple(
    ipaddress.ip_network(one)
    for one in ("192.0.0.0/24", "192.88.99.0/24", "fec0::/10", "3fff::/20", "5f00::/16")
)
"""Special-purpose ranges (IANA) that ipaddress counts as global, site-local addresses among them."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Of one fetch: seconds for all of it, bytes of the body (sent and unpacked), connections a host."""

    seconds: float = 30.0
    max_bytes: int = 20_000_000
    per_host: int = 2
    total: int = 32


class RefusedAddress(Exception):
    """A name stands for an address that must not be connected to."""


def networks(given: Iterable[str]) -> tuple[Network, ...]:
    """The networks of an allow-list such as 10.1.0.0/16 or 192.168.1.7; raises ConfigurationError."""
    try:
        return tuple(ipaddress.ip_network(one.strip(), strict=False) for one in given)
    except ValueError as error:
        raise ConfigurationError(
            f"allow_networks: {error}: write networks such as 10.1.0.0/16 or fd00::/8"
        ) from error


def may_connect(address: Address, allowed: Iterable[Network] = ()) -> bool:
    """Whether an address is public, or on the allow-list. What an IPv6 address wraps is judged as well."""
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour
        if wrapped is None and address in _NAT64:
            wrapped = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if wrapped is None and address.teredo is not None:
            return False
        if wrapped is not None:
            return may_connect(wrapped, allowed)
        if address.scope_id:
            return False
    if any(address.version == network.version and address in network for network in allowed):
        return True
    return (
        address.is_global
        and not any(address.version == network.version and address in network for network in _REFUSED)
        and not address.is_multicast
        and not address.is_reserved
        and not address.is_unspecified
        and not address.is_link_local
    )


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens connections to checked addresses alone."""

    def __init__(self, allowed: tuple[Network, ...]) -> None:
        self._allowed = allowed
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve, refuse the host if any of its addresses is private, connect to the first that answers."""
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"the name {host} cannot be resolved") from error
        addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
        for address in addresses:
            if not may_connect(ipaddress.ip_address(address), self._allowed):
                raise RefusedAddress(f"{host} stands for {address}, which is not public")
        failure: Exception = httpcore.ConnectError(f"the name {host} has no address")
        for address in addresses[:4]:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        """Never."""
        raise RefusedAddress("local sockets are not fetched from")

    async def sleep(self, seconds: float) -> None:
        """Wait between attempts."""
        await self._inner.sleep(seconds)


class _Stream(httpx.AsyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()


class GuardedTransport(httpx.AsyncBaseTransport):
    """httpx over connections that GuardedBackend opens. Errors stay httpcore's."""

    def __init__(self, backend: GuardedBackend, total: int, context: ssl.SSLContext | None = None) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context or httpx.create_ssl_context(trust_env=False),
            max_connections=total,
            max_keepalive_connections=total,
            keepalive_expiry=15.0,
            network_backend=backend,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        sent = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        answer = await self._pool.handle_async_request(sent)
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Stream(answer.stream),
            extensions=answer.extensions,
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self._pool.aclose()


class WebFetcher:
    """Implements Fetcher. Use as a context manager; raises FetchError for whatever goes wrong."""

    def __init__(
        self,
        limits: FetchLimits | None = None,
        *,
        allow_networks: Iterable[str] = (),
        user_agent: str | None = None,
        robots: bool = True,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        """`robots`: False ignores robots.txt altogether; `ssl_context`: other certificates to trust."""
        self._limits = limits or FetchLimits()
        self._robots = robots
        self._user_agent = user_agent or USER_AGENT
        transport = GuardedTransport(
            GuardedBackend(networks(allow_networks)), self._limits.total, ssl_context
        )
        self._client = httpx.AsyncClient(
            transport=transport,
            follow_redirects=False,
            trust_env=False,
            timeout=httpx.Timeout(self._limits.seconds),
            headers={"User-Agent": self._user_agent, "Accept-Encoding": "gzip, deflate"},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),  # none are kept: nobody is logged in
        )
        self._places: OrderedDict[str, asyncio.Semaphore] = OrderedDict()
        self._rules: OrderedDict[str, tuple[float, Robots]] = OrderedDict()

    async def __aenter__(self) -> WebFetcher:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def fetch(
        self, url: str, *, headers: Mapping[str, str] | None = None, robots: bool = False
    ) -> Fetched:
        """GET `url`; 304 is an answer, other statuses from 400 raise FetchError.

        `robots`: ask robots.txt first. `moved_to` is set when every redirect on the way was permanent.
        """
        try:
            async with asyncio.timeout(self._limits.seconds):
                return await self._follow(url, headers or {}, robots and self._robots)
        except TimeoutError as error:
            raise FetchError(
                f"{url}: no full answer within {self._limits.seconds:g} s", code="too-slow"
            ) from error

    async def _follow(self, url: str, headers: Mapping[str, str], robots: bool) -> Fetched:
        asked, moved_to, permanent = url, None, True
        for _ in range(REDIRECTS + 1):
            url = _checked(url, asked)
            if robots:
                await self._ask_robots(url)
            status, answered, content = await self._get(url, headers, self._limits.max_bytes)
            if status in PERMANENT or status in TEMPORARY:
                place = answered.get("location")
                if not place:
                    raise FetchError(f"{url}: redirects to nowhere", status=status, permanent=True)
                permanent = permanent and status in PERMANENT
                url = urljoin(url, place)
                moved_to = url if permanent else moved_to
                continue
            if status >= 400 or status in (300, 305, 306):
                raise _refusal(asked, status, answered)
            return Fetched(url, status, answered, content, moved_to)
        raise FetchError(
            f"{asked}: redirects more than {REDIRECTS} times", code="too-many-redirects", permanent=True
        )

    async def _get(
        self, url: str, headers: Mapping[str, str], max_bytes: int, *, cut: bool = False
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers, body. `cut`: of a body that is too large its beginning, instead of an error."""
        host = urlsplit(url).netloc.rpartition("@")[2].lower()
        try:
            async with self._place(host), self._client.stream("GET", url, headers=dict(headers)) as answer:
                if answer.status_code in PERMANENT | TEMPORARY or answer.status_code >= 400:
                    return answer.status_code, answer.headers, b""
                content = await _body(answer, url, max_bytes, cut=cut)
                return answer.status_code, answer.headers, content
        except RefusedAddress as error:
            raise FetchError(
                f"{url}: {error}: add its network to allow_networks under [sources] if it is meant",
                code="refused-address",
                permanent=True,
            ) from error
        except (httpcore.TimeoutException, httpx.TimeoutException) as error:
            raise FetchError(f"{url}: did not answer in time", code="too-slow") from error
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpcore.UnsupportedProtocol) as error:
            raise FetchError(f"{url}: is no web address", code="bad-address", permanent=True) from error
        except (
            httpcore.NetworkError,
            httpcore.ProtocolError,
            httpx.HTTPError,
            ssl.SSLError,
            OSError,
            zlib.error,
        ) as error:
            said = str(error) or type(error).__name__
            raise FetchError(f"{url}: cannot be reached: {said}", code="unreachable") from error

    def _place(self, host: str) -> asyncio.Semaphore:
        place = self._places.pop(host, None) or asyncio.Semaphore(self._limits.per_host)
        self._places[host] = place
        while len(self._places) > MOST_HOSTS:
            self._places.popitem(last=False)
        return place

    async def _ask_robots(self, url: str) -> None:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"
        known = self._rules.get(origin)
        if known is None or time.monotonic() - known[0] > ROBOTS_SECONDS:
            known = (time.monotonic(), await self._read_robots(f"{origin}/robots.txt"))
            self._rules[origin] = known
            while len(self._rules) > MOST_HOSTS:
                self._rules.popitem(last=False)
        if not known[1].allows(url):
            raise FetchError(f"{url}: its robots.txt asks not to fetch it", code="robots", permanent=True)

    async def _read_robots(self, url: str) -> Robots:
        """RFC 9309: none (4xx) allows everything; one that cannot be had (5xx, no answer) allows nothing."""
        for _ in range(REDIRECTS + 1):
            status, answered, content = await self._get(url, {}, ROBOTS_BYTES, cut=True)
            if status in PERMANENT | TEMPORARY and answered.get("location"):
                url = _checked(urljoin(url, answered["location"]), url)
                continue
            break
        if status >= 500:
            raise FetchError(f"{url}: answers {status}, so nothing may be fetched there now", status=status)
        return Robots.read(content.decode("utf-8", "replace"), PRODUCT) if status == 200 else Robots()


async def _body(answer: httpx.Response, url: str, max_bytes: int, *, cut: bool) -> bytes:
    """The unpacked body; stops as soon as either form of it is too large (with `cut`: what there is then)."""
    encoding = answer.headers.get("content-encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise FetchError(f"{url}: is packed with {encoding}, which was not asked for", code="bad-encoding")
    unpack = _Unpacker(encoding, url, max_bytes)
    async for part in answer.aiter_raw(CHUNK):
        try:
            unpack.feed(part)
        except FetchError:
            if not cut:
                raise
            break
    return unpack.finish()[:max_bytes]


class _Unpacker:
    """Unpacks a body piece by piece, never past the limit."""

    def __init__(self, encoding: str, url: str, max_bytes: int) -> None:
        self._deflate = encoding == "deflate"
        self._packed = encoding in ("gzip", "x-gzip", "deflate")
        self._inflater: Any = None
        self._url = url
        self._max = max_bytes
        self._received = 0
        self._unpacked = bytearray()

    def feed(self, part: bytes) -> None:
        self._received += len(part)
        if self._received > self._max:
            raise self._too_large()
        if not self._packed:
            self._unpacked += part
            return
        while part:
            if self._inflater is None:
                self._inflater = self._new(part)
            room = self._max - len(self._unpacked) + 1
            self._unpacked += self._inflater.decompress(part, room)
            if len(self._unpacked) > self._max:
                raise self._too_large()
            if self._inflater.eof:
                part, self._inflater = self._inflater.unused_data, None
                if part and (self._deflate or not part.startswith(b"\x1f\x8b")):
                    return  # padding after the last member
            else:
                part = self._inflater.unconsumed_tail

    def finish(self) -> bytes:
        return bytes(self._unpacked)

    def _new(self, part: bytes) -> Any:
        if not self._deflate:
            return zlib.decompressobj(16 + zlib.MAX_WBITS)
        zlib_wrapped = part[0] & 0x0F == 8  # some servers send bare deflate under this name
        return zlib.decompressobj(zlib.MAX_WBITS if zlib_wrapped else -zlib.MAX_WBITS)

    def _too_large(self) -> FetchError:
        return FetchError(
            f"{self._url}: is larger than {self._max / 1_000_000:g} MB", code="too-large", permanent=True
        )


def _checked(url: str, asked: str) -> str:
    """The address without its fragment; only http and https, with a host, without a password."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise FetchError(f"{asked}: is no web address", code="bad-address", permanent=True) from error
    if parts.scheme not in ("http", "https") or not host:
        raise FetchError(
            f"{asked}: leads to {parts.scheme or 'no scheme'}: only http and https are fetched",
            code="bad-address",
            permanent=True,
        )
    return urlunsplit(parts._replace(fragment=""))


def _refusal(url: str, status: int, headers: Mapping[str, str]) -> FetchError:
    permanent = status in (400, 401, 403, 404, 405, 406, 410, 414, 451)
    said = {401: "asks for a password", 403: "forbids it", 404: "is not there", 410: "is gone for good"}.get(
        status, f"answers {status}"
    )
    return FetchError(
        f"{url}: {said}",
        permanent=permanent,
        status=status,
        retry_after=_retry_after(headers.get("retry-after")),
    )


def _retry_after(value: str | None) -> float | None:
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    date = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max(0.0, (date - datetime.now(UTC)).total_seconds())
