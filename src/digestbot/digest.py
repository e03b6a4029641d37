"""Compose a digest from stories: pure, so the same stories and settings always give the same digest.

stories ──► muted ones out ──► each story: lead document, bullets, conditions, actors, region ──► ranked
        ──► grouped by region, in the order of each region's best story ──► numbered ──► Digest
"""

from __future__ import annotations

import math
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, TypedDict

from digestbot import ledger
from digestbot.analysis.rating import announces
from digestbot.edits import edits
from digestbot.model import (
    Actor,
    ActorKind,
    Bullet,
    Condition,
    ConditionType,
    Coverage,
    Digest,
    DigestActor,
    DigestBullet,
    DigestCondition,
    DigestSettings,
    DigestStory,
    Edit,
    Sighting,
    StoredDocument,
    Story,
    Window,
)
from digestbot.protocols.chat import Chat

CONDITIONS_LANGUAGE = "en"
"""Conditions are looked for in this language alone (analysis); a digest says where they are missing."""
EDITS = 2
"""Changes of a publisher shown with a story."""
SECTIONS = ("brief", "bullets", "conditions", "evidence", "actors", "coverage")
"""All that a digest may hold, in order; a person may switch each off."""
STORIES = 12
BULLETS = 4
ACTORS = 8
"""Actors shown for one story: central ones; /actors shows all."""
CONDITIONS = 6
"""Conditions shown for one story; /conditions shows all."""
LEADING = 3
"""Stories named in the line "in brief"."""
CENTRAL = 3
"""The actors a story is about, for its region, for follows and for mutes."""
SAME_SENTENCE = 0.6
"""Shared words over all words (Jaccard) from which two sentences of different documents say the same."""
AFTER = timedelta(microseconds=1)
"""What is news is later than what was told before, whatever its date."""
SOURCES = ("source:", "publisher:")
"""Kinds of targets that are sources of documents, not what they tell of."""
FOLLOWED = 4.0
"""What a followed target adds to a story's rank: more than eight publishers would."""


def settings_of(chat: Chat, follows: Iterable[Any] = ()) -> DigestSettings:
    """What a chat's digest holds and how it reads: its own choices over the defaults.

    `follows`: the chat's follows and mutes in force (protocols.chat.Follow).
    """
    chosen = chat.settings
    in_force = tuple(follows)
    standard = DigestSettings()
    sections = chosen.get("sections")
    return DigestSettings(
        locale=str(chosen.get("locale") or (chat.language or "en").split("-")[0].lower()),
        zone=chat.zone or standard.zone,
        bullets_per_story=_between(chosen.get("bullets_per_story"), 1, 8, BULLETS),
        stories=_between(chosen.get("stories"), 1, 50, STORIES),
        sections=tuple(name for name in SECTIONS if sections is None or name in sections),
        regions=tuple(sorted(chosen.get("regions") or ())),
        header=chosen.get("header"),
        footer=chosen.get("footer"),
        follows=tuple(sorted(follow.target for follow in in_force if not follow.mute)),
        mutes=tuple(sorted(follow.target for follow in in_force if follow.mute)),
        scope=chat.chat_id,
        link_previews=bool(chosen.get("link_previews", False)),
        empty_days=bool(chosen.get("empty_days", True)),
        paged=chat.type == "private",
    )


def compose(
    stories: Sequence[Story],
    coverage: Coverage,
    *,
    settings: DigestSettings,
    window: Window,
    now: datetime,
) -> Digest:
    """The digest of these stories. What is left out for want of room or by a mute is told in its coverage."""
    best, omitted = _selected(stories, settings)
    left_out = Counter(reason for reason, _ in omitted)
    chosen = _by_region(best)
    foreign = sum(
        document.analysis.language != CONDITIONS_LANGUAGE
        for ranked in best
        for document in ranked.story.documents
    )
    if foreign:
        left_out["other-language"] = foreign
    return Digest(
        window=window,
        composed=now,
        settings=settings,
        stories=tuple(
            _story(number, ranked, settings, since=window.since)
            for number, ranked in enumerate(chosen, start=1)
        ),
        coverage=replace(
            coverage,
            left_out=(*coverage.left_out, *(f"{reason}:{count}" for reason, count in left_out.items())),
        ),
        leading=tuple(chosen.index(ranked) + 1 for ranked in best[:LEADING]),
    )


