"""Who is who: full names, surnames, honorifics, offices and pronouns over one document.

    finds of persons ──► persons (full names joined) ──► surnames and short forms ──► offices ("the
    premier") and pronouns

Two bearers of a surname stay apart: a short form goes to the one whose title fits, else to the one named
last.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache

from digestbot.analysis.lexicon import Lexicon
from digestbot.analysis.persons import PersonFind
from digestbot.analysis.reading import Line, Reading
from digestbot.analysis.words import fold, is_shouted

RULES = ("surname", "office-reference", "pronoun")

_ARTICLE = re.compile(r"^(?:al|el|ul|ad|an|as|ash|at|az|ar)-(?=\w{3})")


@lru_cache(maxsize=65536)
def core_token(word: str) -> str:
    """A name's word as it is compared: folded, without the Arabic article ("al-Burhan" is "burhan")."""
    return _ARTICLE.sub("", fold(word)).rstrip(".")


#: Letters up to which a name in capitals may be initials ("AMLO").
LONGEST_INITIALS = 4


@dataclass
class Person:
    """One person of a document, with everything the text says of them."""

    number: int
    names: Counter[tuple[str, ...]] = field(default_factory=Counter)  # words as written
    finds: list[PersonFind] = field(default_factory=list)
    spans: list[tuple[int, int, int, str]] = field(default_factory=list)  # (line, first, last, rule)
    tokens: tuple[str, ...] = ()  # core tokens of the fullest name

    @property
    def name(self) -> str:
        """The fullest name; among equals the most frequent, then the first. Royals keep their title ("King
        Frederik")."""
        best = max(
            self.names.items(), key=lambda item: (len(item[0]), not all(map(str.isupper, item[0])), item[1])
        )
        words = best[0]
        if all(is_shouted(word) or len(word) <= 2 for word in words) and len(words) > 1:
            words = tuple(word if len(word) <= 2 and "." in word else word.title() for word in words)
        if len(words) == 1 and is_shouted(words[0]) and len(words[0]) > LONGEST_INITIALS:
            words = (words[0].title(),)  # "USEC. CASTRO:"
        name = " ".join(words)
        for find in self.finds:
            if find.honorific in _ROYAL and len(words) == 1:
                return f"{find.honorific.title()} {name}"
        return name


_ROYAL = frozenset(
    {"king", "queen", "prince", "princess", "emperor", "empress", "crown prince", "pope", "shah"}
)


def _important(tokens: Iterable[str], lexicon: Lexicon) -> tuple[str, ...]:
    particles = lexicon.words["particles"]
    kept = tuple(t for t in tokens if len(t) > 1 and t not in particles)
    return kept or tuple(tokens)


def join_persons(reading: Reading, finds: list[PersonFind]) -> list[Person]:
    """Persons out of all finds: full names first, then names of one word."""
    persons: list[Person] = []
    bearing: dict[str, list[Person]] = {}  # core token → those with it in their fullest name, in order
    lines = {line.index: line for line in reading.lines}

    def words_of(find: PersonFind) -> tuple[str, ...]:
        return tuple(t.text for t in lines[find.line].tokens[find.first : find.last])

    full = [find for find in finds if find.last - find.first > 1]
    single = [find for find in finds if find.last - find.first == 1]
    for find in sorted(full, key=lambda f: (-(f.last - f.first), f.line, f.first)):
        words = words_of(find)
        tokens = _important((core_token(w) for w in words), reading.lexicon)
        person = _same(bearing.get(tokens[0] if tokens else "", ()), tokens)
        if person is None:
            person = Person(len(persons), tokens=tokens)
            persons.append(person)
            for token in dict.fromkeys(tokens or ("",)):
                bearing.setdefault(token, []).append(person)
        person.names[words] += 1
        person.finds.append(find)
        person.spans.append((find.line, find.first, find.last, find.rule))
    persons.sort(key=lambda p: min((s[0], s[1]) for s in p.spans))
    for number, person in enumerate(persons):
        person.number = number
    for find in sorted(single, key=lambda f: (f.line, f.first)):
        words = words_of(find)
        token = core_token(words[0])
        bearers = [p for p in persons if token in p.tokens]
        person = _choose(bearers, token, find.line, find) if bearers else None
        if person is None:
            if find.weak:
                continue
            person = Person(len(persons), tokens=(token,))
            persons.append(person)
        person.names[words] += 1
        person.finds.append(find)
        person.spans.append((find.line, find.first, find.last, find.rule))
    return persons


