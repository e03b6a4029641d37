"""One line of a text: where it stands, what shape it has, and what can be said of it alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from digestbot.cleaning import vocabulary

_WORD = re.compile(r"(?:[A-Za-z]|[^\W\d_])[a-z]*[\w'’.-]*")  # plain letters first: they are matched fastest
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]{2}")
_LIST_MARK = re.compile(r"(?:[•·▪‣◦●○■□►▸*]|[–—-](?=\s))\s*(?=\S)")
_NUMBER_MARK = re.compile(r"[(\[]?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)\]]\s+(?=\S)")
_TERMINAL = re.compile(r"[.!?…。！？؟।۔](?:[\"'”’»)\]]|\[\d+\])*$")
_INNER_STOP = re.compile(r"(?<![.\s][A-Z])(?<!\b(?:Mr|Ms|Dr|St|No|Lt|vs))[.!?][\"”’)]?\s+[\"“‘(]?[A-ZÀ-ÖØ-Þ]")
_SEPARATOR = re.compile(r"\s*(?:[|¦»›▾▼✕≡☰⋮]|\s[·•>/]\s|\s{2,}|\t)\s*")
_SEPARATES = re.compile(r"[|¦»›▾▼✕≡☰⋮\t]|\s[·•>/\s]")  # without one of these there are no pieces
_ICON = re.compile(r"[\U0001F300-\U0001FAFF☰≡✕✖▾▼▸▶►◀◄↗→⋮✉☎🔔★☆▲]|[\u2190-\u21ff]", re.UNICODE)
_ICON_MARKS = re.compile(r"^[^\w\s\"“‘'«(\[#@$€£¥<>|/\\*•–—.,:;!?-][^\w\"“‘'«(\[]*", re.UNICODE)
#: Characters of an agency's tag at most, and of one without brackets, which a dash opens.
_LONGEST_TAG = 90
_LONGEST_BARE_TAG = 30
_DASHES = frozenset("—–-")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w{2,}|\+\d[\d ()-]{6,}")
_SPEAKER = re.compile(r"(?:(?:[A-ZÀ-ÖØ-Þ][\w.'’/-]*|de|al|the|of)\s?){1,6}(?:\([^()]{2,40}\))?\s*:\s+(?=\S)")
_FUNCTION_WORDS = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "to",
        "in",
        "and",
        "that",
        "is",
        "was",
        "were",
        "are",
        "has",
        "have",
        "had",
        "will",
        "would",
        "with",
        "for",
        "on",
        "by",
        "from",
        "at",
        "as",
        "it",
        "its",
        "his",
        "her",
        "their",
        "be",
        "been",
        "not",
        "but",
        "which",
        "who",
        "after",
        "before",
        "said",
        "says",
    ]
)
# A number or a mark, and for a bare number what footnotes begin with.
_FOOTNOTE = re.compile(
    r"\[\d{1,3}\]\s|[†‡¹²³]\s?\S"
    r"|\(?\d{1,3}[.)]?\s+(?:(?:The )?Authors?[’']s? |Interviews? (?:with|by|in|conducted)\b|See (?:also )?|"
    r"Ibid\b|Cf\.|Op\. cit|Quoted in\b|Cited in\b|Personal (?:communication|interview)|"
    r"Telephone interview|Correspondence with\b|(?:Figures|Data) from\b)"
)


@dataclass(frozen=True)
class Line:
    """A line of the text without the blanks around it; `start` and `end` are offsets into the text."""

    text: str
    start: int
    end: int

    @cached_property
    def list_mark(self) -> int:
        """Length of the bullet mark the line begins with; 0 without one."""
        match = _LIST_MARK.match(self.text)
        return match.end() if match else 0

    @cached_property
    def numbered(self) -> bool:
        return bool(_NUMBER_MARK.match(self.text))

    @cached_property
    def core(self) -> str:
        """The line without its list mark."""
        return self.text[self.list_mark :]

    @cached_property
    def words(self) -> list[str]:
        """Its words; of scripts that set no blanks between words, pairs of signs."""
        spaced = self.core if self.core.isascii() else _UNSPACED.sub(r"\g<0> ", self.core)
        return _WORD.findall(spaced)

    @cached_property
    def untagged(self) -> str:
        """The line without the agency's tag behind its last sentence."""
        ending = self.text[-_LONGEST_TAG:]
        if ")" not in ending[-2:] and _DASHES.isdisjoint(ending[-_LONGEST_BARE_TAG:]):
            return self.text
        tag = vocabulary.AGENCY_TAG.search(ending)
        return self.text[: len(self.text) - len(ending) + tag.start()] if tag else self.text

    @cached_property
    def ends_sentence(self) -> bool:
        return bool(_TERMINAL.search(self.untagged))

    @cached_property
    def holds_sentences(self) -> bool:
        """Whether a sentence ends and another begins inside the line."""
        mark = _NUMBER_MARK.match(self.core)
        return bool(_INNER_STOP.search(self.core, mark.end() if mark else 0))

    @cached_property
    def only_asks(self) -> bool:
        """Whether each sentence of the line is a question ("Who pays? And how much?")."""
        stops = _INNER_STOP.findall(self.core)
        return self.core.rstrip("\"”’'»)").endswith("?") and all(stop[0] == "?" for stop in stops)

    @cached_property
    def lower_share(self) -> float:
        """Share of the words after the first that begin in lower case, or in a script without capitals."""
        rest = self.words[1:]
        return sum([w[0] == w[0].lower() for w in rest]) / len(rest) if rest else 0.0

    @cached_property
    def function_words(self) -> int:
        return sum(map(_FUNCTION_WORDS.__contains__, map(str.casefold, self.words)))

    @cached_property
    def segments(self) -> list[str]:
        """The pieces between the marks that divide menus and trails of links."""
        if not _SEPARATES.search(self.core):
            return [self.core] if self.core.strip() else []
        return [s for s in _SEPARATOR.split(self.core) if s.strip()]

    @cached_property
    def has_icon(self) -> bool:
        return bool(_ICON.search(self.text))

    @cached_property
    def speaker(self) -> str:
        """The name before a colon that the line begins with ("QUESTION"); empty without one."""
        beginning = self.core[:80]
        match = _SPEAKER.match(beginning) if ":" in beginning else None
        return match[0].partition(":")[0] if match else ""

    @cached_property
    def is_prose(self) -> bool:
        """Whether the line reads as one sentence or more by its shape alone."""
        count = len(self.words)
        if self.is_menu:
            return False
        if self.ends_sentence and count >= 4 and (self.lower_share >= 0.34 or self.function_words >= 2):
            return True
        if self.holds_sentences and count >= 8 and self.lower_share >= 0.34:
            return True
        return count >= 20 and self.lower_share >= 0.5 and self.function_words >= 4

    @cached_property
    def is_menu(self) -> bool:
        """A trail of links, a row of buttons, a row of figures: pieces of a few words between marks."""
        if not self.words:
            return True
        pieces = self.segments
        if len(pieces) < 2:
            return bool(re.fullmatch(r"(?:\[[^\[\]]{1,30}\]\s*)+", self.core))
        longest = max(len(_WORD.findall(p)) for p in pieces)
        if "|" in self.core or "»" in self.core or "›" in self.core:
            return longest <= 8 or len(pieces) >= 3
        return longest <= 6 and not (self.ends_sentence and self.function_words >= 2)

    @cached_property
    def is_address(self) -> bool:
        """Mostly a web address, a mail address or a telephone number."""
        core = self.core
        if not ("@" in core or "+" in core or "://" in core or "www." in core):
            return False
        return bool(_ADDRESS.search(core)) and len(_ADDRESS.sub("", core).split()) <= 8

    @cached_property
    def is_footnote(self) -> bool:
        return bool(_FOOTNOTE.match(self.text))

    @cached_property
    def is_date(self) -> bool:
        """A line that only dates the page ("Fri 14 Mar 2025 22.41 GMT", "3 May 2024 · 4 min read")."""
        if len(self.text) > 120 or not (
            vocabulary.DATED.search(self.text.lower())
            and (vocabulary.DATE.search(self.text) or vocabulary.TIME.search(self.text))
        ):
            return self.text[-3:].lower() == "ago" and bool(
                re.fullmatch(
                    r"(?:updated )?(?:\d+|an?) (?:minutes?|hours?|days?|mins?|hrs?|h|m) ago", self.text, re.I
                )
            )
        rest = vocabulary.TIME.sub(" ", vocabulary.DATE.sub(" ", self.text))
        rest = vocabulary.DATE_COMPANIONS.sub(" ", rest)
        left = rest.split()
        return len(left) <= 3 and not (self.ends_sentence and self.function_words >= 3)

    @cached_property
    def is_caption(self) -> bool:
        if len(self.words) > 45:
            return False
        return bool(
            vocabulary.CAPTION_START.match(self.text)
            or vocabulary.CREDIT.stands(self.text)
            or ("(" in self.text and vocabulary.STANDS_LEFT.search(self.text))
            or (self.text[-2:].strip(".").endswith(")") and vocabulary.CREDITED.search(self.text))
        )

    @cached_property
    def is_byline(self) -> bool:
        """ "By A. Writer", "BY OUR CORRESPONDENT", "A. Writer | date": who wrote it, in so many words."""
        if len(self.words) > 14 or (self.ends_sentence and not re.search(r"[A-Z]\.$", self.text)):
            return False
        match = re.match(
            r"(?:by|from|words|text|story|report|reported by|written by)[:\s]\s*", self.text, re.I
        )
        if not match or self.text[:4].casefold() == "from":
            return False
        rest = self.text[match.end() :]
        first = _WORD.match(rest)
        if first is None:
            return False
        return first[0][0].isupper() or first[0].casefold() in {"our", "the", "a", "staff"}

    @cached_property
    def is_names(self) -> bool:
        """Nothing but one to four names ("Isla Haldane", "A. Lind and B. Okoro")."""
        if not 1 < len(self.words) <= 12 or (self.ends_sentence and not re.search(r"\b[A-Z]\.$", self.text)):
            return False
        if re.search(r"[?!:;\"“”‘%$€£\d]", self.text):
            return False
        joiners = {
            "and",
            "the",
            "team",
            "de",
            "van",
            "der",
            "von",
            "al",
            "el",
            "bin",
            "da",
            "di",
            "la",
            "with",
            "in",
        }
        names = [w for w in self.words if w.casefold() not in joiners]
        return len(names) >= 2 and all(
            (w[0].isupper() and not w.isupper()) or re.fullmatch(r"(?:[A-Z]\.?)+", w) for w in names
        )

    @cached_property
    def is_furniture(self) -> bool:
        """Page furniture by its words or its shape, wherever it stands."""
        core = self.core
        bare = core.lstrip('([*_>•-—– "“')
        opens = vocabulary.FURNITURE_START.match(core) or (
            bare != core and vocabulary.FURNITURE_START.match(bare)
        )
        if opens and not (self.is_prose and tells_news(core)):
            return True
        if self.points_elsewhere:
            return True
        if " ago" in core[:60] and vocabulary.COMMENT.match(core):
            return True
        if self.is_bracketed_note or is_call(core) or vocabulary.NO_RECORD.search(core.lower()):
            return True
        if self.is_footnote or self.is_address or not self.words:
            return True
        if self.is_prose:
            return is_plea(core)
        if self.is_menu or self.has_icon:
            return True
        if len(self.words) <= 3 and vocabulary.LABEL_START.match(core):
            return True
        return bool(re.fullmatch(r"[(\[].*[)\]]", core)) and len(self.words) <= 12

    @cached_property
    def points_elsewhere(self) -> bool:
        """Nothing but where a longer text stands: "The full list is available at https://…"."""
        if "www." not in self.core and "http" not in self.core:
            return False
        return len(self.words) <= vocabulary.LONGEST_POINTER and bool(
            vocabulary.ELSEWHERE.search(self.core.lower())
        )

    @cached_property
    def is_bracketed_note(self) -> bool:
        """A line wholly in square brackets, or one that opens with a pictogram: the page's voice."""
        if len(self.words) > 30:
            return False
        if _ICON.match(self.core):
            return not self.is_post
        return bool(re.fullmatch(r"\[[^\[\]]*\]\.?", self.core))

    @cached_property
    def is_post(self) -> bool:
        """A pictogram before sentences that ask nothing of the reader, as in posts of channels."""
        said = _ICON_MARKS.sub("", self.core)
        return (
            said != self.core
            and self.ends_sentence
            and self.is_prose
            and not vocabulary.CALL.match(said)
            and not (vocabulary.FURNITURE_START.match(said) and not vocabulary.ATTRIBUTED.search(said))
            and len(vocabulary.PLEA_WORDS.findall(said.lower())) == 0
        )

    @cached_property
    def is_shouted(self) -> bool:
        letters = [c for c in self.core if c.isalpha()]
        return bool(letters) and sum(c.isupper() for c in letters) > 0.8 * len(letters)