def _selected(
    stories: Sequence[Story], settings: DigestSettings
) -> tuple[list[_Ranked], list[tuple[str, Story]]]:
    """The stories shown, best first; and the others as they came in, each with the reason."""
    wanted: list[_Ranked] = []
    omitted: list[tuple[str, Story]] = []
    for whole in stories:
        story = _what_is_new(_without_muted_sources(whole, settings))
        reason = _reason_to_leave_out(story, whole, settings)
        if reason:
            omitted.append((reason, whole))
        else:
            wanted.append(_ranked(story, settings))
    wanted.sort(key=lambda ranked: (-ranked.score, -ranked.story.updated.timestamp(), ranked.story.story_id))
    omitted += [("too-many", ranked.story) for ranked in wanted[settings.stories :]]
    return wanted[: settings.stories], omitted


def omitted_documents(stories: Sequence[Story], settings: DigestSettings) -> list[tuple[str, StoredDocument]]:
    """Every document of these stories that a digest does not show, with the reason as /why words it."""
    best, omitted = _selected(stories, settings)
    left = [(reason, document) for reason, story in omitted for document in story.documents]
    shown = {document.document_id for ranked in best for document in ranked.story.documents}
    told = {document.document_id for _, document in left}
    for story in stories:
        for document in story.documents:
            if document.document_id not in shown | told:
                muted = any(_of_source(target, document) for target in settings.mutes)
                left.append(("muted" if muted else "told-before", document))
    return left


def omitted_sentences(
    documents: Sequence[StoredDocument], settings: DigestSettings
) -> list[tuple[str, StoredDocument, Bullet]]:
    """Sentences found worth quoting that a story of these documents does not quote, and why: `same-said` as
    one that is quoted, or `beyond-length`; best first."""
    _, left = _sifted(documents, settings.bullets_per_story)
    return [(reason, documents[place], bullet) for reason, place, bullet in left]


def of_documents(
    documents: Sequence[StoredDocument],
    settings: DigestSettings,
    number: int = 1,
    history: Sequence[Sighting] = (),
) -> DigestStory:
    """One story of these documents alone, as /summary, /conditions and /actors show it, with all in it.

    `history`: what was said before, and elsewhere, by those who set its conditions.
    """
    story = _story_of(documents, history)
    return _story(number, _ranked(story, settings), settings, everything=True)


def of_digest(documents: Sequence[StoredDocument], settings: DigestSettings) -> DigestStory:
    """One story of these documents alone, as a digest with these settings shows it."""
    return _story(1, _ranked(_story_of(documents), settings), settings)


def _story_of(documents: Sequence[StoredDocument], history: Sequence[Sighting] = ()) -> Story:
    return Story(
        story_id=documents[0].story_id or 0,
        documents=tuple(documents),
        first_seen=min(document.picked_up for document in documents),
        updated=max(document.picked_up for document in documents),
        history=tuple(history),
    )


def alert_stories(
    stories: Sequence[Story], targets: Sequence[str], settings: DigestSettings, window: Window
) -> list[DigestStory]:
    """Stories with the conditions that are new or changed in the window and touch one of the targets."""
    told: list[DigestStory] = []
    for story in stories:
        story = _without_muted_sources(story, settings)
        if not story.documents or any(matches(target, story) for target in settings.mutes):
            continue
        conditions = tuple(
            found
            for found in conditions_of(story.documents, story.history, window.since)
            if found.status in {ledger.Status.NEW, ledger.Status.CHANGED}
            and any(touches(target, story, found) for target in targets)
        )
        if conditions:
            shown = of_documents(story.documents, settings, len(told) + 1)
            told.append(replace(shown, conditions=conditions))
    return told


