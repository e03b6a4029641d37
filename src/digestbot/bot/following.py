"""Following and muting actors, countries, words, sources, regions and domains."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from digestbot.bot.call import Call
from digestbot.bot.finding import NotFound
from digestbot.bot.keyboards import rows_of
from digestbot.bot.meaning import like, meant_keyboard
from digestbot.bot.reading import LATEST, PROFILED, key_of, lexicon_key
from digestbot.bot.typed import DOMAINS, SOURCE, meant, spans
from digestbot.digest import fold, merged_actors, regions
from digestbot.model import Button, StoredDocument
from digestbot.rendering.actions import encode_word, fits, word_of
from digestbot.rendering.rich import plain
from digestbot.rendering.symbols import flag
from digestbot.rendering.texts import Texts
from digestbot.rendering.views import lines, target_name

SUGGESTED = 4
"""Buttons for each kind of target."""
MUTE_DAYS = (1, 3, 7)
"""Days offered by buttons."""
REMOVABLE = 60
"""Buttons that take one out (Telegram: 100 in all); `/unfollow` takes out any."""
MOST = 100
"""Follows and mutes a chat may have."""
AT_ONCE = 5
"""Names in one command, each answered by itself."""
TERM_LIMIT = 60
"""Characters of a followed word or phrase."""


async def follow(call: Call) -> None:
    """/follow [name | country | word]: without one, suggestions and what is followed."""
    if not call.arguments:
        await _overview(call, mute=False)
        return
    for target in await _targets(call, call.arguments):
        await _asked_or_put(call, target, mute=False)


async def mute(call: Call) -> None:
    """/mute [name | country | word] [3d]: for some days, or until /unfollow."""
    if not call.arguments:
        await _overview(call, mute=True)
        return
    words, days = read_days(spans(call.arguments, call.texts))
    for target in await _targets(call, words):
        await _asked_or_put(call, target, mute=True, days=days)


async def unfollow(call: Call) -> None:
    """/unfollow name: neither follow nor mute it any more."""
    if not call.arguments:
        await _overview(call, mute=False)
        return
    await _remove(call, await target_of(call, call.arguments))


def read_days(text: str) -> tuple[str, int | None]:
    """ "gas 3d" is "gas" for three days."""
    found = re.search(r"\s+(0*[1-9]\d{0,2})\s*(d|days?|w|weeks?)$", text)
    if not found:
        return text, None
    return text[: found.start()], int(found[1]) * (7 if found[2].startswith("w") else 1)


async def _targets(call: Call, words: str) -> list[str]:
    """What these words mean, or each of several that commas part: "Turkey, Iran"."""
    whole = await target_of(call, words)
    parts = [part.strip() for part in re.split("[,،;؛]", words) if part.strip()]
    if not whole.startswith("term:") or not 1 < len(parts) <= AT_ONCE:
        return [whole]
    return list(dict.fromkeys([await target_of(call, part) for part in parts]))


async def target_of(call: Call, words: str) -> str:
    """What a name stands for: an actor (of the lexicon, or read about), a region, a domain, else a term."""
    first, _, rest = words.partition(" ")
    by_source = bool(rest) and meant(first, call.texts) == SOURCE
    if publisher := await _publisher(call, rest if by_source else words, part=by_source):
        return f"publisher:{publisher}"
    wanted = fold(words)
    for region in set(regions().values()):
        if fold(region) == wanted:
            return f"region:{region}"
    if (domain := meant(words, call.texts)) in DOMAINS:
        return f"domain:{domain}"
    key = await lexicon_key(call, words)
    if key is None:
        async with call.services.store.read() as tx:
            documents = await tx.documents.latest(scope=call.chat_id, limit=PROFILED)
        key = await key_of(call, words, documents)
    if key is None:
        return f"term:{' '.join(words.split())[:TERM_LIMIT]}"
    return f"country:{key.removeprefix('state:')}" if re.fullmatch(r"state:[A-Z]{2}", key) else f"actor:{key}"


async def _publisher(call: Call, words: str, *, part: bool) -> str | None:
    """The source of that name, as its documents name it; with `part`, one whose name holds the words."""
    async with call.services.store.read() as tx:
        documents = await tx.documents.latest(scope=call.chat_id, limit=PROFILED)
        listed = [one.publisher or one.title for one in await tx.sources.all()]
    names = dict.fromkeys(name for name in (*(one.publisher for one in documents), *listed) if name)
    wanted = fold(words)
    exact = [name for name in names if fold(name) == wanted]
    return next(iter(exact or [name for name in names if part and wanted in fold(name)]), None)


async def _asked_or_put(call: Call, target: str, *, mute: bool, days: int | None = None) -> None:
    """Follow or mute it; a word that is spelt like a name is asked about first, lest a slip be followed."""
    near = await _near(call, target) if target.startswith("term:") else {}
    verb, before = ("md", (str(days),)) if mute and days else ("mu" if mute else "fo", ())
    if not near or not fits(verb, *before, target):
        await _put(call, target, mute=mute, days=days)
        return
    word = target.removeprefix("term:")
    as_it_is = Button(call.texts("button.word", word=word), encode_word(verb, target, *before))
    keyboard = (*meant_keyboard(verb, near, call.texts, *before), (as_it_is,))
    await call.say("follow.which", keyboard, word=word)


async def _put(
    call: Call, target: str, *, mute: bool = False, days: int | None = None, alerts: bool = False
) -> None:
    until = call.now + timedelta(days=days) if days else None
    async with call.services.store.begin() as tx:
        present = await tx.follows.for_chat(call.chat_id, now=call.now)
        if len(present) >= MOST and target not in {one.target for one in present}:
            raise NotFound("follow.too_many", most=MOST)
        await tx.follows.put(call.chat_id, target, mute=mute, until=until, alerts=alerts, now=call.now)
    name = await _name(call, target)
    row = [Button(call.texts("button.undo"), encode_word("un", target))]
    if mute:
        row += [
            Button(call.texts.days(some), encode_word("md", target, str(some)))
            for some in MUTE_DAYS
            if some != days
        ]
    elif alerts:
        row.append(Button(call.texts("button.no_alert"), encode_word("fo", target)))
    else:
        row.append(Button(call.texts("button.alert"), encode_word("al", target)))
    keyboard = rows_of(row, 4)
    if alerts:
        await call.say("follow.alerting", keyboard, what=name)
    elif until:
        await call.say("mute.until", keyboard, what=name, until=call.texts.moment(until, call.zone))
    else:
        await call.say("mute.done" if mute else "follow.done", keyboard, what=name)


async def _near(call: Call, target: str) -> dict[str, str]:
    """Actors read about and countries that are spelt like a term."""
    async with call.services.store.read() as tx:
        documents = await tx.documents.latest(scope=call.chat_id, limit=PROFILED)
    names = call.services.names
    codes = [key.removeprefix("state:") for key in names.entries if key.startswith("state:")] if names else []
    known = {f"actor:{actor.key}": actor.name for actor in merged_actors(documents) if ":" in actor.key}
    known = {key: name for key, name in known.items() if not key.startswith("actor:state:")}
    known |= {f"country:{code}": call.texts.country(code) for code in codes}
    return like(target.removeprefix("term:"), known)


async def _remove(call: Call, target: str) -> None:
    async with call.services.store.begin() as tx:
        gone = await tx.follows.remove(call.chat_id, target)
        present = await tx.follows.for_chat(call.chat_id, now=call.now)
    name = await _name(call, target)
    if gone:
        await call.say("unfollow.done", what=name)
    else:
        names = {one.target: await _name(call, one.target) for one in present}
        await call.say("unfollow.was_not", meant_keyboard("un", like(name, names), call.texts), what=name)


async def _name(call: Call, target: str) -> str:
    """A target in words: an actor by the name it was last read with."""
    key = target.removeprefix("actor:")
    if key == target or key.startswith("state:"):
        return target_name(target, call.texts)
    async with call.services.store.read() as tx:
        documents = await tx.documents.of_actor(key, scope=call.chat_id, limit=1)
    names = [actor.name for one in documents for actor in one.analysis.actors if actor.key == key]
    return target_name(target, call.texts, names[0] if names else None)


async def _overview(call: Call, *, mute: bool) -> None:
    """What is followed and muted, and the actors most written about as suggestions."""
    async with call.services.store.read() as tx:
        present = await tx.follows.for_chat(call.chat_id, now=call.now)
        documents = await tx.documents.latest(scope=call.chat_id, limit=2 * LATEST)
    items = []
    names = {one.target: await _name(call, one.target) for one in present}
    for one in present:
        sign = "−" if one.mute else "+"
        until = f" ({call.texts.moment(one.until, call.zone)})" if one.until else ""
        bell = " 🔔" if one.alerts else ""
        items.append(plain(f"{sign} {names[one.target]}{until}{bell}"))
    known = {one.target for one in present}
    removals = [
        Button(f"✕ {names[one.target]}", encode_word("un", one.target)) for one in present[:REMOVABLE]
    ]
    verb = "mu" if mute else "fo"
    buttons = [
        Button(name, encode_word(verb, target))
        for kind in _suggested(documents, call.texts)
        for target, name in [one for one in kind if one[0] not in known][:SUGGESTED]
    ]
    key = "mute.overview" if mute else "follow.overview"
    await call.answer(
        lines(
            call.texts, key if items else f"{key}_empty", items, (*rows_of(removals, 2), *rows_of(buttons, 2))
        )
    )


def _suggested(documents: Sequence[StoredDocument], texts: Texts) -> list[list[tuple[str, str]]]:
    """Targets and their names by kind, the most frequent first: actors, countries, domains, sources."""
    if not documents:
        return []
    actors = merged_actors(documents)
    countries = Counter(actor.country for actor in actors if actor.country)
    domains = Counter(one.domain.value for document in documents for one in document.analysis.conditions)
    publishers = Counter(document.publisher for document in documents)
    return [
        [(f"actor:{actor.key}", actor.name) for actor in actors if not actor.key.startswith("state:")],
        [(f"country:{code}", f"{flag(code)} {texts.country(code)}") for code, _ in countries.most_common()],
        [(f"domain:{name}", texts(f"domain.{name}")) for name, _ in domains.most_common()],
        [(f"publisher:{name}", f"📰 {name}") for name, _ in publishers.most_common()],
    ]


async def _named(call: Call, target: Sequence[str]) -> str:
    """What a button follows or mutes; raises ValueError for what is no target, or is there no more."""
    if target and target[0].startswith("~"):
        async with call.services.store.read() as tx:
            present = await tx.follows.for_chat(call.chat_id, now=call.now)
            documents = await tx.documents.latest(scope=call.chat_id, limit=2 * LATEST)
            older = await tx.documents.latest(scope=call.chat_id, limit=PROFILED)
        offered = [key for kind in _suggested(documents, call.texts) for key, _ in kind]
        actors = [f"actor:{actor.key}" for one in older for actor in one.analysis.actors]
        return word_of(target, [*(one.target for one in present), *offered, *actors])
    kind, value = target[0] if target else "", ":".join(target[1:])
    known = {
        "region": value in regions().values(),
        "domain": value in DOMAINS,
        "country": bool(re.fullmatch(r"[A-Z]{2}", value)),
    }
    if not known.get(kind, kind in ("actor", "publisher", "term") and value.strip() and value.isprintable()):
        raise ValueError(f"{target!r} is nothing that can be followed")
    return f"{kind}:{value}"


async def press_follow(call: Call, *target: str) -> None:
    """A button: follow this."""
    wanted = await _named(call, target)
    await call.tell()
    await _put(call, wanted, mute=False)


async def press_alert(call: Call, *target: str) -> None:
    """A button: follow this, and tell its new conditions at once."""
    wanted = await _named(call, target)
    await call.tell()
    await _put(call, wanted, alerts=True)


async def press_mute(call: Call, *target: str) -> None:
    """A button: mute this."""
    wanted = await _named(call, target)
    await call.tell()
    await _put(call, wanted, mute=True)


async def press_mute_days(call: Call, days: str, *target: str) -> None:
    """A button: mute this for so many days."""
    if not re.fullmatch(r"[1-9][0-9]{0,3}", days):
        raise ValueError(f"{days!r} is no number of days")
    wanted = await _named(call, target)
    await call.tell()
    await _put(call, wanted, mute=True, days=int(days))


async def press_undo(call: Call, *target: str) -> None:
    """A button: neither."""
    wanted = await _named(call, target)
    await call.tell()
    await _remove(call, wanted)
