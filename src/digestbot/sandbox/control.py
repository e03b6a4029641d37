"""What tests in other processes do with the sandbox, over HTTP.

    GET    /control/ledger?after=&chat_id=   what was accepted, as {"entries": […], "total": n}
    DELETE /control/ledger
    GET    /control/faults                   rules in force; POST adds one (fields of Fault); DELETE clears
    POST   /control/latency                  {"seconds": 0.05}
    POST   /control/flood                    {"overall": [30, 30], "group": null}; GET tells the 429s given
    POST   /control/time                     {"advance": 3600} or {"shift": 0}; GET tells {"now", "shift"}
    POST   /control/world/{action}           a method of World, by WORLD_ACTIONS; arguments as JSON object
    POST   /control/person/{user}/{action}   a method of Person, by PERSON_ACTIONS; `content` in base64
    GET    /control/chats/{chat}             messages, members, topics, pins
    GET    /control/commands?chat_id=&user_id=
    GET    /control/updates                  pending updates, calls by method, refused calls
    POST   /control/webhook                  {"repeat": 2}

Refusals are {"error": "…"} with status 400. Browsers are refused: the interface is for programs.
"""

from __future__ import annotations

import base64
import binascii
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import asdict, fields, is_dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from digestbot.sandbox.chats import Chat, Json
from digestbot.sandbox.faults import Fault, Faults
from digestbot.sandbox.flood import FloodControl, FloodLimits, Limit
from digestbot.sandbox.people import Person, Refused
from digestbot.sandbox.updates import Webhook
from digestbot.sandbox.world import CallbackQuery, World

WORLD_ACTIONS: dict[str, Callable[..., Any]] = {
    "add_user": World.add_user,
    "add_chat": World.add_chat,
    "add_topic": World.add_topic,
    "set_topic_closed": World.set_topic_closed,
    "set_member": World.set_member,
    "migrate": World.migrate,
    "push_update": World.push_update,
}
PERSON_ACTIONS: dict[str, Callable[..., Any]] = {
    "send_text": Person.send_text,
    "send_document": Person.send_document,
    "send_photo": Person.send_photo,
    "send_location": Person.send_location,
    "forward": Person.forward,
    "forward_from_channel": Person.forward_from_channel,
    "edit_text": Person.edit_text,
    "delete": Person.delete,
    "press": Person.press,
    "press_nowait": Person.press_nowait,
    "ask_inline": Person.ask_inline,
    "choose_inline": Person.choose_inline,
    "block": Person.block,
    "unblock": Person.unblock,
    "delete_account": Person.delete_account,
    "set_bot": Person.set_bot,
    "join": Person.join,
    "leave": Person.leave,
    "rename": Person.rename,
}
PAGE = 10_000
"""Entries of the ledger in one answer."""


def control_routes(
    world: World,
    faults: Faults,
    flood: FloodControl,
    webhook: Webhook,
    calls: dict[str, int],
    refused: list[Json],
) -> list[Route]:
    """The routes of the interface."""
    control = _Control(world, faults, flood, webhook, calls, refused)
    return [
        Route("/control/ledger", _for_programs(control.ledger), methods=["GET", "DELETE"]),
        Route("/control/faults", _for_programs(control.rules), methods=["GET", "POST", "DELETE"]),
        Route("/control/latency", _for_programs(control.latency), methods=["POST"]),
        Route("/control/flood", _for_programs(control.limits), methods=["GET", "POST"]),
        Route("/control/time", _for_programs(control.time), methods=["GET", "POST"]),
        Route("/control/world/{action}", _for_programs(control.world_action), methods=["POST"]),
        Route("/control/person/{user}/{action}", _for_programs(control.person_action), methods=["POST"]),
        Route("/control/chats/{chat}", _for_programs(control.chat), methods=["GET"]),
        Route("/control/commands", _for_programs(control.commands), methods=["GET"]),
        Route("/control/updates", _for_programs(control.updates), methods=["GET"]),
        Route("/control/webhook", _for_programs(control.webhook_settings), methods=["POST"]),
    ]


Handler = Callable[[Request], Awaitable[Response]]


def _for_programs(handler: Handler) -> Handler:
    async def guarded(request: Request) -> Response:
        if "origin" in request.headers or request.url.hostname not in ("127.0.0.1", "localhost"):
            return JSONResponse({"error": "This interface is for programs on this machine alone."}, 403)
        try:
            return await handler(request)
        except (Refused, ValueError, TypeError, binascii.Error) as error:
            return JSONResponse({"error": str(error)}, 400)
        except KeyError as error:
            return JSONResponse({"error": f"There is no {error.args[0]}."}, 400)

    return guarded


