"""Stories of documents as they arrive, one after another.

    document ──► candidates' cosines ──► stories that may be its own, looked at again
        ──► mean to their last documents ──► the best above the cut, else a story of its own
        ──► stories that this document brings together

What a document brings together is merged only where the two stories are alike on the average themselves.
While few documents are known it is not known either which words are common: two events on one topic may have
come together. A young story is then divided where its documents, by what is known now, are no longer alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from digestbot.protocols.ingest import Outline, PlacedDocuments, StoryCandidates
from digestbot.stories.terms import APART, NEAR_COPY, SAME_EVENT, SAMPLE, Frequencies, Terms, Weights, cosine

CANDIDATES = 30
"""Documents a new one is compared with: those that share most of its keys."""
MEMBERS = 12
"""A story is known by so many of its documents, the last ones."""


def linked_stories(new: Sequence[Outline], known: StoryCandidates, frequencies: Frequencies) -> list[int]:
    """Stories with a document alike enough to one of the new ones: those whose members must be known.
    While words are still being learnt, every candidate's story may have to be divided."""
    scale = _Scale(frequencies)
    least = 0.0 if scale.learning else SAME_EVENT
    found = {
        story
        for one in new
        for candidate in known.candidates.get(one.document_id, ())
        if (other := known.outlines.get(candidate)) is not None
        and (story := other.story_id) is not None
        and scale.comparable(one, other)
        and scale.cosine(one, other) >= least
    }
    return sorted(found | {known.copies[text] for one in new if (text := _text(one)) in known.copies})


def place(
    new: Sequence[Outline], known: StoryCandidates, members: Sequence[Outline], frequencies: Frequencies
) -> PlacedDocuments:
    """The stories of new documents, in order of arrival; the same in one go as one after another.

    `members`: the last MEMBERS documents of the linked stories.
    """
    desk = _Desk(known, members, _Scale(frequencies))
    for one in new:
        desk.take(one)
    placed = sorted({one.document_id for one in new} | desk.moved)
    return PlacedDocuments({placed_id: desk.story_of[placed_id] for placed_id in placed}, tuple(desk.merged))


def _text(one: Outline) -> tuple[int | None, str]:
    return one.scope, one.text_hash


class _Scale:
    """Cosines by one set of frequencies; each document's weights are computed once."""

    def __init__(self, frequencies: Frequencies) -> None:
        self._frequencies = frequencies
        self._weighed: dict[int, tuple[Terms, Weights]] = {}

    @property
    def learning(self) -> bool:
        """Whether terms have been counted over fewer documents than they are in the long run."""
        return self._frequencies.documents < SAMPLE

    def comparable(self, one: Outline, other: Outline) -> bool:
        return one.scope == other.scope and abs(one.published - other.published) <= APART

    def cosine(self, one: Outline, other: Outline) -> float:
        return cosine(*self._of(one), *self._of(other))

    def _of(self, one: Outline) -> tuple[Terms, Weights]:
        found = self._weighed.get(one.document_id)
        if found is None:
            terms = Terms.from_bytes(one.terms)
            found = self._weighed[one.document_id] = terms, self._frequencies.weights(terms)
        return found


