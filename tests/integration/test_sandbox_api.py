"""The sandbox's Bot API over real HTTP: what it takes, what it refuses and in which words."""

from __future__ import annotations

import base64
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from digestbot.sandbox.server import SandboxServer, create_app, server_config
from digestbot.sandbox.world import CHANNEL_ID, GROUP_ID, PERSON_ID, sample_world
from sandbox_process import Sandbox, running_sandbox

FORUM = -1003000000001
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    world = sample_world()
    world.add_user(2002, "Bilal", started=False)
    world.add_chat(FORUM, "supergroup", "Forum", owner_id=PERSON_ID, is_forum=True)
    with running_sandbox(world) as running:
        running.person(PERSON_ID, "send_text", chat_id=PERSON_ID, text="/start")
        yield running


def refusal(answer: httpx.Response) -> tuple[int, str]:
    body = answer.json()
    assert body["ok"] is False
    assert body["error_code"] == answer.status_code
    return answer.status_code, body["description"]


def buttons(*rows: list[str]) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": text, "callback_data": text} for text in row] for row in rows]}


SEND = {"chat_id": PERSON_ID, "text": "a"}


@pytest.mark.parametrize(
    ("method", "parameters", "status", "description"),
    [
        ("sendNothing", {}, 404, "Not Found"),
        (
            "sendMessage",
            SEND | {"colour": "red"},
            400,
            'unknown parameter "colour" of the method sendMessage',
        ),
        ("sendMessage", {"text": "a"}, 400, "chat_id is empty"),
        ("sendMessage", {"chat_id": PERSON_ID}, 400, "message text is empty"),
        ("sendMessage", SEND | {"text": " \n"}, 400, "message text is empty"),
        ("sendMessage", SEND | {"text": "<b></b>", "parse_mode": "HTML"}, 400, "message text is empty"),
        ("sendMessage", SEND | {"text": "a" * 4097}, 400, "message is too long"),
        ("sendMessage", SEND | {"text": 5}, 400, 'parameter "text" must be of type String'),
        ("sendMessage", SEND | {"chat_id": 1.5}, 400, 'parameter "chat_id" must be of type Integer'),
        (
            "sendMessage",
            SEND | {"disable_notification": "maybe"},
            400,
            'parameter "disable_notification" must be of type Boolean',
        ),
        ("sendMessage", SEND | {"chat_id": 77}, 400, "chat not found"),
        ("sendMessage", SEND | {"chat_id": "@nobody"}, 400, "chat not found"),
        ("sendMessage", SEND | {"chat_id": 2002}, 403, "bot can't initiate conversation with a user"),
        (
            "sendMessage",
            SEND | {"text": "<b>", "parse_mode": "HTML"},
            400,
            "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
        ("sendMessage", SEND | {"reply_markup": "{"}, 400, "can't parse reply keyboard markup JSON object"),
        ("sendMessage", SEND | {"reply_markup": "[]"}, 400, "object expected as reply markup"),
        (
            "sendMessage",
            SEND | {"reply_markup": {"inline_keyboard": [[{"text": "a", "x": 1}]]}},
            400,
            'can\'t parse inline_keyboard: unknown field "x" of InlineKeyboardButton',
        ),
        (
            "sendMessage",
            SEND | {"reply_markup": {"inline_keyboard": [[{"text": "a"}]]}},
            400,
            "can't parse inline keyboard button: text buttons are unallowed in the inline keyboard",
        ),
        ("sendMessage", SEND | {"reply_markup": buttons(["é" * 33])}, 400, "BUTTON_DATA_INVALID"),
        ("sendMessage", SEND | {"reply_markup": buttons(list("abcdefghi"))}, 400, "reply markup is too long"),
        (
            "sendMessage",
            SEND | {"reply_markup": buttons(*[list("abcdefgh")] * 13)},
            400,
            "reply markup is too long",
        ),
        (
            "sendMessage",
            SEND | {"reply_parameters": {"message_id": 999}},
            400,
            "message to be replied not found",
        ),
        ("sendMessage", SEND | {"message_thread_id": 5}, 400, "message thread not found"),
        ("sendMessage", SEND | {"chat_id": FORUM, "message_thread_id": 5}, 400, "message thread not found"),
        ("editMessageText", SEND | {"message_id": 999}, 400, "message to edit not found"),
        ("editMessageText", SEND | {"message_id": 1}, 400, "message can't be edited"),
        ("editMessageText", {"text": "a"}, 400, "chat_id is empty"),
        ("deleteMessage", {"chat_id": PERSON_ID, "message_id": 999}, 400, "message to delete not found"),
        (
            "answerCallbackQuery",
            {"callback_query_id": "x"},
            400,
            "query is too old and response timeout expired or query ID is invalid",
        ),
        (
            "sendPhoto",
            {"chat_id": PERSON_ID, "photo": "nonsense"},
            400,
            "wrong file identifier/HTTP URL specified",
        ),
        ("sendPhoto", {"chat_id": PERSON_ID}, 400, "there is no photo in the request"),
        (
            "sendDocument",
            {"chat_id": PERSON_ID, "document": "https://example.org/a.pdf"},
            400,
            "failed to get HTTP URL content",
        ),
        (
            "sendChatAction",
            {"chat_id": PERSON_ID, "action": "dancing"},
            400,
            "wrong parameter action in request",
        ),
        ("getFile", {"file_id": "x"}, 400, "invalid file_id"),
        (
            "setMyCommands",
            {"commands": [{"command": "Start", "description": "a"}]},
            400,
            "BOT_COMMAND_INVALID",
        ),
        (
            "setMyCommands",
            {"commands": [], "scope": {"type": "everyone"}},
            400,
            'can\'t parse scope: field "type" must be "default"',
        ),
        ("getUpdates", {"allowed_updates": ["post"]}, 400, 'unknown update type "post" in allowed_updates'),
        (
            "setWebhook",
            {"url": "http://example.org/"},
            400,
            "bad webhook: An HTTPS URL must be provided for webhook",
        ),
        ("createForumTopic", {"chat_id": GROUP_ID, "name": "x"}, 400, "the chat is not a forum"),
        ("createForumTopic", {"chat_id": FORUM, "name": "x"}, 400, "not enough rights to create a topic"),
        (
            "getChatAdministrators",
            {"chat_id": PERSON_ID},
            400,
            "there are no administrators in the private chat",
        ),
        ("sendMessage", SEND | {"business_connection_id": "b"}, 400, "business connection not found"),
    ],
)
def test_wrong_calls_are_refused_in_telegrams_words(
    sandbox: Sandbox, method: str, parameters: dict[str, Any], status: int, description: str
) -> None:
    kinds = {400: "Bad Request: ", 403: "Forbidden: ", 404: ""}
    assert refusal(sandbox.call(method, **parameters)) == (status, kinds[status] + description)
    assert sandbox.ledger() == []


def test_a_wrong_token_is_unauthorised(sandbox: Sandbox) -> None:
    assert refusal(sandbox.http.get("/bot1:wrong/getMe")) == (401, "Unauthorized")
    assert refusal(sandbox.http.get("/file/bot1:wrong/documents/file_0.txt")) == (401, "Unauthorized")


def test_parameters_come_by_query_form_multipart_and_json(sandbox: Sandbox) -> None:
    path = f"/bot{sandbox.token}/sendMessage"
    form = {"chat_id": str(PERSON_ID), "text": "é & <b>", "disable_notification": "true"}
    answers = [
        sandbox.http.get(path, params=form),
        sandbox.http.post(path, data=form),
        sandbox.http.post(path, data=form, files={"unused": ("a", b"b")}),
        sandbox.http.post(path, json=form),
        sandbox.http.post(path.replace("sendMessage", "SENDMESSAGE"), json=form),
    ]
    assert [answer.json()["result"]["text"] for answer in answers] == ["é & <b>"] * 5
    assert sandbox.texts() == ["é & <b>"] * 5


@pytest.mark.parametrize(
    ("content_type", "body", "description"),
    [
        ("application/json", b"{", "can't parse JSON object in the request"),
        ("application/json", b"[]", "the request must be a JSON object"),
        ("application/json", b'{"chat_id": 1001, "text": "\\ud83d"}', "strings must be encoded in UTF-8"),
        ("application/x-www-form-urlencoded", b"chat_id=1001&text=\xff", "strings must be encoded in UTF-8"),
        ("multipart/form-data", b"x", "can't parse the multipart request"),
        ("text/plain", b"x", "unsupported Content-Type of the request"),
    ],
)
def test_broken_bodies_are_refused(
    sandbox: Sandbox, content_type: str, body: bytes, description: str
) -> None:
    headers = {"Content-Type": content_type}
    answer = sandbox.http.post(f"/bot{sandbox.token}/sendMessage", content=body, headers=headers)
    assert refusal(answer) == (400, f"Bad Request: {description}")


def test_an_edit_that_changes_nothing_is_refused(sandbox: Sandbox) -> None:
    keyboard = buttons(["a"])
    sent = sandbox.result("sendMessage", **SEND, reply_markup=keyboard)
    place = {"chat_id": PERSON_ID, "message_id": sent["message_id"]}
    same = sandbox.call("editMessageText", **place, text="a", reply_markup=keyboard)
    assert refusal(same)[1].startswith("Bad Request: message is not modified: ")
    changed = sandbox.result("editMessageText", **place, text="a")
    assert "reply_markup" not in changed
    assert changed["edit_date"] >= changed["date"]
    again = sandbox.call("editMessageText", **place, text="a")
    assert refusal(again)[1].startswith("Bad Request: message is not modified: ")
    assert [entry["what"] for entry in sandbox.ledger()] == ["sent", "edited"]


def test_a_person_who_blocks_the_bot_gets_nothing(sandbox: Sandbox) -> None:
    sandbox.person(PERSON_ID, "block")
    assert refusal(sandbox.call("sendMessage", **SEND)) == (403, "Forbidden: bot was blocked by the user")
    sandbox.person(PERSON_ID, "unblock")
    assert sandbox.result("sendMessage", **SEND)["text"] == "a"
    sandbox.person(PERSON_ID, "delete_account")
    assert refusal(sandbox.call("sendMessage", **SEND)) == (403, "Forbidden: user is deactivated")
    changes = [
        u["my_chat_member"]["new_chat_member"]["status"]
        for u in sandbox.result("getUpdates")
        if "my_chat_member" in u
    ]
    assert changes == ["kicked", "member"]


def test_groups_are_left_migrated_and_restricted(sandbox: Sandbox) -> None:
    to_group = {"chat_id": GROUP_ID, "text": "a"}
    sandbox.person(
        PERSON_ID, "set_bot", chat_id=GROUP_ID, status="restricted", rights={"can_send_documents": True}
    )
    assert (
        refusal(sandbox.call("sendMessage", **to_group))[1]
        == "Bad Request: not enough rights to send text messages to the chat"
    )
    sandbox.person(PERSON_ID, "set_bot", chat_id=GROUP_ID, status="kicked")
    assert refusal(sandbox.call("sendMessage", **to_group)) == (
        403,
        "Forbidden: bot was kicked from the group chat",
    )
    sandbox.person(PERSON_ID, "set_bot", chat_id=GROUP_ID, status="left")
    assert refusal(sandbox.call("sendMessage", **to_group)) == (
        403,
        "Forbidden: bot is not a member of the group chat",
    )
    sandbox.person(PERSON_ID, "set_bot", chat_id=GROUP_ID, status="member")
    new = sandbox.world("migrate", chat_id=GROUP_ID)["id"]
    answer = sandbox.call("sendMessage", **to_group)
    assert refusal(answer) == (400, "Bad Request: group chat was upgraded to a supergroup chat")
    assert answer.json()["parameters"] == {"migrate_to_chat_id": new}
    assert sandbox.result("sendMessage", chat_id=new, text="a")["chat"]["type"] == "supergroup"
    messages = [u["message"] for u in sandbox.result("getUpdates") if "message" in u]
    assert [m["migrate_to_chat_id"] for m in messages if "migrate_to_chat_id" in m] == [new]
    assert [m["migrate_from_chat_id"] for m in messages if "migrate_from_chat_id" in m] == [GROUP_ID]


def test_channels_need_the_right_to_post(sandbox: Sandbox) -> None:
    post = sandbox.result("sendMessage", chat_id="@world_digest_demo", text="a")
    assert post["sender_chat"]["id"] == CHANNEL_ID
    assert "from" not in post
    rights = {"can_post_messages": False}
    sandbox.person(PERSON_ID, "set_bot", chat_id=CHANNEL_ID, status="administrator", rights=rights)
    answer = sandbox.call("sendMessage", chat_id=CHANNEL_ID, text="a")
    assert refusal(answer) == (400, "Bad Request: need administrator rights in the channel chat")
    sandbox.person(PERSON_ID, "set_bot", chat_id=CHANNEL_ID, status="left")
    answer = sandbox.call("sendMessage", chat_id=CHANNEL_ID, text="a")
    assert refusal(answer) == (403, "Forbidden: bot is not a member of the channel chat")


def test_topics_of_a_forum(sandbox: Sandbox) -> None:
    topic = sandbox.world("add_topic", chat_id=FORUM, name="News")["thread"]
    place = {"chat_id": FORUM, "message_thread_id": topic}
    assert sandbox.result("sendMessage", **place, text="a")["is_topic_message"] is True
    sandbox.world("set_topic_closed", chat_id=FORUM, thread=topic, closed=True)
    # A plain member may not write here; the rights of members say so for topics.
    sandbox.person(
        PERSON_ID, "set_bot", chat_id=FORUM, status="administrator", rights={"can_manage_topics": False}
    )
    assert refusal(sandbox.call("sendMessage", **place, text="a")) == (400, "Bad Request: TOPIC_CLOSED")
    sandbox.person(PERSON_ID, "set_bot", chat_id=FORUM, status="administrator")
    assert sandbox.result("sendMessage", **place, text="a")["message_thread_id"] == topic


def test_files_go_both_ways(sandbox: Sandbox) -> None:
    content = base64.b64encode(b"%PDF-1.7 news").decode()
    sandbox.person(
        PERSON_ID,
        "send_document",
        chat_id=PERSON_ID,
        content=content,
        name="../../etc/news.pdf",
        mime_type="application/pdf",
        caption="/summary",
    )
    received = sandbox.result("getUpdates")[-1]["message"]
    assert received["document"]["file_name"] == "../../etc/news.pdf"
    path = sandbox.result("getFile", file_id=received["document"]["file_id"])["file_path"]
    assert path == "documents/file_0.pdf"
    assert sandbox.http.get(f"/file/bot{sandbox.token}/{path}").content == b"%PDF-1.7 news"
    assert sandbox.http.get(f"/file/bot{sandbox.token}/%2e%2e/etc/passwd").status_code == 404
    form = {"chat_id": str(PERSON_ID), "caption": "c"}
    url = f"/bot{sandbox.token}/sendPhoto"
    photo = sandbox.http.post(url, data=form, files={"photo": ("a.png", PNG)}).json()["result"]["photo"][0]
    assert (photo["width"], photo["height"], photo["file_size"]) == (1, 1, len(PNG))
    assert (
        refusal(sandbox.http.post(url, data=form, files={"photo": ("a", b"x")}))[1]
        == "Bad Request: IMAGE_PROCESS_FAILED"
    )
    again = sandbox.result("sendPhoto", chat_id=PERSON_ID, photo=photo["file_id"])
    assert again["photo"] == [photo]
    long = sandbox.http.post(url, data=form | {"caption": "a" * 1025}, files={"photo": ("a.png", PNG)})
    assert refusal(long)[1] == "Bad Request: message caption is too long"


def test_a_file_above_20_megabytes_cannot_be_fetched(sandbox: Sandbox) -> None:
    url = f"/bot{sandbox.token}/sendDocument"
    files = {"document": ("a.bin", bytes(20_000_001))}
    sent = sandbox.http.post(url, data={"chat_id": str(PERSON_ID)}, files=files).json()["result"]["document"]
    assert refusal(sandbox.call("getFile", file_id=sent["file_id"])) == (400, "Bad Request: file is too big")


def test_groups_show_the_bot_only_what_is_meant_for_it(sandbox: Sandbox) -> None:
    said = ["hello", "/help", "/help@other_bot", "/help@digest_sandbox_bot", "ask @digest_sandbox_bot"]
    for text in said:
        sandbox.person(PERSON_ID, "send_text", chat_id=GROUP_ID, text=text)
    seen = [
        u["message"]["text"] for u in sandbox.result("getUpdates") if u["message"]["chat"]["id"] == GROUP_ID
    ]
    assert seen == ["/help", "/help@digest_sandbox_bot", "ask @digest_sandbox_bot"]


def test_hidden_administrators_and_channels_speak_without_a_sender(sandbox: Sandbox) -> None:
    sandbox.person(PERSON_ID, "send_text", chat_id=GROUP_ID, text="/a", anonymous=True)
    sandbox.person(PERSON_ID, "send_text", chat_id=GROUP_ID, text="/b", as_channel=CHANNEL_ID)
    hidden, channel = (u["message"] for u in sandbox.result("getUpdates")[-2:])
    assert (hidden["sender_chat"]["id"], hidden["from"]["username"]) == (GROUP_ID, "GroupAnonymousBot")
    assert (channel["sender_chat"]["id"], channel["from"]["username"]) == (CHANNEL_ID, "Channel_Bot")


def test_a_pressed_button_waits_for_its_answer(sandbox: Sandbox) -> None:
    sent = sandbox.result("sendMessage", **SEND, reply_markup=buttons(["go"]))
    press = {"chat_id": PERSON_ID, "message_id": sent["message_id"], "data": "go"}
    offset = sandbox.result("getUpdates")[-1]["update_id"] + 1
    with ThreadPoolExecutor() as pool, httpx.Client(base_url=sandbox.api_url, timeout=30) as page:
        pressed = pool.submit(page.post, f"/control/person/{PERSON_ID}/press", json=press)
        update = sandbox.result("getUpdates", offset=offset, timeout=20)[0]["callback_query"]
        assert update["data"] == "go"
        assert sandbox.result(
            "answerCallbackQuery", callback_query_id=update["id"], text="Done", show_alert=True
        )
        assert pressed.result().json()["result"] == {
            "answered": True,
            "text": "Done",
            "show_alert": True,
            "url": None,
        }
    with pytest.raises(RuntimeError, match="no longer there"):
        sandbox.person(PERSON_ID, "press", **press | {"data": "stop"})
    old = sandbox.person(PERSON_ID, "press_nowait", **press)["id"]
    sandbox.control("POST", "time", advance=3600)
    assert refusal(sandbox.call("answerCallbackQuery", callback_query_id=old))[1].startswith(
        "Bad Request: query is too old"
    )


def test_inline_queries(sandbox: Sandbox) -> None:
    offset = sandbox.result("getUpdates")[-1]["update_id"] + 1
    article = {
        "type": "article",
        "id": "1",
        "title": "T",
        "input_message_content": {"message_text": "<b>x</b>", "parse_mode": "HTML"},
        "reply_markup": buttons(["go"]),
    }
    with ThreadPoolExecutor() as pool, httpx.Client(base_url=sandbox.api_url, timeout=30) as page:
        asked = pool.submit(page.post, f"/control/person/{PERSON_ID}/ask_inline", json={"query": "iran"})
        query = sandbox.result("getUpdates", offset=offset, timeout=20)[0]["inline_query"]
        assert (
            refusal(
                sandbox.call("answerInlineQuery", inline_query_id=query["id"], results=[article, article])
            )[1]
            == "Bad Request: RESULT_ID_DUPLICATE"
        )
        assert sandbox.result("answerInlineQuery", inline_query_id=query["id"], results=[article])
        chosen = asked.result().json()["result"]["results"][0]
    sandbox.person(PERSON_ID, "choose_inline", chat_id=GROUP_ID, query="iran", chosen=chosen)
    message = sandbox.messages(GROUP_ID)[-1]
    assert message["text"] == "x"
    assert message["via_bot"]["username"] == "digest_sandbox_bot"
    inline_id = sandbox.result("getUpdates")[-1]["chosen_inline_result"]["inline_message_id"]
    assert sandbox.result("editMessageText", inline_message_id=inline_id, text="y") is True
    assert sandbox.messages(GROUP_ID)[-1]["text"] == "y"


def test_command_menus_are_resolved_by_scope_and_language(sandbox: Sandbox) -> None:
    def menu(name: str) -> list[dict[str, str]]:
        return [{"command": name, "description": name}]

    def shown(chat_id: int) -> str:
        found = sandbox.control("GET", "commands", chat_id=chat_id, user_id=PERSON_ID)["commands"]
        return found[0]["command"] if found else ""

    sandbox.result("setMyCommands", commands=menu("default"))
    assert (shown(PERSON_ID), shown(GROUP_ID), shown(CHANNEL_ID)) == ("default", "default", "")
    sandbox.result("setMyCommands", commands=menu("groups"), scope={"type": "all_group_chats"})
    sandbox.result("setMyCommands", commands=menu("admins"), scope={"type": "all_chat_administrators"})
    sandbox.result(
        "setMyCommands", commands=menu("private"), scope={"type": "all_private_chats"}, language_code="en"
    )
    assert (shown(PERSON_ID), shown(GROUP_ID)) == ("private", "admins")
    sandbox.result(
        "setMyCommands",
        commands=menu("mine"),
        scope={"type": "chat_member", "chat_id": GROUP_ID, "user_id": PERSON_ID},
    )
    assert shown(GROUP_ID) == "mine"
    sandbox.result("deleteMyCommands", scope={"type": "all_private_chats"}, language_code="en")
    assert shown(PERSON_ID) == "default"


def test_messages_are_pinned_and_deleted(sandbox: Sandbox) -> None:
    number = sandbox.result("sendMessage", **SEND)["message_id"]
    assert sandbox.result("pinChatMessage", chat_id=PERSON_ID, message_id=number)
    assert sandbox.result("getChat", chat_id=PERSON_ID)["pinned_message"]["message_id"] == number
    assert (
        refusal(sandbox.call("pinChatMessage", chat_id=GROUP_ID, message_id=1))[1]
        == "Bad Request: not enough rights to manage pinned messages in the chat"
    )
    assert sandbox.result("deleteMessages", chat_id=PERSON_ID, message_ids=[number, 12345])
    assert "pinned_message" not in sandbox.result("getChat", chat_id=PERSON_ID)
    assert sandbox.ledger()[-1]["what"] == "deleted"


def test_reply_keyboards_are_kept_beside_the_message(sandbox: Sandbox) -> None:
    markup = {"keyboard": [[{"text": "07:30"}]], "one_time_keyboard": True}
    sent = sandbox.result("sendMessage", **SEND, reply_markup=markup)
    assert "reply_markup" not in sent
    assert sandbox.ledger()[-1]["reply_markup"] == markup


def test_equal_messages_have_equal_fingerprints(sandbox: Sandbox) -> None:
    for text in ("a", "a", "b"):
        sandbox.result("sendMessage", chat_id=PERSON_ID, text=text)
    first, second, third = (entry["fingerprint"] for entry in sandbox.ledger())
    assert first == second != third


def test_browsers_cannot_reach_the_control_interface(sandbox: Sandbox) -> None:
    foreign = sandbox.http.get("/control/ledger", headers={"Host": "evil.example"})
    script = sandbox.http.get("/control/ledger", headers={"Origin": "https://evil.example"})
    assert [foreign.status_code, script.status_code] == [403, 403]


def test_wrong_control_calls_say_what_is_wrong(sandbox: Sandbox) -> None:
    for path, arguments in [
        ("world/explode", {}),
        ("faults", {"kind": "earthquake"}),
        (f"person/{PERSON_ID}/send_text", {"chat_id": PERSON_ID, "text": ""}),
        (f"person/{PERSON_ID}/send_text", {"chat_id": 99, "text": "a"}),
        ("person/5/block", {}),
        (
            "world/set_member",
            {
                "chat_id": GROUP_ID,
                "user_id": PERSON_ID,
                "status": "administrator",
                "rights": {"can_fly": True},
            },
        ),
    ]:
        with pytest.raises(RuntimeError, match="error"):
            sandbox.control("POST", path, **arguments)


async def test_it_listens_on_this_machine_alone() -> None:
    app = create_app(sample_world())
    assert server_config(app, 0).host == "127.0.0.1"
    with socket.socket() as everywhere:
        everywhere.bind(("0.0.0.0", 0))
        with pytest.raises(ValueError, match=r"127\.0\.0\.1 only"):
            await SandboxServer(app, 0).serve(sockets=[everywhere])