def touches(target: str, story: Story, found: DigestCondition) -> bool:
    """Whether a condition is one of a followed target: set by it, asked of it, or about it."""
    kind, _, value = target.partition(":")
    condition = found.condition
    if kind in {"actor", "country"}:
        parties = {condition.holder, condition.addressee} - {None}
        return any(
            actor.name in parties and (actor.key if kind == "actor" else actor.country) == value
            for document in story.documents
            for actor in document.analysis.actors
        )
    if kind == "domain":
        return condition.domain == value
    if kind == "term":
        return _holds(value, condition.sentence)
    return matches(target, story)


# --- which stories, in which order ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Ranked:
    story: Story
    score: float
    region: str | None
    reasons: tuple[str, ...]


def _ranked(story: Story, settings: DigestSettings) -> _Ranked:
    """A story's rank and what it comes from, in words that /why shows."""
    publishers = len(story.publishers)
    conditions = sum(len(document.analysis.conditions) for document in story.documents)
    followed = [target for target in settings.follows if matches(target, story)]
    score = 2 * math.log2(1 + publishers) + math.log2(1 + len(story.documents))
    score += 0.5 * math.log2(1 + conditions) + FOLLOWED * len(followed)
    reasons = [f"publishers:{publishers}", f"documents:{len(story.documents)}", f"conditions:{conditions}"]
    reasons += [f"follows:{target}" for target in followed]
    return _Ranked(story, score, region_of(story), tuple(reasons))


def _by_region(ranked: Sequence[_Ranked]) -> list[_Ranked]:
    order: dict[str | None, int] = {}
    for story in ranked:
        order.setdefault(story.region, len(order))
    last = len(order)
    return sorted(ranked, key=lambda story: last if story.region is None else order[story.region])


def _reason_to_leave_out(story: Story, whole: Story, settings: DigestSettings) -> str | None:
    """`whole`: the story with what muted sources and earlier digests told."""
    if not story.documents:
        return "told-before" if _without_muted_sources(whole, settings).documents else "muted"
    if any(matches(target, story) for target in settings.mutes):
        return "muted"
    if settings.regions and region_of(story) not in settings.regions:
        return "other-region"
    if not any(document.analysis.bullets for document in story.documents):
        return "nothing-to-quote"
    return None


def _without_muted_sources(story: Story, settings: DigestSettings) -> Story:
    """The story as the other sources tell it: a muted source does not silence what others say too, neither
    on the same day nor later."""
    muted = [target for target in settings.mutes if target.startswith(SOURCES)]
    if not muted:
        return story

    def heard(documents: Sequence[StoredDocument]) -> tuple[StoredDocument, ...]:
        return tuple(one for one in documents if not any(_of_source(target, one) for target in muted))

    return replace(story, documents=heard(story.documents), earlier=heard(story.earlier))


def _of_source(target: str, document: StoredDocument) -> bool:
    kind, _, value = target.partition(":")
    if kind == "publisher":
        return fold(document.publisher) == fold(value)
    return kind == "source" and str(document.source_id) == value


def matches(target: str, story: Story) -> bool:
    """Whether a story is about a followed or muted target.

    "actor:<key>" and "country:<code>" look at the story's central actors; "term:<words>" at titles and
    bullets, whole words without regard to case and accents; "source:<id>", "publisher:<name>",
    "region:<name>", "domain:<name>".
    """
    kind, _, value = target.partition(":")
    if kind == "actor":
        return any(actor.key == value for actor in central_actors(story))
    if kind == "country":
        return any(actor.country == value for actor in central_actors(story))
    if kind == "region":
        return region_of(story) == value
    if target.startswith(SOURCES):
        return any(_of_source(target, document) for document in story.documents)
    if kind == "domain":
        return any(
            condition.domain == value
            for document in story.documents
            for condition in document.analysis.conditions
        )
    if kind == "term":
        return any(_holds(value, text) for text in _shown_texts(story))
    return False


def _holds(words: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(fold(words))}(?!\w)", fold(text)) is not None


def _shown_texts(story: Story) -> Iterable[str]:
    for document in story.documents:
        yield document.title
        yield from (bullet.text for bullet in document.analysis.bullets)


