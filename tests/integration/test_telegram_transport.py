"""What becomes of Telegram's answers, over HTTP, with both request classes."""

from __future__ import annotations

import socket
from contextlib import asynccontextmanager
from urllib.parse import parse_qs

import pytest

from canned_http import Canned, canned_server, refused
from digestbot.errors import DeliveryError
from digestbot.model import Button, MessagePart, OutgoingMessage
from digestbot.protocols.delivery import SendOptions
from digestbot.transports.aiohttp_request import AiohttpRequest
from digestbot.transports.limiter import Limits, RateLimiter
from digestbot.transports.telegram import BotRateLimiter, TelegramTransport, build_bot, sending_seconds

TOKEN = "123456789:AAaaBBbbCCccDDddEEeeFFffGGggHHhhIIi"
ME = Canned(body={"ok": True, "result": {"id": 1, "is_bot": True, "first_name": "b", "username": "b_bot"}})
HELLO = OutgoingMessage(1, MessagePart("<b>hello</b>", plain="hello"))


@asynccontextmanager
async def transport_to(url, kind, *, read_timeout=0.5):
    request = AiohttpRequest(read_timeout=read_timeout) if kind == "aiohttp" else None
    bot = build_bot(
        TOKEN,
        url,
        rate_limiter=BotRateLimiter(RateLimiter(Limits())),
        request=request,
        read_timeout=read_timeout,
    )
    async with bot:
        yield TelegramTransport(bot)


@pytest.fixture(params=["httpx", "aiohttp"])
def kind(request):
    return request.param


async def outcome(kind, *answers, message=HELLO):
    """What sending raises when Telegram answers so (after getMe)."""
    async with canned_server() as server:
        server.answers = [ME, *answers]
        async with transport_to(server.url, kind) as transport:
            with pytest.raises(DeliveryError) as caught:
                await transport.send(message)
    return caught.value


async def test_a_message_arrives_with_all_that_belongs_to_it(kind):
    part = MessagePart(
        "<b>x</b>", keyboard=((Button("Go", callback="go"),), (Button("Web", url="https://e.org"),))
    )
    message = OutgoingMessage(-100, part, thread_id=5, silent=True, reply_to=9)
    async with canned_server() as server:
        server.answers = [ME, Canned()]
        async with transport_to(server.url, kind) as transport:
            assert await transport.send(message, SendOptions(paid=True)) == 42
    path, body = server.requests[-1]
    said = {name: values[0] for name, values in parse_qs(body).items()}
    assert path.endswith("/sendMessage")
    assert said["chat_id"] == "-100"
    assert said["text"] == "<b>x</b>"
    assert said["parse_mode"] == "HTML"
    assert said["message_thread_id"] == "5"
    assert said["disable_notification"] == "true"
    assert said["allow_paid_broadcast"] == "true"
    assert '"callback_data": "go"' in said["reply_markup"]
    assert '"message_id": 9' in said["reply_parameters"]
    assert '"is_disabled": true' in said["link_preview_options"]


@pytest.mark.parametrize(
    ("status", "description", "code"),
    [
        (403, "Forbidden: bot was blocked by the user", "chat-gone"),
        (403, "Forbidden: user is deactivated", "chat-gone"),
        (403, "Forbidden: bot was kicked from the supergroup chat", "chat-gone"),
        (403, "Forbidden: bot is not a member of the channel chat", "chat-gone"),
        (403, "FORBIDDEN: BOT WAS BLOCKED BY THE USER", "chat-gone"),
        (400, "Bad Request: chat not found", "chat-gone"),
        (400, "Bad Request: need administrator rights in the channel chat", "no-right"),
        (400, "Bad Request: not enough rights to send text messages to the chat", "no-right"),
        (400, "Bad Request: CHAT_WRITE_FORBIDDEN", "no-right"),
        (400, "Bad Request: message thread not found", "no-topic"),
        (400, "Bad Request: TOPIC_CLOSED", "no-topic"),
        (400, "Bad Request: BUTTON_DATA_INVALID", "bad-button"),
        (400, "Bad Request: message is too long", "too-long"),
        (400, "Bad Request: message to edit not found", "message-gone"),
        (400, "Bad Request: query is too old and response timeout expired or query ID is invalid", "too-old"),
        (400, "Bad Request: something nobody has seen before", "refused"),
        (413, "Request Entity Too Large", "refused"),
    ],
)
async def test_a_refusal_is_permanent_and_named(kind, status, description, code):
    error = await outcome(kind, refused(status, description))
    assert error.code == code
    assert error.permanent
    assert error.chat_gone == (code == "chat-gone")
    assert not error.uncertain


