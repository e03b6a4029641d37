"""Bullets: which sentences are chosen, in which order, and what they are shown with."""

import re

import pytest

from digestbot.analysis.bargaining import bargaining
from digestbot.analysis.rating import SummaryInput, rate_digest
from digestbot.analysis.sentences import split_sentences
from digestbot.analysis.summary import SUMMARISERS, choose_bullets, refers_back
from digestbot.cleaning import label_blocks
from digestbot.model import Actor, ActorKind, Condition, ConditionType, Domain, Mention

TEXT = """\
Junta frees envoys but keeps the port shut
The junta freed three envoys on Monday but kept the port of Amal shut, the harbour master said.
The envoys had been held since the bloc closed its border in March.
The junta will reopen the port only if the bloc lifts its sanctions on grain within ten days.
It called the sanctions theft.
In the market a trader sold onions.
The harbour master said the port could take grain ships again within a week.
The junta freed three envoys on Monday but kept the port of Amal shut, the harbour master said.
Is anyone counting?
Rain fell on the hills.
"""


def bullets_of(text=TEXT, *, wanted=3, summariser="digest", conditions=(), language="en"):
    sentences = split_sentences(text, label_blocks(text))
    title = text.split("\n", 1)[0]
    return choose_bullets(
        text,
        sentences,
        title=title,
        language=language,
        conditions=conditions,
        wanted=wanted,
        summariser=summariser,
    )


@pytest.mark.parametrize("summariser", SUMMARISERS)
def test_every_summariser_quotes_the_text_ranks_and_repeats_nothing(summariser):
    bullets = bullets_of(summariser=summariser, wanted=5)
    assert len(bullets) == 5
    assert [b.rank for b in bullets] == list(range(5))
    assert all(TEXT[b.start : b.end] == b.text for b in bullets)
    assert len({b.text for b in bullets}) == 5
    assert "Junta frees envoys but keeps the port shut" not in {b.text for b in bullets}


def test_lead_comes_first_and_small_talk_is_left_out():
    texts = [b.text for b in bullets_of()]
    assert texts[0].startswith("The junta freed three envoys on Monday")
    assert "Rain fell on the hills." not in texts
    assert "Is anyone counting?" not in texts


def test_carried_condition_raises_a_sentence():
    def demand(sentence: str) -> Condition:
        start = TEXT.index(sentence)
        return Condition(
            sentence, start, start + len(sentence), sentence, start, start + len(sentence),
            ConditionType.DEMAND, Domain.POLITICAL, None, None, None, "test",
        )  # fmt: skip

    plain, carrying = "In the market a trader sold onions.", "Rain fell on the hills."
    # Enough others that the text is read as a bargain both times.
    others = tuple(
        map(
            demand,
            (
                "It called the sanctions theft.",
                "The envoys had been held since the bloc closed its border in March.",
            ),
        )
    )
    score = {b.text: b.score for b in bullets_of(wanted=9, conditions=others)}
    raised = {b.text: b.score for b in bullets_of(wanted=9, conditions=(*others, demand(carrying)))}
    assert raised[carrying] > score[carrying]
    assert raised[plain] == score[plain]


def test_bullet_that_refers_back_carries_the_sentence_before_it():
    by_text = {b.text: b for b in bullets_of(wanted=9)}
    bullet = by_text["It called the sanctions theft."]
    assert bullet.context_start is not None
    assert TEXT[bullet.context_start : bullet.context_end].startswith(
        "The junta will reopen the port only if"
    )
    assert by_text["Rain fell on the hills."].context_start is None


@pytest.mark.parametrize(
    ("sentence", "back"),
    [
        ("The move could anger Paris.", True),
        ("He left.", True),
        ("Such a step would be final.", True),
        ("But they did not agree.", True),
        ("“It is over,” said the king.", True),
        ("The decision of the court is final.", False),
        ("Paris objected to the move.", False),
        ("Those who signed may return.", False),
        ("Italy refused.", False),
    ],
)
def test_what_refers_back(sentence, back):
    assert refers_back(sentence) is back


def test_reasons_tell_the_parts_of_the_score():
    bullet = bullets_of()[0]
    assert sum(float(reason.rsplit(" ", 1)[1]) for reason in bullet.reasons) == pytest.approx(
        bullet.score, abs=0.2
    )


def test_nothing_to_choose_from_gives_no_bullets():
    assert choose_bullets("", (), title=None, language="en") == ()
    assert bullets_of(wanted=0) == ()


