"""Seams of the way in: sources, fetching, reading of untrusted files, documents, stories."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from digestbot.model import (
    Analysis,
    Coverage,
    ExtractedText,
    Findings,
    FoundDocument,
    PublishedOrigin,
    StoredDocument,
    Story,
    Window,
)


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A configured source and its state, as stored."""

    source_id: int
    kind: str
    address: str
    title: str | None
    publisher: str | None
    origin: str
    options: Mapping[str, Any]
    enabled: bool
    state: str  # new, ok, failing, silent, gone
    state_since: datetime | None
    last_error: str | None
    failures: int
    etag: str | None
    last_modified: str | None
    interval_seconds: int
    next_due: datetime
    last_checked: datetime | None
    last_success: datetime | None
    last_item: datetime | None
    created: datetime


@dataclass(frozen=True, slots=True)
class SourceChange:
    """What looking at a source changes in its row; None leaves a field as it is."""

    address: str | None = None
    title: str | None = None
    publisher: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    interval_seconds: int | None = None
    retry_after: float | None = None  # seconds; the server asked for it
    gone: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FoundItem:
    """A new or changed item: its fingerprint is recorded once the document is stored (or refused)."""

    key: str
    fingerprint: str
    document: FoundDocument | None  # None: recorded as seen without being read (a feed's backlog)
    error: str | None = None
    aliases: tuple[str, ...] = ()  # other keys the same item may return under (a changed guid): seen too
    instead: FoundDocument | None = None  # what to keep where the document is no article (a consent page)


@dataclass(frozen=True, slots=True)
class SourceNews:
    """A change of a source's state that admins are told once: ok (again), failing, silent, gone."""

    name: str
    state: str
    reason: str | None = None  # why it fails
    since: datetime | None = None  # when it last had something new: of a silent one


@dataclass(frozen=True, slots=True)
class MovedItem:
    """An item whose key changed (a file renamed); its document stays the same one."""

    old_key: str
    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class GoneItem:
    """An item that is no longer there (a file deleted). Its document stays; its key is forgotten."""

    key: str


@dataclass(frozen=True, slots=True)
class ExpectedItems:
    """At most so many items will be found in this look: for those who watch it."""

    count: int
    known: int = 0  # besides: items that were dealt with before, where somebody waits to be told


SourceEvent = FoundItem | MovedItem | GoneItem | ExpectedItems | SourceChange


class Source(Protocol):
    """One kind of source.

    `seen` maps item keys to the fingerprints of the last look. Raises SourceError or FetchError.
    """

    kind: str

    def look(self, row: SourceRow, seen: Mapping[str, str], now: datetime) -> AsyncIterator[SourceEvent]:
        """Yield what is new, changed, moved or gone, and at most one SourceChange; then end."""
        ...


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry of a feed. `html`: its longest text there, `length`: what of it is to read, in characters."""

    key: str
    link: str | None
    title: str | None
    author: str | None
    published: datetime | None
    html: str
    publisher: str | None
    length: int = 0


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed's entries in its order. `problem`: what is wrong with a feed that could be read all the same."""

    title: str | None
    ttl_seconds: int | None
    entries: tuple[FeedEntry, ...]
    problem: str | None
    language: str | None = None  # as it declares it: "de", "en-GB"


@dataclass(frozen=True, slots=True)
class ProbedSource:
    """What stands at an address somebody wants to add. `entries`: of a feed; 0 for a page."""

    kind: str  # feed, web
    address: str
    title: str | None
    entries: int = 0


@dataclass(frozen=True, slots=True)
class Subscription:
    """One feed of a subscription list. `folder`: names of the outlines around it, joined with /."""

    address: str
    title: str | None = None
    folder: str | None = None


class SourceDesk(Protocol):
    """What adding sources needs of the outside: looking at an address, and subscription lists (OPML)."""

    async def probe(self, address: str) -> ProbedSource:
        """The feed at an address, or the one its page names, else the page; FetchError, SourceError."""
        ...

    def read_list(self, content: bytes, place: str) -> list[Subscription]:
        """The feeds of a list; raises SourceError for what is none."""
        ...

    def write_list(self, subscriptions: Iterable[Subscription]) -> bytes:
        """A list that other feed readers take up."""
        ...


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer from the web; `url` is the last address after redirects."""

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes
    moved_to: str | None = None  # where permanent redirects lead


class Fetcher(Protocol):
    """The guarded way out to the network."""

    async def fetch(
        self, url: str, *, headers: Mapping[str, str] | None = None, robots: bool = False
    ) -> Fetched:
        """GET `url`; 304 is an answer, other statuses from 400 raise FetchError."""
        ...


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document's text and its analysis."""

    extracted: ExtractedText
    analysis: Analysis


class Reader(Protocol):
    """Extracts and analyses one untrusted document, away from this process; raises DocumentError."""

    async def read(self, found: FoundDocument) -> ReadDocument: ...


