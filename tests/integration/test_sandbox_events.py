"""What the chat page hears of the sandbox's world."""

from __future__ import annotations

import asyncio

import pytest

from digestbot.sandbox.people import Person, Refused
from digestbot.sandbox.world import CHANNEL_ID, GROUP_ID, PERSON_ID, EventKind, sample_world


async def test_a_subscriber_hears_everything_from_the_moment_of_subscribing() -> None:
    world = sample_world()
    person = Person(world, PERSON_ID)
    person.send_text(GROUP_ID, "before")
    with world.subscribe() as events:
        message = person.send_text(GROUP_ID, "a")
        person.edit_text(GROUP_ID, message["message_id"], "b")
        person.delete(GROUP_ID, message["message_id"])
        person.rename(CHANNEL_ID, "News")
    heard = [event async for event in events]
    assert [event.kind for event in heard] == [
        EventKind.MESSAGE,
        EventKind.EDITED,
        EventKind.DELETED,
        EventKind.CHAT,
        EventKind.MESSAGE,
    ]
    assert heard[1].message is not None
    assert heard[1].message["text"] == "b"
    assert heard[2].message_ids == (message["message_id"],)


async def test_a_waiting_subscriber_is_woken() -> None:
    world = sample_world()
    person = Person(world, PERSON_ID)
    with world.subscribe() as events:
        first = asyncio.ensure_future(anext(aiter(events)))
        await asyncio.sleep(0)
        person.send_text(PERSON_ID, "/start")
        assert (await first).chat_id == PERSON_ID


async def test_a_button_nobody_answers_is_told_to_be_unanswered() -> None:
    world = sample_world()
    person = Person(world, PERSON_ID)
    keyboard = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    message = world.add_message(world.chats[PERSON_ID], world.bot, {"text": "a", "reply_markup": keyboard})
    answer = await person.press(PERSON_ID, message["message_id"], "go", seconds=0.01)
    assert answer.answered is False


def test_people_cannot_do_what_the_app_would_not_let_them() -> None:
    world = sample_world()
    world.add_user(2002, "Bilal")
    stranger = Person(world, 2002)
    for attempt in (
        lambda: stranger.send_text(PERSON_ID, "a"),
        lambda: stranger.send_text(GROUP_ID, "a"),
        lambda: stranger.send_text(CHANNEL_ID, "a"),
        lambda: stranger.send_text(2002, "a" * 4097),
        lambda: stranger.send_text(2002, "a", reply_to=99),
        lambda: stranger.send_text(2002, "a", thread=5),
        lambda: stranger.send_photo(2002, b"no picture"),
    ):
        with pytest.raises(Refused):
            attempt()
    assert not world.pending_updates()


def test_a_world_keeps_as_many_messages_as_it_is_told() -> None:
    world = sample_world(keep_messages=3)
    person = Person(world, PERSON_ID)
    for number in range(5):
        person.send_text(PERSON_ID, str(number))
    assert [message["text"] for message in world.chats[PERSON_ID].messages.values()] == ["2", "3", "4"]