def tells_news(text: str) -> bool:
    """Whether somebody says something in a sentence, other than the page of itself."""
    return bool(vocabulary.ATTRIBUTED.search(text)) and not vocabulary.OF_THE_PAGE.search(text)


def is_call(text: str) -> bool:
    """Whether a line tells the reader to press something: all of it, or the button that ends it."""
    words = text.split()
    if len(words) > 25 or re.search(r"[\"“”«»]", text) or tells_news(text):
        return False
    if vocabulary.CALL.match(text) and len(words) <= 16 and vocabulary.CALL_OBJECT.search(text):
        return True
    *_, last = re.split(r"[.!?:]\s+|\s{2,}", text)
    return (
        last != text and len(last.split()) <= 4 and last[-1].isalpha() and bool(vocabulary.CALL.match(last))
    )


#: Words that pleas do not use.
_NEWS = re.compile(r"\b(?:said|told|says|accused|minister|president|government)\b")


def is_plea(text: str, *, addressed: bool = True) -> bool:
    """Whether a page asks its reader for something (to subscribe, to accept, to comment).

    `addressed`: the words alone do not tell; the reader or the page must be named as "you" or "we".
    """
    if len(text.split()) > 60 or _NEWS.search(text):
        return False
    if len(set(vocabulary.PLEA_WORDS.findall(text.lower()))) < 2:
        return False
    return not addressed or bool(vocabulary.ADDRESSED.search(text))


def read_lines(text: str) -> list[Line]:
    """The lines of the text that are not blank."""
    lines: list[Line] = []
    position = 0
    for raw in text.split("\n"):
        stripped = raw.strip()
        if stripped:
            start = position + raw.index(stripped[0])
            lines.append(Line(stripped, start, start + len(stripped)))
        position += len(raw) + 1
    return lines


def find_speakers(lines: Sequence[Line]) -> frozenset[str]:
    """The speakers of a transcript: of three names before a colon or more, those that recur."""
    names = Counter(line.speaker for line in lines if line.speaker and not line.is_furniture)
    return frozenset(n for n, count in names.items() if count >= 2) if names.total() >= 3 else frozenset()
