"""Sources by chat, for those who run the bot: a real store, a real fetcher, a server on this machine."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from types import SimpleNamespace

import pytest

from bot_scene import ANN, OPERATOR, Scene, scene
from digestbot.fetching import FetchLimits, WebFetcher
from digestbot.sources.desk import Desk
from digestbot.sources.discovery import feeds_of_page
from digestbot.sources.opml import read_opml
from feed_server import FeedServer, feed_server, item, rss
from reading import InProcessReader

PAGE = "<html><head><title>The Gazette &amp; Co</title>{}</head><body><p>Words.</p></body></html>"
NAMED = '<link rel="alternate" type="application/rss+xml" href="/feed">'
ONE = "<opml version='2.0'><body><outline text='A' xmlUrl='{0}/a'/><outline xmlUrl='{0}/b'/></body></opml>"


@pytest.fixture
async def place(tmp_path) -> AsyncIterator[SimpleNamespace]:
    async with (
        feed_server() as server,
        WebFetcher(FetchLimits(seconds=2, max_bytes=1_000_000), allow_networks=["127.0.0.1/32"]) as fetcher,
        scene(tmp_path, sources=Desk(fetcher, InProcessReader())) as made,
    ):
        yield SimpleNamespace(scene=made, server=server)


async def rows(made: Scene):
    async with made.store.read() as tx:
        return await tx.sources.all()


def served(server: FeedServer) -> str:
    server.set("/feed", rss(item(1), item(2)))
    return f"{server.url}/feed"


async def offered(made: Scene, text: str) -> dict[str, str]:
    """The buttons under the answer."""
    return (await made.say(text, user=OPERATOR))[-1].buttons


async def opml(made: Scene, content: str, *, caption: str | None = None, user: int = OPERATOR):
    made.telegram.files["f"] = content.encode()
    document = {"file_id": "f", "file_unique_id": "u", "file_name": "list.opml", "file_size": 9}
    return await made.say(None, user=user, document=document, **({"caption": caption} if caption else {}))


async def test_a_feed_is_looked_at_and_asks_from_when_on(place):
    buttons = await offered(place.scene, f"/addsource {served(place.server)}")
    (row,) = await rows(place.scene)
    assert (row.title, row.enabled) == ("The Courier", False)
    assert "waits for your choice" in await place.scene.ask("/sources", user=OPERATOR)
    (_, edit) = sorted(
        await place.scene.press(buttons["Newest 5 too"], user=OPERATOR), key=lambda call: call.method
    )
    assert edit.method == "editMessageText"
    assert edit.text.startswith("The Courier is added")
    (row,) = await rows(place.scene)
    assert (row.enabled, row.options["backfill"], row.kind) == (True, 5, "feed")
    await place.scene.press(buttons["From now on"], user=OPERATOR)  # the first choice holds
    (row,) = await rows(place.scene)
    assert row.options["backfill"] == 5
    assert "source already" in await place.scene.ask(f"/addsource {row.address}", user=OPERATOR)


async def test_a_pages_own_feed_is_found_and_a_page_without_one_is_watched(place):
    served(place.server)
    place.server.set("/", PAGE.format(NAMED))
    place.server.set("/bare", PAGE.format(""))
    assert "2 entries" in await place.scene.ask(f"/addsource {place.server.url}/", user=OPERATOR)
    buttons = await offered(place.scene, f"/addsource {place.server.url}/bare")
    await place.scene.press(buttons["Watch for changes"], user=OPERATOR)
    feed, page = await rows(place.scene)
    assert (feed.kind, feed.address) == ("feed", f"{place.server.url}/feed")
    assert (page.kind, page.title, page.options["watch"]) == ("web", "The Gazette & Co", True)


@pytest.mark.parametrize(
    ("address", "said"),
    [("", "Type the address"), ("ftp://x.example/a", "Type the address"), ("{0}/none", "is not there")],
)
async def test_what_cannot_be_added_is_said(place, address, said):
    text = await place.scene.ask(f"/addsource {address.format(place.server.url)}", user=OPERATOR)
    assert said in text
    assert await rows(place.scene) == []


async def test_an_address_that_must_not_be_fetched_is_refused(tmp_path):
    async with (
        feed_server() as server,
        WebFetcher() as fetcher,
        scene(tmp_path, sources=Desk(fetcher, InProcessReader())) as made,
    ):
        assert "not public" in await made.ask(f"/addsource {served(server)}", user=OPERATOR)
        assert server.requests == []


async def test_removing_asks_first(place):
    await offered(place.scene, f"/addsource {served(place.server)}")
    buttons = await offered(place.scene, "/removesource courier")
    await place.scene.press(buttons["Keep it"], user=OPERATOR)
    assert len(await rows(place.scene)) == 1
    await place.scene.press(buttons["Remove"], user=OPERATOR)
    assert await rows(place.scene) == []
    (answer,) = await place.scene.press(buttons["Remove"], user=OPERATOR)
    assert "done already" in answer.parameters["text"]
    assert "no source “7”" in await place.scene.ask("/removesource 7", user=OPERATOR)


async def test_a_list_is_imported_once_and_exported(place):
    assert "OPML" in await place.scene.ask("/importsources", user=OPERATOR)
    content = ONE.format("https://x.example")
    (_, ask) = await opml(place.scene, content, caption="/importsources")
    assert ask.text.startswith("2 feeds are new; known already: 0")
    await opml(place.scene, content)  # sent again before the press: the same two still wait
    assert [row.enabled for row in await rows(place.scene)] == [False, False]
    (_, ask) = await opml(place.scene, content)
    calls = await place.scene.press(ask.buttons["From now on"], user=OPERATOR)
    assert any("2 feeds are added" in call.text for call in calls if "text" in call.parameters)
    assert [(row.enabled, row.options) for row in await rows(place.scene)] == [(True, {"backfill": 0})] * 2
    (_, known) = await opml(place.scene, content)
    assert known.text == "Nothing to add. Known already: 2."
    (sent,) = await place.scene.say("/exportsources", user=OPERATOR)
    ((name, exported),) = sent.files
    assert name.endswith(".opml")
    assert [feed.address for feed in read_opml(exported)] == ["https://x.example/a", "https://x.example/b"]


async def test_states_are_told_in_words_those_in_trouble_first(place):
    now = place.scene.now
    states = {
        "ok": {"state": "ok", "last_item": now},
        "quiet": {"state": "silent", "state_since": now - timedelta(days=9)},
        "broken": {
            "state": "failing",
            "state_since": now,
            "last_error": "answers 500",
        },
        "left": {"state": "gone", "state_since": now, "enabled": False},
    }
    for name in states:
        async with place.scene.store.begin() as tx:
            await tx.sources.add("feed", f"https://{name}.example", now=now, origin="cli", title=name)
    async with place.scene.store.begin() as tx:
        for row, token in await tx.sources.claim(now, 10, 60.0):
            await tx.sources.finish(row.source_id, token, states[row.title])
    text = await place.scene.ask("/sources", user=OPERATOR)
    assert [line.split(" ")[1] for line in text.splitlines()[1:]] == ["broken", "left", "quiet", "ok"]
    assert "fails since" in text
    assert "answers 500" in text
    assert "silent since" in text


@pytest.mark.parametrize(
    "command",
    ["/sources", "/addsource https://x.example", "/removesource 1", "/importsources", "/exportsources"],
)
async def test_others_are_not_even_told_of_them(place, command):
    name = command.split(" ")[0]
    assert f"I do not know {name}" in await place.scene.ask(command, user=ANN)
    assert name not in await place.scene.ask("/help", user=ANN)
    assert name in await place.scene.ask("/help", user=OPERATOR)


async def test_a_button_of_theirs_does_nothing_for_others(place):
    buttons = await offered(place.scene, f"/addsource {served(place.server)}")
    (answer,) = await place.scene.press(buttons["From now on"], user=ANN)
    assert "Only those who run this bot" in answer.parameters["text"]
    (row,) = await rows(place.scene)
    assert not row.enabled


def test_feeds_a_page_names_are_found_whatever_its_quotes_those_of_comments_last():
    page = b"""<link title='Comments Feed' rel='alternate' type='application/rss+xml' href='/comments'>
    <link rel=alternate type=application/atom+xml href=//other.example/atom><link rel="stylesheet" href="/x">
    <link rel="alternate" hreflang="fr" href="/fr"><link rel="alternate" type="application/rss+xml" href="ftp://y">
    <link rel="alternate" type="application/feed+json" href="/a?b=1&amp;c=2">"""
    assert feeds_of_page(page, "https://x.example/") == [
        "https://other.example/atom",
        "https://x.example/a?b=1&c=2",
        "https://x.example/comments",
    ]
