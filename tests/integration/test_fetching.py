"""The guarded fetch against a server that misbehaves."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator

import pytest

from digestbot.errors import ConfigurationError, FetchError
from digestbot.fetching import FetchLimits, WebFetcher, may_connect, networks
from feed_server import Answer, FeedServer, feed_server, gzip_bomb, gzipped

LIMITS = FetchLimits(seconds=1.5, max_bytes=200_000, per_host=2)


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with feed_server() as server:
        yield server


@pytest.fixture
async def fetcher() -> AsyncIterator[WebFetcher]:
    async with WebFetcher(LIMITS, allow_networks=["127.0.0.1/32"]) as fetcher:
        yield fetcher


async def refused(fetcher: WebFetcher, url: str, **about) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(url, **about)
    return caught.value


async def test_a_page_comes_with_its_headers_and_a_polite_name(server, fetcher):
    server.set("/a", "hello", headers={"ETag": '"1"'})
    fetched = await fetcher.fetch(f"{server.url}/a", headers={"Accept": "text/html"})
    assert (fetched.content, fetched.headers["etag"], fetched.moved_to) == (b"hello", '"1"', None)
    asked = server.requests[0].headers
    assert asked["user-agent"].startswith("digestbot/")
    assert asked["accept"] == "text/html"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "198.18.0.1",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2001:0:53aa:64c:0:fbff:80ff:fffe",
        "fd00:ec2::254",
        "2001:db8::1",
        "fec0::1",
        "192.0.0.8",
        "192.88.99.1",
        "::127.0.0.1",
        "64:ff9b:1::7f00:1",
    ],
)
def test_addresses_that_are_not_public_are_refused(address):
    assert not may_connect(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_may_be_connected_to(address):
    assert may_connect(ipaddress.ip_address(address))


def test_an_allow_list_lets_its_networks_through_and_no_others():
    allowed = networks(["10.1.0.0/16", "fd00::/8"])
    assert may_connect(ipaddress.ip_address("10.1.2.3"), allowed)
    assert may_connect(ipaddress.ip_address("::ffff:10.1.2.3"), allowed)
    assert may_connect(ipaddress.ip_address("fd00::1"), allowed)
    assert not may_connect(ipaddress.ip_address("10.2.0.1"), allowed)
    with pytest.raises(ConfigurationError, match="such as 10"):
        networks(["the office"])


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "127.1", "[::1]", "[::ffff:127.0.0.1]"]
)
async def test_this_machine_is_never_connected_to_however_it_is_written(server, host):
    server.set("/a", "secret")
    async with WebFetcher(LIMITS) as fetcher:
        error = await refused(fetcher, f"http://{host}:{server.port}/a")
    assert error.code in ("refused-address", "unreachable", "bad-address")
    assert server.requests == []


@pytest.mark.parametrize(
    "place", ["http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://[::1]/"]
)
async def test_a_redirect_to_a_private_address_is_refused(server, fetcher, place):
    server.set("/a", status=302, headers={"Location": place})
    error = await refused(fetcher, f"{server.url}/a")
    assert (error.code, error.permanent) == ("refused-address", True)
    assert "allow_networks" in error.message


@pytest.mark.parametrize(
    "place", ["file:///etc/passwd", "ftp://x.example/", "gopher://127.0.0.1:70/_x", "data:,x"]
)
async def test_a_redirect_to_another_scheme_is_refused(server, fetcher, place):
    server.set("/a", status=301, headers={"Location": place})
    assert (await refused(fetcher, f"{server.url}/a")).code == "bad-address"


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "nonsense", "http://", "http://[bad", "javascript:alert(1)"]
)
async def test_what_is_no_web_address_is_said_to_be_none(fetcher, url):
    error = await refused(fetcher, url)
    assert (error.code, error.permanent) == ("bad-address", True)


async def test_a_name_whose_answer_changes_is_connected_to_where_it_was_checked(server, monkeypatch):
    # The first answer is what is checked; a second question, which a rebinding server would answer with a
    # private address, is never asked.
    asked: list[str] = []

    async def getaddrinfo(self, host, port, **_):
        asked.append(host)
        address = "127.0.0.1" if len(asked) == 1 else "169.254.169.254"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(type(asyncio.get_running_loop()), "getaddrinfo", getaddrinfo)
    server.set("/a", "hello")
    async with WebFetcher(LIMITS, allow_networks=["127.0.0.1/32"]) as fetcher:
        fetched = await fetcher.fetch(f"http://rebind.example:{server.port}/a")
        assert fetched.content == b"hello"
        assert asked == ["rebind.example"]
        assert server.requests[0].headers["host"] == f"rebind.example:{server.port}"
        error = await refused(fetcher, f"http://rebind.example:{server.port}/a")
    assert error.code == "refused-address"


async def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch):
    async def getaddrinfo(self, host, port, **_):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in ("8.8.8.8", "10.0.0.1")]

    monkeypatch.setattr(type(asyncio.get_running_loop()), "getaddrinfo", getaddrinfo)
    async with WebFetcher(LIMITS) as fetcher:
        assert (await refused(fetcher, "http://mixed.example/")).code == "refused-address"


async def test_redirects_are_followed_and_permanent_ones_told(server, fetcher):
    server.set("/a", status=301, headers={"Location": "/b"})
    server.set("/b", status=302, headers={"Location": "/c#part"})
    server.set("/c", "there")
    fetched = await fetcher.fetch(f"{server.url}/a")
    assert (fetched.url, fetched.moved_to) == (f"{server.url}/c", f"{server.url}/b")


async def test_redirects_in_a_circle_end(server, fetcher):
    server.set("/a", status=302, headers={"Location": "/a"})
    assert (await refused(fetcher, f"{server.url}/a")).code == "too-many-redirects"
    assert len(server.requests) == 6


@pytest.mark.parametrize(
    ("status", "permanent"), [(404, True), (410, True), (403, True), (500, False), (503, False), (429, False)]
)
async def test_a_status_is_an_error_that_says_whether_to_try_again(server, fetcher, status, permanent):
    server.set("/a", status=status, headers={"Retry-After": "120"})
    error = await refused(fetcher, f"{server.url}/a")
    assert (error.status, error.permanent, error.retry_after) == (status, permanent, 120.0)


async def test_not_modified_is_an_answer(server, fetcher):
    server.set("/a", status=304)
    assert (await fetcher.fetch(f"{server.url}/a")).status == 304


@pytest.mark.parametrize(
    "answer",
    [Answer(silent=True), Answer(b"x" * 100_000, pause=0.5), Answer(b"x", endless=True, pause=0.1)],
    ids=["silent", "slow", "endless drip"],
)
async def test_a_server_that_takes_its_time_is_given_up(server, fetcher, answer):
    server.answers["/a"] = answer
    assert (await refused(fetcher, f"{server.url}/a")).code == "too-slow"


async def test_an_endless_body_is_cut_off_at_the_limit(server, fetcher):
    server.answers["/a"] = Answer(b"x" * 65_536, endless=True)
    assert (await refused(fetcher, f"{server.url}/a")).code == "too-large"


@pytest.mark.parametrize("body", [gzip_bomb(300), gzip_bomb(1) * 3], ids=["one member", "several members"])
async def test_a_compression_bomb_is_refused(server, fetcher, body):
    server.set("/a", body, headers={"Content-Encoding": "gzip"})
    assert (await refused(fetcher, f"{server.url}/a")).code in ("too-large", "too-slow")


async def test_packed_bodies_are_unpacked(server, fetcher):
    import zlib

    server.set("/gzip", gzipped("hello"), headers={"Content-Encoding": "gzip"})
    server.set("/two", gzipped("hel") + gzipped("lo"), headers={"Content-Encoding": "gzip"})
    server.set("/deflate", zlib.compress(b"hello"), headers={"Content-Encoding": "deflate"})
    server.set("/bare", zlib.compress(b"hello")[2:-4], headers={"Content-Encoding": "deflate"})
    for path in ("/gzip", "/two", "/deflate", "/bare"):
        assert (await fetcher.fetch(server.url + path)).content == b"hello"
    server.set("/bad", b"no gzip at all", headers={"Content-Encoding": "gzip"})
    assert (await refused(fetcher, f"{server.url}/bad")).code == "unreachable"
    server.set("/other", b"x", headers={"Content-Encoding": "br"})
    assert (await refused(fetcher, f"{server.url}/other")).code == "bad-encoding"


async def test_an_answer_that_breaks_off_is_an_error(server, fetcher):
    server.set("/a", b"x" * 10, length=100)
    assert (await refused(fetcher, f"{server.url}/a")).code == "unreachable"
    closed = server.url.replace(str(server.port), "1")
    assert (await refused(fetcher, closed)).code == "unreachable"


async def test_robots_are_asked_once_and_obeyed_for_pages_alone(server, fetcher):
    server.set("/robots.txt", "User-agent: digestbot\nDisallow: /private/\n")
    server.set("/private/a", "x")
    server.set("/public/a", "x")
    assert (await fetcher.fetch(f"{server.url}/public/a", robots=True)).content == b"x"
    assert (await refused(fetcher, f"{server.url}/private/a", robots=True)).code == "robots"
    assert (await fetcher.fetch(f"{server.url}/private/a")).content == b"x"
    assert server.paths().count("/robots.txt") == 1
    assert server.paths().count("/private/a") == 1


async def test_without_robots_all_may_be_fetched_and_with_broken_ones_nothing(server, fetcher):
    server.set("/a", "x")
    assert (await fetcher.fetch(f"{server.url}/a", robots=True)).content == b"x"
    async with WebFetcher(LIMITS, allow_networks=["127.0.0.1/32"]) as another:
        server.set("/robots.txt", status=503)
        error = await refused(another, f"{server.url}/a", robots=True)
        assert (error.status, error.permanent) == (503, False)


async def test_a_robots_file_without_end_is_read_as_far_as_it_must_be(server, fetcher):
    rules = "User-agent: *\nDisallow: /closed/\n"
    server.answers["/robots.txt"] = Answer(rules.encode() + b"# endless\n" * 800, endless=True)
    server.set("/closed/a", "x")
    server.set("/a", "x")
    assert (await refused(fetcher, f"{server.url}/closed/a", robots=True)).code == "robots"
    assert (await fetcher.fetch(f"{server.url}/a", robots=True)).content == b"x"


async def test_robots_are_asked_anew_of_every_host_a_redirect_leads_to(server, fetcher):
    async with feed_server() as other:
        other.set("/robots.txt", "User-agent: *\nDisallow: /\n")
        other.set("/b", "closed")
        server.set("/a", status=302, headers={"Location": f"{other.url}/b"})
        assert (await refused(fetcher, f"{server.url}/a", robots=True)).code == "robots"
        assert other.paths() == ["/robots.txt"]


async def test_no_cookie_is_kept(server, fetcher):
    server.set("/a", "x", headers={"Set-Cookie": "who=me; Path=/"})
    await fetcher.fetch(f"{server.url}/a")
    await fetcher.fetch(f"{server.url}/a")
    assert not any("cookie" in asked.headers for asked in server.requests)


async def test_a_name_that_changes_its_address_is_judged_at_every_connection(server, monkeypatch):
    """DNS rebinding: the first answer is allowed, the second is this machine under its IPv6-mapped form."""
    answers = iter(["127.0.0.1", "::ffff:169.254.169.254", "::1", "10.0.0.1"])
    asked: list[str] = []

    async def resolve(_loop, host, port, **_):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", resolve)
    server.set("/a", status=302, headers={"Location": f"http://rebind.example:{server.port}/b"})
    server.set("/b", "secret")
    async with WebFetcher(LIMITS, allow_networks=["127.0.0.1/32"]) as fetcher:
        for _ in range(3):
            error = await refused(fetcher, f"http://rebind.example:{server.port}/a")
            assert error.code == "refused-address"
    assert server.paths() == ["/a"]
    assert set(asked) == {"rebind.example"}


async def test_no_more_than_two_connections_to_one_host(server, fetcher):
    server.set("/a", "x" * 20_000, pause=0.05)
    await asyncio.gather(*(fetcher.fetch(f"{server.url}/a") for _ in range(8)))
    assert (len(server.requests), server.most_at_once) == (8, 2)
