"""The annotated documents keep to the format that their README.md describes."""

import json
from pathlib import Path
from typing import Any

import pytest

DOCUMENTS = Path(__file__).parent / "documents"
FOLDERS = (
    DOCUMENTS,
    *(DOCUMENTS.parent / name for name in ("fresh", "unseen", "varied", "varied_unseen")),
)
SAMPLE = Path(__file__).parents[2] / "seeds" / "pakistan-gaza-stabilisation-force.txt"
KINDS = {"state", "person", "organisation", "armed_group", "bloc", "population"}
TYPES = {"precondition", "demand", "offer", "threat", "consequence"}
DOMAINS = {"political", "military", "economic", "humanitarian", "legal"}

every_document = pytest.mark.parametrize(
    "path",
    sorted(path for folder in FOLDERS for path in folder.glob("*.json")),
    ids=lambda path: path.stem,
)


def read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def test_there_are_the_sample_and_at_least_fifteen_of_our_own() -> None:
    names = {path.stem for path in DOCUMENTS.glob("*.json")}
    assert SAMPLE.stem in names
    assert len(names - {SAMPLE.stem}) >= 15


def test_the_sample_stands_in_its_annotation_word_for_word() -> None:
    assert read(DOCUMENTS / f"{SAMPLE.stem}.json")["text"] == SAMPLE.read_text(encoding="utf-8").rstrip("\n")


@every_document
def test_every_quotation_is_verbatim(path: Path) -> None:
    document = read(path)
    text = document["text"]
    quotations = [*document["boilerplate"], *document["headings"], *document["key_sentences"]]
    quotations += [mention for actor in document["actors"] for mention in actor["mentions"]]
    quotations += [condition["sentence"] for condition in document["conditions"]]
    assert [quotation for quotation in quotations if quotation not in text] == []
    for condition in document["conditions"]:
        assert condition["span"] in condition["sentence"]


@every_document
def test_fields_hold_known_values_only(path: Path) -> None:
    document = read(path)
    names = {actor["name"] for actor in document["actors"]}
    assert document["id"] == path.stem
    assert len(names) == len(document["actors"])
    assert {actor["kind"] for actor in document["actors"]} <= KINDS
    assert all(actor["mentions"] for actor in document["actors"])
    assert all(actor["country"] is None or len(actor["country"]) == 2 for actor in document["actors"])
    assert {condition["type"] for condition in document["conditions"]} <= TYPES
    assert {condition["domain"] for condition in document["conditions"]} <= DOMAINS
    parties = {condition[side] for condition in document["conditions"] for side in ("holder", "addressee")}
    assert parties - {None} <= names


@every_document
def test_a_reader_gets_four_to_six_key_sentences_and_two_to_six_central_actors(path: Path) -> None:
    document = read(path)
    assert 4 <= len(document["key_sentences"]) <= 6
    assert 2 <= sum(actor["central"] for actor in document["actors"]) <= 6
