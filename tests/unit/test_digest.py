"""What a digest holds and in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from composing import NOW, a_condition, a_document, a_story, an_actor
from digestbot.digest import compose, lead_document, matches, of_documents, region_of, settings_of
from digestbot.ledger import sightings_of
from digestbot.model import ActorKind, Coverage, DigestSettings, Window
from digestbot.protocols.chat import Chat, Follow

WINDOW = Window(NOW - timedelta(days=1), NOW)
PAKISTAN = an_actor("Pakistan", country="PK", salience=0.9)
FRANCE = an_actor("France", country="FR", salience=0.9)


def digest(*stories, settings=None):
    return compose(stories, Coverage(), settings=settings or DigestSettings(), window=WINDOW, now=NOW)


def story(story_id, *publishers, actors=(PAKISTAN,), title=None, sentences=None):
    return a_story(
        *(
            a_document(
                sentences or (f"Sentence of {story_id} by {publisher}.",),
                document_id=story_id * 10 + place,
                publisher=publisher,
                title=title or f"Story {story_id}",
                actors=actors,
                story_id=story_id,
                published=NOW - timedelta(hours=1 + place),
            )
            for place, publisher in enumerate(publishers)
        ),
        story_id=story_id,
    )


def test_a_story_with_more_publishers_comes_first():
    made = digest(story(1, "A"), story(2, "A", "B", "C"))
    assert [found.story_id for found in made.stories] == [2, 1]
    assert [found.number for found in made.stories] == [1, 2]


def test_one_publisher_with_two_documents_counts_once():
    assert digest(story(1, "A", "A")).stories[0].publishers == ("A",)


def test_stories_of_a_region_stand_together_and_the_leading_ones_are_named():
    made = digest(
        story(1, "A", "B", "C"), story(2, "A", "B", actors=(FRANCE,)), story(3, "A"), story(4, "A", actors=())
    )
    assert [(found.story_id, found.region) for found in made.stories] == [
        (1, "Southern Asia"),
        (3, "Southern Asia"),
        (2, "Western Europe"),
        (4, None),
    ]
    assert made.leading[:2] == (1, 3)


def test_a_followed_actor_rises_and_the_reason_is_kept():
    settings = DigestSettings(follows=("actor:state:FR",))
    made = digest(story(1, "A", "B", "C"), story(2, "A", actors=(FRANCE,)), settings=settings)
    assert made.stories[0].story_id == 2
    assert "follows:actor:state:FR" in made.stories[0].reasons


@pytest.mark.parametrize(
    "target",
    ["actor:state:FR", "country:FR", "term:émile", "source:1", "region:Western Europe", "domain:political"],
)
def test_what_a_target_matches(target):
    document = a_document(
        ("Emile's visit ends.",),
        actors=[FRANCE],
        conditions=[a_condition("Emile's visit ends.", "visit ends")],
    )
    assert matches(target, a_story(document))
    kind = target.partition(":")[0]
    assert not matches(f"{kind}:other", a_story(document))


def test_a_term_matches_whole_words_only():
    document = a_document(("The gasoline price rose.",), title="Prices")
    assert not matches("term:gas", a_story(document))


def test_muted_stories_are_left_out_and_told():
    made = digest(
        story(1, "A"), story(2, "A", actors=(FRANCE,)), settings=DigestSettings(mutes=("country:FR",))
    )
    assert [found.story_id for found in made.stories] == [1]
    assert made.coverage.left_out == ("muted:1",)


def test_stories_beyond_the_length_and_other_regions_are_told():
    settings = DigestSettings(stories=1, regions=("Southern Asia",))
    made = digest(story(1, "A", "B"), story(2, "A"), story(3, "A", actors=(FRANCE,)), settings=settings)
    assert [found.story_id for found in made.stories] == [1]
    assert set(made.coverage.left_out) == {"too-many:1", "other-region:1"}


def test_a_sentence_two_publishers_print_alike_is_shown_once():
    same = "Pakistan asked on Monday for a commitment to two states."
    made = digest(story(1, "A", "B", sentences=(same, "Egypt hosts the next round of talks.")))
    texts = [bullet.text for bullet in made.stories[0].bullets]
    assert texts == [same, "Egypt hosts the next round of talks."]


def test_the_best_bullets_are_chosen_and_shown_in_order_of_the_text():
    document = a_document(
        ("First one here.", "Second thing there.", "Third matter elsewhere."),
        bullets=(2, 0, 1),
        actors=[PAKISTAN],
    )
    made = digest(a_story(document), settings=DigestSettings(bullets_per_story=2))
    bullets = made.stories[0].bullets
    assert [bullet.number for bullet in bullets] == ["1.1", "1.2"]
    assert [bullet.text for bullet in bullets] == ["First one here.", "Third matter elsewhere."]
    assert all(document.text[bullet.start : bullet.end] == bullet.text for bullet in bullets)


def test_a_bullet_that_points_back_brings_the_sentence_before():
    document = a_document(("Pakistan sent troops.", "The move angered many."), bullets=(1,))
    first = document.analysis.bullets[0]
    document = replace(
        document,
        analysis=replace(document.analysis, bullets=(replace(first, context_start=0, context_end=21),)),
    )
    assert digest(a_story(document)).stories[0].bullets[0].context == "Pakistan sent troops."


def test_the_same_condition_of_two_documents_is_shown_once():
    sentence = "Pakistan demands a ceasefire."
    documents = [
        a_document((sentence,), document_id=n, publisher=p, conditions=[a_condition(sentence, "a ceasefire")])
        for n, p in ((1, "A"), (2, "B"))
    ]
    assert len(digest(a_story(*documents)).stories[0].conditions) == 1


def test_actors_of_all_documents_are_merged_by_key_with_their_fullest_name():
    short = an_actor("Munir", kind=ActorKind.PERSON, key="person:PK:munir", salience=0.2)
    full = an_actor(
        "Asim Munir", kind=ActorKind.PERSON, key="person:PK:munir", role="Army Chief", salience=0.6
    )
    documents = [a_document(document_id=1, actors=[short]), a_document(document_id=2, actors=[full])]
    actors = digest(a_story(*documents)).stories[0].actors
    assert [(actor.name, actor.role) for actor in actors] == [("Asim Munir", "Army Chief")]


def test_a_person_taken_for_two_countries_is_shown_once_with_the_likelier_one():
    name = "Badr Albusaidi"
    yemeni = an_actor(name, kind=ActorKind.PERSON, key="person:YE:badr albusaidi", country="YE")
    omani = an_actor(
        name, kind=ActorKind.PERSON, key="person:OM:badr albusaidi", country="OM", role="Minister"
    )
    documents = [a_document(document_id=1, actors=[yemeni]), a_document(document_id=2, actors=[omani])]
    (actor,) = digest(a_story(*documents)).stories[0].actors
    assert (actor.name, actor.country, actor.role) == (name, "OM", "Minister")


def test_a_country_that_was_only_weighed_is_not_shown_and_gives_way_to_a_told_one():
    name = "Carlos Mesa"
    told = an_actor(name, kind=ActorKind.PERSON, key="person:BO:carlos mesa", country="BO")
    weighed = replace(told, key="person:CL:carlos mesa", country="CL", country_weighed=True)
    often = [a_document(document_id=number, actors=[weighed]) for number in (1, 2, 3)]
    (alone,) = digest(a_story(*often)).stories[0].actors
    (both,) = digest(a_story(*often, a_document(document_id=4, actors=[told]))).stories[0].actors
    assert (alone.country, both.country) == (None, "BO")


def test_the_document_that_shares_most_actors_leads():
    alone = a_document(document_id=1, actors=[an_actor("Chad", country="TD")], title="Alone")
    one = a_document(document_id=2, actors=[PAKISTAN, FRANCE], title="One")
    two = a_document(document_id=3, actors=[PAKISTAN], title="Two")
    assert lead_document(a_story(alone, one, two)).title == "One"


def test_the_region_is_that_of_the_central_actors():
    assert region_of(a_story(a_document(actors=[FRANCE, an_actor("Iran", country="IR", salience=0.1)]))) == (
        "Western Europe"
    )
    assert region_of(a_story(a_document())) is None


def test_documents_without_a_bullet_are_told():
    made = digest(a_story(a_document(bullets=())))
    assert made.stories == ()
    assert made.coverage.left_out == ("nothing-to-quote:1",)


def test_composing_is_deterministic_whatever_the_order_of_stories():
    stories = [story(1, "A"), story(2, "A"), story(3, "B", "C")]
    assert digest(*stories) == digest(*reversed(stories))


def test_one_document_by_itself_shows_everything():
    sentences = [f"Pakistan demands thing {n}." for n in range(9)]
    document = a_document(
        sentences, conditions=[a_condition(text, text.split("demands ")[1]) for text in sentences]
    )
    shown = of_documents([document], DigestSettings())
    assert len(shown.conditions) == 9
    assert shown.bullets[0].number == "1.1"


def chat(**settings):
    return Chat(7, "private", "Ann", None, "ur-PK", "Asia/Karachi", settings, None, True)


def test_settings_come_from_the_chat_with_sensible_limits():
    made = settings_of(
        chat(stories=500, bullets_per_story=0, sections=["actors", "bullets"], locale=None),
        [Follow("country:PK", False, None, True), Follow("term:gas", True, None, False)],
    )
    assert (made.locale, made.zone, made.stories, made.bullets_per_story) == ("ur", "Asia/Karachi", 50, 1)
    assert made.sections == ("bullets", "actors")
    assert (made.follows, made.mutes) == (("country:PK",), ("term:gas",))
    assert made.scope == 7


def test_a_chat_without_choices_has_the_defaults():
    made = replace(settings_of(chat()), scope=None, locale="en", zone="UTC")
    assert made == DigestSettings(paged=True)  # a private chat pages
    assert not settings_of(replace(chat(), type="channel")).paged


def told_before(now, *earlier):
    """A story with new documents, and earlier ones of two days ago."""
    old = NOW - timedelta(days=2)
    return replace(a_story(*now), earlier=tuple(earlier), first_seen=old)


def test_a_story_told_before_says_what_is_new_alone():
    earlier = a_document(("Envoys met in Dhal on Tuesday.", "Nobody signed."), document_id=1)
    copy = a_document(("Envoys met in Dhal on Tuesday.",), document_id=2, publisher="Copyist")
    new = a_document(
        ("The two sides signed a paper at last.", "Envoys met on Tuesday in Dhal."),
        document_id=3,
        publisher="B",
    )
    (shown,) = digest(told_before([copy, new], earlier)).stories
    assert [bullet.text for bullet in shown.bullets] == ["The two sides signed a paper at last."]
    assert shown.publishers == ("B",)
    assert shown.continues == NOW - timedelta(days=2)
    assert digest(a_story(new)).stories[0].continues is None


def test_a_story_in_which_nothing_is_new_is_left_out_and_counted():
    earlier = a_document(("Envoys met in Dhal.",), document_id=1)
    copy = a_document(("Envoys met in Dhal.",), document_id=2)
    made = digest(told_before([copy], earlier))
    assert made.stories == ()
    assert made.coverage.left_out == ("told-before:1",)


def test_what_only_a_muted_source_told_before_is_news_from_another():
    told = a_document(("Pakistan sent troops to Gaza.",), document_id=1, publisher="Courier")
    again = a_document(("Pakistan sent troops to Gaza.",), document_id=2, publisher="Gazette")
    story = told_before([again], told)
    assert not digest(story).stories
    assert digest(story, settings=DigestSettings(mutes=("publisher:Courier",))).stories


def test_what_a_publisher_changed_is_shown_even_where_it_repeats_what_was_told():
    earlier = a_document(("Envoys met in Dhal.",), document_id=1)
    edited = a_document(("Envoys met in Dhal.",), document_id=2, version=2)
    (shown,) = digest(told_before([edited], earlier)).stories
    assert [bullet.text for bullet in shown.bullets] == ["Envoys met in Dhal."]


DEMAND = "Islamabad demands a commitment to a two-state solution."
DELAYED = "Islamabad demands a commitment within 30 days."


def demanding(sentence, document_id, *, days_ago=0.1, holder="Pakistan", text=None):
    words = text or sentence.split("demands ")[1].rstrip(".")
    return a_document(
        [sentence],
        document_id=document_id,
        published=NOW - timedelta(days=days_ago),
        actors=[PAKISTAN],
        conditions=[a_condition(sentence, words, holder=holder)],
    )


def with_history(document, *earlier):
    known = tuple(one for before in earlier for one in sightings_of(before))
    return replace(a_story(document), history=known)


def statuses_in(made):
    return [(found.status, found.before) for story in made.stories for found in story.conditions]


def test_a_condition_is_new_to_a_reader_who_was_told_nothing_of_it():
    assert statuses_in(digest(a_story(demanding(DEMAND, 1)))) == [("new", None)]


def test_a_condition_told_before_is_repeated_whatever_the_dates_of_the_documents_say():
    late = demanding(DEMAND, 1, days_ago=5)
    assert statuses_in(digest(with_history(demanding(DEMAND, 2, days_ago=9), late))) == [("repeated", None)]


def test_a_condition_with_other_terms_is_changed_and_says_what_stood_before():
    first = demanding("Islamabad demands a commitment within 60 days.", 1, days_ago=4)
    assert statuses_in(digest(with_history(demanding(DELAYED, 2), first))) == [
        ("changed", "a commitment within 60 days")
    ]


def test_two_publishers_with_other_words_on_one_day_are_no_change():
    made = digest(
        a_story(
            demanding("Islamabad demands release of 30 prisoners.", 1),
            demanding("Islamabad demands release of 50 prisoners.", 2),
        )
    )
    assert {status for status, _ in statuses_in(made)} == {"new"}


def test_what_was_told_before_is_said_to_be_met_with_the_sentence_that_tells_it():
    before = demanding("Islamabad demands the release of its prisoners.", 1, days_ago=4)
    (condition,) = before.analysis.conditions
    history = tuple(
        replace(one, condition=replace(condition, addressee="France")) for one in sightings_of(before)
    )
    sentence = "France released the prisoners on Monday."
    news = a_document([sentence], document_id=2, actors=[FRANCE])
    (story,) = digest(replace(a_story(news), history=history)).stories
    assert [(found.status, found.report) for found in story.conditions] == [("met", sentence)]


def test_conditions_side_by_side_in_one_text_are_not_changes_of_one_another():
    sentences = ["Islamabad demands release of 30 prisoners.", "Islamabad demands release of 50 prisoners."]
    first = a_condition(sentences[0], "release of 30 prisoners")
    second = a_condition(sentences[1], "release of 50 prisoners", at=len(sentences[0]) + 1)
    shown = of_documents([a_document(sentences, conditions=[first, second])], DigestSettings())
    assert [found.status for found in shown.conditions] == ["new", "new"]
