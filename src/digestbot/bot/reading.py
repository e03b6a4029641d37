"""Reading: the digest now, summaries, conditions, actors, a sentence in its context, search, and why."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from digestbot.analysis.words import tokenise
from digestbot.bot.call import Call
from digestbot.bot.finding import Found, NotFound, find, number_of, replied_to, rows
from digestbot.bot.finding import search as find_documents
from digestbot.bot.meaning import like, meant_keyboard
from digestbot.bot.typed import country, country_abroad, filters, period
from digestbot.digest import (
    fold,
    merged_actors,
    of_digest,
    omitted_documents,
    omitted_sentences,
    shown_order,
)
from digestbot.model import (
    Button,
    ConditionType,
    Digest,
    DigestActor,
    DigestStory,
    Domain,
    Keyboard,
    StoredDocument,
    Window,
)
from digestbot.publish import compose_now
from digestbot.rendering import actions
from digestbot.rendering.telegram import ref_of, render_digest
from digestbot.rendering.views import (
    Filter,
    Parts,
    actor_profile,
    actors_view,
    conditions_view,
    context_view,
    coverage_view,
    documents_view,
    search_view,
    story_view,
    why_view,
)

DAY = timedelta(days=1)
LONGEST = timedelta(days=31)
YEAR = timedelta(days=366)
LATEST = 10
"""Documents in a list, and hits of a search."""
PROFILED = 60
"""Documents an actor's profile and a list of conditions look at, newest first."""
NAMELESS = 600
"""Documents in which conditions of a name are looked for that the lexicon does not have."""


# --- the digest ---------------------------------------------------------------------------------------


async def digest(call: Call) -> None:
    """/digest [24h | 7d | new | date]: what happened, now."""
    asked = period(call.arguments, call.texts)
    window = read_window(asked, call.now, call.zone, await _last_post(call, asked))
    if window is None:
        await call.say("digest.usage", given=call.arguments)
        return
    made = await digest_of(call, window)
    if not made.stories and await _nothing_at_all(call):
        await call.say("find.nothing_yet")
        return
    parts = await asyncio.to_thread(render_digest, made, paged=call.private)
    await call.answer(parts[:1] if call.private else parts, listing=True)


async def _last_post(call: Call, asked: str) -> datetime | None:
    """Up to when this chat's (or topic's) last scheduled post went, where "new" asks for it."""
    if asked.strip().lower() != "new":
        return None
    async with call.services.store.read() as tx:
        return await tx.schedules.covered_until(call.chat_id, call.thread_id)


async def digest_of(call: Call, window: Window) -> Digest:
    """The digest of a window as this chat wants it."""
    settings = await call.settings()
    return await compose_now(call.services.store, settings, window, call.now)


async def _nothing_at_all(call: Call) -> bool:
    async with call.services.store.read() as tx:
        return not await tx.documents.latest(scope=call.chat_id, limit=1)


def read_window(text: str, now: datetime, zone: str, last: datetime | None = None) -> Window | None:
    """ "" (24 hours), "36h", "7d", "new" (since `last`), "yesterday", "2026-03-04"; None for others.

    A date is a whole day on the reader's calendar. At most 31 days.
    """
    text = text.strip().lower()
    now = now.replace(microsecond=0)
    if not text:
        return Window(now - DAY, now)
    found = re.fullmatch(r"(\d{1,4})\s*(h|hours?|d|days?|w|weeks?)", text)
    if found:
        unit = {"h": timedelta(hours=1), "d": DAY, "w": 7 * DAY}[found[2][0]]
        back = min(int(found[1]) * unit, LONGEST)
        return Window(now - back, now) if back else None
    if text == "new":
        since = last or now - DAY
        return Window(max(min(since, now), now - LONGEST), now)
    if text in {"today", "yesterday"}:
        day = now.astimezone(ZoneInfo(zone)).date() - (DAY if text == "yesterday" else timedelta())
    else:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return None
    since = datetime.combine(day, time(), ZoneInfo(zone)).astimezone(now.tzinfo)
    until = datetime.combine(day + DAY, time(), ZoneInfo(zone)).astimezone(now.tzinfo)
    return Window(since, min(until, now)) if since < now else None


async def page(call: Call, number: str, since: str, until: str) -> None:
    """A button: another page of a digest, in place of this one; of a post as it was sent."""
    window = _window(actions.moment(since), actions.moment(until), call.now)
    async with call.services.store.read() as tx:
        posted = await tx.outbox.digest_sent(call.chat_id, call.message.message_id)
    parts = render_digest(posted or await digest_of(call, window), paged=True)
    await call.tell()
    await call.edit(parts[min(max(int(number), 1), len(parts)) - 1])


