"""A document read once for all rules of actors: tokens, forms of the lexicon, names by their capitals.

    sentences ──► lines (tokens, folded words, lexicon matches) ──► runs of name words

A *run* is a longest stretch of capitalised words, initials and particles that could be a name. Whether it
is one, and of what,
is for the rules to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from digestbot.analysis.lexicon import Lexicon, LexiconMatch
from digestbot.analysis.words import (
    Token,
    fold,
    holds_capital,
    is_capitalised,
    is_shouted,
    tokenise,
    word_set,
)
from digestbot.model import Block, BlockLabel, Sentence

if TYPE_CHECKING:
    from digestbot.analysis.offices import Office

OPENING_MARKS = frozenset("“\"‘'(:—–-•[…«*|")
DETERMINERS = word_set("the a an its his her their this that our my these those some")
#: What may stand behind a name and belong to it: "Marcos Jr.", "Mohammed VI", "Leo XIV".
_BEHIND_NAMES = frozenset(
    {
        "jr",
        "sr",
        "jr.",
        "sr.",
        "ii",
        "iii",
        "iv",
        "vi",
        "vii",
        "viii",
        "ix",
        "xi",
        "xii",
        "xiii",
        "xiv",
        "xvi",
    }
)
_QUOTATION_MARKS = frozenset('“”«»"')
_OPENS = word_set("the eu so but and a an this that when if as while yet for to by of in from")
#: Surnames that are words as well: names only before another name ("He Lifeng", "To Lam").
_WORD_SURNAMES = word_set("he to do an so no")
#: Short forms of months and days that are names as well: "Jan Moss", "Sun Lihua", "Zin Mar Thu".
_DATES_THAT_NAME = frozenset({"Jan", "Mar", "Sun", "Mon", "Thu"})
POSSESSIVES = frozenset({"'s", "'"})


class Run(NamedTuple):
    """Tokens [first, last) of a line that could be a name."""

    first: int
    last: int


@dataclass(slots=True)
class Line:
    """One sentence with its tokens. `taken[i]`: a rule has claimed token i.

    `capitals`: the tokens that could be part of a name, most rules look at no others.
    """

    index: int
    start: int
    end: int
    block: int
    tokens: list[Token]
    folded: list[str]
    matches: list[LexiconMatch]
    match_at: list[int]  # index into `matches`, -1 where no form stands
    taken: list[bool]
    shouted: bool
    quoted: list[bool] = field(default_factory=list)
    capitals: list[int] = field(default_factory=list)
    offices: list[Office] | None = None  # once they have been looked for

    def word(self, index: int) -> str:
        """The folded word at `index`; empty outside the line."""
        return self.folded[index] if 0 <= index < len(self.folded) else ""

    def text(self, index: int) -> str:
        """The token at `index` as written; empty outside the line."""
        return self.tokens[index].text if 0 <= index < len(self.tokens) else ""

    def match(self, index: int) -> LexiconMatch | None:
        """The lexicon's form that covers the token at `index`."""
        if not 0 <= index < len(self.match_at) or self.match_at[index] < 0:
            return None
        return self.matches[self.match_at[index]]

    def opens(self, index: int) -> bool:
        """Whether the token at `index` stands where any word has a capital."""
        position = index - 1
        while position >= 0 and self.tokens[position].text in OPENING_MARKS:
            if self.tokens[position].text in '“"‘:—•':
                return True
            position -= 1
        return position < 0 or self.tokens[position].text in ".!?;"

    def take(self, first: int, last: int) -> None:
        """Claims tokens [first, last)."""
        for index in range(first, last):
            self.taken[index] = True

    def free(self, first: int, last: int) -> bool:
        """Whether no rule has claimed any of the tokens [first, last)."""
        return not any(self.taken[first:last])


def read_line(text: str, start: int, end: int, lexicon: Lexicon, *, index: int = 0, block: int = 0) -> Line:
    """Tokens, folded words and lexicon matches of one sentence or heading."""
    tokens = tokenise(text, start, end)
    texts = [token.text for token in tokens]
    folded = [*map(fold, texts)]
    matches = lexicon.find(tokens, folded)
    match_at = [-1] * len(tokens)
    for number, match in enumerate(matches):
        for position in range(match.first, match.last):
            if match_at[position] < 0:
                match_at[position] = number
    capitals = [position for position, capital in enumerate(map(holds_capital, texts)) if capital]
    shouted = False
    if sum(map(str.isupper, texts)) > 1:
        words = [word for word in texts if word[0].isalpha() and len(word) > 1]
        shouted = len(words) > 2 and sum(map(str.isupper, words)) > 0.6 * len(words)
    taken = [False] * len(tokens)
    return Line(
        index, start, end, block, tokens, folded, matches, match_at, taken, shouted, _quoted(texts), capitals
    )


