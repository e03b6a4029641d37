"""Cleaning and bullets on annotated documents of ours, with floors that may only rise.

Actors and conditions are the annotated ones here: these floors hold cleaning, sentences and the choice of
bullets alone.
"""

import re
import tomllib
from pathlib import Path

import pytest

from digestbot.analysis import analyse
from digestbot.analysis.sentences import split_sentences
from digestbot.analysis.summary import choose_bullets
from digestbot.cleaning import label_blocks
from digestbot.evaluation import evaluate, load_gold, rouge
from digestbot.model import (
    CONTENT_LABELS,
    Actor,
    ActorKind,
    Analysis,
    BlockLabel,
    Condition,
    ConditionType,
    Domain,
    ExtractedText,
    Mention,
)  # fmt: skip

HERE = Path(__file__).parent
FLOORS = tomllib.loads((HERE / "bullet_floors.toml").read_text(encoding="utf-8"))
DOCUMENTS = load_gold(HERE / "documents")


def places(text, part):
    return [m.span() for m in re.finditer(rf"(?<!\w){re.escape(part)}(?!\w)", text)]


def annotated_actors(document):
    return tuple(
        Actor(
            gold.name, gold.name, ActorKind(gold.kind), gold.country, None, None,
            1.0 if gold.central else 0.1,
            tuple(Mention(document.text[a:b], a, b) for a, b in mentions(document.text, gold)),
        )
        for gold in document.actors
    )  # fmt: skip


def mentions(text, gold):
    words = {m[0] for m in re.finditer(r"[\w’'-]+", text)}
    forms = {w for w in words if w.casefold() in gold.forms} | {gold.name}
    return sorted(span for form in forms for span in places(text, form))


def annotated_conditions(document, sentences):
    found = []
    for gold in document.conditions:
        middle = document.text.find(gold.sentence) + len(gold.sentence) // 2
        sentence = next((s for s in sentences if s.start <= middle < s.end), None)
        if sentence:
            found.append(
                Condition(
                    gold.sentence, sentence.start, sentence.end, "", 0, 0,
                    ConditionType(gold.type), Domain(gold.domain), None, None, None, "annotated",
                )
            )  # fmt: skip
    return tuple(found)


@pytest.fixture(scope="module")
def analyses():
    found = {}
    for document in DOCUMENTS:
        blocks = label_blocks(document.text)
        sentences = split_sentences(document.text, blocks)
        headline = [document.text[b.start : b.end] for b in blocks if b.label is BlockLabel.HEADLINE]
        bullets = choose_bullets(
            document.text,
            sentences,
            title=headline[0] if headline else None,
            language="en",
            actors=annotated_actors(document),
            conditions=annotated_conditions(document, sentences),
        )
        found[document.id] = Analysis("test", "en", None, blocks, sentences, bullets, (), ())
    return found


def test_cleaning_keeps_the_article_and_drops_the_page(analyses):
    noise = noise_kept = body = body_lost = keys_lost = 0
    for document in DOCUMENTS:
        text = document.text
        outside = bytearray(len(text))
        for quote in document.boilerplate:
            start = text.find(quote)
            outside[start : start + len(quote)] = b"\1" * len(quote)
        for quote in document.headings:
            for match in re.finditer(re.escape(quote), text):
                outside[match.start() : match.end()] = b"\1" * len(quote)
        kept = bytearray(len(text))
        for block in analyses[document.id].blocks:
            if block.label in CONTENT_LABELS:
                kept[block.start : block.end] = b"\1" * (block.end - block.start)
        for word in re.finditer(r"\w+", text):
            if outside[word.start()]:
                noise += 1
                noise_kept += kept[word.start()]
            else:
                body += 1
                body_lost += not kept[word.start()]
        for key in document.key_sentences:
            middle = text.find(key) + len(key) // 2
            keys_lost += not kept[middle] and not text[middle].isspace()
    assert noise_kept <= FLOORS["cleaning"]["noise_kept_at_most"] * noise
    assert body_lost <= FLOORS["cleaning"]["body_lost_at_most"] * body
    assert keys_lost <= FLOORS["cleaning"]["key_sentences_lost_at_most"]


def test_bullets_are_key_sentences(analyses):
    figures = evaluate(DOCUMENTS, analyses).as_dict()
    assert figures["bullet_precision"] >= FLOORS["bullets"]["precision"]
    assert figures["rouge_1"] >= FLOORS["bullets"]["rouge_1"]
    assert figures["leaks_bullets"] <= FLOORS["bullets"]["leaks_at_most"]


def test_on_ordinary_news_the_first_three_bullets_beat_the_first_three_sentences():
    articles = tomllib.loads((HERE / "news_articles.toml").read_text(encoding="utf-8"))["article"]
    gains = []
    for article in articles:
        extracted = ExtractedText(article["text"].strip(), "text/plain")
        analysis = analyse(extracted)
        lead = [extracted.text[s.start : s.end] for s in analysis.sentences[:3]]
        top = [bullet.text for bullet in analysis.bullets[:3]]
        gains.append(rouge(top, [article["summary"]], 1) - rouge(lead, [article["summary"]], 1))
    assert len(gains) >= 20
    assert sum(gains) / len(gains) >= FLOORS["news"]["gain"]


def test_first_three_bullets_say_more_than_the_first_three_sentences(analyses):
    gains = []
    for document in DOCUMENTS:
        analysis = analyses[document.id]
        lead = [document.text[s.start : s.end] for s in analysis.sentences[:3]]
        top = [b.text for b in analysis.bullets[:3]]
        keys = document.key_sentences
        gains.append(rouge(top, keys, 1) - rouge(lead, keys, 1))
    assert sum(gains) / len(gains) >= FLOORS["lead"]["gain"]
