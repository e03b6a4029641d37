"""The sandbox's table of methods, and what it answers, against the specification of the Bot API.

The specification is not part of the project: give its path in DIGESTBOT_BOT_API_SPECIFICATION, or let it
stand in the folder `shared/telegram` beside the checkout.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from digestbot.sandbox.methods import METHODS
from digestbot.sandbox.parameters import SIGNATURES, Field
from digestbot.sandbox.world import CHANNEL_ID, GROUP_ID, PERSON_ID, sample_world
from sandbox_process import Sandbox, running_sandbox

BESIDE = Path(__file__).parents[3] / "shared" / "telegram" / "bot-api-10.0.json"
SPECIFICATION = Path(os.environ.get("DIGESTBOT_BOT_API_SPECIFICATION", BESIDE))
FORUM = -1003000000001
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

pytestmark = pytest.mark.skipif(
    not SPECIFICATION.is_file(), reason=f"no specification of the Bot API at {SPECIFICATION}"
)


@cache
def specification() -> Any:
    return json.loads(SPECIFICATION.read_text())


def test_every_method_has_the_parameters_of_the_specification() -> None:
    for name, fields in SIGNATURES.methods.items():
        said = specification()["methods"][name].get("fields", [])
        assert [(f.name, list(f.types), f.required) for f in fields if isinstance(f, Field)] == [
            (f["name"], f["types"], f["required"]) for f in said
        ], name


def test_every_type_has_the_fields_of_the_specification() -> None:
    for name, fields in SIGNATURES.types.items():
        said = specification()["types"][name]
        if fields and isinstance(fields[0], str):
            assert list(fields) == said["subtypes"], name
        else:
            assert [(f.name, list(f.types), f.required) for f in fields if isinstance(f, Field)] == [
                (f["name"], f["types"], f["required"]) for f in said.get("fields", [])
            ], name


def test_every_method_of_the_table_is_served() -> None:
    waiting = {"getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo"}
    assert set(METHODS) | waiting == set(SIGNATURES.methods)


# --- answers ----------------------------------------------------------------------------------------


def problems(value: Any, kinds: list[str], place: str) -> list[str]:
    """Where a value does not fit any of the types of the specification."""
    best: list[str] | None = None
    for kind in kinds:
        found = problems_of(value, kind, place)
        if not found:
            return []
        best = found if best is None or len(found) < len(best) else best
    return best or []


def problems_of(value: Any, kind: str, place: str) -> list[str]:
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            return [f"{place}: no array"]
        inner = kind.removeprefix("Array of ")
        return [p for at, element in enumerate(value) for p in problems_of(element, inner, f"{place}[{at}]")]
    simple = {"Integer": int, "Float": (int, float), "String": str, "Boolean": bool, "True": bool}
    if kind in simple:
        fits = isinstance(value, simple[kind]) and (
            kind in ("Boolean", "True") or not isinstance(value, bool)
        )
        return [] if fits else [f"{place}: {value!r} is no {kind}"]
    said = specification()["types"][kind]
    if "subtypes" in said:
        return problems(value, said["subtypes"], place)
    if not isinstance(value, dict):
        return [f"{place}: no object"]
    fields = {field["name"]: field for field in said.get("fields", [])}
    found = [f"{place}.{name}: unknown in {kind}" for name in value if name not in fields]
    found += [
        f"{place}.{n}: missing in {kind}" for n, f in fields.items() if f["required"] and n not in value
    ]
    for name in value.keys() & fields.keys():
        found += problems(value[name], fields[name]["types"], f"{place}.{name}")
    return found


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    world = sample_world()
    world.add_chat(
        FORUM, "supergroup", "Forum", owner_id=PERSON_ID, is_forum=True, bot_status="administrator"
    )
    with running_sandbox(world) as running:
        yield running


class Checked:
    """Calls whose answers are held against the specification."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.called: set[str] = set()

    def __call__(self, method: str, files: dict[str, Any] | None = None, **parameters: Any) -> Any:
        self.called.add(method)
        if files:
            form = {k: v if isinstance(v, str) else json.dumps(v) for k, v in parameters.items()}
            answer = self.sandbox.http.post(
                f"/bot{self.sandbox.token}/{method}", data=form, files=files
            ).json()
        else:
            answer = self.sandbox.call(method, **parameters).json()
        assert answer["ok"], (method, answer)
        returns = specification()["methods"][method]["returns"]
        assert problems(answer["result"], returns, method) == []
        return answer["result"]