class TextReader(Protocol):
    """Analyses a text that was extracted before, away from this process; raises DocumentError."""

    async def analyse(self, extracted: ExtractedText) -> ReadDocument: ...


class FeedReader(Protocol):
    """Reads an untrusted feed, away from this process; raises SourceError."""

    async def read_feed(self, content: bytes, url: str, content_type: str) -> ParsedFeed: ...


@dataclass(frozen=True, slots=True)
class SeenItem:
    """What is remembered of an item once it was dealt with."""

    key: str
    fingerprint: str
    document_id: int | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document on its way into the store."""

    found: FoundDocument
    read: ReadDocument
    source_id: int | None
    publisher: str
    published: datetime
    published_origin: PublishedOrigin
    picked_up: datetime
    scope: int | None = None
    archive: bool = False


@dataclass(frozen=True, slots=True)
class AddedDocument:
    """What became of a document: its newest `version` and the time of publication of its first one.

    `changed` is False where the very text is there already. `story_id` is that of earlier versions.
    """

    document_id: int
    version: int
    changed: bool
    title: str
    published: datetime
    story_id: int | None


@dataclass(frozen=True, slots=True)
class Outline:
    """What the search for a document's story needs of it.

    `terms`: stories.Terms as bytes; `text_hash`: equal for equal texts.
    """

    document_id: int
    terms: bytes
    published: datetime
    text_hash: str
    scope: int | None = None
    story_id: int | None = None


@dataclass(frozen=True, slots=True)
class StoryCandidates:
    """What new documents are compared with.

    `candidates`: ids by new document, other new ones included; `outlines`: of all that are not new, by id;
    `copies`: the story that a text is told in already, by scope and hash.
    """

    candidates: Mapping[int, Sequence[int]]
    outlines: Mapping[int, Outline]
    copies: Mapping[tuple[int | None, str], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlacedDocuments:
    """Where documents belong. `stories` by document; below 0 are new stories, −1 the first of them.

    `merged`: (gone, stays), in order; both may be new.
    """

    stories: Mapping[int, int]
    merged: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class CountedTerms:
    """stories.Frequencies as bytes, over so many documents up to one in order of arrival."""

    up_to: int
    documents: int
    terms: bytes


@dataclass(frozen=True, slots=True)
class DocumentMatch:
    """A document found by words: `snippet` is a stretch of its text."""

    document_id: int
    title: str
    publisher: str
    published: datetime
    snippet: str


class Sources(Protocol):
    """Rows of sources and of the items seen in them."""

    async def add(
        self,
        kind: str,
        address: str,
        *,
        now: datetime,
        origin: str,
        title: str | None = None,
        publisher: str | None = None,
        options: Mapping[str, Any] | None = None,
        added_by: int | None = None,
        enabled: bool = True,
    ) -> int:
        """A source to look at from now on (not yet, where `enabled` is False); its id."""
        ...

    async def start(self, source_id: int, options: Mapping[str, Any], now: datetime) -> bool:
        """Look at a source from now on, with these options; False where there is no such source."""
        ...

    async def all(self) -> list[SourceRow]: ...
    async def get(self, source_id: int) -> SourceRow | None: ...
    async def remove(self, source_id: int) -> bool: ...
    async def find(self, kind: str, address: str) -> SourceRow | None: ...
    async def set_enabled(self, source_id: int, enabled: bool) -> bool: ...
    async def claim(self, now: datetime, limit: int, seconds: float) -> list[tuple[SourceRow, str]]:
        """Lease sources that are due, longest due first; each with the token that proves the lease."""
        ...

    async def renew(self, source_id: int, token: str, until: datetime) -> bool:
        """Hold a lease longer; False where it was lost."""
        ...

    async def finish(self, source_id: int, token: str, changes: Mapping[str, Any]) -> bool:
        """Write what a look changed and give the lease back; False (nothing written) where it was lost."""
        ...

    async def seen(self, source_id: int) -> dict[str, str]:
        """Fingerprints by item key."""
        ...

    async def record(self, source_id: int, items: Sequence[SeenItem], now: datetime) -> None:
        """Remember items as dealt with."""
        ...

    async def forget(self, source_id: int, keys: Collection[str]) -> None:
        """Items that are no longer there."""
        ...

    async def make_due(self, now: datetime, kind: str | None = None) -> None:
        """Let all sources (of a kind) be looked at with the next tick."""
        ...


class Documents(Protocol):
    """Documents, their immutable versions, and what was found in them."""

    async def add(self, new: Sequence[NewDocument]) -> list[AddedDocument]:
        """Store documents or their new versions with their analyses; what became of each, in order."""
        ...

    async def count(self) -> int:
        """How many there are, archive and private ones among them."""
        ...

    async def get(self, document_id: int) -> StoredDocument | None: ...
    async def get_version(self, version_id: int) -> StoredDocument | None: ...
    async def latest(self, *, scope: int | None, limit: int, offset: int = 0) -> list[StoredDocument]:
        """Newest first by pick-up: those for everyone and, with `scope`, that chat's own."""
        ...

    async def findings(self, window: Window, *, scope: int | None) -> list[Findings]:
        """What the documents (no archive) picked up in the window hold, without texts; in order of ids."""
        ...

    async def coverage(self, window: Window, *, scope: int | None) -> Coverage: ...
    async def of_actor(self, actor_key: str, *, scope: int | None, limit: int) -> list[StoredDocument]:
        """The last documents an actor appears in, newest first by publication."""
        ...

    async def count_of_actor(self, actor_key: str, *, scope: int | None) -> int:
        """In how many documents an actor appears."""
        ...

    async def with_conditions(
        self,
        *,
        types: Collection[str] = (),
        domains: Collection[str] = (),
        actor_key: str | None = None,
        window: Window | None = None,
        scope: int | None,
        limit: int,
    ) -> list[StoredDocument]:
        """The last documents with a condition of these types and domains that such an actor sets or is to
        meet, newest first by publication; whatever is not given is not asked for. With a window: those
        (no archive) picked up in it."""
        ...

    async def rekey(self, source_id: int, old_key: str, key: str) -> bool:
        """A document's key changed and nothing else; False where there is none, or the new key is taken."""
        ...

    async def publish(self, document_id: int, now: datetime, *, archive: bool) -> bool:
        """Make a chat's own document one for everyone, picked up now and in no story yet; False where it is
        gone or for everyone already."""
        ...

    async def add_analysis(self, version_id: int, analysis: Analysis, now: datetime) -> bool:
        """A newer analysis of a version (it alone is shown from now on); False where it is there already."""
        ...

    async def to_analyse(self, analyser: str, limit: int) -> list[tuple[int, ExtractedText]]:
        """Current versions without an analysis by this analyser: (version id, text)."""
        ...

    async def versions(self, document_id: int) -> list[StoredDocument]:
        """All versions of a document, oldest first: what the publisher changed."""
        ...

    async def search(self, words: str, *, scope: int | None, limit: int) -> list[DocumentMatch]:
        """Documents that hold all the words, best first; those for everyone and the scope's own."""
        ...

    async def prune(self, *, raw_before: datetime, text_before: datetime, limit: int) -> int:
        """Drop raw bytes and whole documents older than that; how many rows."""
        ...