def _window(since: datetime, until: datetime, now: datetime) -> Window:
    """The window a button names, no longer than what may be asked for; raises ValueError for none."""
    if not now - YEAR < since < until <= now + DAY:
        raise ValueError("no digest was made of that window")
    return Window(max(since, until - LONGEST), until)


# --- one story ----------------------------------------------------------------------------------------


async def summary(call: Call) -> None:
    """/summary [number | words]: a document or story; by reply, or the latest."""
    found = await find(call, call.arguments)
    settings = await call.settings()
    await call.answer(story_view(found.shown(settings), settings, call.texts), listing=True)


async def story(call: Call) -> None:
    """/story [number | words]: all documents that tell it, by day."""
    found = await find(call, call.arguments)
    await call.answer(sources_of(call, [found]), listing=True)


def sources_of(call: Call, found: Sequence[Found]) -> Parts:
    """The documents behind stories, newest first."""
    documents = sorted(
        (document for one in found for document in one.documents),
        key=lambda document: (document.published, document.document_id),
        reverse=True,
    )
    return documents_view(documents, call.zone, call.texts, "sources.title")


async def why(call: Call) -> None:
    """/why [number]: why a story stands where it stands; without a number, what was read and what was not."""
    if not call.arguments and not replied_to(call):
        if await _nothing_at_all(call):
            raise NotFound("find.nothing_yet")
        window, settings = Window(call.now - DAY, call.now), await call.settings()
        made = await digest_of(call, window)
        async with call.services.store.read() as tx:
            stories = await tx.stories.in_window(window, scope=call.chat_id)
        omitted = await asyncio.to_thread(omitted_documents, stories, settings)
        await call.answer(coverage_view(made.coverage, call.texts, omitted))
        return
    found = await find(call, call.arguments)
    typed = number_of(call.arguments)
    await call.answer(await _why(call, found, int(typed.partition(".")[0]) if typed else 1))


async def _why(call: Call, found: Found, number: int = 1) -> Parts:
    """`number`: the story's in the list that was asked about; its sentences keep theirs."""
    settings = await call.settings()
    documents = shown_order(found.documents)
    return why_view(found.shown(settings, number), call.texts, omitted_sentences(documents, settings))


async def source(call: Call) -> None:
    """/source number: a sentence in its context."""
    if not call.arguments and not replied_to(call):
        raise NotFound("source.usage")
    found = await find(call, call.arguments)
    document, start, end = await _place(call, found)
    await call.answer(context_view(document, start, end, call.zone, call.texts), listing=False)


async def _place(call: Call, found: Found) -> tuple[StoredDocument, int, int]:
    """The sentence that is meant: the number's own, else the most important one."""
    if found.version is not None and found.start is not None and found.end is not None:
        async with call.services.store.read() as tx:
            document = await tx.documents.get_version(found.version)
        if document is None or document.scope not in (None, call.chat_id):
            raise NotFound("find.gone")
        return document, found.start, found.end
    shown = found.shown(await call.settings())
    if not shown.bullets:
        raise NotFound("source.nothing")
    first = shown.bullets[0]
    document = next(one for one in found.documents if one.version_id == first.version_id)
    return document, first.start, first.end


# --- conditions and actors ----------------------------------------------------------------------------


async def conditions(call: Call) -> None:
    """/conditions [number | actor | type | domain | period]."""
    number = number_of(call.arguments)
    if number or (not call.arguments and replied_to(call)):
        found = await find(call, call.arguments)
        await call.answer(conditions_view([found.shown(await call.settings())], call.texts), listing=True)
        return
    wanted, window = read_filter(filters(call.arguments, call.texts), call.now, call.zone)
    asked = bool(wanted.types or wanted.domains or wanted.actor or window)
    key = await lexicon_key(call, wanted.actor.title()) if wanted.actor else None
    stories = await (_tied(call, wanted, key, window) if asked else _stories(call))
    meant = (actor for one in stories for actor in one.actors if key is not None and actor.key == key)
    wanted = replace(wanted, names=frozenset(fold(actor.name) for actor in meant))
    shown = [replace(one, conditions=tuple(c for c in one.conditions if wanted.admits(c))) for one in stories]
    if wanted.actor and not any(one.conditions for one in shown):
        raise NotFound("conditions.none", await _meant_actors(call, wanted.actor))
    await call.answer(conditions_view(shown, call.texts), listing=True)


