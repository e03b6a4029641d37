"""The chat page's side of the server: the page itself, what its reader does, and what happens meanwhile.

    GET  /  /app.js …                          the page, under a strict Content-Security-Policy
    GET  /page/events                          server-sent events: a `state` first, then what changes
    GET  /page/chats/{chat}/messages?before=   earlier messages
    POST /page/chats/{chat}/text|file|location|forward|press|inline     what the person does
    POST /page/inline                          asks the bot in inline mode
    GET  /page/files/{file}                    a photo or document

Events are JSON objects by `type`: `state` {user, bot, chats}, `message` {message} (new or edited), `deleted`
{chat_id, message_ids}, `chat` {chat} (new or changed), `gone` {chat_id}, `action` {chat_id, action}.
Messages are the Bot API's Message objects.

The server listens on this machine alone. What other web sites in the reader's browser could still try is
refused: names other than this machine's in Host (DNS rebinding), and POST without the page's own header
(forged requests).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import asdict
from importlib.resources import files
from itertools import islice
from typing import Any
from urllib.parse import quote

from starlette.convertors import Convertor, register_url_convertor
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from digestbot.sandbox.chats import GENERAL_TOPIC, Chat, Json
from digestbot.sandbox.people import Person, Refused
from digestbot.sandbox.world import Event, EventKind, Subscription, World

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy of every answer: nothing from elsewhere, nothing inline."""
MEDIA_TYPES = {
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "svg": "image/svg+xml",
}
PICTURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
"""First bytes of what a browser may show in place; everything else is a download."""
PAGE_OF_MESSAGES = 60
UPLOAD_LIMIT = 64_000_000
"""Bytes of an upload. Above the 20 MB a bot may fetch, so that its answer to large files can be tried."""
ANSWER_WITHIN = 15.0
"""Seconds a pressed button waits for the bot's answer; Telegram's own limit is about as long."""
HEARTBEAT = 15.0
"""Seconds between two signs of life on a quiet event stream."""


class PersonView:
    """The world as one person sees it: their chats, messages, and what happens in them."""

    def __init__(self, world: World, person: Person) -> None:
        self.world = world
        self.person = person

    def sees(self, chat: Chat) -> bool:
        """Whether the chat is in the person's list."""
        if chat.type == "private":
            return chat.id == self.person.id
        return chat.migrated_to is None and chat.status_of(self.person.id) not in ("left", "kicked")

    def chat(self, chat_id: int) -> Chat:
        """One of the person's chats. Raises Refused."""
        chat = self.world.chats.get(chat_id)
        if chat is None or not self.sees(chat):
            raise Refused("You are in no such chat.")
        return chat

    def state(self) -> Json:
        """Everything the page needs to begin with."""
        chats = [
            {**self.described(chat), **self.messages(chat, None)}
            for chat in self.world.chats.values()
            if self.sees(chat)
        ]
        return {"type": "state", "user": self.person.user, "bot": self.world.bot, "chats": chats}

    def described(self, chat: Chat) -> Json:
        """A Chat with what the page shows around its messages."""
        described = chat.object() | {
            "subtitle": self._subtitle(chat),
            "can_send": chat.type != "channel" or chat.is_admin(self.person.id),
            "commands": self.world.commands_for(chat.id, self.person.id),
            "topics": [
                {"thread": topic.thread, "name": topic.name}
                for topic in chat.topics.values()
                if not topic.closed
            ],
        }
        if chat.type == "private":  # to the bot it is the person's chat, to the person the bot's
            described |= {"first_name": self.world.bot["first_name"], "username": self.world.bot["username"]}
            described.pop("last_name", None)
        return described

    def _subtitle(self, chat: Chat) -> str:
        if chat.type == "private":
            return "bot (stopped)" if chat.status_of(self.world.bot_id) == "kicked" else "bot"
        number = sum(member["status"] not in ("left", "kicked") for member in chat.members.values())
        members = f"{number} member" if number == 1 else f"{number} members"
        if chat.type == "channel":
            return f"channel, {members}"
        return f"forum, {members}" if chat.is_forum else f"group, {members}"

    def messages(self, chat: Chat, before: int | None) -> Json:
        """The newest messages (before that id), oldest first, and whether there are earlier ones."""
        newest_first = reversed(chat.messages.values())
        older = (each for each in newest_first if before is None or each["message_id"] < before)
        found = list(islice(older, PAGE_OF_MESSAGES + 1))
        newest = [_with_answers(chat, each) for each in found[:PAGE_OF_MESSAGES][::-1]]
        return {"messages": newest, "earlier": len(found) > PAGE_OF_MESSAGES}

    def told(self, event: Event) -> list[Json]:
        """What the page is told of an event; nothing of what the person cannot see."""
        if event.chat_id is None:
            concerned = [chat for chat in self.world.chats.values() if self.sees(chat)]
        else:
            found = self.world.chats.get(event.chat_id)
            concerned = [] if found is None else [found]
        said = []
        for chat in concerned:
            if not self.sees(chat):
                if event.kind is EventKind.CHAT:
                    said.append({"type": "gone", "chat_id": chat.id})
            elif event.kind in (EventKind.MESSAGE, EventKind.EDITED):
                said.append({"type": "message", "message": _with_answers(chat, event.message or {})})
            elif event.kind is EventKind.DELETED:
                ids = list(event.message_ids)
                said.append({"type": "deleted", "chat_id": chat.id, "message_ids": ids})
            elif event.kind in (EventKind.CHAT, EventKind.COMMANDS):
                said.append({"type": "chat", "chat": self.described(chat)})
            elif event.kind is EventKind.ACTION:
                said.append({"type": "action", "chat_id": chat.id, "action": event.details.get("action")})
        return said


