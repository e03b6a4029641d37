"""The sandbox's Bot API over HTTP, on this machine alone.

request ──► token ──► parameters ──► fault chosen ──► methods ──► world, ledger
                                          │                          │
answer  ◄── or cut, late, senseless ◄─────┴── latency ◄── result ◄───┘

/bot<token>/<method>       GET and POST; query string, form, multipart, JSON
/file/bot<token>/<path>    files
/control/…                 for tests in other processes (control.py)
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import socket
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Message, Receive, Scope, Send
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from digestbot.sandbox.calls import LARGEST_DOWNLOAD, Call
from digestbot.sandbox.chats import Json
from digestbot.sandbox.control import control_routes
from digestbot.sandbox.faults import Fault, FaultKind, Faults
from digestbot.sandbox.flood import NO_LIMITS, FloodControl, FloodLimits
from digestbot.sandbox.methods import METHODS
from digestbot.sandbox.parameters import SIGNATURES, Upload
from digestbot.sandbox.refusals import ApiError, bad
from digestbot.sandbox.updates import Polling, Webhook
from digestbot.sandbox.world import World

HOST = "127.0.0.1"
LARGEST_BODY = 64 * 1024 * 1024
"""Bytes of a request."""
WEB_PAGE = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"

log = logging.getLogger(__name__)


def default_token(world: World) -> str:
    """The token of the world's bot where none is given."""
    return f"{world.bot_id}:sandbox-token-that-is-no-secret-at-all"