async def _tied(call: Call, wanted: Filter, key: str | None, window: Window | None) -> list[DigestStory]:
    """The last documents, of a window or however old, with such conditions; by the actor's key where the
    lexicon has it."""
    by_name = wanted.actor is not None and key is None
    async with call.services.store.read() as tx:
        documents = await tx.documents.with_conditions(
            types=wanted.types,
            domains=wanted.domains,
            actor_key=key,
            window=window,
            scope=call.chat_id,
            limit=NAMELESS if by_name else PROFILED,
        )
        if by_name:
            documents = [one for one in documents if any(map(wanted.passes, one.analysis.conditions))]
        found = [Found(tuple(group)) for group in _grouped(documents[:PROFILED])]
        if window is not None:
            among = {one.story_id for one in documents[:PROFILED] if one.story_id is not None}
            stories = await tx.stories.in_window(window, scope=call.chat_id, among=among)
            found = [Found(story.documents, history=story.history) for story in stories]
    if not documents and await _nothing_at_all(call):
        raise NotFound("find.nothing_yet")
    return await _all_shown(call, found)


async def _all_shown(call: Call, found: Sequence[Found]) -> list[DigestStory]:
    """As stories with everything in them, made beside the event loop."""
    settings = await call.settings()
    return await asyncio.to_thread(
        lambda: [one.shown(settings, place) for place, one in enumerate(found, start=1)]
    )


def read_filter(text: str, now: datetime, zone: str) -> tuple[Filter, Window | None]:
    """Words as a filter: types and domains by name, a period, the rest is an actor's name."""
    types, domains, rest = set(), set(), []
    window: Window | None = None
    for word in text.split():
        plain = fold(word).rstrip("s,")
        if plain in {kind.value for kind in ConditionType}:
            types.add(plain)
        elif plain in {domain.value for domain in Domain}:
            domains.add(plain)
        elif window is None and (period := read_window(word, now, zone)):
            window = period
        else:
            rest.append(word)
    return Filter(frozenset(types), frozenset(domains), fold(" ".join(rest)) or None), window


async def _stories(call: Call) -> list[DigestStory]:
    """The stories of the latest documents with everything in them."""
    async with call.services.store.read() as tx:
        latest = await tx.documents.latest(scope=call.chat_id, limit=LATEST)
    if not latest:
        raise NotFound("find.nothing_yet")
    return await _all_shown(call, [Found(tuple(group)) for group in _grouped(latest)])


async def newest_story(call: Call) -> DigestStory | None:
    """The newest story as this chat's digest would show it, of the regions it chose; None for none."""
    settings = await call.settings()
    async with call.services.store.read() as tx:
        latest = await tx.documents.latest(scope=call.chat_id, limit=LATEST)
    found = (of_digest(group, settings) for group in _grouped(latest))
    return next((one for one in found if not settings.regions or one.region in settings.regions), None)


def _grouped(documents: Sequence[StoredDocument]) -> list[list[StoredDocument]]:
    groups: dict[object, list[StoredDocument]] = {}
    for document in documents:
        groups.setdefault(document.story_id or -document.document_id, []).append(document)
    return list(groups.values())


async def actors(call: Call) -> None:
    """/actors [number | name]: who is involved, or who somebody is."""
    if call.arguments and not number_of(call.arguments):
        await _profile(call)
        return
    if call.arguments or replied_to(call):
        stories = [(await find(call, call.arguments)).shown(await call.settings())]
    else:
        stories = await _stories(call)
    await call.answer(actors_view(stories, call.texts), listing=True)


async def _profile(call: Call) -> None:
    async with call.services.store.read() as tx:
        documents = await tx.documents.latest(scope=call.chat_id, limit=PROFILED)
        known = {document.document_id for document in documents}
        older = await find_documents(tx, call, call.arguments, LATEST)
        documents += [document for document in older if document.document_id not in known]
    key = await key_of(call, call.arguments, documents)
    async with call.services.store.read() as tx:
        mine = await tx.documents.of_actor(key, scope=call.chat_id, limit=PROFILED) if key else []
        appears = await tx.documents.count_of_actor(key, scope=call.chat_id) if key else 0
    if key is None or not any(actor.key == key for one in mine for actor in one.analysis.actors):
        raise NotFound("actors.unknown", await _meant_actors(call, call.arguments), name=call.arguments)
    await call.answer(_profile_of(call, key, mine, appears), listing=True)


def _profile_of(call: Call, key: str, mine: Sequence[StoredDocument], appears: int) -> Parts:
    who = next(actor for actor in merged_actors(mine) if actor.key == key)
    shown = DigestActor(who.key, who.name, who.kind, who.told_country, who.role)
    target = f"actor:{who.key}"
    row = tuple(
        Button(call.texts(f"button.{verb}"), actions.encode_word(code, target))
        for verb, code in (("follow", "fo"), ("mute", "mu"))
    )
    return actor_profile(shown, mine, call.zone, call.texts, (row,), appears=appears)


