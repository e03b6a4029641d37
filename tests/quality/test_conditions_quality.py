"""Conditions on the annotated documents: figures with floors that may only rise.

Run as a script it prints the leave-one-out table of docs/analysis-conditions.md.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from digestbot.analysis.actors import find_actors
from digestbot.analysis.conditions import find_conditions
from digestbot.analysis.cues import FAMILIES
from digestbot.analysis.lexicon import load_lexicon
from digestbot.analysis.mentions import ActorFindings
from digestbot.analysis.sentences import split_sentences
from digestbot.cleaning import label_blocks
from digestbot.model import Condition, Sentence

DOCUMENTS = sorted((Path(__file__).parent / "documents").glob("*.json"))
FIELDS = ("type", "domain", "holder", "addressee")
FLOORS = {
    "precision": 0.92,
    "recall": 0.96,
    "f1": 0.94,
    "type": 0.775,
    "domain": 0.66,
    "holder": 0.65,
    "addressee": 0.46,
}
RULES = (*sorted(FAMILIES), "attribution", "guards", "addressee-context", "domain-context")

Read = tuple[dict[str, Any], tuple[Sentence, ...], ActorFindings]


def read(path: Path) -> Read:
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    text = document["text"]
    blocks = label_blocks(text)
    sentences = split_sentences(text, blocks)
    return document, sentences, find_actors(text, blocks, sentences, load_lexicon())


def plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


def same(one: str, other: str) -> bool:
    """Whether two quotations are one sentence, cut a little differently."""
    a, b = set(plain(one).split()), set(plain(other).split())
    return len(a & b) >= 0.7 * max(1, len(a | b))


def fields_right(found: Condition, wanted: dict[str, Any], forms: dict[str, set[str]]) -> dict[str, bool]:
    def party(side: str) -> bool:
        name = getattr(found, side)
        return plain(name) in forms.get(wanted[side], set()) if name else wanted[side] is None

    return {
        "type": found.type.value == wanted["type"],
        "domain": found.domain.value == wanted["domain"],
        "holder": party("holder"),
        "addressee": party("addressee"),
    }


def count(documents: Sequence[Read], without: frozenset[str] = frozenset()) -> dict[str, float]:
    """Precision, recall and F1 by sentence; the fields right among conditions paired one to one."""
    n: Counter[str] = Counter()
    for document, sentences, findings in documents:
        forms = {a["name"]: {plain(form) for form in [a["name"], *a["mentions"]]} for a in document["actors"]}
        found = find_conditions(document["text"], sentences, findings, without=without)
        wanted: dict[str, list[dict[str, Any]]] = {}
        for condition in document["conditions"]:
            wanted.setdefault(condition["sentence"], []).append(condition)
        n["false"] += len({c.sentence for c in found if not any(same(c.sentence, s) for s in wanted)})
        for sentence, conditions in wanted.items():
            left = [c for c in found if same(c.sentence, sentence)]
            n["found" if left else "missed"] += 1
            n["paired"] += max(len(left), len(conditions)) if left else 0
            for condition in conditions:
                if left:
                    best = max(left, key=lambda c: sum(fields_right(c, condition, forms).values()))
                    left.remove(best)
                    n.update({k: int(ok) for k, ok in fields_right(best, condition, forms).items()})
    precision = n["found"] / max(1, n["found"] + n["false"])
    recall = n["found"] / max(1, n["found"] + n["missed"])
    figures = {
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / max(1e-9, precision + recall),
    }
    return figures | {name: n[name] / max(1, n["paired"]) for name in FIELDS}


@pytest.fixture(scope="module")
def documents() -> list[Read]:
    return [read(path) for path in DOCUMENTS]


@pytest.fixture(scope="module")
def figures(documents: list[Read]) -> dict[str, float]:
    return count(documents)


@pytest.mark.parametrize("name", FLOORS)
def test_no_figure_falls_below_its_floor(figures: dict[str, float], name: str) -> None:
    assert figures[name] >= FLOORS[name], figures


def test_nothing_is_taken_from_headings_or_boilerplate(documents: list[Read]) -> None:
    for document, sentences, findings in documents:
        aside = {plain(line) for line in [*document["boilerplate"], *document["headings"]]}
        found = find_conditions(document["text"], sentences, findings)
        assert not {plain(condition.sentence) for condition in found} & aside


@pytest.mark.parametrize("family", ["conditional", "demand", "threat"])
def test_each_large_family_of_cues_earns_its_place(
    documents: list[Read], figures: dict[str, float], family: str
) -> None:
    assert count(documents, frozenset({family}))["f1"] < figures["f1"]


def main(paths: Sequence[Path]) -> None:
    """Prints the leave-one-out table as Markdown."""
    documents = [read(path) for path in paths]
    names = ("precision", "recall", "f1", *FIELDS)
    print("| left out | " + " | ".join(names) + " |\n|---|" + "---|" * len(names))
    for rule in ("", *RULES):
        row = count(documents, frozenset({rule} if rule else ()))
        print(f"| {rule or 'nothing'} | " + " | ".join(f"{row[name]:.3f}" for name in names) + " |")


if __name__ == "__main__":
    folders = [Path(argument) for argument in sys.argv[1:]]
    main([path for folder in folders for path in sorted(folder.glob("*.json"))] or DOCUMENTS)