@pytest.mark.parametrize("text", ["can't parse entities: Unsupported start tag", "Can't Parse Entities: x"])
async def test_refused_markup_may_be_tried_as_plain_text(kind, text):
    error = await outcome(kind, refused(400, f"Bad Request: {text}"))
    assert error.bad_markup
    assert not error.permanent


async def test_a_429_says_how_long_to_wait(kind):
    error = await outcome(kind, refused(429, "Too Many Requests: retry after 14", retry_after=14))
    assert (error.retry_after, error.unsent) == (14, True)
    error = await outcome(kind, refused(429, "Too Many Requests: retry after 40000"))
    assert (error.retry_after, error.unsent) == (40_000, True)


async def test_a_migrated_group_gives_its_new_id(kind):
    said = "Bad Request: group chat was upgraded to a supergroup chat"
    error = await outcome(kind, refused(400, said, migrate_to_chat_id=-1001))
    assert error.new_chat_id == -1001
    error = await outcome(kind, refused(400, said))
    assert (error.permanent, error.code) == (True, "migrated")


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (refused(500, "Internal Server Error"), "server-error"),
        (Canned(502, b"<html>Bad Gateway</html>"), "server-error"),
        (Canned(200, b"<html>ok</html>"), "unreadable"),
        (Canned(200, {"ok": True}), "unreadable"),
        (Canned(200, {"ok": True, "result": True}), "unreadable"),
        (Canned(200, []), "unreadable"),
        (Canned(200, b'{"ok":true,"result":{"message_id":42,"da'), "unreadable"),
        (Canned(200, bytes(range(256))), "unreadable"),
        (Canned(403, b"<html>Forbidden by the company's proxy</html>"), "server-error"),
        (Canned(404, b""), "server-error"),
        (Canned(401, {"error": "log in to the hotel's network"}), "server-error"),
        (Canned(200, {"ok": True, "result": {"no": "message"}}), "unreadable"),
        (Canned(instead="close"), "broken"),
        (Canned(instead="hang"), "timeout"),
    ],
)
async def test_where_no_answer_came_nobody_knows(kind, answer, code):
    error = await outcome(kind, answer)
    assert (error.code, error.uncertain, error.permanent) == (code, True, False)


async def test_a_refused_connection_has_sent_nothing(kind):
    async with canned_server() as server:
        server.answers = [ME]
        async with transport_to(server.url, kind) as transport:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
            transport.bot._base_url = f"{nobody}/bot{TOKEN}"
            with pytest.raises(DeliveryError) as caught:
                await transport.send(HELLO)
    assert (caught.value.code, caught.value.unsent, caught.value.uncertain) == ("unreachable", True, False)


async def test_a_revoked_token_is_the_operators_matter_not_the_messages(kind):
    error = await outcome(kind, refused(401, "Unauthorized"))
    assert (error.code, error.unsent, error.permanent) == ("bad-token", True, False)


async def test_an_edit_that_changes_nothing_is_no_error(kind):
    async with canned_server() as server:
        server.answers = [
            ME,
            refused(400, "Bad Request: message is not modified: the same content"),
        ]
        async with transport_to(server.url, kind) as transport:
            await transport.edit(1, 2, MessagePart("x"))


async def test_an_answer_to_a_person_waits_out_a_short_429():
    async with canned_server() as server:
        server.answers = [ME, refused(429, "Too Many Requests: retry after 1", retry_after=1), Canned()]
        async with transport_to(server.url, "httpx") as transport:
            sent = await transport.bot.send_message(1, "hello")
    assert sent.message_id == 42
    assert [path.rsplit("/", 1)[1] for path, _ in server.requests] == ["getMe", "sendMessage", "sendMessage"]


@pytest.mark.parametrize("read_timeout", [0.5, 20.0, 60.0, 300.0])
def test_a_call_is_over_before_its_row_is_taken_for_uncertain(read_timeout):
    """Connecting 5 s, a place in the pool 10 s, writing and reading `read_timeout` each."""
    assert sending_seconds(read_timeout) > 5 + 10 + 2 * read_timeout
    assert sending_seconds(read_timeout) >= 60
