"""Stories of many documents at once, by sparse matrices.

    outlines ──► one of each text ──► keys ──► pairs that share some ──► cosines ──► parts ──► average link

Time grows with the number of pairs, memory with the number of terms: blocks of documents in order of time are
compared with those near them in time alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digestbot.model import StoredDocument, Story
from digestbot.protocols.ingest import Outline
from digestbot.stories.terms import APART, SAME_EVENT, Frequencies, Ids, Terms, needed_keys, outline_of

BLOCK = 2_000
"""Documents compared with their neighbours at once."""
PLACES_AT_ONCE = 4_000_000
PAIRS_AT_ONCE = 20_000
"""Pairs whose cosines are computed at once: about 200 MB."""
LARGEST_COMPONENT = 3_000
"""Documents linked in one go (36 MB of distances); larger components are cut where they are thinnest."""
CUT_STEP = 0.04
"""By how much the least cosine rises until a component that is too large falls apart."""

Pairs = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]
"""Rows, later rows, cosines."""


def group(documents: Sequence[StoredDocument]) -> list[Story]:
    """Stories of documents that are in no database; ids from 1 in order of arrival, newest story first."""
    told: dict[int, list[StoredDocument]] = {}
    for document, label in zip(documents, cluster([outline_of(one) for one in documents]), strict=True):
        told.setdefault(label, []).append(document)
    stories = [
        Story(
            story_id=label + 1,
            documents=tuple(
                sorted(own, key=lambda document: (document.published, document.document_id), reverse=True)
            ),
            first_seen=min(document.picked_up for document in own),
            updated=max(document.picked_up for document in own),
        )
        for label, own in told.items()
    ]
    return sorted(stories, key=lambda story: (story.documents[0].published, story.story_id), reverse=True)


def cluster(outlines: Sequence[Outline]) -> list[int]:
    """A label for each document, equal for documents of one story; 0, 1, … in order of first appearance."""
    first: dict[tuple[int | None, str], int] = {}
    representative = [
        first.setdefault((one.scope, one.text_hash), place) for place, one in enumerate(outlines)
    ]
    order = sorted(set(representative), key=lambda place: (outlines[place].published, place))
    labels = dict(zip(order, _linked([outlines[place] for place in order]), strict=True))
    numbers: dict[int, int] = {}
    return [numbers.setdefault(labels[place], len(numbers)) for place in representative]


def _linked(outlines: Sequence[Outline]) -> list[int]:
    """Labels of documents in order of time, no two of them the same text."""
    count = len(outlines)
    if count < 2:
        return list(range(count))
    matrix, keys, needed = _matrices(outlines)
    pairs = list(_similar(outlines, matrix, keys, needed))
    rows, columns, cosines = (np.concatenate(part) for part in zip(*pairs, strict=True))
    labels = np.arange(count)
    for component in _components(rows, columns, cosines, count):
        labels[component] = component[0]
        if len(component) > 2:
            labels[component] = component[_average_link(matrix[component])]
    return [int(label) for label in labels]


def _matrices(outlines: Sequence[Outline]) -> tuple[Any, Any, NDArray[np.int16]]:
    """Weights by document and term, which terms are whose keys, and how many keys a document must share.
    Terms of one document alone are left out once the weights are scaled: no pair shares them."""
    from scipy.sparse import csr_matrix

    frequencies = Frequencies.of([one.terms for one in outlines])
    shared = _Shared(outlines)
    columns, weights, lengths = [], [], [0]
    key_columns, key_lengths = [], [0]
    needed = np.empty(len(outlines), np.int16)
    for place, one in enumerate(outlines):
        terms = Terms.from_bytes(one.terms)
        own = frequencies.weights(terms)
        keys = frequencies.keys(terms, own)
        needed[place] = needed_keys(len(keys))
        held = shared.of(terms.ids)
        columns.append(terms.ids[held])
        weights.append(own[held])
        lengths.append(lengths[-1] + len(columns[-1]))
        key_columns.append(keys[shared.of(keys)])
        key_lengths.append(key_lengths[-1] + len(key_columns[-1]))
    del shared
    ids = np.concatenate(columns)
    del columns
    vocabulary = np.unique(ids)
    shape = (len(outlines), max(len(vocabulary), 1))
    places = _places(vocabulary, ids)
    del ids
    values = np.concatenate(weights)
    del weights
    key_places = _places(vocabulary, np.concatenate(key_columns))
    ones = np.ones(len(key_places), np.int16)
    return (
        csr_matrix((values, places, np.array(lengths)), shape),
        csr_matrix((ones, key_places, np.array(key_lengths)), shape),
        needed,
    )


def _places(vocabulary: Ids, ids: Ids) -> NDArray[np.int32]:
    """Where terms stand in the vocabulary, a slice at a time: numpy's own answer is twice as wide."""
    places = np.empty(len(ids), np.int32)
    for start in range(0, len(ids), PLACES_AT_ONCE):
        some = slice(start, start + PLACES_AT_ONCE)
        places[some] = np.searchsorted(vocabulary, ids[some])
    return places