# --- what a story holds -----------------------------------------------------------------------------


def _story(
    number: int,
    ranked: _Ranked,
    settings: DigestSettings,
    *,
    since: datetime | None = None,
    everything: bool = False,
) -> DigestStory:
    story = ranked.story
    documents = shown_order(story.documents)
    lead = documents[0]
    bullets = _bullets(documents, settings.bullets_per_story, _told(story.earlier))
    conditions = conditions_of(documents, story.history, since)
    actors = merged_actors(documents)
    return DigestStory(
        number=number,
        story_id=story.story_id,
        headline=lead.title,
        url=lead.url,
        publishers=tuple(dict.fromkeys(document.publisher for document in documents)),
        published=max(document.published for document in story.documents),
        bullets=tuple(
            _bullet(f"{number}.{place}", document, bullet)
            for place, (document, bullet) in enumerate(bullets, start=1)
        ),
        conditions=conditions if everything else weightiest(conditions, actors),
        actors=tuple(
            DigestActor(actor.key, actor.name, actor.kind, actor.told_country, actor.role)
            for actor in (actors if everything else actors[:ACTORS])
        ),
        region=ranked.region,
        language=lead.analysis.language,
        changed=any(document.version > 1 for document in story.documents),
        reasons=ranked.reasons,
        edits=_edits(story.documents),
        continues=story.first_seen if story.earlier else None,
    )


def _what_is_new(story: Story) -> Story:
    """The story without documents that only repeat what earlier ones said; what a publisher changed stays."""
    if not story.earlier:
        return story
    texts = {document.text for document in story.earlier}
    told = _told(story.earlier)

    def repeats(document: StoredDocument) -> bool:
        if document.version > 1:
            return False
        bullets = document.analysis.bullets
        return document.text in texts or (
            bool(bullets) and all(_said(_words(bullet.text), told) for bullet in bullets)
        )

    return replace(story, documents=tuple(one for one in story.documents if not repeats(one)))


def _told(documents: Sequence[StoredDocument]) -> list[frozenset[str]]:
    """The words of each sentence of documents."""
    return [
        _words(document.text[sentence.start : sentence.end])
        for document in documents
        for sentence in document.analysis.sentences
    ]


def _said(words: frozenset[str], told: Iterable[frozenset[str]]) -> bool:
    return any(_overlap(words, other) >= SAME_SENTENCE for other in told)


def _edits(documents: Sequence[StoredDocument]) -> tuple[Edit, ...]:
    found = (
        edit
        for document in documents
        if document.previous_text is not None
        for edit in edits(document.previous_text, document.text, EDITS)
    )
    return tuple(found)[:EDITS]


def shown_order(documents: Sequence[StoredDocument]) -> list[StoredDocument]:
    """The documents of a story as it is told: the one that speaks for it first."""
    lead = lead_document(_story_of(documents))
    return [lead, *(document for document in documents if document is not lead)]


def lead_document(story: Story) -> StoredDocument:
    """The document that speaks for the story: it shares the most actors with the others; then the newest."""
    if len(story.documents) == 1:
        return story.documents[0]
    keys = [{actor.key for actor in document.analysis.actors} for document in story.documents]
    spread = Counter(key for found in keys for key in found)

    def shared(place: int) -> tuple[bool, int, float, int]:
        document = story.documents[place]
        return (
            bool(document.analysis.bullets),
            sum(spread[key] - 1 for key in keys[place]),
            document.published.timestamp(),
            -document.document_id,
        )

    return story.documents[max(range(len(story.documents)), key=shared)]


def _bullets(
    documents: Sequence[StoredDocument], limit: int, told: Sequence[frozenset[str]] = ()
) -> list[tuple[StoredDocument, Bullet]]:
    """The best bullets, best rank first over all documents; shown by document, in order of its text.

    What was `told` before is not said again, unless there is nothing else.
    """
    chosen, _ = _sifted(documents, limit, told)
    if told and not chosen:
        return _bullets(documents, limit)
    chosen.sort(key=lambda found: (found[0], found[1].start))
    return [(documents[place], bullet) for place, bullet in chosen]