def _same(persons: Sequence[Person], tokens: tuple[str, ...]) -> Person | None:
    """Whose name these tokens are; `persons`: all that have the first of them in theirs."""
    for person in persons:
        if person.tokens == tokens:
            return person
    if len(tokens) < 2:
        return persons[0] if len(persons) == 1 else None
    for person in persons:
        shared = set(tokens) & set(person.tokens)
        if shared == set(tokens) and (tokens[-1] == person.tokens[-1] or tokens[0] == person.tokens[0]):
            return person
        # spelling variants of one name: same surname, given names that begin alike
        if len(tokens) == len(person.tokens) == 2 and tokens[0] == person.tokens[0]:
            a, b = tokens[1], person.tokens[1]
            if len(a) > 5 and len(b) > 5 and a[:5] == b[:5] and abs(len(a) - len(b)) <= 1:
                return person
    return None


def _choose(bearers: list[Person], token: str, line: int, find: PersonFind | None) -> Person:
    if len(bearers) == 1:
        return bearers[0]
    if find is not None and find.office_words:
        titled = [p for p in bearers if any(f.office_words == find.office_words for f in p.finds)]
        if len(titled) == 1:
            return titled[0]
    family = (
        [p for p in bearers if p.tokens[-1] == token]
        or [p for p in bearers if p.tokens[0] == token]
        or bearers
    )
    before = [p for p in family if any(span[0] <= line for span in p.spans)]
    if before:
        return max(before, key=lambda p: max(s[:2] for s in p.spans if s[0] <= line))
    return family[0]


def find_short_forms(reading: Reading, persons: list[Person]) -> None:
    """Surnames and given names of known persons, wherever they stand unclaimed; adds them to the persons'
    spans."""
    if not reading.uses("surname"):
        return
    by_token: dict[str, list[Person]] = {}
    for person in persons:
        for token in person.tokens:
            if len(token) > 2 or (
                len(person.tokens) > 1 and token in {person.tokens[0], person.tokens[-1]} and len(token) == 2
            ):
                by_token.setdefault(token, []).append(person)
    words = reading.lexicon.words
    things = words["thing_heads"] | words["organisation_heads"] | words["months"]
    for line in reading.lines:
        reached = 0
        for index in line.capitals:
            if index < reached or line.taken[index]:
                continue
            reached = _short_form(reading, line, index, by_token, things)


def _short_form(
    reading: Reading, line: Line, index: int, by_token: dict[str, list[Person]], things: Set[str]
) -> int:
    """The end of a known person's short form at an unclaimed token, `index` where none stands there."""
    token = line.tokens[index].text
    if not token[0].isalpha() or line.match(index) is not None:
        return index
    core = core_token(token)
    bearers = by_token.get(core)
    if bearers is None or not any(c.isupper() for c in token):
        return index
    if core in reading.lexicon.words["sentence_openers"] and line.opens(index):
        return index
    if core in things:
        return index
    person = _choose(bearers, core, line.index, None)
    last = index + 1
    while (
        last < len(line.tokens)
        and core_token(line.tokens[last].text) in person.tokens
        and line.tokens[last].text[0].isupper()
    ):
        last += 1
    follow = line.text(last)
    if follow[:1].isupper() and reading.is_name_word(line, last) and not line.shouted:
        return index  # a longer name that is not theirs
    first = index
    if (
        first > 0
        and reading.is_name_word(line, first - 1)
        and not line.taken[first - 1]
        and not line.opens(first - 1)
    ):
        return index
    line.take(first, last)
    person.spans.append((line.index, first, last, "surname"))
    person.names[tuple(t.text for t in line.tokens[first:last])] += 1
    return last