def _with_answers(chat: Chat, message: Json) -> Json:
    """A message as the page shows it: with the keyboard below the field that came with it, if one did."""
    markup = chat.markups.get(message.get("message_id", 0))
    return message if markup is None else message | {"reply_markup": markup}


def page_routes(world: World, person: Person) -> list[Route]:
    """The page of that person and what it calls; to be mounted at the server's root."""
    page = _Page(PersonView(world, person))
    chat = "/page/chats/{chat:signed}"
    register_url_convertor("signed", _Signed())
    posts = {
        f"{chat}/text": page.text,
        f"{chat}/file": page.upload,
        f"{chat}/location": page.location,
        f"{chat}/forward": page.forward,
        f"{chat}/press": page.press,
        f"{chat}/inline": page.choose,
        "/page/inline": page.inline,
    }
    return [
        Route("/", _guarded(page.asset)),
        *[Route(f"/{name}", _guarded(page.asset)) for name in _assets() if name != "index.html"],
        Route("/page/events", _guarded(page.events)),
        Route(f"{chat}/messages", _guarded(page.earlier)),
        Route("/page/files/{file}", _guarded(page.download)),
        *[Route(path, _guarded(handler), methods=["POST"]) for path, handler in posts.items()],
    ]


class _Signed(Convertor[int]):
    """A whole number in an address; ids of groups and channels are negative."""

    regex = "-?[0-9]+"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


def _assets() -> Mapping[str, bytes]:
    folder = files(__package__) / "page"
    return {item.name: item.read_bytes() for item in folder.iterdir() if item.is_file()}