def _sifted(
    documents: Sequence[StoredDocument], limit: int, told: Sequence[frozenset[str]] = ()
) -> tuple[list[tuple[int, Bullet]], list[tuple[str, int, Bullet]]]:
    """Bullets by the place of their document, best first: those that are chosen, and the others with the
    reason."""
    candidates = sorted(
        ((place, bullet) for place, document in enumerate(documents) for bullet in document.analysis.bullets),
        key=lambda found: (found[1].rank, found[0], found[1].start),
    )
    chosen: list[tuple[int, Bullet]] = []
    left: list[tuple[str, int, Bullet]] = []
    words: list[frozenset[str]] = []
    for place, bullet in candidates:
        own = _words(bullet.text)
        if _said(own, words) or _said(own, told):
            left.append(("same-said", place, bullet))
        elif len(chosen) == limit:
            left.append(("beyond-length", place, bullet))
        else:
            chosen.append((place, bullet))
            words.append(own)
    return chosen, left


def _bullet(number: str, document: StoredDocument, bullet: Bullet) -> DigestBullet:
    context = None
    if bullet.context_start is not None and bullet.context_end is not None:
        context = document.text[bullet.context_start : bullet.context_end]
    return DigestBullet(
        number=number,
        document_id=document.document_id,
        version_id=document.version_id,
        text=bullet.text,
        start=bullet.start,
        end=bullet.end,
        publisher=document.publisher,
        url=document.url,
        context=context,
        reasons=bullet.reasons,
    )


def conditions_of(
    documents: Sequence[StoredDocument], history: Sequence[Sighting] = (), since: datetime | None = None
) -> tuple[DigestCondition, ...]:
    """Each condition once, whoever printed it, and what the ledger says of it; in order of documents.

    `since`: the reader knows the `history` up to then, and the documents are news; without it they are read
    in order of time. Conditions of the history that these documents tell to have ended follow at the end.
    """

    def seen(document: StoredDocument) -> datetime:
        return document.published if since is None else max(document.published, since + AFTER)

    told = [
        one if since is None else replace(one, seen=min(one.seen, since))
        for one in history
        if one.version_id not in {document.version_id for document in documents}
    ]
    sightings = [one for document in documents for one in ledger.sightings_of(document, seen(document))]
    reports = [one for document in documents for one in ledger.reports_of(document, seen(document))]
    threads = ledger.track([*told, *sightings], reports)
    own = {one: thread for thread in threads for one in _sightings(thread)}
    found: dict[tuple[Any, ...], DigestCondition] = {}
    shown: set[int] = set()
    for one in sightings:
        thread = own.get(one)
        if thread is not None:
            shown.add(id(thread))
        found.setdefault(condition_identity(one.condition), _digest_condition(one, thread, since))
    ended = [
        _digest_condition(thread.latest, thread, since)
        for thread in threads
        if id(thread) not in shown and thread.events[-1].report is not None
    ]
    return (*found.values(), *ended)


def weightiest(
    conditions: Sequence[DigestCondition], actors: Sequence[Actor], most: int = CONDITIONS
) -> tuple[DigestCondition, ...]:
    """The conditions a reader should see first, in the order they came in.

    What central actors set goes before what others or nobody in particular set, terms before consequences,
    and a sentence that only announces terms ("a set of conditions") behind those that state them.
    """
    salience = {actor.name: actor.salience for actor in actors}
    highest = max(salience.values(), default=0.0) or 1.0

    def weight(found: DigestCondition) -> float:
        condition = found.condition
        set_by = salience.get(condition.holder, 0.0) / highest if condition.holder else -1.0
        terms = 0.0 if condition.type is ConditionType.CONSEQUENCE else 1.0
        return set_by + terms - announces(condition.sentence)

    chosen = sorted(range(len(conditions)), key=lambda place: -weight(conditions[place]))[:most]
    return tuple(conditions[place] for place in sorted(chosen))