class BotApi:
    """The ASGI application behind /bot<token>/<method>."""

    def __init__(self, world: World, token: str, faults: Faults, flood: FloodControl) -> None:
        self.world = world
        self.token = token
        self.faults = faults
        self.flood = flood
        self.polling = Polling(world)
        self.webhook = Webhook(world)
        self.calls: dict[str, int] = {}
        """Calls by method, refused ones included."""
        self.refused: list[Json] = []
        """Calls refused for what they asked, with the reason; faults on purpose are not among them."""

    async def close(self) -> None:
        """Open polls answer, the webhook rests, event streams end: the server stops."""
        self.polling.close()
        await self.webhook.stop()
        self.world.end_subscriptions()

    # --- one request ---------------------------------------------------------------------------------

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        fault: Fault | None = None
        mark = len(self.world.ledger)
        method = ""
        try:
            method, given, uploads = await self._read(scope, receive)
            fault = self.faults.choose(method, given.get("chat_id"))
            if fault is not None and not fault.accept:
                await self._break(fault, scope, receive, send)
                return
            mark = len(self.world.ledger)
            result = await self._dispatch(method, given, uploads)
            status, body, retry_after = 200, {"ok": True, "result": result}, None
        except ApiError as error:
            status, body = error.status, error.body()
            self.refused.append({"method": method, "status": status, "description": error.description})
            retry_after = (error.parameters or {}).get("retry_after")
        if fault is not None:
            if fault.kind is not FaultKind.DELAY:
                for entry in self.world.ledger[mark:]:
                    entry.answered = False
            if await self._break(fault, scope, receive, send):
                return
        if self.faults.latency:
            await asyncio.sleep(self.faults.latency)
        payload = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        await _answer(send, status, payload, retry_after=retry_after)

    async def _read(self, scope: Scope, receive: Receive) -> tuple[str, Json, Mapping[str, Upload]]:
        """Method, parameters as they came, and files. Raises ApiError."""
        path = scope["path_params"]
        if not hmac.compare_digest(path["token"].encode(), self.token.encode()):
            raise ApiError(401)
        method = SIGNATURES.method_name(path["method"])
        if method is None or scope["method"] not in ("GET", "POST"):
            raise ApiError(404)
        self.calls[method] = self.calls.get(method, 0) + 1
        given: Json = {}
        if scope["query_string"]:
            given |= parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        uploads: Mapping[str, Upload] = {}
        if scope["method"] == "POST":
            body = await _body(receive)
            fields, uploads = await _fields(scope, body)
            given |= fields
        return method, given, uploads

    async def _dispatch(self, method: str, given: Json, uploads: Mapping[str, Upload]) -> Any:
        """The result. Raises ApiError."""
        call = Call(self.world, self.flood, method, SIGNATURES.check(method, given, uploads), uploads)
        handler = METHODS.get(method)
        if handler is not None:
            return handler(call)
        if method == "getUpdates":
            return await self.polling.get_updates(call, self.webhook)
        if method == "setWebhook":
            return await self.webhook.set(call)
        if method == "deleteWebhook":
            return await self.webhook.delete(call)
        return self.webhook.info()

    # --- faults --------------------------------------------------------------------------------------

    async def _break(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> bool:
        """Do what the fault says; False where the true answer is to follow."""
        if fault.kind is FaultKind.ERROR:
            error = fault.error()
            payload = json.dumps(error.body()).encode()
            await _answer(send, error.status, payload, retry_after=fault.retry_after)
        elif fault.kind is FaultKind.GARBAGE:
            await _answer(send, 200, fault.garbage())
        elif fault.kind is FaultKind.NOT_JSON:
            await _answer(send, 200, WEB_PAGE, content_type=b"text/html")
        else:
            if fault.kind is FaultKind.DELAY:
                await asyncio.sleep(fault.seconds)
                if fault.accept:
                    return False
            await _cut(scope, receive)
        return True


async def _body(receive: Receive) -> bytes:
    chunks = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise bad("the request was cut off")
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > LARGEST_BODY:
            raise ApiError(413)
        chunks.append(chunk)
        if not message.get("more_body", False):
            return chunks[0] if len(chunks) == 1 else b"".join(chunks)


async def _fields(scope: Scope, body: bytes) -> tuple[Json, Mapping[str, Upload]]:
    """Parameters and files of a body by its media type. Raises ApiError."""
    content_type = next((value for name, value in scope["headers"] if name == b"content-type"), b"")
    kind = content_type.partition(b";")[0].strip().lower()
    if kind == b"application/x-www-form-urlencoded":
        try:
            return dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict")), {}
        except UnicodeDecodeError as error:
            raise bad("strings must be encoded in UTF-8") from error
    if kind == b"application/json":
        try:
            given = json.loads(body) if body else {}
        except ValueError as error:
            raise bad("can't parse JSON object in the request") from error
        if not isinstance(given, dict):
            raise bad("the request must be a JSON object")
        return given, {}
    if kind == b"multipart/form-data":
        return await _multipart(scope, body)
    if body:
        raise bad("unsupported Content-Type of the request")
    return {}, {}


async def _multipart(scope: Scope, body: bytes) -> tuple[Json, Mapping[str, Upload]]:
    async def once() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    given: Json = {}
    uploads: dict[str, Upload] = {}
    try:
        async with Request(scope, once).form(max_part_size=LARGEST_BODY) as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    mime_type = value.content_type or "application/octet-stream"
                    uploads[name] = Upload(value.filename or "file", mime_type, await value.read())
                else:
                    given[name] = value
    except (MultiPartException, HTTPException, KeyError, ValueError) as error:
        raise bad("can't parse the multipart request") from error
    return given, uploads


async def _answer(
    send: Send,
    status: int,
    payload: bytes,
    *,
    retry_after: int | None = None,
    content_type: bytes = b"application/json",
) -> None:
    headers = [(b"content-type", content_type), (b"content-length", str(len(payload)).encode())]
    if retry_after is not None:
        headers.append((b"retry-after", str(retry_after).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": payload})


async def _cut(scope: Scope, receive: Receive) -> None:
    """Reset the connection, and return when it is gone."""
    scope["state"]["transport"].abort()
    while (await receive())["type"] != "http.disconnect":
        pass


class SandboxProtocol(AutoHTTPProtocol):  # type: ignore[valid-type,misc]  # chosen by uvicorn at run time
    """uvicorn's HTTP, with its connection in `scope["state"]`, so that a fault can cut it."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        """asyncio.Protocol."""
        super().connection_made(transport)
        self.app_state: dict[str, Any] = {**self.app_state, "transport": transport}


# --- the application --------------------------------------------------------------------------------


def create_app(
    world: World,
    *,
    token: str | None = None,
    faults: Faults | None = None,
    limits: FloodLimits = NO_LIMITS,
    control: bool = True,
    routes: Sequence[BaseRoute] = (),
) -> Starlette:
    """The server's application. `token`: of the bot, by default `default_token(world)`.

    `limits`: flood control. `control`: whether /control/… is served. `routes`: further ones, such as the chat
    page's. `app.state.api` is the BotApi. To be served by `server_config` or `serve`.
    """
    api = BotApi(world, token or default_token(world), faults or Faults(), FloodControl(limits))

    async def download(request: Request) -> Response:
        if not hmac.compare_digest(request.path_params["token"].encode(), api.token.encode()):
            return JSONResponse(ApiError(401).body(), 401)
        stored = world.files_by_path.get(unquote(request.path_params["path"]))
        if stored is None or len(stored.content) > LARGEST_DOWNLOAD:
            return JSONResponse(ApiError(404).body(), 404)
        return Response(stored.content, media_type="application/octet-stream")

    async def not_found(request: Request, _: Exception) -> Response:
        return JSONResponse(ApiError(404).body(), 404)

    app = Starlette(
        routes=[
            Route("/bot{token}/{method}", api),
            Route("/file/bot{token}/{path:path}", download),
            *(
                control_routes(api.world, api.faults, api.flood, api.webhook, api.calls, api.refused)
                if control
                else ()
            ),
            *routes,
        ],
        exception_handlers={404: not_found},
    )
    app.state.api = api
    return app


class SandboxServer(uvicorn.Server):
    """uvicorn that ends waiting polls and event streams when it stops, and listens on 127.0.0.1 alone."""

    def __init__(self, app: Starlette, port: int, *, log_level: str = "warning") -> None:
        super().__init__(server_config(app, port, log_level=log_level))
        self._api: BotApi = app.state.api

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """uvicorn.Server. Raises ValueError for a socket that other machines can reach."""
        for listener in sockets or ():
            if listener.getsockname()[0] != HOST:
                raise ValueError(f"The sandbox listens on {HOST} only, not on {listener.getsockname()[0]}")
        await super().startup(sockets)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """uvicorn.Server."""
        await self._api.close()
        await super().shutdown(sockets)


def server_config(app: Starlette, port: int, *, log_level: str = "warning") -> uvicorn.Config:
    """How uvicorn serves the sandbox: on 127.0.0.1 and nowhere else."""
    return uvicorn.Config(
        app,
        host=HOST,
        port=port,
        http=SandboxProtocol,
        ws="none",
        lifespan="off",
        access_log=False,
        server_header=False,
        date_header=False,
        log_level=log_level,
        timeout_graceful_shutdown=2,
        backlog=2048,
    )


def listening_socket(port: int = 0) -> socket.socket:
    """A socket on 127.0.0.1; port 0 takes a free one. Raises OSError where the port is taken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(2048)
    except OSError:
        listener.close()
        raise
    return listener


async def serve(app: Starlette, port: int) -> None:
    """Serve until SIGINT or SIGTERM."""
    await SandboxServer(app, port).serve()
