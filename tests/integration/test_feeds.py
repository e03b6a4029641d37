"""Feeds through the whole way in, from a server on this machine."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from digestbot.fetching import FetchLimits, WebFetcher
from digestbot.ingest import Ingest
from digestbot.model import DigestSettings, Window
from digestbot.protocols.ingest import SourceNews
from digestbot.publish import compose_now
from digestbot.rendering.notices import source_notice
from digestbot.rendering.texts import texts_for
from digestbot.sources import SourceTools, build_sources
from digestbot.storage.engine import Store, create_engine
from feed_server import FeedServer, feed_server, item, long_text, rss
from reading import InProcessReader

NOW = datetime(2026, 3, 4, 6, 0, tzinfo=UTC)


class Desk:
    """An ingest stage that may fetch from this machine, with a clock of its own."""

    def __init__(self, store: Store, server: FeedServer, fetcher: WebFetcher) -> None:
        self.store, self.server, self.now = store, server, NOW
        self.told: list[str] = []
        reader = InProcessReader()

        async def notify(news: SourceNews) -> None:
            self.told.append(source_notice(news, texts_for("en")))

        sources = build_sources(SourceTools(fetcher, reader, 1_000_000))
        self.stage = Ingest(store, reader, sources, notify=notify, rng=random.Random(1))

    async def add(self, kind: str = "feed", path: str = "/feed", **options) -> int:
        async with self.store.begin() as tx:
            return await tx.sources.add(
                kind, self.server.url + path, now=self.now, origin="cli", options=options
            )

    async def collect(self, **passed):
        self.now += timedelta(**passed or {"hours": 1})
        async with self.store.begin() as tx:
            await tx.sources.make_due(self.now)
        return await self.stage.collect(self.now)

    async def documents(self):
        async with self.store.read() as tx:
            return sorted(await tx.documents.latest(scope=None, limit=100), key=lambda d: d.document_id)

    async def row(self):
        async with self.store.read() as tx:
            return (await tx.sources.all())[0]


@pytest.fixture
async def desk(tmp_path) -> AsyncIterator[Desk]:
    store = Store(create_engine(f"sqlite:///{tmp_path / 'test.sqlite3'}"))
    await store.upgrade()
    async with (
        feed_server() as server,
        WebFetcher(FetchLimits(seconds=2, max_bytes=1_000_000), allow_networks=["127.0.0.1/32"]) as fetcher,
    ):
        yield Desk(store, server, fetcher)
    await store.close()


async def test_a_new_feed_is_taken_from_now_on(desk):
    desk.server.set("/feed", rss(item(2), item(1)))
    await desk.add()
    assert (await desk.collect()).new == 0
    desk.server.set("/feed", rss(item(3), item(2), item(1)))
    assert (await desk.collect()).new == 1
    (document,) = await desk.documents()
    assert document.title == "Ship number 3 sails"
    assert document.publisher == "The Courier"
    assert document.url == f"{desk.server.url}/articles/3"
    assert document.published == datetime(2026, 3, 4, 5, 0, tzinfo=UTC)
    assert "Arland" in document.text


async def test_a_back_fill_takes_the_newest_and_no_more(desk):
    hours = [f"Wed, 04 Mar 2026 0{hour}:00:00 GMT" for hour in range(1, 6)]
    desk.server.set("/feed", rss(*(item(number, date=hours[number]) for number in (4, 3, 2, 1, 0))))
    await desk.add(backfill=2)
    assert (await desk.collect()).new == 2
    assert [d.title for d in await desk.documents()] == ["Ship number 3 sails", "Ship number 4 sails"]
    assert (await desk.collect()).new == 0


async def test_what_has_not_changed_is_not_sent_again(desk):
    def answer(asked):
        from feed_server import Answer

        if asked.headers.get("if-none-match") == '"v1"' and asked.headers.get("if-modified-since"):
            return Answer(status=304)
        headers = {"ETag": '"v1"', "Last-Modified": "Wed, 04 Mar 2026 05:00:00 GMT"}
        return Answer(rss(item(1)).encode(), headers=headers)

    desk.server.answers["/feed"] = answer
    await desk.add(backfill=5)
    assert (await desk.collect()).new == 1
    assert (await desk.collect()).new == 0
    assert (await desk.collect()).new == 0
    row = await desk.row()
    assert (row.state, row.etag, row.title) == ("ok", '"v1"', "The Courier")


async def test_changed_guids_replay_no_backlog(desk):
    old = [item(number, guid=f"old-{number}") for number in range(5)]
    desk.server.set("/feed", rss(*old))
    await desk.add(backfill=10)
    assert (await desk.collect()).new == 5
    desk.server.set("/feed", rss(*(item(number, guid=f"new-{number}") for number in range(5))))
    report = await desk.collect()
    assert (report.new, report.changed) == (0, 0)
    moved = [item(number, guid=f"n-{number}", link=f"/moved/{number}") for number in range(5)]
    desk.server.set("/feed", rss(item(9, guid="n-9"), *moved))
    assert (await desk.collect()).new == 1


async def test_entries_that_share_one_address_are_not_taken_for_one(desk):
    desk.server.set("/feed", rss(*(item(number, link="/") for number in range(3))))
    await desk.add(backfill=10)
    assert (await desk.collect()).new == 3
    desk.server.set("/feed", rss(*(item(number, link="/") for number in range(4))))
    report = await desk.collect()
    assert (report.new, report.changed) == (1, 0)


async def test_an_edit_in_the_feed_is_a_new_version(desk):
    desk.server.set("/feed", rss(item(1)))
    await desk.add(backfill=1)
    await desk.collect()
    desk.server.set("/feed", rss(item(1, text=long_text(1).replace("grain", "arms"))))
    report = await desk.collect()
    (document,) = await desk.documents()
    assert (report.new, report.changed, document.version) == (0, 1, 2)


async def test_a_stub_is_read_in_full_from_its_page(desk):
    article = "".join(f"<p>{long_text(number)}</p>" for number in range(4))
    page = f"<html><body><nav>Home About</nav><article><h1>Ship</h1>{article}</article></body></html>"
    desk.server.set("/articles/1", page, headers={"Content-Type": "text/html; charset=utf-8"})
    desk.server.set(
        "/feed", rss(item(1, text="A ship sails. Read more"), item(2, text="Gone page, short text"))
    )
    await desk.add(backfill=5)
    assert (await desk.collect()).new == 2
    texts = {document.title: document.text for document in await desk.documents()}
    assert "Ship number 3 left Arland" in texts["Ship number 1 sails"]
    assert "Gone page, short text" in texts["Ship number 2 sails"]


CONSENT = (
    "<p>We value your privacy. We and our partners store cookies on your device to measure audiences.</p>"
)


@pytest.mark.parametrize(
    "wall",
    [
        "<p>Please enable JavaScript to view this page.</p>",
        CONSENT,
        CONSENT * 20
        + "<p>Accept all or manage your choices at any time in the settings of this site.</p>" * 5,
        "<p>Checking your browser before accessing the site.</p>",
    ],
)
async def test_a_wall_before_an_article_does_not_take_the_place_of_what_the_feed_tells(desk, wall):
    desk.server.set("/articles/1", f"<html><head><title>Welcome</title></head><body>{wall}</body></html>")
    told = "Arland and Borduria signed a treaty on grain exports in the port of Zubrowka on Monday."
    desk.server.set("/feed", rss(item(1, text=told)))
    await desk.add(backfill=5)
    assert (await desk.collect()).new == 1
    (document,) = await desk.documents()
    assert told in document.text
    assert "JavaScript" not in document.text
    assert "cookies" not in document.text


async def test_a_page_that_cannot_be_read_leaves_what_the_feed_tells(desk):
    desk.server.set("/articles/1", b"%PDF-1.4 broken", headers={"Content-Type": "application/pdf"})
    desk.server.set("/feed", rss(item(1, text="Arland signed a treaty on grain.")))
    await desk.add(backfill=5)
    report = await desk.collect()
    assert (report.new, report.failures) == (1, ())
    (document,) = await desk.documents()
    assert "treaty on grain" in document.text


async def test_a_feed_that_moved_is_asked_at_its_new_address(desk):
    desk.server.set("/feed", status=301, headers={"Location": "/new"})
    desk.server.set("/new", rss(item(1)))
    await desk.add(backfill=1)
    await desk.collect()
    assert (await desk.row()).address == f"{desk.server.url}/new"
    await desk.collect()
    assert desk.server.paths().count("/feed") == 1


async def test_a_feed_that_is_gone_is_asked_no_more_and_told_once(desk):
    desk.server.set("/feed", status=410)
    await desk.add()
    await desk.collect()
    await desk.collect(days=3)
    row = await desk.row()
    assert (row.state, row.enabled, desk.server.paths()) == ("gone", False, ["/feed"])
    assert len(desk.told) == 1
    assert "gone for good" in desk.told[0]


async def test_a_failing_feed_backs_off_and_keeps_to_retry_after(desk):
    desk.server.set("/feed", status=503, headers={"Retry-After": "7200"})
    await desk.add()
    await desk.collect()
    row = await desk.row()
    assert (row.state, row.failures) == ("failing", 1)
    assert row.next_due - desk.now >= timedelta(seconds=7200)
    desk.server.set("/feed", status=500)
    waits = []
    for _ in range(6):
        await desk.collect()
        waits.append((await desk.row()).next_due - desk.now)
    assert waits[-1] > 4 * waits[0]
    assert len(desk.told) == 1
    desk.server.set("/feed", rss(item(1)))
    await desk.collect()
    assert desk.told[1].endswith("works again")


async def test_a_feed_without_news_for_long_is_called_silent(desk):
    desk.server.set("/feed", rss(item(1)))
    await desk.add(backfill=1)
    await desk.collect()
    await desk.collect(days=6)
    assert (await desk.row()).state == "ok"
    await desk.collect(days=3)
    assert (await desk.row()).state == "silent"
    assert len(desk.told) == 1
    assert "nothing new" in desk.told[0]


async def test_a_ttl_is_kept_to(desk):
    desk.server.set("/feed", rss(item(1), extra="<ttl>180</ttl>"))
    await desk.add()
    await desk.collect()
    assert (await desk.row()).next_due - desk.now >= timedelta(minutes=180)


async def test_dates_that_are_missing_or_ahead_are_not_believed(desk):
    desk.server.set("/feed", rss(item(1, date=None), item(2, date="Wed, 04 Mar 2027 05:00:00 GMT")))
    await desk.add(backfill=5)
    await desk.collect()
    for document in await desk.documents():
        assert document.published == desk.now
        assert document.published_origin == "fetch"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (rss(item(1)).replace("</rss>", ""), "Ship number 1 sails"),
        (rss(item(1)) + "<trailing", "Ship number 1 sails"),
        (rss(item(1)).replace("<channel>", "<channel>\x0b&nbsp;"), "Ship number 1 sails"),
        (rss(item(1).replace("sails", "sälls")).encode("latin-1"), "Ship number 1"),
        (
            '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><entry><id>1</id>'
            f'<title>Atom</title><link href="/a"/><content type="html"><![CDATA[{long_text(1)}]]></content>'
            "</entry></feed>",
            "Atom",
        ),
        (
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
            f'<channel><title>R</title></channel><item rdf:about="x"><title>Old</title><link>/o</link>'
            f"<description><![CDATA[{long_text(1)}]]></description></item></rdf:RDF>",
            "Old",
        ),
        (
            '{"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": [{"id": "1", '
            f'"url": "/j", "title": "Json", "content_html": "{long_text(1)}", '
            '"date_published": "2026-03-04T05:00:00Z"}]}',
            "Json",
        ),
    ],
    ids=["cut off", "trailing", "bad characters", "wrong encoding", "atom", "rss 1.0", "json feed"],
)
async def test_feeds_of_every_make_and_broken_ones_are_read(desk, body, expected):
    desk.server.set("/feed", body)
    await desk.add(backfill=5)
    report = await desk.collect()
    assert report.failures == ()
    (document,) = await desk.documents()
    assert document.title.startswith(expected)
    assert document.url.startswith(desk.server.url)


@pytest.mark.parametrize(
    "body",
    [
        "<html><body>No feed here</body></html>",
        "",
        "{}",
        '{"items": 3}',
        "\x00\x01\x02",
        "<!DOCTYPE a [<!ENTITY b 'c'>]>",
    ],
)
async def test_what_is_no_feed_is_said_to_be_none(desk, body):
    desk.server.set("/feed", body)
    await desk.add()
    report = await desk.collect()
    assert len(report.failures) == 1
    assert (await desk.row()).state == "failing"


async def test_one_failing_feed_costs_itself_alone(desk):
    desk.server.set("/bad", status=500)
    desk.server.set("/feed", rss(item(1)))
    await desk.add(path="/bad")
    await desk.add(backfill=1)
    report = await desk.collect()
    assert (report.sources, report.new, len(report.failures)) == (2, 1, 1)


async def test_a_watched_page_that_changes_is_a_new_version(desk):
    page = "<html><head><title>Notice</title></head><body><p>{}</p></body></html>"
    desk.server.set("/page", page.format(long_text(1)))
    await desk.add(kind="web", path="/page", watch=True)
    assert (await desk.collect()).new == 1
    assert (await desk.collect()).changed == 0
    desk.server.set("/page", page.format(long_text(2)))
    assert (await desk.collect()).changed == 1
    (document,) = await desk.documents()
    async with desk.store.read() as tx:
        first, second = await tx.documents.versions(document.document_id)
    assert "number 1" in first.text
    assert "number 2" in second.text
    digest = await compose_now(
        desk.store, DigestSettings(), Window(desk.now - timedelta(minutes=1), desk.now), desk.now
    )
    (story,) = digest.stories
    assert (story.changed, "number 1" in story.edits[0].before) == (True, True)
    assert "number 2" in story.edits[0].after


async def test_a_slow_feed_holds_up_nobody_else_and_is_taken_when_it_comes(desk):
    desk.server.set("/slow", rss(item(1), item(2)), pause=0.4)
    desk.server.set("/feed", rss(item(3)))
    await desk.add(path="/slow", backfill=5)
    await desk.add(backfill=5)
    report = await desk.stage.collect_some(desk.now, 0.3)
    assert (report.sources, report.new) == (2, 1)
    assert (await desk.stage.collect_some(desk.now, 0.0)).sources == 0  # it is under way, once
    assert not desk.stage.caught_up
    late = await desk.stage.collect_some(desk.now, 10.0)
    assert (late.sources, late.new) == (0, 2)
    assert desk.stage.caught_up
    assert desk.server.paths().count("/slow") == 1


@pytest.mark.parametrize("patience", [0.0, 0.3], ids=["before-the-first-step", "in-the-middle"])
async def test_a_stop_frees_the_sources_under_way(desk, patience):
    desk.server.set("/feed", silent=True)
    await desk.add()
    assert (await desk.stage.collect_some(desk.now, patience)).sources == 1
    await desk.stage.stop()
    assert (await desk.row()).state == "new"
    desk.server.set("/feed", rss(item(1)))
    assert (await desk.stage.collect_some(desk.now, 10.0)).sources == 1
    assert (await desk.row()).state == "ok"


async def test_a_site_whose_pages_do_not_come_is_asked_for_no_more_of_them(desk):
    desk.server.set("/feed", rss(*(item(number, text=f"Stub number {number}.") for number in range(6))))
    for number in range(6):
        desk.server.set(f"/articles/{number}", status=503)
    await desk.add(backfill=10)
    report = await desk.collect()
    assert (report.new, report.failures) == (6, ())
    assert sum(path.startswith("/articles/") for path in desk.server.paths()) == 2


async def test_a_page_in_the_place_of_a_feed_is_told_with_the_feed_it_names(desk):
    named = '<link rel="alternate" type="application/rss+xml" href="/rss.xml">'
    desk.server.set("/feed", f"<html><head>{named}</head><body>Home</body></html>")
    await desk.add()
    (failure,) = (await desk.collect()).failures
    assert failure.endswith(f"add the feed it names, {desk.server.url}/rss.xml")


async def test_a_feed_that_moved_remembers_the_address_it_was_added_under(desk):
    for old, new in (("/feed", "/second"), ("/second", "/third")):
        desk.server.set(old, status=301, headers={"Location": new})
        desk.server.set(new, rss(item(1)))
        if old == "/feed":
            await desk.add(backfill=1)
        await desk.collect()
    row = await desk.row()
    assert (row.address, row.options["moved_from"]) == (f"{desk.server.url}/third", f"{desk.server.url}/feed")


async def test_a_short_text_is_in_the_language_its_feed_declares(desk):
    body = item(1, text="Verhandlungen gescheitert.")
    desk.server.set("/feed", rss(body, extra="<language>de-DE</language>"))
    await desk.add(backfill=1, full_text="never")
    await desk.collect()
    (document,) = await desk.documents()
    assert document.analysis.language == "de"


async def test_an_entry_without_a_title_is_called_by_its_first_words(desk):
    text = "Ministers of both countries met in the old town hall of Port Sella and agreed on nothing at all."
    entry = {"id": "1", "url": "/p/1", "content_text": text}
    desk.server.set("/feed", json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [entry]}))
    await desk.add(backfill=1, full_text="never")
    await desk.collect()
    (document,) = await desk.documents()
    assert document.title.startswith("Ministers of both countries met")


@pytest.mark.parametrize(
    "place", ["http://169.254.169.254/latest/meta-data/", "http://127.0.0.2:{port}/admin"]
)
async def test_an_entry_that_points_inside_is_read_from_the_feed_alone(desk, place):
    link = place.format(port=desk.server.port)
    desk.server.set("/feed", rss(item(1, text="A stub that points inside.", link=link)))
    await desk.add(backfill=1, full_text="always")
    report = await desk.collect()
    assert (report.new, report.failures) == (1, ())
    (document,) = await desk.documents()
    assert "A stub that points inside." in document.text
    assert desk.server.paths() == ["/feed"]