def _guarded(handler: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """Refuses what other sites in the same browser could send; says in JSON what cannot be done."""

    async def guarded(request: Request) -> Response:
        if request.url.hostname not in {"127.0.0.1", "localhost", "::1"}:
            return JSONResponse({"error": "This page answers to 127.0.0.1 and localhost alone."}, 421)
        if request.method == "POST" and "x-sandbox-page" not in request.headers:
            return JSONResponse({"error": "This address is for the chat page alone."}, 403)
        try:
            response = await handler(request)
        except Refused as refusal:
            response = JSONResponse({"error": str(refusal)}, 400)
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return guarded


class _Page:
    """The handlers: one person, any number of browser tabs."""

    def __init__(self, view: PersonView) -> None:
        self._view = view
        self._person = view.person
        self._assets = _assets()

    # --- what is shown

    async def asset(self, request: Request) -> Response:
        name = request.url.path.rpartition("/")[2] or "index.html"
        media_type = MEDIA_TYPES[name.rpartition(".")[2]]
        headers = {"Content-Type": media_type, "Cache-Control": "no-cache"}
        return Response(self._assets[name], headers=headers)

    async def events(self, request: Request) -> Response:
        headers = {"Cache-Control": "no-store"}
        return StreamingResponse(self._stream(), media_type="text/event-stream", headers=headers)

    async def _stream(self) -> AsyncIterator[str]:
        """Ends where the page lags far behind; it then comes back and gets the state anew."""
        with self._view.world.subscribe() as subscription:
            yield _event(self._view.state())
            async for event in _with_heartbeat(subscription):
                if event is None:
                    yield ": still here\n\n"
                else:
                    for said in self._view.told(event):
                        yield _event(said)

    async def earlier(self, request: Request) -> Response:
        try:
            before = int(request.query_params.get("before", ""))
        except ValueError:
            raise Refused("Say before which message.") from None
        return JSONResponse(self._view.messages(self._chat(request), before))

    async def download(self, request: Request) -> Response:
        file = self._view.world.files.get(request.path_params["file"])
        if file is None:
            return JSONResponse({"error": "There is no such file."}, 404)
        if "name" not in request.query_params:
            media_type = _picture_type(file.content) or "application/octet-stream"
            return Response(file.content, headers={"Content-Type": media_type})
        name = quote(request.query_params["name"] or file.name, safe="")
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        }
        return Response(file.content, headers=headers)

    # --- what the person does

    def _chat(self, request: Request) -> Chat:
        return self._view.chat(request.path_params["chat"])

    def _thread(self, chat: Chat, asked: int | None, reply_to: int | None) -> int | None:
        """The topic a message goes to: the one asked for, or that of the message it replies to."""
        original = chat.messages.get(reply_to) if reply_to is not None else None
        thread = (original or {}).get("message_thread_id", asked)
        return None if thread == GENERAL_TOPIC else thread

    async def text(self, request: Request) -> Response:
        asked = await _object(request)
        chat = self._chat(request)
        reply_to = _optional_number(asked, "reply_to")
        thread = self._thread(chat, _optional_number(asked, "thread"), reply_to)
        self._person.send_text(chat.id, _field(asked, "text", str), reply_to=reply_to, thread=thread)
        return JSONResponse({})

    async def upload(self, request: Request) -> Response:
        chat = self._chat(request)
        if int(request.headers.get("content-length", "0")) > UPLOAD_LIMIT:
            raise Refused(f"The sandbox takes files up to {UPLOAD_LIMIT // 1_000_000} MB.")
        async with request.form(max_files=1, max_fields=6) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile):
                raise Refused("There is no file in this upload.")
            content = await file.read()
            caption = str(form.get("caption", ""))
            numbers = {name: str(form.get(name, "")) for name in ("reply_to", "thread")}
            reply_to, asked = (int(each) if each.isdecimal() else None for each in numbers.values())
            thread = self._thread(chat, asked, reply_to)
            if form.get("as") == "photo" and _picture_type(content):
                self._person.send_photo(chat.id, content, caption=caption, reply_to=reply_to, thread=thread)
            else:
                self._person.send_document(
                    chat.id,
                    content,
                    file.filename or "file",
                    mime_type=file.content_type or "application/octet-stream",
                    caption=caption,
                    reply_to=reply_to,
                    thread=thread,
                )
        return JSONResponse({})

    async def location(self, request: Request) -> Response:
        asked = await _object(request)
        latitude, longitude = (float(_field(asked, name, (int, float))) for name in ("latitude", "longitude"))
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            raise Refused("No place on Earth has these co-ordinates.")
        self._person.send_location(self._chat(request).id, latitude, longitude)
        return JSONResponse({})

    async def forward(self, request: Request) -> Response:
        asked = await _object(request)
        source = self._view.chat(_field(asked, "from_chat_id", int))
        self._person.forward(self._chat(request).id, source.id, _field(asked, "message_id", int))
        return JSONResponse({})

    async def press(self, request: Request) -> Response:
        asked = await _object(request)
        message_id, data = _field(asked, "message_id", int), _field(asked, "data", str)
        answer = await self._person.press(self._chat(request).id, message_id, data, seconds=ANSWER_WITHIN)
        return JSONResponse(asdict(answer))

    async def inline(self, request: Request) -> Response:
        query = _field(await _object(request), "query", str)
        answer = await self._person.ask_inline(query, seconds=ANSWER_WITHIN)
        return JSONResponse({"results": (answer or {}).get("results", [])})

    async def choose(self, request: Request) -> Response:
        asked = await _object(request)
        chosen = _field(asked, "result", dict)
        if "message" not in chosen or "id" not in chosen:
            raise Refused("This result holds no message.")
        self._person.choose_inline(self._chat(request).id, _field(asked, "query", str), chosen)
        return JSONResponse({})


async def _with_heartbeat(subscription: Subscription) -> AsyncIterator[Event | None]:
    """The events; None whenever there was none for HEARTBEAT seconds."""
    events = aiter(subscription)
    following: asyncio.Future[Event] | None = None
    try:
        while True:
            following = following or asyncio.ensure_future(anext(events))
            done, _ = await asyncio.wait({following}, timeout=HEARTBEAT)
            if not done:
                yield None
                continue
            try:
                event = following.result()
            except StopAsyncIteration:
                return
            following = None
            yield event
    finally:
        if following is not None:
            following.cancel()


def _picture_type(content: bytes) -> str | None:
    """The media type of a picture that browsers show, by its first bytes; None for everything else."""
    return next((kind for start, kind in PICTURES.items() if content.startswith(start)), None)


def _event(event: Json) -> str:
    return f"data: {json.dumps(event, ensure_ascii=False, separators=(',', ':'))}\n\n"


async def _object(request: Request) -> Json:
    try:
        asked = await request.json()
    except (ValueError, ClientDisconnect):
        raise Refused("The page sent no JSON.") from None
    if not isinstance(asked, dict):
        raise Refused("The page sent no JSON object.")
    return asked


def _field(asked: Json, name: str, kind: type | tuple[type, ...]) -> Any:
    value = asked.get(name)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise Refused(f"The field {name!r} is missing or of the wrong type.")
    return value


def _optional_number(asked: Json, name: str) -> int | None:
    number: int | None = None if asked.get(name) is None else _field(asked, name, int)
    return number