class _Desk:
    """Stories while documents arrive."""

    def __init__(self, known: StoryCandidates, members: Sequence[Outline], scale: _Scale) -> None:
        self._known = known
        self._scale = scale
        self._outlines = dict(known.outlines) | {one.document_id: one for one in members}
        self._copies = dict(known.copies)
        self.story_of = {
            one.document_id: one.story_id for one in self._outlines.values() if one.story_id is not None
        }
        self._members: dict[int, list[int]] = defaultdict(list)
        for one in sorted(members, key=lambda one: one.document_id):
            if one.story_id is not None:
                self._members[one.story_id].append(one.document_id)
        self.merged: list[tuple[int, int]] = []
        self.moved: set[int] = set()
        self._new = 0

    def take(self, one: Outline) -> None:
        """Give a document its story."""
        text = _text(one)
        self._outlines[one.document_id] = one
        if self._scale.learning:
            self._look_again(one)
        links = self._links(one)
        told = self._copies.get(text)
        if told is not None:
            own = self._now(told)
        elif links:
            own = max(links, key=lambda story: (links[story], _age(story)))
        else:
            own = self._begin()
        self.story_of[one.document_id] = own
        self._copies[text] = own
        self._members[own] = [*self._members[own], one.document_id][-MEMBERS:]
        for other in sorted(links.keys() - {own}, key=_age, reverse=True):
            if self._alike(own, other):
                own = self._merge(own, other)

    def _begin(self) -> int:
        self._new += 1
        return -self._new

    def _look_again(self, one: Outline) -> None:
        """Divide the stories that the document is compared with, where they fall apart; the oldest document's
        part stays the story. A story of MEMBERS documents or more is never divided."""
        near = [
            other
            for other in self._known.candidates.get(one.document_id, ())
            if other in self.story_of and self._scale.comparable(one, self._outlines[other])
        ]
        for story in sorted({self.story_of[other] for other in near}):
            members = self._members[story]
            if not 1 < len(members) < MEMBERS:
                continue
            parts = self._parts(members)
            self._members[story] = parts[0]
            for part in parts[1:]:
                own = self._begin()
                self._members[own] = part
                for member in part:
                    self.story_of[member] = own
                    self._copies[_text(self._outlines[member])] = own
                self.moved.update(part)

    def _parts(self, members: Sequence[int]) -> list[list[int]]:
        """Average link from single texts up, cut where all at once would cut; the oldest part first."""
        texts: dict[tuple[int | None, str], list[int]] = defaultdict(list)
        for member in members:
            texts[_text(self._outlines[member])].append(member)
        parts = list(texts.values())
        while len(parts) > 1:
            mean, one, other = max(
                (self._mean(self._of(parts[one]), self._of(parts[other])), -one, -other)
                for one in range(len(parts))
                for other in range(one)
            )
            if mean < SAME_EVENT:
                break
            parts[-other] = sorted(parts[-other] + parts.pop(-one))
        return sorted(parts)

    def _of(self, members: Sequence[int]) -> list[Outline]:
        return [self._outlines[member] for member in members]

    def _links(self, one: Outline) -> dict[int, float]:
        """How close the document is to each story it may tell: mean cosine, or that of a copy of its text."""
        closest: dict[int, float] = defaultdict(float)
        for candidate in self._known.candidates.get(one.document_id, ()):
            other = self._outlines.get(candidate)
            story = self.story_of.get(candidate)
            if other is None or story is None or not self._scale.comparable(one, other):
                continue
            closest[story] = max(closest[story], self._scale.cosine(one, other))
        links = {}
        for story, nearest in closest.items():
            if nearest < SAME_EVENT:
                continue
            mean = self._mean([one], self._near(one, story))
            link = nearest if nearest >= NEAR_COPY else mean
            if link >= SAME_EVENT:
                links[story] = link
        return links

    def _near(self, one: Outline, story: int) -> list[Outline]:
        return [other for other in self._of(self._members[story]) if self._scale.comparable(one, other)]

    def _alike(self, one: int, other: int) -> bool:
        ours, theirs = self._of(self._members[one]), self._of(self._members[other])
        return bool(ours and theirs) and self._mean(ours, theirs) >= SAME_EVENT

    def _mean(self, ours: Sequence[Outline], theirs: Sequence[Outline]) -> float:
        values = [self._scale.cosine(one, other) for one in ours for other in theirs]
        return sum(values) / len(values) if values else 0.0

    def _merge(self, one: int, other: int) -> int:
        """Make one of two; the older id stays."""
        stays, gone = (one, other) if _age(one) > _age(other) else (other, one)
        self.merged.append((gone, stays))
        for document_id, story in self.story_of.items():
            if story == gone:
                self.story_of[document_id] = stays
        both: Iterable[int] = (*self._members.pop(stays, ()), *self._members.pop(gone, ()))
        self._members[stays] = sorted(both)[-MEMBERS:]
        return stays

    def _now(self, story: int) -> int:
        """What a story became in this go."""
        for gone, stays in self.merged:
            if story == gone:
                story = stays
        return story


def _age(story: int) -> tuple[bool, int]:
    """Greater for older stories: those that are in the store, then by number."""
    return (story > 0, -abs(story))
