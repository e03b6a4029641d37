"""What those who run the bot see and do in chat, who may use it, and how often."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot_scene import ANN, BOB, OPERATOR, scene
from digestbot.bot.admission import Access, Pace, invitation_key
from digestbot.model import MessagePart, OutgoingMessage
from digestbot.storage.tables import deliveries, stories

KEY = invitation_key("a secret of the bot's own")


@pytest.fixture
async def made(tmp_path):
    async with scene(tmp_path, access=Access("invited", key=KEY)) as opened:
        yield opened


async def failed_delivery(made, reason: str = "Need administrator rights", state: str = "failed") -> int:
    async with made.store.begin() as tx:
        await tx.chats.seen(BOB, type="private", title="Bob", username=None, language="en", now=made.now)
        await tx.outbox.enqueue_message(
            OutgoingMessage(BOB, MessagePart("x", plain="x")),
            dedupe_key=reason,
            kind="alert",
            now=made.now,
            expires=made.now + timedelta(hours=1),
        )
        await tx.connection.execute(
            deliveries.update()
            .where(deliveries.c.dedupe_key == reason)
            .values(state=state, reason=reason, finished=made.now)
        )
        found = await tx.connection.execute(deliveries.select().where(deliveries.c.dedupe_key == reason))
        return int(found.one().id)


async def state_of(made, number: int) -> str:
    async with made.store.read() as tx:
        found = await tx.connection.execute(deliveries.select().where(deliveries.c.id == number))
        return str(found.one().state)


# --- how it fares ------------------------------------------------------------------------------------------


async def test_status_counts_what_there_is(made):
    await failed_delivery(made)
    async with made.store.begin() as tx:
        await tx.leases.beat("publish", made.now - timedelta(seconds=4))
        told = stories.insert().values(first_seen=made.now, updated=made.now).returning(stories.c.id)
        story = (await tx.connection.execute(told)).scalar_one()
        await tx.follows.vote(BOB, BOB, story, -1, now=made.now)
    text = await made.ask("/status", user=OPERATOR)
    assert "Documents: 0, stories: 1" in text
    assert "Chats: 2 private" in text  # Bob, and the operator who asks
    assert "0 waiting" in text
    assert "1 failed" in text
    assert "publish 4 s" in text
    assert "👍 0, 👎 1" in text


async def test_failures_are_listed_with_reason_and_number_and_tried_again(made):
    number = await failed_delivery(made)
    text = await made.ask("/failures", user=OPERATOR)
    assert re.search(rf"{number}\W+Bob", text)
    assert "Need administrator rights" in text
    assert "Put back into the outbox: 1" in await made.ask(f"/retry {number}", user=OPERATOR)
    assert await state_of(made, number) == "pending"
    assert "nothing of that kind" in await made.ask(f"/retry {number}", user=OPERATOR)
    assert "Everything was delivered" in await made.ask("/failures", user=OPERATOR)


async def test_retry_all_leaves_alone_what_was_skipped_on_purpose(made):
    lost, left = await failed_delivery(made), await failed_delivery(made, "blocked by the user", "skipped")
    assert "outbox: 1" in await made.ask("/retry all", user=OPERATOR)
    assert (await state_of(made, lost), await state_of(made, left)) == ("pending", "skipped")


@pytest.mark.parametrize("typed", ["/retry", "/retry soon", "/retry -1", "/retry 99999999999999999999"])
async def test_retry_says_what_to_type(made, typed):
    assert "/retry 12" in await made.ask(typed, user=OPERATOR)


@pytest.mark.parametrize("typed", ["/status", "/failures", "/retry all", "/invite"])
async def test_nobody_else_learns_that_these_commands_exist(tmp_path, typed):
    async with scene(tmp_path) as made:
        number = await failed_delivery(made)
        answer = await made.ask(typed, user=ANN)
        assert answer == (await made.ask("/nonsense", user=ANN)).replace("nonsense", typed[1:].split()[0])
        assert await state_of(made, number) == "failed"


# --- who may -----------------------------------------------------------------------------------------------


async def link(made) -> str:
    found = re.search(r"\?start=(\S+)", await made.ask("/invite", user=OPERATOR))
    assert found is not None
    return found[1]


async def test_who_opens_an_invitation_may_use_the_bot_from_then_on(made):
    parameter = await link(made)
    assert len(parameter) <= 64
    assert "invited people only" in await made.ask("/digest", user=BOB)
    assert "Ten minutes" in await made.ask(f"/start {parameter}", user=BOB)
    assert "I have not read anything" in await made.ask("/digest", user=BOB)
    assert "invited people only" in await made.ask("/digest", user=ANN)


async def test_an_invitation_ends_with_its_time(made):
    parameter = await link(made)
    made.now += timedelta(days=7, seconds=1)
    assert "invited people only" in await made.ask(f"/start {parameter}", user=BOB)


async def test_a_forged_invitation_opens_nothing(made):
    parameter = await link(made)
    longer = re.sub(r"^iv-\w+-", "iv-zzzzzz-", parameter)
    forged = [longer, parameter[:-1], parameter + "0", "iv", "iv--", "iv-é-x", parameter.upper()]
    forged.append(Access("invited", key=invitation_key("another bot's")).invitation(made.now)[0])
    for one in forged:
        assert "invited people only" in await made.ask(f"/start {one}", user=BOB), one
    assert "invited people only" in "".join(sent.text for sent in await made.press("dg", user=BOB))


async def test_forgetting_ends_an_invitation_too(made):
    await made.ask(f"/start {await link(made)}", user=BOB)
    await made.press("fg:yes", user=BOB)
    assert "invited people only" in await made.ask("/digest", user=BOB)


async def test_an_invitation_is_of_no_use_where_only_listed_people_may(tmp_path):
    async with scene(tmp_path, access=Access("listed", frozenset({ANN}), KEY)) as made:
        assert "not in use" in await made.ask("/invite", user=OPERATOR)
        parameter, _ = Access("invited", key=KEY).invitation(made.now)
        assert "invited people only" in await made.ask(f"/start {parameter}", user=BOB)


# --- how often ---------------------------------------------------------------------------------------------


async def test_who_is_too_fast_is_told_once_and_heard_again_after_a_minute(tmp_path):
    seconds = [0.0]
    async with scene(tmp_path, pace=Pace(3, lambda: seconds[0])) as made:
        answers = [await made.ask("/help", user=BOB) for _ in range(6)]
        assert ["faster than I can read" in answer for answer in answers] == [False] * 3 + [
            True,
            False,
            False,
        ]
        assert answers[4:] == ["", ""]
        assert "/digest" in await made.ask("/help", user=ANN)  # another person is not held up
        for _ in range(6):
            assert "/digest" in await made.ask("/help", user=OPERATOR)
        seconds[0] = 61.0
        assert "/digest" in await made.ask("/help", user=BOB)
