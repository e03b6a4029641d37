"""A digest in every format: what it must look like, and what may never go wrong."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from composing import NOW, a_condition, a_document, a_story, an_actor
from digestbot.analysis.rating import SummaryInput, rate_digest
from digestbot.digest import compose
from digestbot.ledger import Status
from digestbot.model import (
    ActorKind,
    Button,
    Condition,
    ConditionType,
    Coverage,
    Digest,
    DigestActor,
    DigestBullet,
    DigestCondition,
    DigestSettings,
    DigestStory,
    Domain,
    Sentence,
    Window,
)
from digestbot.rendering.json import render_json
from digestbot.rendering.markdown import render_markdown
from digestbot.rendering.telegram import ref_of, render_digest
from digestbot.rendering.text import render_text
from digestbot.rendering.texts import available, texts_for
from digestbot.rendering.views import rule_words, story_view, why_view
from telegram_html import visible

WINDOW = Window(NOW - timedelta(days=1), NOW)
SENTENCE = "Pakistan is also asking for a commitment to a two-state solution."


def the_digest(**changes) -> Digest:
    document = a_document(
        (SENTENCE, "Talks go on in Cairo."),
        bullets=(1,),
        actors=[
            an_actor("Pakistan", country="PK", salience=0.9),
            an_actor("Asim Munir", country="PK", kind=ActorKind.PERSON, role="Army Chief", salience=0.5),
        ],
        conditions=[
            a_condition(SENTENCE, "a commitment to a two-state solution", addressee="the United States")
        ],
    )
    return compose(
        [a_story(document)],
        Coverage(documents=3, publishers=2, failures=("x.pdf: it is encrypted",)),
        settings=DigestSettings(zone="Asia/Karachi", **changes),
        window=WINDOW,
        now=NOW,
    )


def only_part(digest: Digest) -> str:
    parts = render_digest(digest)
    assert len(parts) == 1
    return parts[0].html


def test_the_date_is_that_of_the_readers_calendar():
    late = datetime(2026, 3, 4, 20, 0, tzinfo=UTC)
    digest = replace(the_digest(), window=Window(late - timedelta(days=1), late))
    assert "Thursday, March 5, 2026" in only_part(digest)


def test_a_story_shows_headline_publisher_bullets_conditions_and_actors():
    html = only_part(the_digest())
    assert '<b>1. <a href="https://courier.example/talks">Talks go on</a></b>' in html
    assert "The Courier · Mar 4" in html
    assert "• <i>1.1 </i>Talks go on in Cairo." in html
    assert "■ <b>Pakistan</b> → <b>the United States</b>: “a commitment to a two-state solution”" in html
    assert "<i>demand, political</i>" in html
    assert f"<blockquote expandable>{SENTENCE}</blockquote>" in html
    assert "🇵🇰 Pakistan · 🇵🇰 Asim Munir (Army Chief)" in html
    assert "Read: 3 documents from 2 publishers. Could not be read: x.pdf: it is encrypted." in html


def test_a_sentence_that_is_already_a_bullet_is_not_folded_up_once_more():
    digest = the_digest()
    story = digest.stories[0]
    bullet = replace(story.bullets[0], text=SENTENCE)
    assert "<blockquote" not in only_part(replace(digest, stories=(replace(story, bullets=(bullet,)),)))


def test_sections_can_be_switched_off():
    html = only_part(the_digest(sections=("bullets",)))
    assert "Talks go on in Cairo." in html
    assert not any(word in html for word in ("Conditions", "Actors", "Read:", "→"))


def test_header_and_footer_frame_it():
    text = visible(only_part(the_digest(header="<Morning>", footer="& that was it")))
    assert text.startswith("<Morning>")
    assert text.endswith("& that was it")


def test_the_buttons_name_rows_of_the_store():
    part = render_digest(the_digest())[0]
    assert [button.callback for row in part.keyboard for button in row] == [
        "cn:s1",
        "ac:s1",
        "pi:s1",
        "so:s1",
    ]


def test_numbers_lead_to_the_story_and_to_the_span_of_the_sentence():
    part = render_digest(the_digest())[0]
    start = len(SENTENCE) + 1
    assert part.refers_to == {
        "default": "1",
        "numbers": {
            "1": {"story": 1},
            "1.1": {"story": 1, "version": 11, "start": start, "end": start + len("Talks go on in Cairo.")},
        },
    }


def test_an_empty_day_says_so_in_one_line():
    digest = compose([], Coverage(), settings=DigestSettings(sections=()), window=WINDOW, now=NOW)
    assert only_part(digest) == "Nothing new since Tue, Mar 3, 06:00: no document came in."


def long_digest(stories: int = 30) -> Digest:
    made = [
        a_story(
            a_document(
                [f"Sentence {number} of story {story} says {'something long ' * 12}." for number in range(4)],
                document_id=story,
                story_id=story,
                title=f"Story {story}",
                actors=[an_actor("Pakistan", country="PK")],
            ),
            story_id=story,
        )
        for story in range(1, stories + 1)
    ]
    return compose(made, Coverage(), settings=DigestSettings(stories=50), window=WINDOW, now=NOW)


def test_a_long_digest_comes_in_parts_and_a_story_that_fits_is_not_torn():
    digest = long_digest()
    parts = render_digest(digest)
    assert len(parts) > 2
    for story in digest.stories:
        holding = [part for part in parts if any(bullet.text in part.plain for bullet in story.bullets)]
        assert len(holding) == 1
        assert f"Story {story.story_id}" in holding[0].plain


def test_pages_lead_to_each_other():
    parts = render_digest(long_digest(), paged=True)
    first, second = parts[0].keyboard[-1], parts[1].keyboard[-1]
    assert [button.callback.split(":")[:2] for button in first] == [["no"], ["pg", "2"]]
    assert [button.callback.split(":")[:2] for button in second] == [["pg", "1"], ["no"], ["pg", "3"]]
    assert "no" not in {
        button.callback for part in render_digest(long_digest()) for row in part.keyboard for button in row
    }


# --- whatever the sources write -----------------------------------------------------------------------

WILD = st.text(
    st.one_of(
        st.sampled_from("<>&\"'`*_[]()\\#|~ \u200d\u0301\u202e🇵🇰👨‍👩‍👧كتاب"),
        st.characters(exclude_categories=["Cs", "Cc"]),
    ),
    min_size=1,
    max_size=60,
).filter(str.strip)
LONG = st.builds(
    lambda words, times: " ".join(words * times), st.lists(WILD, min_size=1, max_size=4), st.integers(1, 150)
)


@st.composite
def conditions(draw) -> DigestCondition:
    sentence = draw(st.one_of(WILD, LONG))
    return DigestCondition(
        1,
        1,
        Condition(
            sentence=sentence,
            sentence_start=0,
            sentence_end=len(sentence),
            text=sentence[: len(sentence) // 2 + 1],
            start=0,
            end=1,
            type=draw(st.sampled_from(ConditionType)),
            domain=draw(st.sampled_from(Domain)),
            holder=draw(st.none() | WILD),
            addressee=draw(st.none() | WILD),
            speaker=draw(st.none() | WILD),
            cue="x",
            deadline=draw(st.none() | WILD),
            hedged=draw(st.booleans()),
            negated=draw(st.booleans()),
        ),
        status=draw(st.sampled_from(Status)).value,
        before=draw(st.none() | WILD),
        report=draw(st.none() | WILD | LONG),
    )


@st.composite
def digests(draw) -> Digest:
    stories = []
    for number in range(1, draw(st.integers(0, 6)) + 1):
        bullets = draw(st.lists(st.one_of(WILD, LONG), max_size=4))
        stories.append(
            DigestStory(
                number=number,
                story_id=draw(st.integers(0, 2**62)),
                headline=draw(st.one_of(WILD, LONG)),
                url=draw(st.none() | st.just("https://a.example/?q=1&x=<\">'") | WILD),
                publishers=tuple(draw(st.lists(WILD, min_size=1, max_size=8))),
                published=NOW,
                bullets=tuple(
                    DigestBullet(
                        f"{number}.{place}", 1, 1, text, 0, len(text), "P", None, draw(st.none() | WILD)
                    )
                    for place, text in enumerate(bullets, start=1)
                ),
                conditions=tuple(draw(st.lists(conditions(), max_size=4))),
                actors=tuple(
                    DigestActor(
                        "k", draw(WILD), draw(st.sampled_from(ActorKind)), country, draw(st.none() | WILD)
                    )
                    for country in draw(st.lists(st.sampled_from(["PK", None, "XK"]), max_size=6))
                ),
                region=draw(st.none() | st.just("Southern Asia") | WILD),
                changed=draw(st.booleans()),
            )
        )
    return Digest(
        window=WINDOW,
        composed=NOW,
        settings=DigestSettings(
            locale=draw(st.sampled_from(available())),
            header=draw(st.none() | WILD),
            footer=draw(st.none() | LONG),
        ),
        stories=tuple(stories),
        coverage=Coverage(
            documents=draw(st.integers(0, 5)),
            failures=tuple(draw(st.lists(WILD, max_size=6))),
            left_out=tuple(draw(st.lists(WILD, max_size=3))),
        ),
        leading=tuple(range(1, min(len(stories), 3) + 1)),
    )


def flat(text: str) -> str:
    return re.sub(r"[\s\u2066-\u2069]+", "", text)


@given(digests(), st.booleans())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_any_digest_is_valid_and_within_the_limits_and_shows_every_bullet_verbatim(digest, paged):
    parts = render_digest(digest, paged=paged)
    shown = [visible(part.html) for part in parts]
    assert shown == [part.plain for part in parts]
    whole = flat("".join(shown))
    for story in digest.stories:
        for bullet in story.bullets:
            assert flat(bullet.text) in whole
            if len(bullet.text) < 1000:
                assert any(bullet.text in text for text in shown)
    for part in parts:
        json.dumps(part.refers_to)
        assert len(part.keyboard) <= 100
        for row in part.keyboard:
            assert 0 < len(row) <= 8
            assert all(button.text and 0 < len((button.callback or "").encode()) <= 64 for button in row)


@given(digests())
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_markdown_text_and_json_take_any_digest(digest):
    html = MarkdownIt().render(render_markdown(digest))
    assert not re.search(r"<(?!/?(?:h[1-6]|p|ul|ol|li|em|strong|a|br)\b)", html)
    text = render_text(digest)
    for story in digest.stories:
        assert story.headline in text
    json.dumps(render_json(digest))


@pytest.mark.parametrize("render", [render_markdown, render_text])
def test_every_bullet_stands_in_every_format(render):
    digest = the_digest()
    assert digest.stories[0].bullets[0].text in render(digest)


def test_markdown_keeps_names_from_being_markup():
    digest = the_digest()
    story = replace(digest.stories[0], headline="a *b* [c](d) <e> & _f_", url=None)
    html = MarkdownIt().render(render_markdown(replace(digest, stories=(story,))))
    assert "a *b* [c](d) &lt;e&gt; &amp; _f_" in html


def test_json_holds_true_spans():
    story = render_json(the_digest())["stories"][0]
    assert story["bullets"][0]["text"] == "Talks go on in Cairo."
    assert story["conditions"][0]["holder"] == "Pakistan"


def test_why_names_the_rules_that_chose_each_sentence():
    bullet = DigestBullet(
        "1.1", 1, 1, "Word " * 40, 0, 5, "Courier", None, reasons=("lead +1.20", "condition +0.80")
    )
    shown = DigestStory(1, 1, "Head", None, ("Courier",), NOW, (bullet,), (), (), reasons=("publishers:1",))
    (part,) = why_view(shown, texts_for("en"))
    assert "lead +1.20, condition +0.80" in part.plain
    assert part.plain.count("Word") < 20


def test_stories_are_read_one_by_one_by_a_button_that_leads_to_the_next():
    two = compose(
        [
            a_story(a_document(document_id=number, story_id=number, title=f"Story {number}"), story_id=number)
            for number in (1, 2)
        ],
        Coverage(),
        settings=DigestSettings(),
        window=WINDOW,
        now=NOW,
    )
    buttons = {b.text: b.callback for part in render_digest(two) for row in part.keyboard for b in row}
    first, second = (ref_of(story) for story in two.stories)
    assert buttons["Next story"] == f"st:{first}.{second}"
    (part,) = story_view(two.stories[0], two.settings, texts_for("en"), following=[second])
    assert Button("Next story", f"st:{second}") in [button for row in part.keyboard for button in row]


@pytest.mark.parametrize("language", available())
def test_every_rule_that_chooses_a_sentence_is_told_in_the_readers_language(language):
    text = "Arland will not sign. Borduria refused."
    sentences = (Sentence(0, 21, 0), Sentence(22, 39, 0))
    rules = rate_digest(SummaryInput(text, sentences), [["arland", "sign"], ["borduria", "refus"]])[0].parts
    told = {rule: rule_words(f"{rule} +0.42", texts_for(language)) for rule in rules}
    assert all(words.endswith(" +0.42") for words in told.values())
    assert len(set(told.values())) == len(rules)
    same = {rule for rule, words in told.items() if words == f"{rule} +0.42"}
    assert same == (set(rules) if language == "en" else {"position"} if language == "fr" else set())
