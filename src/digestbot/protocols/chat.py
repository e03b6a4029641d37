"""Seams of the chat: chats, what their messages refer to, what they follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat the bot knows."""

    chat_id: int
    type: str  # private, group, supergroup, channel
    title: str | None
    username: str | None
    language: str | None
    zone: str | None
    settings: Mapping[str, Any]
    owner: int | None
    active: bool


class Chats(Protocol):
    """Chats and their settings."""

    async def get(self, chat_id: int) -> Chat | None: ...
    async def named(self, username: str) -> Chat | None:
        """The active chat with that public name, without the @ and in any case; of several the last seen."""
        ...

    async def seen(
        self,
        chat_id: int,
        *,
        type: str,
        title: str | None,
        username: str | None,
        language: str | None,
        now: datetime,
    ) -> Chat:
        """Record that the chat wrote to us (a new one is added, a deactivated one is active again)."""
        ...

    async def update(self, chat_id: int, **changes: Any) -> None:
        """Set columns of a chat: language, zone, settings (all of them), owner, title, username."""
        ...

    async def change_settings(self, chat_id: int, changes: Mapping[str, Any]) -> Chat | None:
        """Set some settings and leave the others; a value of None takes a setting back to its default."""
        ...

    async def owned_by(self, user_id: int) -> list[Chat]:
        """Channels and groups this person has set up, active ones first."""
        ...

    async def counts(self) -> dict[str, int]:
        """Active chats by type."""
        ...

    async def everything(self, chat_id: int) -> dict[str, Any]:
        """All that is kept about a chat, as JSON: for /mydata."""
        ...

    async def forget(self, chat_id: int) -> dict[str, int]:
        """Delete all of it, its uploads included; how many rows by kind."""
        ...

    async def deactivate(self, chat_id: int, reason: str, *, now: datetime) -> None: ...
    async def migrate(self, old: int, new: int) -> None:
        """The group `old` became the supergroup `new`: rewrite the id everywhere."""
        ...


class Messages(Protocol):
    """What shown messages and numbers refer to; survives restarts."""

    async def record(
        self, chat_id: int, message_id: int, refers_to: Mapping[str, Any], *, now: datetime
    ) -> None: ...
    async def refers_to(self, chat_id: int, message_id: int) -> Mapping[str, Any] | None: ...
    async def set_listing(self, chat_id: int, refers_to: Mapping[str, Any], *, now: datetime) -> None: ...
    async def listing(self, chat_id: int) -> Mapping[str, Any] | None: ...


@dataclass(frozen=True, slots=True)
class Follow:
    """What a chat follows, or mutes. `target`: "actor:state:PK", "country:PK", "term:gas", "source:3",
    "region:Western Asia", "domain:economic". `until`: when a mute ends by itself. `alerts`: tell at once."""

    target: str
    mute: bool
    until: datetime | None
    alerts: bool


@dataclass(frozen=True, slots=True)
class Watcher:
    """An active chat that wants alerts, all it follows and mutes, and up to when it was looked at."""

    chat: Chat
    follows: Sequence[Follow]
    front: datetime | None


class Follows(Protocol):
    """What a chat follows and mutes, and its feedback."""

    async def for_chat(self, chat_id: int, *, now: datetime) -> list[Follow]:
        """Those in force, in order of their making."""
        ...

    async def put(
        self,
        chat_id: int,
        target: str,
        *,
        mute: bool = False,
        until: datetime | None = None,
        alerts: bool = False,
        now: datetime,
    ) -> None:
        """Follow or mute; an earlier word on the same target is replaced."""
        ...

    async def remove(self, chat_id: int, target: str) -> bool: ...
    async def watchers(self, *, now: datetime) -> list[Watcher]:
        """Active chats that want alerts for something they follow."""
        ...

    async def advance_front(self, chat_id: int, since: datetime | None, until: datetime) -> bool:
        """Move up to when a chat was looked at; False where another moved it first."""
        ...

    async def vote(
        self, chat_id: int, user_id: int | None, story_id: int, vote: int, *, now: datetime
    ) -> None:
        """+1 or -1 on a story; a second vote replaces the first."""
        ...

    async def say(self, chat_id: int, user_id: int | None, text: str, *, now: datetime) -> None:
        """Keep a message to the admins."""
        ...

    async def votes(self) -> tuple[int, int]:
        """(up, down), over all."""
        ...