class _Control:
    """The handlers."""

    def __init__(
        self,
        world: World,
        faults: Faults,
        flood: FloodControl,
        webhook: Webhook,
        calls: dict[str, int],
        refused: list[Json],
    ) -> None:
        self._world = world
        self._faults = faults
        self._flood = flood
        self._webhook = webhook
        self._calls = calls
        self._refused = refused

    async def ledger(self, request: Request) -> Response:
        if request.method == "DELETE":
            self._world.ledger.clear()
            return JSONResponse({})
        after = int(request.query_params.get("after", "0"))
        only = request.query_params.get("chat_id")
        found = [
            entry.as_json()
            for entry in self._world.ledger[after : after + PAGE]
            if only is None or entry.chat_id == int(only)
        ]
        return JSONResponse({"entries": found, "total": len(self._world.ledger)})

    async def rules(self, request: Request) -> Response:
        if request.method == "DELETE":
            self._faults.clear()
        elif request.method == "POST":
            return JSONResponse(_fault_json(self._faults.add(**await _object(request))))
        return JSONResponse({"faults": [_fault_json(rule) for rule in self._faults.rules]})

    async def latency(self, request: Request) -> Response:
        self._faults.latency = float((await _object(request))["seconds"])
        return JSONResponse({"seconds": self._faults.latency})

    async def limits(self, request: Request) -> Response:
        if request.method == "POST":
            asked = await _object(request)
            limits = {
                name: None if value is None else Limit(float(value[0]), float(value[1]))
                for name, value in asked.items()
            }
            self._flood.set_limits(FloodLimits(**limits))
            self._flood.refused = 0
        return JSONResponse({"limits": asdict(self._flood.limits), "refused": self._flood.refused})

    async def time(self, request: Request) -> Response:
        if request.method == "POST":
            asked = await _object(request)
            self._world.shift = float(asked.get("shift", self._world.shift)) + float(asked.get("advance", 0))
        return JSONResponse({"now": self._world.now(), "shift": self._world.shift})

    async def world_action(self, request: Request) -> Response:
        action = WORLD_ACTIONS[request.path_params["action"]]
        return await _done(action(self._world, **await _object(request)))

    async def person_action(self, request: Request) -> Response:
        action = PERSON_ACTIONS[request.path_params["action"]]
        arguments = await _object(request)
        if "content" in arguments:
            arguments["content"] = base64.b64decode(arguments["content"], validate=True)
        return await _done(action(Person(self._world, int(request.path_params["user"])), **arguments))

    async def chat(self, request: Request) -> Response:
        return JSONResponse(_chat_json(self._world.chats[int(request.path_params["chat"])]))

    async def commands(self, request: Request) -> Response:
        asked = request.query_params
        menu = self._world.commands_for(int(asked["chat_id"]), int(asked["user_id"]))
        return JSONResponse({"commands": menu})

    async def updates(self, request: Request) -> Response:
        pending = list(self._world.pending_updates())
        return JSONResponse({"pending": pending, "calls": self._calls, "refused": self._refused})

    async def webhook_settings(self, request: Request) -> Response:
        self._webhook.repeat = int((await _object(request))["repeat"])
        return JSONResponse(self._webhook.info())


async def _object(request: Request) -> Json:
    body = await request.body()
    found = await request.json() if body else {}
    if not isinstance(found, dict):
        raise TypeError("Give the arguments as a JSON object.")
    return found


async def _done(outcome: Any) -> Response:
    """The answer to an action, waited for where it takes time."""
    if inspect.isawaitable(outcome):
        outcome = await outcome
    return JSONResponse({"result": _plain(outcome)})


def _plain(outcome: Any) -> Any:
    if isinstance(outcome, Chat):
        return outcome.object()
    if isinstance(outcome, CallbackQuery):
        return {"id": outcome.id}
    if is_dataclass(outcome) and not isinstance(outcome, type):
        return asdict(outcome)
    return outcome


def _fault_json(fault: Fault) -> Json:
    return {row.name: getattr(fault, row.name) for row in fields(fault) if not row.name.startswith("_")}


def _chat_json(chat: Chat) -> Json:
    return {
        "chat": chat.object(),
        "messages": list(chat.messages.values()),
        "members": list(chat.members.values()),
        "topics": [asdict(topic) for topic in chat.topics.values()],
        "pinned": chat.pinned,
        "migrated_to": chat.migrated_to,
    }
