"""What is kept about somebody can be had in full, and be gone in full."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import inspect, text

from bot_scene import ANN, BOB, CHANNEL, OPERATOR, filled, put, read_document, scene
from composing import a_condition, an_actor
from databases import postgres_database
from digestbot.bot.application import build_application
from digestbot.ingest.stage import Ingest
from digestbot.publish import Publisher
from digestbot.rendering.actions import Ref, encode_refs

MARK = "zanzibarite"
OWN = (f"The {MARK} paper demands that Egypt leave at once.", f"Its {MARK} annex is secret.")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def used(request, tmp_path):
    """A bot that Ann has used for everything there is; her document, her words and her name are marked."""
    async with contextlib.AsyncExitStack() as stack:
        url = stack.enter_context(postgres_database()) if request.param == "postgres" else None
        made = await stack.enter_async_context(scene(tmp_path, url))
        await filled(made.store)
        read = read_document(
            OWN,
            f"The {MARK} paper",
            actors=[an_actor("Egypt", country="EG")],
            conditions=[a_condition(OWN[0], "leave at once", at=0, holder="Egypt", addressee="Iran")],
        )
        publishes = Ingest(made.store, None, {}, clock=lambda: made.now)  # reads nothing here
        made.application = build_application(made.bot, replace(made.services, ingest=publishes))
        await made.application.initialize()
        await made.say("/start")
        await made.say("/subscribe 07:30 UTC")
        document = await put(made.store, read, f"own-{MARK}", publisher="Mine", scope=ANN)
        await made.say(f"/follow {MARK}")
        await made.say(f"/search {MARK}")
        await made.say(f"/feedback {MARK}")
        await made.press(encode_refs("po", [Ref("d", document)]))
        made.now += timedelta(hours=2)
        published = await Publisher(made.store, lambda: made.now).tick()
        assert published.published == 1
        async with made.store.begin() as tx:
            await tx.chats.seen(
                CHANNEL, type="channel", title="Ann's", username=None, language=None, now=made.now
            )
            await tx.chats.update(CHANNEL, owner=ANN)
            await tx.follows.say(CHANNEL, ANN, "said elsewhere", now=made.now)
            await tx.sources.add("feed", "https://ann.example", now=made.now, origin="chat", added_by=ANN)
        yield made


async def everything_stored(made):
    """Every row of every table (those of the search index too), as text."""
    async with made.store.engine.connect() as connection:
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        return {
            name: [str(tuple(row)) for row in await connection.execute(text(f'SELECT * FROM "{name}"'))]
            for name in names
        }


async def test_all_of_it_is_in_the_file(used):
    sent = (await used.say("/mydata"))[0]
    kept = json.loads(sent.files[0][1])
    assert kept["chat"][0]["id"] == ANN
    assert kept["schedules"][0]["local_time"] == "07:30"
    assert [one["target"] for one in kept["follows"]] == [f"term:{MARK}"]
    assert kept["feedback"][0]["text"] == MARK
    assert kept["feedback elsewhere"][0]["text"] == "said elsewhere"
    assert kept["set up by you"][0]["title"] == "Ann's"
    assert kept["sources added by you"][0]["address"] == "https://ann.example"
    assert kept["documents"][0]["text"] == "\n".join(OWN)
    assert kept["posts"]
    assert kept["deliveries"]
    assert kept["messages"]
    assert kept["updates"] == []  # fed in directly here


async def test_nothing_of_it_is_left_in_any_table(used):
    before = await everything_stored(used)
    assert {name for name, rows in before.items() if any(MARK in row for row in rows)} >= {
        "documents",
        "document_versions",
        "analyses",
        "follows",
        "feedback",
        "editions",
        "edition_parts",
        "deliveries",
    }
    await used.press("fg:yes")
    after = await everything_stored(used)
    for name, rows in after.items():
        assert [row for row in rows if MARK in row or str(ANN) in row] == [], name
    others = await used.ask("/search electricity", user=BOB)
    assert "Gas" in others
    assert "Gas" in await used.ask("/search electricity", user=OPERATOR)
