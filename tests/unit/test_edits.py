"""What a publisher changed, as a digest shows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from composing import NOW, a_document, a_story
from digestbot.digest import compose
from digestbot.edits import edits
from digestbot.model import Coverage, DigestSettings, Edit, Window
from digestbot.rendering.markdown import render_markdown
from digestbot.rendering.telegram import render_digest
from digestbot.rendering.text import render_text

BEFORE = "The talks will begin on Friday. Forty sailors are held in Port Sella. Both sides met on Monday."
AFTER = "The talks will begin on Sunday. Forty sailors are held in Port Sella. Nobody spoke after it ended."


def test_changed_sentences_are_paired_and_the_others_left_out():
    assert edits(BEFORE, AFTER, 5) == (
        Edit("The talks will begin on Friday.", "The talks will begin on Sunday."),
        Edit("Both sides met on Monday.", "Nobody spoke after it ended."),
    )
    assert len(edits(BEFORE, AFTER, 1)) == 1
    assert edits(BEFORE, BEFORE, 5) == ()


def test_what_was_added_or_taken_out_has_one_side_and_furniture_counts_as_none():
    added = "Both sides met on Monday.\nThey will meet again in May."
    assert edits("Both sides met on Monday.", added, 5) == (Edit("", "They will meet again in May."),)
    assert edits(added, "Both sides met on Monday.", 5) == (Edit("They will meet again in May.", ""),)
    assert edits("Both sides met on Monday.\n12 comments", "Both sides met on Monday.\n15 comments", 5) == ()


@given(st.text(max_size=300), st.text(max_size=300))
def test_edits_quote_the_texts_word_for_word(before, after):
    for edit in edits(before, after, 10):
        assert edit.before in before
        assert edit.after in after


def test_a_digest_shows_the_change_in_every_form():
    document = replace(a_document((AFTER,), publisher="Courier"), version=2, previous_text=BEFORE)
    digest = compose(
        [a_story(document)],
        Coverage(),
        settings=DigestSettings(),
        window=Window(NOW - timedelta(days=1), NOW),
        now=NOW,
    )
    (part, *_) = render_digest(digest, paged=False)
    for shown in (part.plain, render_text(digest), render_markdown(digest).replace("\\", "")):
        assert "Was: “The talks will begin on Friday.” Now: “The talks will begin on Sunday.”" in shown
        assert "the publisher changed the text" in shown


def test_a_digest_says_whose_conditions_were_not_looked_for():
    document = a_document(("Les pourparlers commencent vendredi.",), publisher="Courrier")
    document = replace(document, analysis=replace(document.analysis, language="fr"))
    digest = compose(
        [a_story(document)],
        Coverage(documents=1, publishers=1),
        settings=DigestSettings(),
        window=Window(NOW - timedelta(days=1), NOW),
        now=NOW,
    )
    assert digest.coverage.left_out == ("other-language:1",)
    assert "the conditions of 1 document in another language than English" in render_text(digest)