@pytest.mark.parametrize("language", ["de", "ja", "sw"])
def test_other_languages_are_summarised_with_or_without_stems(language):
    assert len(bullets_of(language=language)) == 3


def test_words_of_bargaining_raise_a_sentence_without_a_condition():
    bullets = {b.text: b for b in bullets_of(wanted=9)}
    tied = bullets[
        "The junta will reopen the port only if the bloc lifts its sanctions on grain within ten days."
    ]
    assert any(reason.startswith("words of bargaining") for reason in tied.reasons)
    plain = bullets["In the market a trader sold onions."]
    assert not any(reason.startswith("words of bargaining") for reason in plain.reasons)


@pytest.mark.parametrize(
    "sentence",
    [
        "Kyiv will sign the day the last troops leave, and not before.",
        "Whoever ships arms to the rebels can expect to lose his licence.",
        "No deal, the minister said, without the release of all prisoners.",
        "The bloc wants the border reopened first.",
        "Let them lift the blockade and we shall talk.",
    ],
)
def test_sentences_that_tie_somebody_sound_like_a_bargain(sentence):
    assert bargaining(sentence) > 0.6


@pytest.mark.parametrize(
    "sentence",
    [
        "The dam was opened on Tuesday after fourteen years of work.",
        "It was not clear whether the envoys had arrived.",
        "Demand for diesel has doubled in the port since March.",
        "Conditions in the camp were as bad as in winter, as if nothing had been done.",
        "Two soldiers were killed on Friday near the crossing.",
    ],
)
def test_reports_and_distractors_do_not_sound_like_a_bargain(sentence):
    assert bargaining(sentence) < 0.4


SCENE = """\
It was cold in the harbour, and somebody had lit a fire in an old barrel of oil.
The junta of Amal will free the envoys if the bloc lifts its sanctions on grain.
The junta will open the port once the first ship of grain has come in from the south.
The junta will let the bloc's doctors in when the port has been open for a month.
The harbour master has seen four governments come and go and has outlived all of them.
"""


def bargain(text):
    """What a summariser is given of a text whose second to fourth sentence set a condition."""
    sentences = split_sentences(text, label_blocks(text))
    spans = [(s.start, s.end) for s in sentences]
    junta = Actor(
        "group:junta", "Junta", ActorKind.ARMED_GROUP, None, None, None, 1.0,
        tuple(Mention("junta", m.start(), m.end()) for m in re.finditer("junta", text)),
    )  # fmt: skip
    conditions = tuple(
        Condition(
            text[a:b], a, b, text[a:b], a, b,
            ConditionType.PRECONDITION, Domain.POLITICAL, "Junta", None, None, "test",
        )
        for a, b in spans[1:4]
    )  # fmt: skip
    return SummaryInput(text, sentences, actors=(junta,), conditions=conditions)


def rated(more=""):
    """The parts of each sentence's rating in SCENE, with more behind it."""
    given = bargain(SCENE + more)
    return [rating.parts for rating in rate_digest(given, [["word"]] * len(given.sentences))]


def test_the_first_sentence_to_name_an_actor_counts_as_first_wherever_it_stands():
    parts = [part["first to name actors"] for part in rated()]
    assert parts[0] == parts[1] > parts[2] > parts[3]


def test_the_more_conditions_stand_just_before_a_sentence_the_less_it_counts():
    parts = [part["follows conditions"] for part in rated()]
    assert parts[0] == parts[1] == 0 > parts[2] > parts[3] > parts[4]


def test_conditions_that_were_announced_are_to_be_told():
    parts = [part["was announced"] for part in rated()]
    assert not any(parts)
    given = bargain(
        SCENE.replace("will free the envoys if the bloc lifts", "has set the bloc two conditions, on")
    )
    parts = [
        rating.parts["was announced"] for rating in rate_digest(given, [["word"]] * len(given.sentences))
    ]
    assert [part > 0 for part in parts] == [False, False, True, True, False]


@pytest.mark.parametrize(
    ("sentence", "decided", "dated"),
    [
        ("The two armies signed the truce on Monday.", True, True),
        ("On 4 May the court ruled against the ministry.", True, True),
        ("The two armies do not like each other much.", False, False),
        ("The signs are bad, and the general may go.", False, False),
    ],
)
def test_what_tells_a_decision_and_its_day(sentence, decided, dated):
    parts = rated(sentence + "\n")[-1]
    assert (parts["something is decided"] > 0, parts["tells the day"] > 0) == (decided, dated)
