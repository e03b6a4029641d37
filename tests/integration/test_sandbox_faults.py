"""The sandbox's ways to hand over updates, its faults and its flood control, over real HTTP."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from digestbot.sandbox.chats import Chat
from digestbot.sandbox.faults import Faults
from digestbot.sandbox.flood import FloodControl, FloodLimits, Limit
from digestbot.sandbox.refusals import ApiError
from digestbot.sandbox.world import GROUP_ID, PERSON_ID, sample_world
from sandbox_process import Sandbox, running_sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox(sample_world(open_door=True)) as running:
        yield running


def write(sandbox: Sandbox, text: str) -> None:
    sandbox.person(PERSON_ID, "send_text", chat_id=PERSON_ID, text=text)


def texts(updates: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


# --- getUpdates -------------------------------------------------------------------------------------


def test_updates_come_again_until_they_are_confirmed(sandbox: Sandbox) -> None:
    for text in "abcd":
        write(sandbox, text)
    first = sandbox.result("getUpdates", limit=3)
    assert texts(first) == ["a", "b", "c"]
    assert sandbox.result("getUpdates", limit=3) == first
    assert texts(sandbox.result("getUpdates", offset=first[1]["update_id"] + 1)) == ["c", "d"]
    assert texts(sandbox.result("getUpdates", offset=-1)) == ["d"]
    assert texts(sandbox.result("getUpdates")) == ["d"]


def test_a_poll_waits_for_the_next_update(sandbox: Sandbox) -> None:
    with ThreadPoolExecutor() as pool, httpx.Client(base_url=sandbox.api_url, timeout=60) as poller:
        poll = pool.submit(poller.post, f"/bot{sandbox.token}/getUpdates", json={"timeout": 40})
        sandbox.wait_for(lambda: "getUpdates" in sandbox.control("GET", "updates")["calls"])
        assert not poll.done()
        write(sandbox, "late")
        assert texts(poll.result().json()["result"]) == ["late"]


def test_a_second_poll_ends_the_first_with_a_conflict(sandbox: Sandbox) -> None:
    with ThreadPoolExecutor() as pool, httpx.Client(base_url=sandbox.api_url, timeout=60) as poller:
        poll = pool.submit(poller.post, f"/bot{sandbox.token}/getUpdates", json={"timeout": 40})
        sandbox.wait_for(lambda: "getUpdates" in sandbox.control("GET", "updates")["calls"])
        assert sandbox.result("getUpdates") == []
        answer = poll.result()
    assert answer.status_code == 409
    assert answer.json()["description"].startswith("Conflict: terminated by other getUpdates request")


def test_kinds_of_update_not_asked_for_are_not_queued(sandbox: Sandbox) -> None:
    sandbox.result("getUpdates", allowed_updates=["my_chat_member"])
    write(sandbox, "a")
    sandbox.person(PERSON_ID, "block")
    assert [sorted(update)[0] for update in sandbox.result("getUpdates")] == ["my_chat_member"]


def test_updates_nobody_fetches_are_dropped_after_a_day(sandbox: Sandbox) -> None:
    write(sandbox, "old")
    sandbox.control("POST", "time", advance=90_000)
    write(sandbox, "new")
    assert texts(sandbox.result("getUpdates")) == ["new"]


# --- webhook ----------------------------------------------------------------------------------------


class Receiver(http.server.ThreadingHTTPServer):
    """A bot's webhook: fails as often as told, keeps what it got."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), ReceiverHandler)
        self.failures = 0
        self.received: list[tuple[str | None, dict[str, Any]]] = []


