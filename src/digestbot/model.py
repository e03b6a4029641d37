"""What digestbot speaks of: the terms of docs/glossary.md as immutable types.

All offsets are code points into the text of one document version; `text[start:end]` is exactly the
quotation. All times are timezone-aware and in UTC unless a name says `local`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class BlockLabel(StrEnum):
    """What a block of a document is. Only BODY and LIST_ITEM give bullets, actors and conditions."""

    HEADLINE = "headline"
    HEADING = "heading"
    DATELINE = "dateline"
    BYLINE = "byline"
    BODY = "body"
    LIST_ITEM = "list-item"
    CAPTION = "caption"
    BOILERPLATE = "boilerplate"


CONTENT_LABELS = frozenset({BlockLabel.BODY, BlockLabel.LIST_ITEM})


class ActorKind(StrEnum):
    """Kinds of actors."""

    STATE = "state"
    PERSON = "person"
    ORGANISATION = "organisation"
    ARMED_GROUP = "armed_group"
    BLOC = "bloc"
    POPULATION = "population"


class ConditionType(StrEnum):
    """What ties an actor to conduct; definitions in docs/glossary.md."""

    PRECONDITION = "precondition"
    DEMAND = "demand"
    OFFER = "offer"
    THREAT = "threat"
    CONSEQUENCE = "consequence"


class Domain(StrEnum):
    """What a condition is mainly about."""

    POLITICAL = "political"
    MILITARY = "military"
    ECONOMIC = "economic"
    HUMANITARIAN = "humanitarian"
    LEGAL = "legal"


class PublishedOrigin(StrEnum):
    """Where a document's time of publication comes from, best first."""

    METADATA = "metadata"
    DATELINE = "dateline"
    FILE_TIME = "file-time"
    FETCH = "fetch"


# --- ingest: bytes to text -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """What a source found: bytes, before anything has been read out of them.

    `key` identifies the document within its source over time (path below the folder, feed guid,
    address, Telegram file id): the same key with other bytes is a new version of the same document.
    """

    key: str
    content: bytes
    media_type: str | None = None  # as declared by the server or guessed from the name; may be wrong
    filename: str | None = None
    url: str | None = None
    title: str | None = None  # as the feed gives it
    author: str | None = None
    publisher: str | None = None
    published: datetime | None = None
    file_time: datetime | None = None
    encoding: str | None = None  # as declared by the server


@dataclass(frozen=True, slots=True)
class ExtractedText:
    """Text and metadata read out of a document's bytes.

    `text` is normalised (NFC, `\\n` line ends, hard-wrapped lines joined, no trailing blanks, no NUL):
    it is what all later offsets count in. Blocks are separated by newlines.
    """

    text: str
    media_type: str
    title: str | None = None
    author: str | None = None
    language: str | None = None  # as declared in the document, ISO 639-1
    published: datetime | None = None
    canonical_url: str | None = None
    publisher: str | None = None
    warnings: tuple[str, ...] = ()


# --- analysis: text to findings --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Block:
    """A labelled stretch of the text (a line or paragraph). Blocks do not overlap, in order of text."""

    start: int
    end: int
    label: BlockLabel


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence's span; `block` is the index of the block it stands in."""

    start: int
    end: int
    block: int


@dataclass(frozen=True, slots=True)
class Mention:
    """One place in the text that stands for an actor. `rule` names what found it."""

    text: str
    start: int
    end: int
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """One actor of one document, with all its mentions.

    `key`: identity over documents: the lexicon's id (`state:PK`, `org:imf`), else
    `person:<country or ->:<folded name>` and the like. `country`: ISO 3166-1 alpha-2.
    `sector`: CAMEO/PLOVER code (GOV, MIL, LEG, JUD, REB, OPP, IGO, BUS, MED, CVL, ELI, …).
    `salience`: 0 to 1, comparable within one document. `country_rule`: what told the country, a short phrase.
    `country_weighed`: the text does not tell the country, it is the likeliest by what stands near by and the
    name: good enough to group and search by, not to be shown (a quarter is wrong on documents never seen).
    """

    key: str
    name: str
    kind: ActorKind
    country: str | None
    sector: str | None
    role: str | None
    salience: float
    mentions: tuple[Mention, ...]
    lexicon_id: str | None = None
    country_rule: str | None = None
    country_weighed: bool = False

    @property
    def told_country(self) -> str | None:
        """The country where the text or the lexicon tells it: what a reader may be shown."""
        return None if self.country_weighed else self.country


