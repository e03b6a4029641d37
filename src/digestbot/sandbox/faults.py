"""Faults by rule: refusals, broken connections, late and senseless answers, on purpose and repeatable."""

from __future__ import annotations

import fnmatch
import random
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from digestbot.sandbox.chats import Json
from digestbot.sandbox.refusals import ApiError


class FaultKind(StrEnum):
    """What goes wrong. Whether the call had its effect all the same says `Fault.accept`."""

    ERROR = "error"  # answered with `status` and `description`
    CLOSE = "close"  # the connection is cut without an answer
    DELAY = "delay"  # answered `seconds` later; not accepted: cut then
    GARBAGE = "garbage"  # 200 with random bytes
    NOT_JSON = "not_json"  # 200 with a web page


@dataclass(slots=True)
class Fault:
    """A rule. It applies to calls of `method` (a name or pattern such as "send*") to `chat_id` (None: any).

    `skip`: how many matching calls pass first; `times`: how often it applies, None for ever; `probability`:
    of applying, decided by a random source seeded with `seed`. `accept`: the call has its effect before the
    fault. `retry_after`, `migrate_to_chat_id`: for errors, in seconds and as chat id. `applied` counts.
    """

    kind: FaultKind
    method: str = "*"
    chat_id: int | None = None
    skip: int = 0
    times: int | None = 1
    probability: float = 1.0
    seed: int = 0
    accept: bool = False
    status: int = 500
    description: str | None = None
    retry_after: int | None = None
    migrate_to_chat_id: int | None = None
    seconds: float = 0.0
    applied: int = 0
    _random: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.kind = FaultKind(self.kind)
        self._random = random.Random(self.seed)

    def applies(self, method: str, chat_id: Any) -> bool:
        """Decide, and count."""
        if not fnmatch.fnmatchcase(method.lower(), self.method.lower()):
            return False
        if self.chat_id is not None and str(chat_id) != str(self.chat_id):
            return False
        if self.times is not None and self.applied >= self.times:
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.probability < 1.0 and self._random.random() >= self.probability:
            return False
        self.applied += 1
        return True

    def error(self) -> ApiError:
        """The refusal of a fault of kind ERROR."""
        parameters: Json = {}
        text = ""
        if self.retry_after is not None:
            parameters["retry_after"] = self.retry_after
            text = f"retry after {self.retry_after}"
        if self.migrate_to_chat_id is not None:
            parameters["migrate_to_chat_id"] = self.migrate_to_chat_id
            text = "group chat was upgraded to a supergroup chat"
        error = ApiError(self.status, text, parameters or None)
        if self.description is not None:
            error.description = self.description
        return error

    def garbage(self) -> bytes:
        """Bytes that mean nothing."""
        return self._random.randbytes(200)


class Faults:
    """All rules in force; the first that applies to a call wins. `latency`: seconds before every answer."""

    def __init__(self, latency: float = 0.0) -> None:
        self.latency = latency
        self.rules: list[Fault] = []

    def add(self, **rule: Any) -> Fault:
        """A new rule, the fields as of Fault. Raises TypeError or ValueError for what is no rule."""
        fault = Fault(**rule)
        self.rules.append(fault)
        return fault

    def clear(self) -> None:
        """No rules any more; the latency stays."""
        self.rules.clear()

    def choose(self, method: str, chat_id: Any) -> Fault | None:
        """The fault of this call."""
        for rule in self.rules:
            if rule.applies(method, chat_id):
                return rule
        return None
