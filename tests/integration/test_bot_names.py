"""Names as people type them: in other languages and scripts, misspelt, several at once."""

from __future__ import annotations

import pytest

from bot_scene import ANN, filled, put, read_document, scene
from composing import a_condition, an_actor
from digestbot.analysis.lexicon import load_lexicon
from digestbot.model import ActorKind, ConditionType


@pytest.fixture
async def full(tmp_path):
    async with scene(tmp_path, names=load_lexicon()) as made:
        await filled(made.store)
        yield made


async def targets(made):
    async with made.store.read() as tx:
        return {one.target: one for one in await tx.follows.for_chat(ANN, now=made.now)}


@pytest.mark.parametrize(
    "name",
    ["Турция", "Анкара", "تركيا", "أنقرة", "انقرہ", "ترکیہ", "Turquie", "Turquía", "Ankara", "Türkiye"],
)
async def test_a_country_is_meant_in_any_language_whatever_that_of_the_interface(full, name):
    await full.say(f"/follow {name}")
    assert set(await targets(full)) == {"country:TR"}


@pytest.mark.parametrize(("typed", "same"), [("Исламабад", "Islamabad"), ("باكستان", "Pakistan")])
async def test_conditions_and_actors_are_asked_for_by_such_names_too(full, typed, same):
    assert await full.ask(f"/conditions {typed}") == await full.ask(f"/conditions {same}")
    assert "two-state" in await full.ask(f"/actors {typed}")


@pytest.mark.parametrize("name", ["Мунир", "منير", "عاصم منیر", "Асим Мунир"])
@pytest.mark.parametrize("command", ["actors", "conditions", "trend", "follow", "mute"])
async def test_a_persons_name_in_another_script_is_asked_about(full, command, name):
    asked = (await full.say(f"/{command} {name}"))[-1]
    assert "Did you mean Asim Munir?" in asked.buttons
    assert await targets(full) == {}


async def test_what_is_asked_about_is_not_followed_before_the_answer(full):
    asked = (await full.say("/follow Munirr"))[0]
    assert await targets(full) == {}
    assert set(asked.buttons) == {"Did you mean Asim Munir?", "No, the word “Munirr”"}
    assert "You follow Asim Munir" in (await full.press(asked.buttons["Did you mean Asim Munir?"]))[-1].text
    assert set(await targets(full)) == {"actor:person:PK:asim munir"}
    assert "You follow Munirr" in (await full.press(asked.buttons["No, the word “Munirr”"]))[-1].text
    assert "term:Munirr" in await targets(full)


async def test_the_days_of_a_mute_are_kept_over_the_question(full):
    asked = (await full.say("/mute Munirr 5 days"))[0]
    await full.press(asked.buttons["Did you mean Asim Munir?"])
    muted = (await targets(full))["actor:person:PK:asim munir"]
    assert (muted.until - full.now).days == 5


async def test_several_names_are_followed_at_once_and_one_with_a_comma_is_one(full):
    await full.say("/follow Turkey, Iran, gas")
    assert set(await targets(full)) == {"country:TR", "country:IR", "term:gas"}
    await full.say("/mute نفط، غاز")
    assert {"term:نفط", "term:غاز"} <= set(await targets(full))


async def test_alerts_are_switched_off_by_button(full):
    followed = (await full.say("/follow Pakistan"))[-1]
    alerting = (await full.press(followed.buttons["Alert me"]))[-1]
    assert (await targets(full))["country:PK"].alerts
    await full.press(alerting.buttons["No alerts"])
    assert not (await targets(full))["country:PK"].alerts


async def test_what_is_unfollowed_by_a_slip_of_the_name_is_offered(full):
    await full.say("/follow Slovakia")
    asked = (await full.say("/unfollow Slovakya"))[-1]
    assert "neither" in (await full.press(asked.buttons["Did you mean Slovakia?"]))[-1].text
    assert await targets(full) == {}


async def test_a_profile_tells_what_others_ask_and_the_weightiest_company_first(tmp_path):
    words = ("Iran demands that Egypt reopen the strait.", "Egypt offered talks.", "Many others were there.")
    crowd = [
        an_actor(f"Aide {letter}", kind=ActorKind.PERSON, salience=0.1, key=f"person::aide {letter}")
        for letter in "abcdefghij"
    ]
    read = read_document(
        words,
        "The strait",
        actors=[*crowd, an_actor("Egypt", country="EG", salience=0.9), an_actor("Iran", country="IR")],
        conditions=[
            a_condition(words[0], "reopen the strait", at=0, holder="Iran", addressee="Egypt"),
            a_condition(
                words[1],
                "offered talks",
                at=len(words[0]) + 1,
                type=ConditionType.OFFER,
                holder="Egypt",
                addressee="Iran",
            ),
        ],
    )
    async with scene(tmp_path, names=load_lexicon()) as made:
        await put(made.store, read, "strait", publisher="Courier")
        text = await made.ask("/actors Egypt")
        holds, asked = text.split("What others demand of it, offer it or threaten it with")
        assert "Egypt → Iran: “offered talks”" in holds
        assert "Iran → Egypt: “reopen the strait”" in asked
        assert asked.split("Together with: ")[1].startswith("Iran, Aide")
        assert words[0] in await made.ask("/source 2")


async def test_a_profile_counts_all_documents(full):
    for number in range(70):
        words = (f"Egypt signed paper number {number}.",)
        read = read_document(
            words, f"Paper {number}", actors=[an_actor("Egypt", country="EG")], conditions=[]
        )
        await put(full.store, read, f"paper{number}", publisher="Courier")
    assert "Appears in 70 documents" in await full.ask("/actors Egypt")
