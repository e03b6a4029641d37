"""Figures of an evaluation, on a document small enough to count by hand."""

import json

import pytest

from digestbot.errors import DocumentError
from digestbot.evaluation import evaluate, load_gold, parse_gold, rouge, same_sentence
from digestbot.model import (
    Actor,
    ActorKind,
    Analysis,
    Bullet,
    Condition,
    ConditionType,
    Domain,
    Mention,
)  # fmt: skip

RAW = {
    "id": "port",
    "text": "Norland will open the port only if Sudria pays. Sudria refused to pay for it. "
    "Subscribe to our letter",
    "boilerplate": ["Subscribe to our letter"],
    "headings": [],
    "key_sentences": ["Norland will open the port only if Sudria pays."],
    "actors": [
        {"name": "Norland", "kind": "state", "country": "NO", "mentions": ["Norland"], "central": True},
        {"name": "Sudria", "kind": "state", "country": "SU", "mentions": ["Sudria"], "central": True},
    ],
    "optional": ["the port"],
    "conditions": [
        {
            "sentence": "Norland will open the port only if Sudria pays.",
            "span": "only if Sudria pays",
            "type": "precondition",
            "domain": "economic",
            "holder": "Norland",
            "addressee": "Sudria",
        }
    ],
}


def actor(name, country):
    return Actor(name, name, ActorKind.STATE, country, None, None, 1.0, (Mention(name, 0, len(name)),))


def condition(sentence, **changes):
    given = {
        "type": ConditionType.PRECONDITION,
        "domain": Domain.ECONOMIC,
        "holder": "Norland",
        "addressee": None,
    }
    return Condition(
        sentence=sentence, sentence_start=0, sentence_end=1, text="", start=0, end=1, speaker=None,
        cue="only-if",
        **(given | changes),
    )  # fmt: skip


def figures_of(actors=(), conditions=(), bullets=()):
    shown = tuple(Bullet(text, 0, len(text), rank, 0.0) for rank, text in enumerate(bullets))
    analysis = Analysis("test", "en", None, (), (), shown, tuple(actors), tuple(conditions))
    return evaluate([parse_gold(RAW)], {"port": analysis})


def test_right_wrong_missed_and_optional_actors_are_counted():
    figures = figures_of(actors=[actor("Norland", "XX"), actor("The port", None), actor("Otherland", "OT")])
    assert figures.score("actor") == (0.5, 0.5, 0.5)
    assert figures.as_dict()["actor_kind"] == 1.0
    assert figures.as_dict()["actor_country"] == 0.0
    assert figures.as_dict()["central_at_6"] == 0.5


def test_second_actor_for_the_same_is_a_split():
    figures = figures_of(actors=[actor("Norland", "NO"), actor("Norland", "NO"), actor("Sudria", "SU")])
    assert figures.as_dict()["actor_split"] == 1
    assert figures.score("actor")[0] == pytest.approx(2 / 3)


def test_condition_fields_are_paired_one_to_one():
    sentence = RAW["conditions"][0]["sentence"]
    figures = figures_of(
        conditions=[condition(sentence), condition(sentence, type=ConditionType.THREAT)]
    ).as_dict()
    assert figures["condition_f1"] == 1.0
    assert figures["condition_type"] == 0.5  # the second found one is one too many
    assert figures["condition_addressee"] == 0.0


def test_false_condition_and_leaks_are_told():
    figures = figures_of(
        conditions=[condition("Sudria refused to pay for it.")], bullets=["Subscribe to our letter"]
    )
    assert figures.score("condition") == (0.0, 0.0, 0.0)
    assert figures.as_dict()["leaks_bullets"] == 1
    assert any("condition missed" in line for line in figures.errors)
    assert any("boilerplate" in line for line in figures.errors)


def test_bullets_are_compared_with_key_sentences():
    figures = figures_of(bullets=RAW["key_sentences"]).as_dict()
    assert figures["bullet_precision"] == figures["bullet_recall"] == figures["rouge_1"] == 1.0


def test_missing_analysis_found_nothing():
    figures = evaluate([parse_gold(RAW)], {})
    assert figures.counts["without_analysis"] == 1
    assert figures.score("actor") == (0.0, 0.0, 0.0)


def test_figures_print_as_text_and_json():
    figures = figures_of(bullets=RAW["key_sentences"])
    assert json.loads(figures.as_json())["bullet_precision"] == 1.0
    assert "bullets     P 1.000" in figures.as_text()


def test_rouge_by_hand():
    assert rouge(["the truce holds"], ["the truce ends"], 1) == pytest.approx(2 / 3)
    assert rouge(["the truce holds"], ["the truce ends"], 2) == pytest.approx(1 / 2)
    assert rouge([], ["x"], 1) == 0.0


def test_sentences_with_marks_and_articles_apart_are_the_same():
    assert same_sentence("“The truce holds,” he said.", "The truce holds, he said")
    assert not same_sentence("The truce holds.", "The port is shut.")


def test_folder_without_or_with_broken_documents_is_told(tmp_path):
    with pytest.raises(DocumentError, match="No annotated documents"):
        load_gold(tmp_path)
    (tmp_path / "a.json").write_text("{}", encoding="utf-8")
    with pytest.raises(DocumentError, match="no annotated document"):
        load_gold(tmp_path)
