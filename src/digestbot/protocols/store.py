"""The unit of work, and small seams that every stage uses."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from digestbot.protocols.chat import Chats, Follows, Messages
from digestbot.protocols.delivery import Inbox, Leases, Outbox, Schedules
from digestbot.protocols.ingest import Documents, Sources, Stories

Clock = Callable[[], datetime]
"""Tells the time, in UTC and timezone-aware."""


class Transaction(Protocol):
    """One unit of work: all of it is committed or none."""

    @property
    def sources(self) -> Sources: ...
    @property
    def documents(self) -> Documents: ...
    @property
    def stories(self) -> Stories: ...
    @property
    def chats(self) -> Chats: ...
    @property
    def messages(self) -> Messages: ...
    @property
    def follows(self) -> Follows: ...
    @property
    def schedules(self) -> Schedules: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def inbox(self) -> Inbox: ...
    @property
    def leases(self) -> Leases: ...


class Store(Protocol):
    """The database."""

    def begin(self) -> AbstractAsyncContextManager[Transaction]:
        """A unit of work that writes; raises StorageError."""
        ...

    def read(self) -> AbstractAsyncContextManager[Transaction]:
        """A unit of work that only reads, on one snapshot; raises StorageError."""
        ...
