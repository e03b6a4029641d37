"""Documents and stories for tests: written for them, with true spans."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from digestbot.model import (
    Actor,
    ActorKind,
    Analysis,
    Block,
    BlockLabel,
    Bullet,
    Condition,
    ConditionType,
    Domain,
    Mention,
    PublishedOrigin,
    Sentence,
    StoredDocument,
    Story,
)

NOW = datetime(2026, 3, 4, 6, 0, tzinfo=UTC)


def an_actor(
    name: str,
    *,
    country: str | None = None,
    kind: ActorKind = ActorKind.STATE,
    role: str | None = None,
    salience: float = 0.5,
    key: str | None = None,
) -> Actor:
    return Actor(
        key=key or f"{kind.value}:{country or name}",
        name=name,
        kind=kind,
        country=country,
        sector=None,
        role=role,
        salience=salience,
        mentions=(Mention(name, 0, len(name)),),
    )


def a_condition(
    sentence: str,
    text: str,
    *,
    at: int = 0,
    type: ConditionType = ConditionType.DEMAND,
    domain: Domain = Domain.POLITICAL,
    holder: str | None = "Pakistan",
    addressee: str | None = None,
) -> Condition:
    start = at + sentence.index(text)
    return Condition(
        sentence=sentence,
        sentence_start=at,
        sentence_end=at + len(sentence),
        text=text,
        start=start,
        end=start + len(text),
        type=type,
        domain=domain,
        holder=holder,
        addressee=addressee,
        speaker=None,
        cue="demand",
    )


def a_document(
    sentences: Sequence[str] = ("The talks went on.",),
    *,
    document_id: int = 1,
    title: str = "Talks go on",
    publisher: str = "The Courier",
    url: str | None = "https://courier.example/talks",
    actors: Sequence[Actor] = (),
    conditions: Sequence[Condition] = (),
    bullets: Sequence[int] | None = None,
    published: datetime = NOW - timedelta(hours=3),
    version: int = 1,
    story_id: int | None = 1,
    source_id: int | None = 1,
) -> StoredDocument:
    """`bullets`: indexes of sentences, most important first; all in order by default."""
    text = " ".join(sentences)
    spans, place = [], 0
    for sentence in sentences:
        spans.append((place, place + len(sentence)))
        place += len(sentence) + 1
    chosen = range(len(sentences)) if bullets is None else bullets
    return StoredDocument(
        document_id=document_id,
        version_id=document_id * 10 + version,
        version=version,
        text=text,
        title=title,
        url=url,
        publisher=publisher,
        source_id=source_id,
        published=published,
        published_origin=PublishedOrigin.METADATA,
        picked_up=published + timedelta(minutes=5),
        scope=None,
        archive=False,
        analysis=Analysis(
            analyser="test",
            language="en",
            title=title,
            blocks=(Block(0, len(text), BlockLabel.BODY),),
            sentences=tuple(Sentence(start, end, 0) for start, end in spans),
            bullets=tuple(
                Bullet(sentences[index], *spans[index], rank=rank, score=1 / (rank + 1))
                for rank, index in enumerate(chosen)
            ),
            actors=tuple(actors),
            conditions=tuple(conditions),
        ),
        story_id=story_id,
    )


def a_story(*documents: StoredDocument, story_id: int = 1) -> Story:
    return Story(
        story_id=story_id,
        documents=documents,
        first_seen=min(document.picked_up for document in documents),
        updated=max(document.picked_up for document in documents),
    )