@dataclass(frozen=True, slots=True)
class Condition:
    """Something an actor ties to conduct.

    `start`/`end`: span of the condition itself (`text`), inside `sentence_start`/`sentence_end`.
    `holder` sets it, `addressee` is to meet it, `speaker` reports it where another says so: names of
    actors of the same document, or None. `cue` is the id of the cue that found it.
    """

    sentence: str
    sentence_start: int
    sentence_end: int
    text: str
    start: int
    end: int
    type: ConditionType
    domain: Domain
    holder: str | None
    addressee: str | None
    speaker: str | None
    cue: str
    deadline: str | None = None
    hedged: bool = False
    negated: bool = False  # a refusal or a condition withdrawn
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Bullet:
    """A sentence chosen for the digest, verbatim. `rank` 0 is the most important.

    `context_start`/`context_end`: span of the sentence it refers back to ("The move …"), to be shown
    before it; None where the bullet stands alone.
    """

    text: str
    start: int
    end: int
    rank: int
    score: float
    context_start: int | None = None
    context_end: int | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that was found in one document version by one version of code and lexicon."""

    analyser: str
    language: str
    title: str | None
    blocks: tuple[Block, ...]
    sentences: tuple[Sentence, ...]
    bullets: tuple[Bullet, ...]  # most important first
    actors: tuple[Actor, ...]  # most salient first
    conditions: tuple[Condition, ...]  # in order of the text


@dataclass(frozen=True, slots=True)
class Sighting:
    """One condition as one document version gives it. `seen`: the document's time, in UTC."""

    document_id: int
    version_id: int
    seen: datetime
    condition: Condition
    publisher: str = ""


# --- the store's view of documents and stories ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document with its current version and that version's newest analysis."""

    document_id: int
    version_id: int
    version: int  # 1 for the first; above that the publisher changed the text
    text: str
    title: str
    url: str | None
    publisher: str
    source_id: int | None
    published: datetime
    published_origin: PublishedOrigin
    picked_up: datetime
    scope: int | None  # None: everyone; else the chat id that alone may see it
    archive: bool
    analysis: Analysis
    story_id: int | None = None
    previous_text: str | None = None  # of the version before this one, where it was asked for


@dataclass(frozen=True, slots=True)
class Tie:
    """A condition in numbers: keys of holder and addressee, where they are known."""

    holder: str | None
    addressee: str | None
    type: ConditionType
    domain: Domain


