"""Copies made field by field, for speed: they hold what `dataclasses.replace` would give them."""

from __future__ import annotations

from dataclasses import fields, replace

from digestbot.analysis.cues import CueHit, load_cues
from digestbot.analysis.mentions import ActorFindings, ActorMention
from digestbot.analysis.salience import order_by_conditions
from digestbot.analysis.scene import Claim, Who
from digestbot.analysis.voices import Voice
from digestbot.model import Actor, ActorKind, ConditionType, Mention

MENTION = ActorMention(
    3, "Mali", 10, 14, "capital", printed=False, subject=True, possessive=True, compound=True, rule="seat"
)


def test_a_mention_of_another_name_keeps_all_else() -> None:
    assert MENTION.of("Niger") == replace(MENTION, name="Niger")
    assert MENTION.name == "Mali"


def test_a_voice_is_copied_as_it_is() -> None:
    voice = Voice("Mali", "actor", "Mali", True, 4, 2, "Ms Keïta", "the union", 120, "Mali", "Ms Keïta")
    untouched = Voice()
    assert all(getattr(voice, field.name) != getattr(untouched, field.name) for field in fields(Voice))
    copied = voice.copy()
    voice.age += 1
    assert copied == replace(voice, age=2)


def test_a_claim_with_its_holder_keeps_all_else() -> None:
    hit = CueHit(load_cues().by_id["unless"], 5, 11, (0, 40))
    claim = Claim(hit, Who("Mali", "actor"), 5, 30, "they leave …", MENTION, ConditionType.THREAT)
    assert claim.of("Mali") == replace(claim, holder="Mali")
    assert claim.holder is None


def test_actors_in_another_order_keep_all_but_their_salience() -> None:
    actors = tuple(
        Actor(
            key=f"state:{code}",
            name=name,
            kind=ActorKind.STATE,
            country=code,
            sector="GOV",
            role="host",
            salience=salience,
            mentions=(Mention(name, start, start + len(name), "lexicon-name"),),
            lexicon_id=f"state:{code}",
            country_rule="its entry in the lexicon",
        )
        for code, name, salience, start in (("ML", "Mali", 0.4, 20), ("NE", "Niger", 0.9, 5))
    )
    ordered = order_by_conditions(ActorFindings(actors, weights=(1.0, 3.0)), ())
    assert [actor.name for actor in ordered] == ["Niger", "Mali"]
    assert ordered[0] == replace(actors[1], salience=ordered[0].salience)
    assert ordered[1] == replace(actors[0], salience=ordered[1].salience)
