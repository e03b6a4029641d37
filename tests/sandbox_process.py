"""The sandbox for tests: in a thread of this process, on a free port, driven over its control interface.

with running_sandbox() as sandbox:
    bot_settings = sandbox.api_url, sandbox.token
    sandbox.person(PERSON_ID, "send_text", chat_id=PERSON_ID, text="/start")
    sandbox.wait_for(lambda: sandbox.ledger())
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import httpx

from digestbot.sandbox.flood import NO_LIMITS, FloodLimits
from digestbot.sandbox.server import SandboxServer, create_app, default_token, listening_socket
from digestbot.sandbox.world import World, sample_world

Found = TypeVar("Found")
Json = dict[str, Any]


class Sandbox:
    """A running sandbox. `api_url`: for DIGESTBOT_TELEGRAM_API_URL; `token`: its bot's token."""

    def __init__(self, port: int, token: str) -> None:
        self.port = port
        self.api_url = f"http://127.0.0.1:{port}"
        self.token = token
        self.http = httpx.Client(base_url=self.api_url, timeout=60, trust_env=False)

    # --- the Bot API -------------------------------------------------------------------------------------

    def call(self, method: str, **parameters: Any) -> httpx.Response:
        """A raw call of the Bot API with a JSON body."""
        return self.http.post(f"/bot{self.token}/{method}", json=parameters)

    def result(self, method: str, **parameters: Any) -> Any:
        """The result of a call that must succeed."""
        answer = self.call(method, **parameters).json()
        assert answer["ok"], answer
        return answer["result"]

    # --- control -----------------------------------------------------------------------------------------

    def control(self, verb: str, path: str, **arguments: Any) -> Any:
        """A call of the control interface; raises RuntimeError with its reason where it refuses."""
        if verb == "GET":
            answer = self.http.get(f"/control/{path}", params=arguments)
        else:
            answer = self.http.request(verb, f"/control/{path}", json=arguments)
        if answer.is_error:
            raise RuntimeError(f"/control/{path}: {answer.text}")
        return answer.json()

    def person(self, user_id: int, action: str, **arguments: Any) -> Any:
        """What a person does (digestbot.sandbox.people.Person); `content` in base64."""
        return self.control("POST", f"person/{user_id}/{action}", **arguments)["result"]

    def world(self, action: str, **arguments: Any) -> Any:
        """A change of the world (digestbot.sandbox.world.World)."""
        return self.control("POST", f"world/{action}", **arguments)["result"]

    def ledger(self, chat_id: int | None = None) -> list[Json]:
        """Everything accepted so far, oldest first."""
        entries: list[Json] = []
        after, total = 0, 1
        while after < total:
            only = {} if chat_id is None else {"chat_id": chat_id}
            page = self.control("GET", "ledger", after=after, **only)
            entries += page["entries"]
            total, after = page["total"], after + 10_000
        return entries

    def texts(self, chat_id: int | None = None) -> list[str]:
        """Texts of the messages sent (edits and deletions left out)."""
        return [entry["text"] for entry in self.ledger(chat_id) if entry["what"] == "sent"]

    def refused(self) -> list[Json]:
        """Calls refused for what they asked: method, status, description. Faults are not among them."""
        found: list[Json] = self.control("GET", "updates")["refused"]
        return found

    def messages(self, chat_id: int) -> list[Json]:
        """What stands in a chat now."""
        found: list[Json] = self.control("GET", f"chats/{chat_id}")["messages"]
        return found

    def fault(self, kind: str, **rule: Any) -> Json:
        """Add a fault (digestbot.sandbox.faults.Fault)."""
        found: Json = self.control("POST", "faults", kind=kind, **rule)
        return found

    def clear_faults(self) -> None:
        """No faults any more."""
        self.control("DELETE", "faults")

    def wait_for(self, condition: Callable[[], Found], *, seconds: float = 30.0) -> Found:
        """Ask until the condition gives something; fails after so many seconds."""
        deadline = time.monotonic() + seconds
        while not (found := condition()):
            if time.monotonic() > deadline:
                raise AssertionError(f"Not within {seconds} s; ledger: {self.texts()[-5:]}")
            time.sleep(0.05)
        return found


@contextlib.contextmanager
def running_sandbox(
    world: World | None = None, *, port: int = 0, token: str | None = None, limits: FloodLimits = NO_LIMITS
) -> Iterator[Sandbox]:
    """A sandbox in a thread. `world`: made by `sample_world` by default; not to be touched from outside."""
    world = world or sample_world()
    token = token or default_token(world)
    listener = listening_socket(port)
    server = SandboxServer(create_app(world, token=token, limits=limits), 0)
    thread = threading.Thread(
        target=lambda: asyncio.run(server.serve(sockets=[listener])), name="sandbox", daemon=True
    )
    thread.start()
    sandbox = Sandbox(listener.getsockname()[1], token)
    try:
        while not server.started:
            if not thread.is_alive():
                raise RuntimeError("The sandbox did not start")
            time.sleep(0.005)
        yield sandbox
    finally:
        sandbox.http.close()
        server.should_exit = True
        thread.join(15)
        listener.close()
        if thread.is_alive():
            raise RuntimeError("The sandbox did not stop")