def _quoted(words: Sequence[str]) -> list[bool]:
    """For each token, whether it stands inside a quotation."""
    if _QUOTATION_MARKS.isdisjoint(words):
        return [False] * len(words)
    quoted, inside = [], False
    for word in words:
        if word in "“«":
            inside = True
        elif word in "”»":
            inside = False
        elif word == '"':
            inside = not inside
        quoted.append(inside)
    return quoted


@dataclass
class Reading:
    """A document as the rules of actors see it."""

    text: str
    lexicon: Lexicon
    lines: list[Line]
    headings: list[Line]
    without: frozenset[str] = frozenset()
    datelines: list[Line] = field(default_factory=list)
    _name_words: dict[tuple[str, bool], bool | None] = field(default_factory=dict, repr=False)

    def uses(self, rule: str) -> bool:
        """Whether a rule family is switched on."""
        return rule not in self.without

    @cached_property
    def headlines(self) -> list[Line]:
        """The headings above the first sentence."""
        first = self.lines[0].start if self.lines else 0
        above = [heading for heading in self.headings if heading.start < first]
        return above or self.headings[:1]

    @cached_property
    def home(self) -> frozenset[str]:
        """ISO codes of the countries the datelines name: whoever is told of without a country is likelier of
        these."""
        found: set[str] = set()
        for line in self.datelines:
            found.update(
                match.senses[0].entry.country
                for match in line.matches
                if match.senses[0].entry.kind == "state" and match.senses[0].entry.country
            )
            for index in range(len(line.tokens)):
                country = self.lexicon.city_at(line.folded, index)
                if country is not None:
                    found.add(country)
        return frozenset(found)

    @cached_property
    def crossheads(self) -> dict[int, frozenset[str]]:
        """For each line the ISO codes of the states its crosshead names."""
        found: dict[int, frozenset[str]] = {}
        below = [heading for heading in self.headings if self.lines and heading.start > self.lines[0].start]
        for line in self.lines:
            above = max((h for h in below if h.start < line.start), key=lambda h: h.start, default=None)
            if above is not None:
                found[line.index] = frozenset(
                    match.senses[0].entry.country
                    for match in above.matches
                    if match.senses[0].entry.kind == "state" and match.senses[0].entry.country
                )
        return found

    @cached_property
    def lower_words(self) -> frozenset[str]:
        """Folded words that occur without a capital in the body."""
        return frozenset(
            [
                word
                for line in self.lines
                for word, token in zip(line.folded, line.tokens, strict=True)
                if token.text[0].islower()
            ]
        )

    @cached_property
    def countries(self) -> frozenset[str]:
        """ISO codes of the states that are named in the body or in headings, in any form."""
        return frozenset(
            sense.entry.country
            for line in (*self.lines, *self.headings)
            for match in line.matches
            for sense in match.senses[:1]
            if sense.entry.country and sense.entry.kind == "state" and not sense.cautious
        )

    @cached_property
    def named_times(self) -> dict[str, int]:
        """How often each state is named in the document, by ISO code."""
        counts: dict[str, int] = {}
        for line in (*self.lines, *self.headings):
            for match in line.matches:
                entry = match.senses[0].entry
                if entry.kind == "state" and entry.country and len(match.senses) == 1:
                    counts[entry.country] = counts.get(entry.country, 0) + 1
        return counts

    @cached_property
    def other_commissions(self) -> bool:
        """Whether a commission other than the European one is named."""
        return any(
            word == "commission"
            and line.text(index - 1)[:1].isupper()
            and line.word(index - 1) not in _OPENS
            and line.word(index - 1) != "european"
            for line in self.lines
            for index, word in enumerate(line.folded)
            if line.text(index)[:1].isupper()
        )

    @cached_property
    def named_countries(self) -> frozenset[str]:
        """ISO codes of the states that stand in the document by name or capital."""
        return frozenset(
            sense.entry.country
            for line in (*self.lines, *self.headings)
            for match in line.matches
            for sense in match.senses
            if sense.entry.country
            and sense.form in {"name", "acronym", "capital"}
            and sense.entry.kind == "state"
        )

    @cached_property
    def full_names(self) -> frozenset[str]:
        """Entries that stand in the document under a form that is not cautious."""
        return frozenset(
            sense.entry.id
            for line in (*self.lines, *self.headings)
            for match in line.matches
            for sense in match.senses
            if not sense.cautious
        )

    @cached_property
    def spelled_out(self) -> frozenset[str]:
        """Entries that stand in the document by a name that is no acronym."""
        return frozenset(
            sense.entry.id
            for line in (*self.lines, *self.headings)
            for match in line.matches
            for sense in match.senses
            if not sense.cautious and sense.form != "acronym"
        )

    @cached_property
    def cities(self) -> tuple[tuple[int, int, str], ...]:
        """Where a city or province of the lexicon begins in the body: (line, token, country)."""
        known = self.lexicon.cities
        return tuple(
            (number, index, country)
            for number, line in enumerate(self.lines)
            if not known.keys().isdisjoint(line.folded)
            for index, word in enumerate(line.folded)
            if word in known and line.tokens[index].text[0].isupper()
            if (country := self.lexicon.city_at(line.folded, index)) is not None
        )

    def is_name_word(self, line: Line, index: int) -> bool:
        """Whether a token can be part of a person's name: a capitalised word, no form, title or month."""
        token = line.tokens[index].text
        key = (token, line.shouted)
        if key not in self._name_words:
            self._name_words[key] = self._names(token, line.folded[index], line.shouted)
        by_itself = self._name_words[key]
        if by_itself is not None:
            return by_itself
        match = line.match(index)
        if match is not None and not match.compound:
            return False
        if token in _DATES_THAT_NAME:
            before, after = line.text(index - 1), line.text(index + 1)
            return not before[:1].isdigit() and (after[:1].isupper() or before in _DATES_THAT_NAME)
        return not (line.folded[index] in self.lexicon.words["sentence_openers"] and line.opens(index))

    def _names(self, token: str, folded: str, shouted: bool) -> bool | None:
        """The same as far as the word itself tells; None where its place has to."""
        if token.islower() and token.isalpha():
            return False  # most words: nothing else need be looked up
        if not token[0].isalpha() or not is_capitalised(token) or token.isdigit():
            return False
        words = self.lexicon.words
        if "." in token and token.isupper() and (len(token) <= 3 or token.count(".") > 1):
            return True  # initials
        if is_shouted(token) and not shouted and len(token) > 3:
            return False
        if is_shouted(token) and not shouted and folded not in words["particles"]:
            return "." in token or (len(token) == 2 and token[1] == ".")
        if folded in words["months"] or folded in words["never_names"]:
            return None if token in _DATES_THAT_NAME else False
        if folded in self.lexicon.titles and len(folded) > 1 and folded != "general":
            return False
        if folded in self.lexicon.honorifics and token.endswith("."):
            return False
        return None

    def is_soft(self, line: Line, index: int) -> bool:
        """Whether a token is the name of a state or capital that could also be a person's (Jordan, Israel,
        Chad)."""
        match = line.match(index)
        return (
            match is not None
            and match.last - match.first == 1
            and not is_shouted(line.tokens[index].text)
            and (
                match.senses[0].form in {"name", "capital"}
                or (match.senses[0].form == "acronym" and self._is_given(line, index))
            )
        )

    def _is_given(self, line: Line, index: int) -> bool:
        """Whether a word is a given name in some language: "Irena" is one, and a body written so."""
        return line.folded[index] in self.lexicon.name_table.given

    def _also_name(self, line: Line, index: int) -> bool:
        """Whether a word that means something else goes on a name: "Nahid Islam", "Mohammed Shia
        al-Sudani"."""
        text = line.tokens[index].text
        if (
            line.folded[index] not in self.lexicon.words["also_names"]
            or not text[0].isupper()
            or is_shouted(text)
        ):
            return False
        follow = line.text(index + 1)
        return line.match(index) is None and (not follow[:1].isupper() or self.is_name_word(line, index + 1))

    def _names_no_state(self, line: Line, index: int) -> bool:
        match = line.match(index)
        return match is not None and match.senses[0].entry.kind not in {"state", "place"}

    def runs(self, line: Line) -> list[Run]:
        """The runs of name words of a line."""
        particles = self.lexicon.words["particles"]
        found: list[Run] = []
        count, reached = len(line.tokens), 0
        formed = [position for match in line.matches for position in range(match.first, match.last)]
        for index in sorted({*line.capitals, *formed}):
            if index < reached or not self._begins(line, index):
                continue
            last = index + 1
            while last < count and last - index < 7:
                if (
                    self.is_name_word(line, last)
                    or self._also_name(line, last)
                    or (
                        self.is_soft(line, last)
                        and (
                            last - index == 1
                            or self._names_no_state(line, last)
                            or (self._is_given(line, index) and line.text(last + 1) == ",")
                        )
                        and (not line.opens(index) or self._is_given(line, index))
                        and line.word(last + 1) not in POSSESSIVES
                    )
                    or (line.folded[last] in particles and self._particle_ahead(line, last))
                ):
                    last += 1
                else:
                    break
            if last < count and line.folded[last] in _BEHIND_NAMES:
                last += 1
            found.append(Run(index, last))
            reached = last
        return found

    def _begins(self, line: Line, index: int) -> bool:
        if line.match_at[index] < 0:
            text = line.tokens[index].text
            if text.islower() and text.isalpha():
                return False
        if line.folded[index] in _WORD_SURNAMES:
            return self._word_surname(line, index)
        if self.is_name_word(line, index):
            if line.folded[index] in self.lexicon.honorifics and index + 1 < len(line.tokens):
                return not self.is_name_word(line, index + 1)
            if not line.opens(index) or line.shouted:
                return True
            folded = line.folded[index]
            return folded not in self.lower_words or self._capitalised_elsewhere(folded)
        return (
            self.is_soft(line, index)
            and line.word(index - 1) not in self.lexicon.words["place_prepositions"]
            and (
                line.match(index).senses[0].entry.kind in {"state", "place"}  # type: ignore[union-attr]
                or line.match(index).senses[0].form == "acronym"  # type: ignore[union-attr]
            )
            and index + 1 < len(line.tokens)
            and self.is_name_word(line, index + 1)
            and line.folded[index + 1] not in self.lexicon.words["organisation_heads"]
            and line.folded[index + 1] not in self.lexicon.words["thing_heads"]
        )

    def _word_surname(self, line: Line, index: int) -> bool:
        """Whether a word that is a surname as well begins a name: "met He Lifeng", "To Lam, who …"."""
        if not line.text(index)[:1].isupper() or not (
            index + 1 < len(line.tokens) and self.is_name_word(line, index + 1)
        ):
            return False
        if not line.opens(index):
            return not is_shouted(line.text(index))
        after = index + 2
        return line.text(after) == "," and line.word(after + 1) in {"who", "whose", "the", "china's", "a"}

    def _particle_ahead(self, line: Line, index: int) -> bool:
        particles = self.lexicon.words["particles"]
        ahead = index + 1
        while ahead < len(line.tokens) and ahead - index <= 2:
            if self.is_name_word(line, ahead):
                return True
            if line.folded[ahead] not in particles:
                return False
            ahead += 1
        return False

    @cached_property
    def _inner_capitals(self) -> frozenset[str]:
        return frozenset(
            line.folded[i]
            for line in self.lines
            if not line.shouted
            for i in line.capitals
            if line.tokens[i].text[0].isupper() and not line.opens(i)
        )

    def _capitalised_elsewhere(self, folded: str) -> bool:
        return folded in self._inner_capitals


def read_document(
    text: str,
    blocks: Sequence[Block],
    sentences: Sequence[Sentence],
    lexicon: Lexicon,
    without: frozenset[str] = frozenset(),
) -> Reading:
    """Reads the sentences and, apart from them, the headings (they support, and are no evidence)."""
    lines = [
        read_line(text, sentence.start, sentence.end, lexicon, index=number, block=sentence.block)
        for number, sentence in enumerate(sentences)
    ]
    headings = [
        read_line(text, block.start, block.end, lexicon, index=-1)
        for block in blocks
        if block.label in (BlockLabel.HEADLINE, BlockLabel.HEADING)
    ]
    datelines = [
        read_line(text, block.start, block.end, lexicon, index=-1)
        for block in blocks
        if block.label is BlockLabel.DATELINE
    ]
    return Reading(text, lexicon, lines, headings, without, datelines)