class Stories(Protocol):
    """Stories."""

    async def in_window(
        self, window: Window, *, scope: int | None, among: Collection[int] | None = None
    ) -> list[Story]:
        """Stories with documents (no archive) picked up in the window, and those documents; newest first.
        `among`: the stories of these ids alone."""
        ...

    async def count(self) -> int:
        """How many there are, merged ones left out."""
        ...

    async def get(self, story_id: int) -> Story | None:
        """A story with all its documents; follows a merged story to the one it became."""
        ...

    async def assign(self, document_ids: Sequence[int], story_id: int | None, *, now: datetime) -> int:
        """Put documents into a story, a new one for None; returns the story's id."""
        ...

    async def lock(self) -> None:
        """Wait until nobody else gives documents their stories; until the end of this unit of work."""
        ...

    async def close_news(self, until: datetime) -> None:
        """From now on nothing is stored as picked up by then; what is being stored is waited for."""
        ...

    async def open_from(self, now: datetime) -> datetime:
        """When what is stored in this unit of work counts as picked up: now, or right after what is closed.

        Takes the lock.
        """
        ...

    async def frequencies(self, document_id: int, known: int | None = None) -> CountedTerms | None:
        """What was counted last before that document; None where nothing was, or it is `known`'s."""
        ...

    async def add_frequencies(self, counted: CountedTerms) -> None: ...
    async def latest_terms(self, up_to: int, limit: int) -> list[bytes]:
        """Terms of the last documents up to that one, oldest first."""
        ...

    async def outline(self, outlines: Sequence[Outline], keys: Sequence[Sequence[int]]) -> None:
        """Write down what documents are compared by, and their keys; those of earlier versions go."""
        ...

    async def candidates(
        self, new: Sequence[Outline], shared: Sequence[int], *, apart: timedelta, limit: int
    ) -> StoryCandidates:
        """What new documents, outlined before, are to be compared with: others that share so many keys
        (`shared`, for each) and were published so near, at most `limit` for each, those that share most
        first."""
        ...

    async def members(self, story_ids: Sequence[int], limit: int) -> list[Outline]:
        """The last documents of each story."""
        ...

    async def settle(self, placed: PlacedDocuments, now: datetime) -> dict[int, int]:
        """Write down where documents belong; their stories by document."""
        ...