class _Shared:
    """Whether two documents hold a term, by flags for terms' shortened numbers: sometimes yes for no."""

    def __init__(self, outlines: Sequence[Outline]) -> None:
        terms = sum(len(one.terms) for one in outlines) // 5
        bits = min(terms.bit_length() + 3, 27)  # 128 MB at most
        self._fold = np.uint32(32 - bits)
        once = np.zeros(1 << bits, np.bool_)
        self._twice = np.zeros_like(once)
        for one in outlines:
            short = Terms.from_bytes(one.terms).ids >> self._fold
            self._twice[short[once[short]]] = True
            once[short] = True

    def of(self, ids: Ids) -> NDArray[np.bool_]:
        held: NDArray[np.bool_] = self._twice[ids >> self._fold]
        return held


def _similar(
    outlines: Sequence[Outline], matrix: Any, keys: Any, needed: NDArray[np.int16]
) -> Iterator[Pairs]:
    """All pairs near in time, of one scope and with enough keys in common, that are alike enough to link."""
    times = np.array([one.published.timestamp() for one in outlines])
    scopes = np.array([0 if one.scope is None else one.scope for one in outlines], np.int64)
    everyone = np.array([one.scope is None for one in outlines])
    apart = APART.total_seconds()
    for start in range(0, len(outlines), BLOCK):
        end = min(start + BLOCK, len(outlines))
        until = int(np.searchsorted(times, times[end - 1] + apart, "right"))
        common = (keys[start:end] @ keys[start:until].T).tocoo()
        rows, columns = common.row.astype(np.int64) + start, common.col.astype(np.int64) + start
        wanted = (common.data >= needed[columns]) & (columns > rows)
        rows, columns = rows[wanted], columns[wanted]
        wanted = (
            (times[columns] - times[rows] <= apart)
            & (scopes[rows] == scopes[columns])
            & (everyone[rows] == everyone[columns])
        )
        rows, columns = rows[wanted], columns[wanted]
        for some in range(0, len(rows), PAIRS_AT_ONCE):
            one, other = rows[some : some + PAIRS_AT_ONCE], columns[some : some + PAIRS_AT_ONCE]
            values = np.asarray(matrix[one].multiply(matrix[other]).sum(axis=1)).ravel()
            alike = values >= SAME_EVENT
            yield one[alike], other[alike], values[alike].astype(np.float32)
    none = np.empty(0, np.int64)
    yield none, none, np.empty(0, np.float32)


def _components(
    rows: NDArray[np.int64], columns: NDArray[np.int64], cosines: NDArray[np.float32], count: int
) -> Iterator[NDArray[np.int64]]:
    """Documents that hang together, each set ascending, none larger than LARGEST_COMPONENT."""
    waiting = [(np.arange(count), rows, columns, cosines, SAME_EVENT)]
    while waiting:
        members, own_rows, own_columns, own_cosines, cut = waiting.pop()
        for part in _connected(members, own_rows, own_columns):
            if len(part) <= LARGEST_COMPONENT:
                if len(part) > 1:
                    yield part
                continue
            higher = cut + CUT_STEP
            inside = np.isin(own_rows, part) & (own_cosines >= higher)
            waiting.append((part, own_rows[inside], own_columns[inside], own_cosines[inside], higher))


def _connected(
    members: NDArray[np.int64], rows: NDArray[np.int64], columns: NDArray[np.int64]
) -> list[NDArray[np.int64]]:
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    size = len(members)
    edges = (
        np.ones(len(rows), np.bool_),
        (np.searchsorted(members, rows), np.searchsorted(members, columns)),
    )
    _, labels = connected_components(coo_matrix(edges, (size, size)), directed=False)
    order = np.argsort(labels, kind="stable")
    bounds = np.flatnonzero(np.diff(labels[order])) + 1
    return [members[own] for own in np.split(order, bounds)]


def _average_link(matrix: Any) -> NDArray[np.int64]:
    """For each row the first row of its cluster: average link, cut at SAME_EVENT."""
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.sparse import csr_matrix

    held, columns = np.unique(matrix.indices, return_inverse=True)  # a product costs time for each column
    own = csr_matrix((matrix.data, columns.astype(np.int32), matrix.indptr), (matrix.shape[0], len(held)))
    cosines = (own @ own.T).toarray()
    upper = np.triu_indices(len(cosines), 1)
    distances = np.maximum(1.0 - cosines[upper].astype(np.float64), 0.0)
    found = fcluster(linkage(distances, "average"), 1.0 - SAME_EVENT, "distance")
    _, first, inverse = np.unique(found, return_index=True, return_inverse=True)
    return np.asarray(first[inverse], np.int64)