class ReceiverHandler(http.server.BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.received.append((self.headers.get("X-Telegram-Bot-Api-Secret-Token"), body))
        fails = len(self.server.received) <= self.server.failures
        self.send_response(500 if fails else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_webhook_gets_each_update_with_its_secret_until_it_takes_it(
    sandbox: Sandbox, receiver: Receiver
) -> None:
    receiver.failures = 1
    url = f"http://127.0.0.1:{receiver.server_port}/hook"
    assert sandbox.result("setWebhook", url=url, secret_token="s3cret_-")
    write(sandbox, "a")
    write(sandbox, "b")
    sandbox.wait_for(lambda: len(receiver.received) == 3)
    assert [secret for secret, _ in receiver.received] == ["s3cret_-"] * 3
    assert texts([update for _, update in receiver.received]) == ["a", "a", "b"]
    conflict = sandbox.call("getUpdates")
    assert conflict.status_code == 409
    assert "webhook is active" in conflict.json()["description"]
    info = sandbox.result("getWebhookInfo")
    assert (info["url"], "500" in info["last_error_message"]) == (url, True)
    assert sandbox.result("deleteWebhook")
    assert sandbox.result("getWebhookInfo")["url"] == ""


def test_a_webhook_may_be_told_twice(sandbox: Sandbox, receiver: Receiver) -> None:
    sandbox.control("POST", "webhook", repeat=2)
    sandbox.result("setWebhook", url=f"http://127.0.0.1:{receiver.server_port}/")
    write(sandbox, "a")
    sandbox.wait_for(lambda: len(receiver.received) == 2)
    assert receiver.received[0] == receiver.received[1]


def test_a_bad_secret_is_refused(sandbox: Sandbox) -> None:
    answer = sandbox.call("setWebhook", url="https://example.org/", secret_token="a b").json()
    assert answer["description"] == "Bad Request: secret token contains unallowed characters"


# --- faults -----------------------------------------------------------------------------------------


def send(sandbox: Sandbox, chat_id: int = 7, **more: Any) -> httpx.Response:
    return sandbox.call("sendMessage", chat_id=chat_id, text="a", **more)


def test_an_error_of_any_kind(sandbox: Sandbox) -> None:
    sandbox.fault("error", method="sendMessage", status=429, retry_after=40_000)
    answer = send(sandbox)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "40000"
    assert answer.json()["parameters"] == {"retry_after": 40_000}
    assert answer.json()["description"] == "Too Many Requests: retry after 40000"
    sandbox.fault("error", status=403, description="Forbidden: bot was blocked by the user")
    assert send(sandbox).json()["description"] == "Forbidden: bot was blocked by the user"
    assert sandbox.ledger() == []
    assert send(sandbox).status_code == 200


@pytest.mark.parametrize("accept", [False, True])
@pytest.mark.parametrize("kind", ["close", "delay"])
def test_a_connection_cut_before_or_after_acceptance(sandbox: Sandbox, kind: str, accept: bool) -> None:
    sandbox.fault(kind, method="send*", accept=accept, seconds=0.05)
    if kind == "delay" and accept:
        assert send(sandbox).json()["ok"]
    else:
        with pytest.raises(httpx.TransportError):
            send(sandbox)
    assert [entry["answered"] for entry in sandbox.ledger()] == ([kind == "delay"] if accept else [])


@pytest.mark.parametrize("kind", ["garbage", "not_json"])
def test_answers_that_mean_nothing(sandbox: Sandbox, kind: str) -> None:
    sandbox.fault(kind, accept=True, seed=5)
    answer = send(sandbox)
    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r"."):
        answer.json()
    assert len(sandbox.ledger()) == 1


def test_an_answer_later_than_the_read_time_out(sandbox: Sandbox) -> None:
    sandbox.fault("delay", seconds=30, accept=True)
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(
            f"{sandbox.api_url}/bot{sandbox.token}/sendMessage", json={"chat_id": 7, "text": "a"}, timeout=0.3
        )
    assert len(sandbox.ledger()) == 1


def test_faults_choose_method_chat_and_count() -> None:
    faults = Faults()
    faults.add(kind="close", method="send*", chat_id=7, skip=1, times=2)
    chosen = [
        faults.choose(m, c) is not None
        for m, c in [("sendMessage", 7)] * 4 + [("getMe", 7), ("sendMessage", 8)]
    ]
    assert chosen == [False, True, True, False, False, False]


def test_probable_faults_repeat_with_their_seed() -> None:
    def course(seed: int) -> list[bool]:
        faults = Faults()
        faults.add(kind="close", times=None, probability=0.3, seed=seed)
        return [faults.choose("sendMessage", 1) is not None for _ in range(200)]

    assert course(1) == course(1) != course(2)
    assert 30 < sum(course(1)) < 90


# --- flood control ----------------------------------------------------------------------------------


def refusals(limits: FloodLimits, moments: list[float], chat: Chat, *, paid: bool = False) -> list[int]:
    """Seconds told at each moment; 0 where the message was taken."""
    now = 0.0
    flood = FloodControl(limits, clock=lambda: now)
    told = []
    for now in moments:  # noqa: B007 - read by the clock
        try:
            flood.take(chat, paid=paid)
        except ApiError as error:
            told.append((error.parameters or {})["retry_after"])
        else:
            told.append(0)
    return told


def test_the_bucket_over_all_takes_its_burst_and_then_its_rate() -> None:
    limits = FloodLimits(overall=Limit(30, 30), private=None, group=None)
    told = refusals(limits, [0.0] * 31 + [1 / 30, 1 / 30, 1.0], Chat(1, "private"))
    assert told == [0] * 30 + [1, 0, 1, 0]


def test_a_person_gets_one_a_second_and_a_group_twenty_a_minute() -> None:
    limits = FloodLimits(overall=None, private=Limit(1, 1), group=Limit(20 / 60, 20))
    assert refusals(limits, [0, 0.5, 1, 1.5], Chat(1, "private")) == [0, 1, 0, 1]
    assert refusals(limits, [0] * 21 + [3], Chat(-1, "group")) == [0] * 20 + [3, 0]


def test_flood_control_answers_429_and_counts(sandbox: Sandbox) -> None:
    sandbox.control("POST", "flood", overall=None, private=[0.1, 2], group=None)
    answers = [send(sandbox) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].json()["parameters"]["retry_after"] >= 9
    assert send(sandbox, 8).status_code == 200
    assert sandbox.control("GET", "flood")["refused"] == 1
    assert len(sandbox.ledger()) == 3


def test_paid_broadcasts_cost_stars_and_have_their_own_bucket(sandbox: Sandbox) -> None:
    sandbox.control("POST", "flood", overall=[1, 1], private=None, group=None, paid=[1000, 1000])
    answers = [send(sandbox, 100 + number, allow_paid_broadcast=True) for number in range(5)]
    assert [answer.status_code for answer in answers] == [200] * 5
    assert sandbox.result("getMyStarBalance") == {"amount": 999, "nanostar_amount": 500_000_000}


def test_latency_is_added_to_every_answer(sandbox: Sandbox) -> None:
    sandbox.control("POST", "latency", seconds=0.2)
    assert send(sandbox).elapsed.total_seconds() >= 0.2
    assert sandbox.result("getMe")["is_bot"]


def test_the_ledger_tells_what_was_accepted_where(sandbox: Sandbox) -> None:
    send(sandbox, 7)
    send(sandbox, GROUP_ID)
    assert [entry["chat_id"] for entry in sandbox.ledger()] == [7, GROUP_ID]
    assert [entry["number"] for entry in sandbox.ledger(GROUP_ID)] == [2]
    assert [entry["number"] for entry in sandbox.control("GET", "ledger", after=1)["entries"]] == [2]
