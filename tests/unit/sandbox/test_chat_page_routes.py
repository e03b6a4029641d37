"""The chat page's routes and what a person is told, without a browser."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette

from digestbot.sandbox.chats import Json
from digestbot.sandbox.page_api import PAGE_OF_MESSAGES, PersonView, page_routes
from digestbot.sandbox.people import Person
from digestbot.sandbox.world import CHANNEL_ID, GROUP_ID, PERSON_ID, Event, EventKind, World, sample_world

PAGE = {"X-Sandbox-Page": "1"}
STRANGER = 2002


@pytest.fixture
def world() -> World:
    world = sample_world()
    world.add_user(STRANGER, "Stranger")
    return world


@pytest.fixture
def view(world: World) -> PersonView:
    return PersonView(world, Person(world, PERSON_ID))


@pytest.fixture
async def client(world: World) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=page_routes(world, Person(world, PERSON_ID)))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as opened:
        yield opened


def texts(world: World, chat_id: int) -> list[str]:
    return [message["text"] for message in world.chats[chat_id].messages.values()]


async def test_the_page_comes_with_a_policy_that_lets_nothing_else_in(client: httpx.AsyncClient) -> None:
    for path in ("/", "/app.js", "/style.css", "/client.js", "/composer.js", "/format.js", "/messages.js"):
        answer = await client.get(path)
        assert answer.status_code == 200
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
    assert "://" not in (await client.get("/")).text


async def test_what_the_person_writes_reaches_the_bot(client: httpx.AsyncClient, world: World) -> None:
    answer = await client.post(f"/page/chats/{PERSON_ID}/text", json={"text": " /start "}, headers=PAGE)
    assert answer.status_code == 200
    assert texts(world, PERSON_ID) == ["/start"]
    assert [update["message"]["text"] for update in world.pending_updates()] == ["/start"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": 5},
        {"text": "   "},
        {"text": "x" * 4097},
        {"text": "x", "reply_to": "1"},
        {"text": "x", "reply_to": 9},
    ],
)
async def test_a_wrong_message_is_refused_in_words(
    client: httpx.AsyncClient, world: World, body: Json
) -> None:
    answer = await client.post(f"/page/chats/{PERSON_ID}/text", json=body, headers=PAGE)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert texts(world, PERSON_ID) == []


async def test_what_is_no_json_object_is_refused(client: httpx.AsyncClient) -> None:
    for content in (b"", b"[]", b"\xff"):
        answer = await client.post(f"/page/chats/{PERSON_ID}/text", content=content, headers=PAGE)
        assert answer.status_code == 400


async def test_other_sites_can_neither_send_nor_read(client: httpx.AsyncClient, world: World) -> None:
    forged = await client.post(f"/page/chats/{PERSON_ID}/text", json={"text": "/start"})
    assert forged.status_code == 403
    rebound = await client.get(f"/page/chats/{PERSON_ID}/messages?before=9", headers={"Host": "evil.test"})
    assert rebound.status_code == 421
    assert texts(world, PERSON_ID) == []


async def test_chats_the_person_is_not_in_stay_closed(client: httpx.AsyncClient, world: World) -> None:
    for chat in (STRANGER, -99):
        written = await client.post(f"/page/chats/{chat}/text", json={"text": "hello"}, headers=PAGE)
        read = await client.get(f"/page/chats/{chat}/messages?before=9")
        assert (written.status_code, read.status_code) == (400, 400)
    assert texts(world, STRANGER) == []


async def test_a_file_keeps_its_name_and_is_never_shown_as_a_page(
    client: httpx.AsyncClient, world: World
) -> None:
    upload = {"file": ("bad.html", b"<script>alert(1)</script>", "text/html")}
    sent = await client.post(f"/page/chats/{PERSON_ID}/file", files=upload, headers=PAGE)
    assert sent.status_code == 200
    (message,) = world.chats[PERSON_ID].messages.values()
    assert message["document"]["file_name"] == "bad.html"
    address = f"/page/files/{message['document']['file_id']}"
    shown = await client.get(address)
    assert shown.headers["content-type"] == "application/octet-stream"
    assert shown.headers["x-content-type-options"] == "nosniff"
    downloaded = await client.get(address, params={"name": 'a "b"\r\n.html'})
    assert downloaded.headers["content-disposition"] == "attachment; filename*=UTF-8''a%20%22b%22%0D%0A.html"
    assert downloaded.content == b"<script>alert(1)</script>"


async def test_an_empty_file_and_an_upload_without_one_are_refused(client: httpx.AsyncClient) -> None:
    for files in ({"file": ("empty.txt", b"", "text/plain")}, {"other": ("x.txt", b"x", "text/plain")}):
        answer = await client.post(f"/page/chats/{PERSON_ID}/file", files=files, headers=PAGE)
        assert answer.status_code == 400


async def test_a_place_must_be_on_earth(client: httpx.AsyncClient) -> None:
    place = {"latitude": 91, "longitude": 0}
    answer = await client.post(f"/page/chats/{PERSON_ID}/location", json=place, headers=PAGE)
    assert answer.status_code == 400


async def test_a_button_that_is_gone_cannot_be_pressed(client: httpx.AsyncClient) -> None:
    body = {"message_id": 1, "data": "next"}
    answer = await client.post(f"/page/chats/{PERSON_ID}/press", json=body, headers=PAGE)
    assert answer.status_code == 400


def test_the_state_holds_the_persons_chats_by_the_names_they_know(view: PersonView) -> None:
    state = view.state()
    assert [chat["id"] for chat in state["chats"]] == [PERSON_ID, GROUP_ID, CHANNEL_ID]
    assert state["chats"][0]["first_name"] == state["bot"]["first_name"]
    json.dumps(state)


def test_long_histories_come_in_pages_without_a_gap(view: PersonView, world: World) -> None:
    chat = world.chats[CHANNEL_ID]
    for number in range(PAGE_OF_MESSAGES + 5):
        world.add_message(chat, None, {"text": str(number)})
    last = view.messages(chat, None)
    first = view.messages(chat, last["messages"][0]["message_id"])
    assert [each["text"] for each in first["messages"] + last["messages"]] == [
        str(number) for number in range(PAGE_OF_MESSAGES + 5)
    ]
    assert (last["earlier"], first["earlier"]) == (True, False)


def test_the_person_is_told_nothing_of_other_peoples_chats(view: PersonView, world: World) -> None:
    message = world.add_message(world.chats[STRANGER], world.bot, {"text": "secret"})
    assert view.told(Event(EventKind.MESSAGE, STRANGER, message)) == []


def test_a_new_command_menu_is_told_for_every_chat(view: PersonView, world: World) -> None:
    world.commands[("default", "")] = [{"command": "digest", "description": "What is new"}]
    told = view.told(Event(EventKind.COMMANDS, None))
    assert [event["chat"]["id"] for event in told] == [PERSON_ID, GROUP_ID, CHANNEL_ID]
    assert told[0]["chat"]["commands"] == world.commands[("default", "")]


def test_a_chat_the_person_has_left_is_told_as_gone(view: PersonView, world: World) -> None:
    world.set_member(GROUP_ID, PERSON_ID, "left")
    assert view.told(Event(EventKind.CHAT, GROUP_ID)) == [{"type": "gone", "chat_id": GROUP_ID}]


def test_the_page_is_shown_the_keys_below_the_field_that_came_with_a_message(
    world: World, view: PersonView
) -> None:
    chat = world.chats[PERSON_ID]
    keys = {"keyboard": [[{"text": "Share", "request_location": True}]]}
    message = world.add_message(chat, world.bot, {"text": "Where are you?"}, markup=keys)
    assert "reply_markup" not in message  # a Message of the Bot API has no such keyboard
    assert view.messages(chat, None)["messages"][-1]["reply_markup"] == keys
    (told,) = view.told(Event(EventKind.MESSAGE, chat.id, message))
    assert told["message"]["reply_markup"] == keys