async def _meant_actors(call: Call, words: str) -> Keyboard:
    """Buttons of the actors that were read about and whose names are like the words."""
    async with call.services.store.read() as tx:
        documents = await tx.documents.latest(scope=call.chat_id, limit=PROFILED)
    names = {actor.key: actor.name for actor in merged_actors(documents)}
    return meant_keyboard("an", like(words, names), call.texts)


async def show_profile(call: Call, *named: str) -> None:
    """A button: who an actor is."""
    async with call.services.store.read() as tx:
        documents = await tx.documents.latest(scope=call.chat_id, limit=PROFILED)
        key = actions.word_of(named, (actor.key for one in documents for actor in one.analysis.actors))
        mine = await tx.documents.of_actor(key, scope=call.chat_id, limit=PROFILED)
        appears = await tx.documents.count_of_actor(key, scope=call.chat_id)
    if not any(actor.key == key for one in mine for actor in one.analysis.actors):
        raise NotFound("find.gone")
    await call.tell()
    await call.answer(_profile_of(call, key, mine, appears), listing=True)


async def key_of(call: Call, name: str, documents: Sequence[StoredDocument]) -> str | None:
    """The actor a name stands for: by the lexicon ("Ankara", "Türkiye"), else by names in these documents."""
    seen = [actor for document in documents for actor in document.analysis.actors]
    known = await lexicon_key(call, name)
    if known and any(actor.key == known for actor in seen):
        return known
    wanted = fold(name)
    exact = [actor for actor in seen if fold(actor.name) == wanted]
    part = [actor for actor in seen if re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", fold(actor.name))]
    for actor in (exact or part)[:1]:
        return actor.key
    return known


async def lexicon_key(call: Call, name: str) -> str | None:
    """The lexicon's id of what this name stands for, where it is one name and no more.

    Countries also by their name in the reader's language; what is none of these, by its name, or that of its
    capital, in another language.
    """
    names = call.services.names
    if names is None:
        return None
    code = country(name, call.texts)
    if code is not None and f"state:{code}" in names.entries:
        return f"state:{code}"
    tokens = tokenise(name[:1].upper() + name[1:])
    for match in names.find(tokens):
        if match.first == 0 and match.last == len(tokens) and match.senses:
            return match.senses[0].entry.id
    # "male" is a word, "Male" is a capital; scripts without capital letters leave the choice to us.
    code = None if name[:1].islower() else await asyncio.to_thread(country_abroad, name)
    return f"state:{code}" if f"state:{code}" in names.entries else None


# --- search -------------------------------------------------------------------------------------------


async def search(call: Call) -> None:
    """/search words."""
    if not call.arguments:
        raise NotFound("search.usage")
    async with call.services.store.read() as tx:
        hits = await tx.documents.search(call.arguments, scope=call.chat_id, limit=LATEST)
    if not hits:
        raise NotFound("find.no_match", words=call.arguments)
    await call.answer(search_view(hits, call.zone, call.texts, call.arguments), listing=True)


# --- buttons --------------------------------------------------------------------------------------------


async def show_conditions(call: Call, named: str) -> None:
    """A button: conditions of these stories."""
    await _show(call, named, lambda stories: conditions_view(stories, call.texts))


async def show_actors(call: Call, named: str) -> None:
    """A button: actors of these stories."""
    await _show(call, named, lambda stories: actors_view(stories, call.texts))


async def show_why(call: Call, named: str) -> None:
    """A button: why this story."""
    found = await rows(call, actions.refs(named))
    parts = await _why(call, found[0])
    await call.tell()
    await call.answer(parts, listing=True)


async def show_story(call: Call, named: str) -> None:
    """A button: one story with all in it; others that are named can be turned to."""
    settings = await call.settings()

    def view(stories: Sequence[DigestStory]) -> Parts:
        following = [ref for one in stories[1:] if (ref := ref_of(one))]
        return story_view(stories[0], settings, call.texts, following=following)

    await _show(call, named, view)


async def show_sources(call: Call, named: str) -> None:
    """A button: the documents behind these stories."""
    found = await rows(call, actions.refs(named))
    await call.tell()
    await call.answer(sources_of(call, found), listing=True)


async def _show(call: Call, named: str, view: Callable[[Sequence[DigestStory]], Parts]) -> None:
    found = await rows(call, actions.refs(named))
    settings = await call.settings()
    stories = [one.shown(settings, place) for place, one in enumerate(found, start=1)]
    parts = view(stories)
    await call.tell()
    await call.answer(parts, listing=True)