def _sightings(thread: ledger.Thread) -> Iterable[Sighting]:
    return (event.sighting for event in thread.events if event.sighting is not None)


def _digest_condition(
    sighting: Sighting, thread: ledger.Thread | None, since: datetime | None
) -> DigestCondition:
    """A sighting without a thread says again, in the same text, what was said in an earlier version of it."""
    shown = DigestCondition(
        sighting.document_id, sighting.version_id, sighting.condition, ledger.Status.REPEATED.value
    )
    if thread is None:
        return shown
    if since is not None:
        status = thread.status_since(since)
    elif thread.status in ledger.ENDS:
        status = thread.status
    else:
        status = next(event.status for event in thread.events if event.sighting == sighting)
    before = next((event.before for event in reversed(thread.events) if event.before), None)
    report = next((event.report.sentence for event in reversed(thread.events) if event.report), None)
    return replace(
        shown,
        status=status.value,
        before=before if status is ledger.Status.CHANGED else None,
        report=report if status in ledger.ENDS else None,
    )


def condition_identity(condition: Condition) -> tuple[str | None, str | None, str, str]:
    """What makes two conditions of different documents the same one."""
    holder = fold(condition.holder) if condition.holder else None
    addressee = fold(condition.addressee) if condition.addressee else None
    return holder, addressee, condition.type.value, " ".join(sorted(_words(condition.text)))


def merged_actors(documents: Sequence[StoredDocument]) -> list[Actor]:
    """Each actor of the documents once: the fullest name and role, mean salience over all documents.

    A person is known by name here, whatever country each document takes them for: within one story two
    bearers of one name are one person, of the country most mentions speak for.
    """
    found: dict[str, list[Actor]] = {}
    keys: dict[str, str] = {}  # of persons, by name
    for document in documents:
        for actor in document.analysis.actors:
            person = actor.kind is ActorKind.PERSON
            key = keys.setdefault(actor.name.casefold(), actor.key) if person else actor.key
            found.setdefault(key, []).append(actor)
    merged = [
        replace(
            max(same, key=lambda actor: (actor.lexicon_id is not None, len(actor.name))),
            **_country(same),
            role=max((actor.role or "" for actor in same), key=len) or None,
            salience=sum(actor.salience for actor in same) / len(documents),
        )
        for same in found.values()
    ]
    return sorted(merged, key=lambda actor: (-actor.salience, actor.key))


class _Country(TypedDict):
    country: str | None
    country_weighed: bool


def _country(same: Sequence[Actor]) -> _Country:
    """What most mentions say, in documents that tell the country if there are any."""
    told = [actor for actor in same if actor.told_country]
    votes = Counter[str]()
    for actor in told or same:
        if actor.country:
            votes[actor.country] += len(actor.mentions) + (1 if actor.role else 0)
    country = max(sorted(votes), key=lambda country: votes[country]) if votes else None
    return {"country": country, "country_weighed": country is not None and not told}


def central_actors(story: Story) -> list[Actor]:
    """The few actors a story is about."""
    return merged_actors(story.documents)[:CENTRAL]


# --- regions and words ------------------------------------------------------------------------------


def region_of(story: Story) -> str | None:
    """The UN M49 sub-region most of the story's central actors belong to, weighed by salience."""
    weights: dict[str, float] = {}
    table = regions()
    for actor in central_actors(story):
        region = table.get(actor.country or "")
        if region:
            weights[region] = weights.get(region, 0.0) + actor.salience
    return max(sorted(weights), key=lambda name: weights[name]) if weights else None


@cache
def regions() -> dict[str, str]:
    """UN M49 sub-region by ISO 3166-1 alpha-2 code, from the lexicon."""
    text = files("digestbot").joinpath("lexicon", "regions.toml").read_text(encoding="utf-8")
    return {code: name for name, codes in tomllib.loads(text)["regions"].items() for code in codes.split()}


def fold(text: str) -> str:
    """Without case and accents, for comparison only."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", fold(text)))


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 1.0


def _between(value: object, low: int, high: int, standard: int) -> int:
    return min(max(value, low), high) if isinstance(value, int) else standard
