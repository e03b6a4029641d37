"""A digest as Telegram messages.

digest ──► blocks of pieces (heading, story, coverage) ──► pack ──► parts with buttons and what numbers mean

One part is one message: valid HTML by itself, within Telegram's limits, never cut inside a bullet or a tag. A
channel gets all parts; a private chat one message that pages through them (`paged=True`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from digestbot.model import (
    Button,
    Coverage,
    Digest,
    DigestActor,
    DigestBullet,
    DigestCondition,
    DigestSettings,
    DigestStory,
    Edit,
    Keyboard,
    MessagePart,
)
from digestbot.rendering.actions import Ref, encode, encode_refs, instant
from digestbot.rendering.rich import (
    BOLD,
    EXPANDABLE,
    ITALIC,
    Packed,
    Piece,
    Rich,
    bold,
    html_of,
    italic,
    join,
    link,
    pack,
    plain,
    text_of,
    under,
)
from digestbot.rendering.symbols import MARKS, sign
from digestbot.rendering.texts import Texts, texts_for

NAMED = 4
"""Publishers named for one story; the others are counted."""


def render_digest(digest: Digest, *, paged: bool | None = None) -> tuple[MessagePart, ...]:
    """The digest's messages, at least one: a day without news says so in one line.

    With `paged` (else as the digest's settings say) each part has buttons that lead to its neighbours.
    """
    paged = digest.settings.paged if paged is None else paged
    texts = texts_for(digest.settings.locale)
    packed = pack(_blocks(digest, texts))
    means = numbers_of(digest.stories)
    parts = []
    for page, message in enumerate(packed, start=1):
        stories = [story for story in digest.stories if str(story.number) in message.numbers]
        keyboard = _keyboard(stories, texts)
        if paged and len(packed) > 1:
            keyboard = (*keyboard, page_row("pg", page, len(packed), digest, texts))
        refers_to: dict[str, Any] = {"numbers": means}
        if stories:
            refers_to["default"] = str(stories[0].number)
        parts.append(message_part(message, keyboard, refers_to, link_preview=digest.settings.link_previews))
    return tuple(parts)


def render_post(digest: Digest) -> tuple[MessagePart, ...]:
    """What is sent of a digest: all parts, or the first page of those that are turned by buttons."""
    parts = render_digest(digest)
    return parts[:1] if digest.settings.paged else parts


def message_part(
    message: Packed,
    keyboard: Keyboard = (),
    refers_to: dict[str, Any] | None = None,
    *,
    link_preview: bool = False,
) -> MessagePart:
    """A packed text as a message."""
    return MessagePart(
        html=html_of(message.rich),
        keyboard=keyboard,
        plain=text_of(message.rich),
        link_preview=link_preview,
        refers_to=refers_to or {},
    )


def page_row(action: str, page: int, pages: int, digest: Digest, texts: Texts) -> tuple[Button, ...]:
    """◀ 2/5 ▶: pages are found again by the digest's window, so they survive restarts."""
    since, until = instant(digest.window.since), instant(digest.window.until)
    row = []
    if page > 1:
        row.append(Button(f"◀ {texts('button.previous')}", encode(action, str(page - 1), since, until)))
    row.append(Button(f"{texts.number(page)} / {texts.number(pages)}", encode("no")))
    if page < pages:
        row.append(Button(f"{texts('button.next')} ▶", encode(action, str(page + 1), since, until)))
    return tuple(row)


def numbers_of(stories: Sequence[DigestStory]) -> dict[str, dict[str, Any]]:
    """What the numbers of these stories mean, as kept in the store beside a shown message."""
    means: dict[str, dict[str, Any]] = {}
    for story in stories:
        own: dict[str, Any] = (
            {"story": story.story_id}
            if story.story_id
            else {"document": story.bullets[0].document_id}
            if story.bullets
            else {}
        )
        means[str(story.number)] = own
        for bullet in story.bullets:
            means[bullet.number] = {
                **own,
                "version": bullet.version_id,
                "start": bullet.start,
                "end": bullet.end,
            }
    return means


def ref_of(story: DigestStory) -> Ref | None:
    """The row that stands for a story in callback data; None for one that is not in a store."""
    if story.story_id:
        return Ref("s", story.story_id)
    if story.bullets and story.bullets[0].document_id:
        return Ref("d", story.bullets[0].document_id)
    return None


def _keyboard(stories: Sequence[DigestStory], texts: Texts) -> Keyboard:
    rows = [ref for story in stories if (ref := ref_of(story))]
    if not rows:
        return ()
    following = rows if len(rows) > 1 else ()
    return story_buttons(rows, texts, following)


def story_buttons(rows: Sequence[Ref], texts: Texts, following: Sequence[Ref] = ()) -> Keyboard:
    """What can be asked of stories; with `following`, the first of those."""
    leading = [Button(texts("button.next_story"), encode_refs("st", following))] if following else []
    return (
        (
            *leading,
            Button(texts("button.conditions"), encode_refs("cn", rows)),
            Button(texts("button.actors"), encode_refs("ac", rows)),
        ),
        (
            Button(texts("button.picture"), encode_refs("pi", rows)),
            Button(texts("button.sources"), encode_refs("so", rows)),
        ),
    )


# --- the digest's blocks ----------------------------------------------------------------------------


def _blocks(digest: Digest, texts: Texts) -> list[list[Piece]]:
    settings = digest.settings
    blocks = [_head(digest, texts)]
    region: str | None = None
    regions = {story.region for story in digest.stories}
    for place, story in enumerate(digest.stories):
        block: list[Piece] = []
        if len(regions) > 1 and (place == 0 or story.region != region):
            block.append(Piece(bold(f"▍{region_name(story.region, texts)}"), before="\n\n", keeps_next=True))
        region = story.region
        blocks.append([*block, *story_pieces(story, settings, texts)])
    if "coverage" in settings.sections:
        blocks.append([Piece(italic(coverage_line(digest.coverage, texts)), before="\n\n")])
    if settings.footer:
        blocks.append([Piece(plain(settings.footer), before="\n\n")])
    return blocks


def _head(digest: Digest, texts: Texts) -> list[Piece]:
    settings = digest.settings
    head = [Piece(plain(settings.header), before="\n")] if settings.header else []
    if not digest.stories:
        key = "digest.empty" if digest.coverage.documents == 0 else "digest.nothing_to_show"
        since = texts.moment(digest.window.since, settings.zone)
        return [*head, Piece(texts.rich(key, since=since))]
    title = texts("digest.title", date=texts.long_date(digest.window.until, settings.zone))
    head.append(Piece(bold(title), keeps_next=True))
    by_number = {story.number: story for story in digest.stories}
    leading = [by_number[number] for number in digest.leading if number in by_number]
    if len(leading) > 1 and "brief" in settings.sections:
        named = join("; ", (plain(f"{story.number} {story.headline}") for story in leading))
        head.append(Piece((*bold(texts("digest.in_brief")), *plain(" "), *named), before="\n"))
    return head


def region_name(region: str | None, texts: Texts) -> str:
    """A region's name in the interface's language, where the catalogue has it."""
    if region is None:
        return texts("region.none")
    key = f"region.{region.lower().replace(' ', '_').replace('-', '_')}"
    return texts(key) if texts.has(key) else region


def story_pieces(
    story: DigestStory, settings: DigestSettings, texts: Texts, *, numbered: bool = True
) -> list[Piece]:
    """A story: headline, publishers, bullets, conditions with their evidence, actors."""
    number = str(story.number)
    heading = (*bold(f"{number}. " if numbered else ""), *link(story.headline, story.url, BOLD))
    pieces = [
        Piece(
            (*heading, *plain("\n"), *italic(byline(story, settings.zone, texts))),
            before="\n\n",
            keeps_next=True,
            numbers=(number,),
        )
    ]
    if "bullets" in settings.sections:
        pieces += [
            Piece(bullet_line(bullet, texts), numbers=(number, bullet.number)) for bullet in story.bullets
        ]
        pieces += [Piece(edit_line(edit, texts), numbers=(number,)) for edit in story.edits]
    if "conditions" in settings.sections and story.conditions:
        pieces.append(
            Piece(bold(texts("digest.conditions")), before="\n", keeps_next=True, numbers=(number,))
        )
        pieces += [Piece(condition_line(found, texts), numbers=(number,)) for found in story.conditions]
        evidence = _evidence(story) if "evidence" in settings.sections else ()
        if evidence:
            pieces.append(Piece(evidence, numbers=(number,)))
    if "actors" in settings.sections and story.actors:
        named = join(" · ", (actor_words(actor, texts) for actor in story.actors))
        pieces.append(Piece((*bold(texts("digest.actors")), *plain(" "), *named), numbers=(number,)))
    last = pieces[-1]
    pieces[-1] = replace(last, keeps_next=False)
    return pieces


def byline(story: DigestStory, zone: str, texts: Texts) -> str:
    """Who published it, counted once each, and when."""
    named = ", ".join(texts.isolated(name) for name in story.publishers[:NAMED])
    if len(story.publishers) > NAMED:
        named = texts("digest.and_more", names=named, n=texts.number(len(story.publishers) - NAMED))
    if len(story.publishers) > 1:
        named = f"{texts.count('digest.publishers', len(story.publishers))}: {named}"
    words = [named, texts.short_date(story.published, zone)]
    if story.continues is not None:
        words.append(texts("digest.continues", date=texts.short_date(story.continues, zone)))
    if story.changed:
        words.append(texts("digest.changed"))
    return " · ".join(words)


def bullet_line(bullet: DigestBullet, texts: Texts) -> Rich:
    """• 1.1 The sentence, verbatim; before it, in brackets, the sentence it refers back to."""
    context = (*italic(f"[{bullet.context}]"), *plain(" ")) if bullet.context else ()
    return (*plain("• "), *plain(f"{bullet.number} ", ITALIC), *context, *plain(texts.isolated(bullet.text)))


def edit_line(edit: Edit, texts: Texts) -> Rich:
    """✎ What a publisher changed: the words before, and those that stand there now."""
    key = "digest.edited" if edit.before and edit.after else "digest.added" if edit.after else "digest.cut"
    values = {"before": texts.isolated(edit.before), "after": texts.isolated(edit.after)}
    return (*plain("✎ "), *texts.rich(key, **{k: v for k, v in values.items() if v}))


def condition_line(found: DigestCondition, texts: Texts, number: str = "") -> Rich:
    """◆ holder → addressee: “…” (precondition, military; by 5 May; as reported by …)."""
    condition = found.condition
    holder = condition.holder or texts("condition.somebody")
    parties = bold(texts.isolated(holder))
    if condition.addressee:
        arrow = " ← " if texts.right_to_left else " → "
        parties = (*parties, *plain(arrow), *bold(texts.isolated(condition.addressee)))
    words = [texts(f"type.{condition.type.value}"), texts(f"domain.{condition.domain.value}")]
    if condition.deadline:
        words.append(texts("condition.deadline", when=condition.deadline))
    if condition.speaker and condition.speaker != condition.holder:
        words.append(texts("condition.speaker", name=condition.speaker))
    if condition.hedged:
        words.append(texts("condition.hedged"))
    if condition.negated:
        words.append(texts("condition.negated"))
    if found.status != "new":
        words.append(texts(f"status.{found.status}"))
    if found.before:
        words.append(texts("condition.before", words=found.before))
    if found.report:
        words.append(texts("condition.report", words=found.report))
    return (
        *plain(f"{MARKS[condition.type]} {number}"),
        *parties,
        *plain(": "),
        *plain(texts.isolated(f"“{condition.text}”")),
        *plain(" — "),
        *italic(", ".join(words)),
    )


def _evidence(story: DigestStory) -> Rich:
    """The whole sentences of conditions that were shown in part and are no bullets, folded up."""
    shown = {bullet.text for bullet in story.bullets}
    sentences = dict.fromkeys(
        found.condition.sentence
        for found in story.conditions
        if found.condition.sentence != found.condition.text and found.condition.sentence not in shown
    )
    return under(EXPANDABLE, join("\n", (plain(sentence) for sentence in sentences)))


def actor_words(actor: DigestActor, texts: Texts) -> Rich:
    """Flag, name, and role in brackets."""
    role = plain(f" ({texts.isolated(actor.role)})") if actor.role else ()
    return (*plain(f"{sign(actor.country, actor.kind)} {texts.isolated(actor.name)}"), *role)


def coverage_line(coverage: Coverage, texts: Texts) -> str:
    """What was read, what was not and why, in one line."""
    words = [
        texts(
            "coverage.read",
            documents=texts.count("coverage.documents", coverage.documents),
            publishers=texts.count("coverage.publishers", coverage.publishers),
        )
    ]
    if coverage.failures:
        words.append(_some("coverage.failed", coverage.failures, texts))
    if coverage.silent_sources:
        words.append(_some("coverage.silent", coverage.silent_sources, texts))
    if coverage.left_out:
        words.append(
            texts("coverage.left_out", what="; ".join(left_out(line, texts) for line in coverage.left_out))
        )
    return " ".join(words)


def _some(key: str, lines: Sequence[str], texts: Texts) -> str:
    """A counted text with the first lines of what it counts: the rest is for the operator."""
    named = "; ".join(texts.isolated(line) for line in lines[:NAMED])
    return texts.count(key, len(lines), what=named + (" …" if len(lines) > NAMED else ""))


def left_out(line: str, texts: Texts) -> str:
    """One reason for leaving out: `reason:count` as composed, any other line as it is."""
    reason, _, count = line.partition(":")
    key = f"left_out.{reason.replace('-', '_')}"
    if count.isdigit() and texts.has(f"{key}.other"):
        return texts.count(key, int(count))
    return line