@dataclass(frozen=True, slots=True)
class Findings:
    """What one document holds, without its text: for counting over many. `actors`: name by key."""

    published: datetime
    actors: Mapping[str, str]
    ties: tuple[Tie, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """Documents of one event, newest first. `earlier`: those told before the window at hand, the last few.

    `history`: conditions told before by the same holders or in the same story, to know what is new by.
    """

    story_id: int
    documents: tuple[StoredDocument, ...]
    first_seen: datetime
    updated: datetime
    earlier: tuple[StoredDocument, ...] = ()
    history: tuple[Sighting, ...] = ()

    @property
    def publishers(self) -> tuple[str, ...]:
        """The distinct publishers, in order of their documents."""
        return tuple(dict.fromkeys(document.publisher for document in self.documents))


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was read in a window and what was not, and why."""

    documents: int = 0
    publishers: int = 0
    failures: tuple[str, ...] = ()  # one line each: what, and why it could not be read
    silent_sources: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()  # one line each: what was read but is not shown, and why


# --- digest ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Window:
    """The half-open stretch of time (`since` < t <= `until`) a digest covers, by time of pick-up."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class DigestSettings:
    """All that decides what an edition holds and how it reads: two chats with equal settings share it."""

    locale: str = "en"
    zone: str = "UTC"
    bullets_per_story: int = 4
    stories: int = 12
    sections: tuple[str, ...] = ("brief", "bullets", "conditions", "evidence", "actors", "coverage")
    regions: tuple[str, ...] = ()
    header: str | None = None
    footer: str | None = None
    follows: tuple[str, ...] = ()  # "actor:state:PK", "term:gas", "source:3" …
    mutes: tuple[str, ...] = ()
    scope: int | None = None
    link_previews: bool = False
    empty_days: bool = True
    paged: bool = False  # one message that pages by buttons; else all parts


@dataclass(frozen=True, slots=True)
class DigestBullet:
    """A bullet in a digest: where it stands, and who published it."""

    number: str  # as shown and typed, for example "2.1"
    document_id: int
    version_id: int
    text: str
    start: int
    end: int
    publisher: str
    url: str | None
    context: str | None = None
    reasons: tuple[str, ...] = ()  # the rules that chose it and what each counted, "lead +1.20"


@dataclass(frozen=True, slots=True)
class DigestCondition:
    """A condition in a digest. `before`: what a changed one said; `report`: what tells that one has ended."""

    document_id: int
    version_id: int
    condition: Condition
    status: str = "new"  # new, repeated, changed, met, withdrawn: see ledger.py
    before: str | None = None
    report: str | None = None


@dataclass(frozen=True, slots=True)
class DigestActor:
    """An actor in a digest."""

    key: str
    name: str
    kind: ActorKind
    country: str | None
    role: str | None


@dataclass(frozen=True, slots=True)
class Edit:
    """One change a publisher made, word for word; empty where nothing stood before, or stands now."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class DigestStory:
    """A story in a digest; `number` is what people type after /summary."""

    number: int
    story_id: int
    headline: str
    url: str | None
    publishers: tuple[str, ...]
    published: datetime
    bullets: tuple[DigestBullet, ...]
    conditions: tuple[DigestCondition, ...]
    actors: tuple[DigestActor, ...]
    region: str | None = None
    language: str = "en"
    changed: bool = False  # a publisher edited a text that was shown before
    reasons: tuple[str, ...] = ()  # why it stands where it stands
    continues: datetime | None = None  # since when the story has been told, where it was told before
    edits: tuple[Edit, ...] = ()  # what the publisher changed, the first changes alone


@dataclass(frozen=True, slots=True)
class Digest:
    """A composed digest, ready to be rendered in any format."""

    window: Window
    composed: datetime
    settings: DigestSettings
    stories: tuple[DigestStory, ...]
    coverage: Coverage
    leading: tuple[int, ...] = ()  # numbers of the highest-ranked stories, best first: "in brief"


# --- messages -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: `callback` (at most 64 bytes of UTF-8) or `url`, never both."""

    text: str
    callback: str | None = None
    url: str | None = None


Keyboard = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class MessagePart:
    """One Telegram message: HTML of at most 4,096 visible characters, valid by itself."""

    html: str
    keyboard: Keyboard = ()
    plain: str = ""  # the same without markup, for when Telegram refuses the entities
    link_preview: bool = False
    refers_to: dict[str, Any] = field(default_factory=dict)  # what a reply to it or a number in it means


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A message part on its way to one chat."""

    chat_id: int
    part: MessagePart
    thread_id: int | None = None
    silent: bool = False
    reply_to: int | None = None


# --- schedules ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SlotKey:
    """(schedule, local date, wall time): claimed once. Changing zone or time never repeats one."""

    schedule_id: int
    local_date: date
    local_time: str  # "07:30"


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """One post that is due: `due` in UTC, `local_date` the date on the reader's calendar."""

    due: datetime
    local_date: date
    local_time: str  # "07:30"
