"""A reader for tests: real extraction in this process, and findings that are plain to predict."""

from __future__ import annotations

import re

from digestbot.extraction import extract
from digestbot.findings import analysis_to_json
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
    ExtractedText,
    FoundDocument,
    Mention,
    Sentence,
)
from digestbot.protocols.ingest import ParsedFeed, ReadDocument

NAMES = re.compile(r"\b(?:Arland|Borduria|Syldavia|Zubrowka|Freedonia|Elbonia)\b")
KEYS = {
    name: f"state:{name[:2].upper()}" for name in ("Arland", "Borduria", "Syldavia", "Zubrowka", "Elbonia")
}


def simple_analysis(extracted: ExtractedText, *, analyser: str = "test-1") -> Analysis:
    """One block a line, the first the headline; actors by name; a condition where a line says "unless"."""
    text = extracted.text
    blocks, place = [], 0
    for line in text.split("\n"):
        if line:
            label = BlockLabel.BODY if blocks else BlockLabel.HEADLINE
            blocks.append(Block(place, place + len(line), label))
        place += len(line) + 1
    mentions: dict[str, list[Mention]] = {}
    for match in NAMES.finditer(text):
        mentions.setdefault(match[0], []).append(Mention(match[0], match.start(), match.end(), "name"))
    actors = tuple(
        Actor(
            key=KEYS.get(name, f"person:-:{name.lower()}"),
            name=name,
            kind=ActorKind.STATE,
            country=name[:2].upper(),
            sector="GOV",
            role=None,
            salience=1.0 / (number + 1),
            mentions=tuple(own),
        )
        for number, (name, own) in enumerate(mentions.items())
    )
    body = [block for block in blocks if block.label is BlockLabel.BODY] or blocks
    conditions = tuple(
        Condition(
            sentence=text[block.start : block.end],
            sentence_start=block.start,
            sentence_end=block.end,
            text=text[block.start : block.end],
            start=block.start,
            end=block.end,
            type=ConditionType.PRECONDITION,
            domain=Domain.POLITICAL,
            holder=actors[0].name if actors else None,
            addressee=None,
            speaker=None,
            cue="unless",
        )
        for block in body
        if "unless" in text[block.start : block.end]
    )
    return Analysis(
        analyser=analyser,
        language=extracted.language or "en",
        title=extracted.title or text.split("\n", 1)[0][:200],
        blocks=tuple(blocks),
        sentences=tuple(Sentence(block.start, block.end, index) for index, block in enumerate(blocks)),
        bullets=tuple(
            Bullet(text[block.start : block.end], block.start, block.end, rank, 1.0, reasons=("first",))
            for rank, block in enumerate(body[:3])
        ),
        actors=actors,
        conditions=conditions,
    )


class InProcessReader:
    """Implements Reader and FeedReader without processes."""

    async def read(self, found: FoundDocument) -> ReadDocument:
        extracted = extract(found)
        return ReadDocument(extracted, simple_analysis(extracted))

    async def read_feed(self, content: bytes, url: str, content_type: str) -> ParsedFeed:
        from digestbot.extraction.feed import read_feed

        return read_feed(content, url, content_type)


def read_text(text: str, **about: object) -> tuple[FoundDocument, ReadDocument]:
    """A found text document and what is read out of it."""
    key = str(about.pop("key", "a.txt"))
    found = FoundDocument(key=key, content=text.encode(), filename=key, **about)  # type: ignore[arg-type]
    extracted = extract(found)
    analysis = simple_analysis(extracted)
    assert analysis_to_json(analysis)
    return found, ReadDocument(extracted, analysis)
