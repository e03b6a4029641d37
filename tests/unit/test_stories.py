"""Terms, cosines and stories: what holds for every set of documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digestbot.model import Analysis, Block, BlockLabel
from digestbot.protocols.ingest import Outline, StoryCandidates
from digestbot.stories import MEMBERS, Frequencies, Terms, cluster, linked_stories, place, terms_of, text_hash
from digestbot.stories.terms import cosine

NOW = datetime(2026, 3, 4, 6, 0, tzinfo=UTC)
WORDS = [
    "dam",
    "river",
    "treaty",
    "harvest",
    "envoy",
    "Vosk",
    "Elbonia",
    "copper",
    "mine",
    "wage",
    "minister",
]
texts = st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)
wild = st.text(max_size=200)


def body(text: str, language: str = "en") -> Analysis:
    blocks = (Block(0, len(text), BlockLabel.BODY),) if text else ()
    return Analysis("t", language, None, blocks, (), (), (), ())


def outline(number: int, text: str, *, days: float = 0, scope: int | None = None, title: str = "") -> Outline:
    return Outline(
        document_id=number,
        terms=terms_of(title, text, body(text)).to_bytes(),
        published=NOW + timedelta(days=days),
        text_hash=text_hash(text),
        scope=scope,
    )


@given(wild, wild)
@settings(deadline=None)  # stemmers are read in at the first text
def test_terms_are_ascending_once_each_and_survive_being_written_down(title, text):
    terms = terms_of(title, text, body(text))
    assert list(terms.ids) == sorted(set(terms.ids.tolist()))
    again = Terms.from_bytes(terms.to_bytes())
    assert (again.ids.tolist(), again.counts.tolist()) == (terms.ids.tolist(), terms.counts.tolist())


@given(st.lists(texts, max_size=8))
def test_frequencies_survive_being_written_down_and_count_documents(some):
    terms = [terms_of("", text, body(text)) for text in some]
    frequencies = Frequencies.of([one.to_bytes() for one in terms])
    again = Frequencies.from_bytes(frequencies.documents, frequencies.to_bytes())
    for one in terms:
        held = [sum(term in other.ids for other in terms) for term in one.ids]
        assert frequencies.counts(one.ids).tolist() == held == again.counts(one.ids).tolist()


@given(texts, texts)
def test_a_cosine_is_symmetric_between_0_and_1_and_1_for_equal_texts(one, other):
    first, second = (terms_of("", text, body(text)) for text in (one, other))
    frequencies = Frequencies.of([first.to_bytes(), second.to_bytes()])
    weights = frequencies.weights(first), frequencies.weights(second)
    value = cosine(first, weights[0], second, weights[1])
    assert -1e-6 <= value <= 1 + 1e-5
    assert value == pytest.approx(cosine(second, weights[1], first, weights[0]), abs=1e-5)
    if len(first.ids):
        assert cosine(first, weights[0], first, weights[0]) == pytest.approx(1, abs=1e-5)


def test_words_without_spaces_between_them_are_compared_in_pieces():
    one = terms_of("", "中国同意恢复进口", body("中国同意恢复进口", "zh"))
    other = terms_of("", "进口中国海产品", body("进口中国海产品", "zh"))
    assert set(one.ids.tolist()) & set(other.ids.tolist())


def test_stop_words_and_possessives_say_nothing():
    plain = terms_of("", "Arland dam", body("Arland dam"))
    dressed = terms_of("", "The Arland's dam", body("The Arland's dam"))
    assert plain.ids.tolist() == dressed.ids.tolist()


documents = st.lists(
    st.tuples(texts, st.floats(0, 12), st.sampled_from([None, None, 7])), min_size=1, max_size=14
)


def outlines(given_documents) -> list[Outline]:
    return [
        outline(number, text, days=days, scope=scope)
        for number, (text, days, scope) in enumerate(given_documents, 1)
    ]


@settings(deadline=None)
@given(documents)
def test_stories_from_scratch_respect_scope_hold_copies_together_and_are_the_same_again(given_documents):
    some = outlines(given_documents)
    labels = cluster(some)
    assert labels == cluster(some)
    assert list(dict.fromkeys(labels)) == list(range(max(labels) + 1))
    for one, label in zip(some, labels, strict=True):
        for other, other_label in zip(some, labels, strict=True):
            if one.scope != other.scope:
                assert label != other_label
            elif one.text_hash == other.text_hash:
                assert label == other_label


class Memory:
    """A store for stories in memory: everything is a candidate of everything before it."""

    def __init__(self, frequencies: Frequencies) -> None:
        self.frequencies = frequencies
        self.outlines: dict[int, Outline] = {}
        self.became: dict[int, int] = {}
        self.last = 0

    def tell(self, new: list[Outline]) -> None:
        ids = [one.document_id for one in new]
        known = StoryCandidates(
            {one: [other for other in (*self.outlines, *ids) if other < one] for one in ids},
            dict(self.outlines),
            {(one.scope, one.text_hash): one.story_id for one in self.outlines.values()},
        )
        linked = linked_stories(new, known, self.frequencies)
        members = []
        for story in linked:
            own = [one for one in self.outlines.values() if one.story_id == story]
            members += sorted(own, key=lambda one: one.document_id)[-MEMBERS:]
        placed = place(new, known, members, self.frequencies)
        fresh = sorted({story for story in placed.stories.values() if story < 0}, reverse=True)
        numbers = {story: self.last + count for count, story in enumerate(fresh, 1)}
        self.last += len(fresh)
        known_now = self.outlines | {one.document_id: one for one in new}
        for document_id, story in placed.stories.items():
            told = replace(known_now[document_id], story_id=numbers.get(story, story))
            self.outlines[document_id] = told
        for gone, stays in placed.merged:
            if gone > 0:
                assert stays < gone, "the older story's number stays"
                for one in self.outlines.values():
                    if one.story_id == gone:
                        self.outlines[one.document_id] = replace(one, story_id=stays)

    def groups(self) -> set[frozenset[int]]:
        found: dict[int | None, set[int]] = {}
        for one in self.outlines.values():
            found.setdefault(one.story_id, set()).add(one.document_id)
        return {frozenset(own) for own in found.values()}


@settings(max_examples=60, deadline=None)
@given(documents, st.integers(1, 5))
def test_documents_in_batches_get_the_stories_they_get_one_by_one(given_documents, size):
    some = outlines(given_documents)
    frequencies = Frequencies.of([one.terms for one in some])
    singly, together = Memory(frequencies), Memory(frequencies)
    for one in some:
        singly.tell([one])
    for start in range(0, len(some), size):
        together.tell(some[start : start + size])
    assert together.groups() == singly.groups()
    for own in singly.groups():
        assert len({singly.outlines[one].scope for one in own}) == 1


def test_a_document_that_tells_both_brings_two_stories_together_under_the_older_number():
    first = "dam on the river Vosk treaty harvest envoy signed Elbonia farmers water"
    second = "farmers water harvest Elbonia signed envoy valve sluice engineers dam"
    third = f"{first} {second}"
    some = [outline(1, first), outline(2, second, days=6), outline(3, third, days=3)]
    memory = Memory(Frequencies.of([one.terms for one in some]))
    memory.tell(some[:1])
    memory.tell(some[1:2])
    assert len(memory.groups()) == 2  # too far apart to be compared
    memory.tell(some[2:])
    assert memory.groups() == {frozenset({1, 2, 3})}
    assert {one.story_id for one in memory.outlines.values()} == {1}


def test_an_edited_copy_joins_its_text_whatever_else_the_story_holds():
    base = "dam river treaty harvest envoy Vosk Elbonia signed on Monday after long talks"
    copy = base + " officials said"
    other = "copper mine strike wage minister north export"
    some = [outline(1, base), outline(2, other), outline(3, copy, days=1)]
    memory = Memory(Frequencies.of([one.terms for one in some]))
    for one in some:
        memory.tell([one])
    assert memory.groups() == {frozenset({1, 3}), frozenset({2})}