def test_every_answer_is_an_object_of_the_specification(sandbox: Sandbox) -> None:
    call = Checked(sandbox)
    me = call("getMe")
    sandbox.person(PERSON_ID, "send_text", chat_id=PERSON_ID, text="/start https://example.org")
    sandbox.person(PERSON_ID, "send_location", chat_id=PERSON_ID, latitude=1.5, longitude=2)
    content = base64.b64encode(b"text").decode()
    sandbox.person(PERSON_ID, "send_document", chat_id=PERSON_ID, content=content, name="a.txt", caption="#a")
    buttons = {
        "inline_keyboard": [[{"text": "Go", "callback_data": "go"}, {"text": "See", "url": "example.org"}]]
    }
    sent = call(
        "sendMessage",
        chat_id=PERSON_ID,
        text="<b>a</b> 😀",
        parse_mode="HTML",
        reply_markup=buttons,
        protect_content=True,
        reply_parameters={"message_id": 1},
        link_preview_options={"is_disabled": True},
    )
    sandbox.person(PERSON_ID, "press_nowait", chat_id=PERSON_ID, message_id=sent["message_id"], data="go")
    photo = call("sendPhoto", {"photo": ("p.png", PNG)}, chat_id=PERSON_ID, caption="p")
    document = call("sendDocument", {"document": ("d.txt", b"d")}, chat_id="@world_digest_demo")
    call(
        "sendMediaGroup",
        {"a": ("a.png", PNG), "b": ("b.png", PNG)},
        chat_id=GROUP_ID,
        media=[{"type": "photo", "media": "attach://a"}, {"type": "photo", "media": "attach://b"}],
    )
    call("sendLocation", chat_id=GROUP_ID, latitude=1, longitude=2)
    call("sendChatAction", chat_id=GROUP_ID, action="typing")
    call("forwardMessage", chat_id=GROUP_ID, from_chat_id=CHANNEL_ID, message_id=document["message_id"])
    call(
        "copyMessage",
        chat_id=GROUP_ID,
        from_chat_id=CHANNEL_ID,
        message_id=document["message_id"],
        caption="c",
    )
    number = sent["message_id"]
    call("editMessageText", chat_id=PERSON_ID, message_id=number, text="b", reply_markup=buttons)
    call("editMessageReplyMarkup", chat_id=PERSON_ID, message_id=number)
    call("editMessageCaption", chat_id=PERSON_ID, message_id=photo["message_id"], caption="q")
    call(
        "editMessageMedia",
        chat_id=PERSON_ID,
        message_id=photo["message_id"],
        media={"type": "document", "media": document["document"]["file_id"]},
    )
    call("pinChatMessage", chat_id=PERSON_ID, message_id=number)
    assert problems(sandbox.messages(PERSON_ID), ["Array of Message"], "messages") == []
    call("getChat", chat_id=PERSON_ID)
    call("unpinChatMessage", chat_id=PERSON_ID)
    call(
        "setMessageReaction",
        chat_id=PERSON_ID,
        message_id=number,
        reaction=[{"type": "emoji", "emoji": "👍"}],
    )
    call("getFile", file_id=document["document"]["file_id"])
    for chat in (GROUP_ID, CHANNEL_ID, FORUM):
        call("getChat", chat_id=chat)
        call("getChatMember", chat_id=chat, user_id=me["id"])
        call("getChatAdministrators", chat_id=chat)
        call("getChatMemberCount", chat_id=chat)
    topic = call("createForumTopic", chat_id=FORUM, name="News")["message_thread_id"]
    call("closeForumTopic", chat_id=FORUM, message_thread_id=topic)
    call("reopenForumTopic", chat_id=FORUM, message_thread_id=topic)
    call("sendMessage", chat_id=FORUM, message_thread_id=topic, text="t")
    menu = [{"command": "start", "description": "Begin"}]
    call("setMyCommands", commands=menu, scope={"type": "all_private_chats"})
    assert call("getMyCommands", scope={"type": "all_private_chats"}) == menu
    call("deleteMyCommands", scope={"type": "all_private_chats"})
    for what in ("Name", "Description", "ShortDescription"):
        field = {"Name": "name", "Description": "description"}.get(what, "short_description")
        call(f"setMy{what}", **{field: "Digest"})
        assert call(f"getMy{what}") == {field: "Digest"}
    call("setChatMenuButton", chat_id=PERSON_ID, menu_button={"type": "commands"})
    call("getChatMenuButton", chat_id=PERSON_ID)
    call("getMyStarBalance")
    sandbox.person(PERSON_ID, "block")
    sandbox.person(PERSON_ID, "unblock")
    sandbox.person(PERSON_ID, "set_bot", chat_id=GROUP_ID, status="restricted")
    sandbox.person(PERSON_ID, "set_bot", chat_id=GROUP_ID, status="administrator")
    sandbox.world("migrate", chat_id=GROUP_ID)
    updates = call("getUpdates", limit=100, allowed_updates=["message", "callback_query", "my_chat_member"])
    kinds = {kind for update in updates for kind in update} - {"update_id"}
    assert kinds == {"message", "callback_query", "my_chat_member"}
    press = next(update["callback_query"] for update in updates if "callback_query" in update)
    call("answerCallbackQuery", callback_query_id=press["id"], text="ok")
    call("getWebhookInfo")
    call("setWebhook", url="http://127.0.0.1:9/none", max_connections=1)
    call("getWebhookInfo")
    call("deleteWebhook", drop_pending_updates=True)
    call("deleteMessage", chat_id=PERSON_ID, message_id=number)
    call("deleteMessages", chat_id=PERSON_ID, message_ids=[1, 2, 9999])
    call("leaveChat", chat_id=FORUM)
    call("close")
    call("logOut")
    assert set(SIGNATURES.methods) - call.called == {
        "answerInlineQuery"
    }  # waits for a query: see the client's test
