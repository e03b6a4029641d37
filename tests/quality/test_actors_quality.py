"""Actors on the annotated documents: figures with floors that may only rise, and what must never be found.

Run as a script it prints the leave-one-out table of docs/analysis-actors.md.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from digestbot.analysis.actors import find_actors
from digestbot.analysis.lexicon import load_lexicon
from digestbot.analysis.mentions import ActorFindings
from digestbot.analysis.sentences import split_sentences
from digestbot.cleaning import label_blocks

DOCUMENTS = sorted((Path(__file__).parent / "documents").glob("*.json"))
FLOORS = {"precision": 0.97, "recall": 0.955, "f1": 0.965, "kind": 0.98, "country": 0.94, "central": 0.82}
SAMPLE = "pakistan-gaza-stabilisation-force"
FAMILIES = (
    "title-name",
    "office-comma-name",
    "name-comma-office",
    "name-bracket-state",
    "possessive-name",
    "name-of-state",
    "speech-verb",
    "speaker-line",
    "relative",
    "bare-name",
    "coordination",
    "lone-name",
    "surname",
    "name-style",
    "institution",
    "head-noun",
    "acronym-bracket",
    "acronym-alone",
    "apposition-organisation",
    "quoted-name",
    "lexicon",
    "capital-metonymy",
    "seat-metonymy",
    "adjective",
    "people",
    "group-noun",
    "office-reference",
    "pronoun",
)


def key(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).replace("’", "'").casefold()
    folded = " ".join(re.findall(r"[\w'-]+", re.sub(r"'s\b", "", folded)))
    return re.sub(r"^(the|a|an) ", "", folded)


def analysed(path: Path, without: frozenset[str] = frozenset()) -> tuple[dict[str, Any], ActorFindings]:
    gold = json.loads(path.read_text(encoding="utf-8"))
    text = gold["text"]
    blocks = label_blocks(text)
    sentences = split_sentences(text, blocks)
    return gold, find_actors(text, blocks, sentences, load_lexicon(), without=without)


def figures(without: frozenset[str] = frozenset()) -> dict[str, float]:
    """Actors paired by a shared name or mention, over all documents; optional ones count neither way."""
    n: Counter[str] = Counter()
    for path in DOCUMENTS:
        gold, findings = analysed(path, without)
        forms = [{key(form) for form in [a["name"], *a["mentions"]]} for a in gold["actors"]]
        optional = {key(name) for name in gold["optional"]}
        ranks: dict[int, int] = {}
        for rank, actor in enumerate(findings.actors):
            keys = {key(actor.name)} | {key(mention.text) for mention in actor.mentions}
            found = next((i for i, form in enumerate(forms) if i not in ranks and form & keys), None)
            if found is None:
                n["wrong"] += not keys & optional
                continue
            ranks[found] = rank
            n["right"] += 1
            n["kind"] += actor.kind == gold["actors"][found]["kind"]
            n["country"] += actor.country == gold["actors"][found]["country"]
        for index, want in enumerate(gold["actors"]):
            n["missed"] += index not in ranks
            n["central"] += want["central"]
            n["central_found"] += want["central"] and ranks.get(index, 99) < 6
    precision = n["right"] / (n["right"] + n["wrong"])
    recall = n["right"] / (n["right"] + n["missed"])
    return {
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / (precision + recall),
        "kind": n["kind"] / n["right"],
        "country": n["country"] / n["right"],
        "central": n["central_found"] / n["central"],
    }


def test_figures_do_not_fall_below_their_floors() -> None:
    reached = figures()
    below = {name: round(reached[name], 3) for name, floor in FLOORS.items() if reached[name] < floor}
    assert below == {}


def test_the_sample_has_its_actors_and_neither_the_author_nor_his_outlets() -> None:
    text = next(Path("seeds").glob(f"{SAMPLE}*")).read_text(encoding="utf-8")
    blocks = label_blocks(text)
    findings = find_actors(text, blocks, split_sentences(text, blocks), load_lexicon())
    found = {actor.name: actor for actor in findings.actors}
    forms = {mention.text for actor in findings.actors for mention in actor.mentions}
    assert {"Pakistan", "United States", "Saudi Arabia", "Israel", "Marco Rubio", "Asim Munir"} <= set(found)
    assert {"Trump", "CENTCOM", "IMF"} <= forms
    munir = found["Asim Munir"]
    assert munir.country == "PK"
    assert "Field Marshal" in (munir.role or "")
    assert "Army Chief" in (munir.role or "")
    assert found["Marco Rubio"].role == "US Secretary of State"
    assert found["Marco Rubio"].country == "US"
    assert not {"Zubair Amin", "NewsX", "Al Jazeera", "The Wire", "Foreign Policy Magazine"} & (
        set(found) | forms
    )


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_mention_quotes_the_document_and_none_the_boilerplate(path: Path) -> None:
    gold, findings = analysed(path)
    text = gold["text"]
    spans = []
    for line in gold["boilerplate"]:
        if len(line) > 20 and (start := text.find(line)) >= 0:
            spans.append((start, start + len(line)))
    for actor in findings.actors:
        for mention in actor.mentions:
            assert text[mention.start : mention.end] == mention.text
    inside = [
        mention.text
        for actor in findings.actors
        for mention in actor.mentions
        if any(start <= mention.start < end for start, end in spans)
    ]
    assert inside == []


if __name__ == "__main__":
    everything = figures()
    sys.stdout.write("| left out | F1 | kind | country | central |\n|---|---|---|---|---|\n")
    sys.stdout.write(
        "| nothing | {f1:.3f} | {kind:.3f} | {country:.3f} | {central:.3f} |\n".format(**everything)
    )
    for family in FAMILIES:
        left = figures(frozenset({family}))
        change = {name: left[name] - everything[name] for name in left}
        sys.stdout.write(
            "| {} | {f1:+.3f} | {kind:+.3f} | {country:+.3f} | {central:+.3f} |\n".format(family, **change)
        )
