"""Sentence boundaries of news text: sentencex proposes them, rules of ours repair them.

    block ──► windows ──► sentencex ──► join what was torn apart ──► cut what was glued together ──► spans

Only offsets come out; the text is never rewritten, so a sentence quotes its document exactly. A newline is
always a boundary (blocks are lines). sentencex (Wikimedia, MIT) leads the measurements in docs/analysis.md;
the repairs mend what it gets wrong on news: ranks, numbered things, dotted acronyms before names, speakers
after a quotation, brackets, ellipses, missing spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from digestbot.model import CONTENT_LABELS, Block, Sentence


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: sentencex takes quadratic time in runs of opening quotation marks; within a window that stays below a
#: hundredth of a second. No sentence of a real text is as long.
WINDOW = 4_000

#: Before a name, a rank or another word of the same sentence: never the end of one.
_BEFORE_NAMES = _words(
    """
    mr mrs ms mx messrs dr prof rev fr sr hon rt sen rep reps sens gov govs pres amb atty min dep asst
    lt gen col maj capt cmdr comdr cdr cmdt adm vadm radm brig sgt cpl pvt pfc ltc insp supt det cmsr
    commr st ste mt ft vs v cf viz ca approx est mme mlle mgr msgr ven sheik shk ayat ing lic sra srta
    dra gral secy cllr eng engr bp abp flt sqn pte smt asec md mohd
    """
)

#: Before a number: "No. 10", "Vol. 9", "Art. 5", "Res. 2803", "pp. 3".
_BEFORE_NUMBERS = _words(
    """
    no nos vol vols art arts fig figs p pp ch sec sect para paras par res ed eq tab app ex reg nr num
    r.d
    """
)

_MONTHS = _words("jan feb mar apr jun jul aug sep sept oct nov dec")

#: May end a sentence or not: what follows decides.
_EITHER_WAY = _words(
    """
    inc ltd co corp bros llc plc cia s.a jr esq ret retd phd ph.d m.a b.a u.s u.k u.n e.u u.a.e d.c a.m
    p.m etc al dept govt dist univ assn intl natl bn mn tn km kg ave blvd rd blk mil
    md usec asec rtd
    """
)

_ABBREVIATIONS = _BEFORE_NAMES | _BEFORE_NUMBERS | _MONTHS | _EITHER_WAY

#: Words that begin sentences far more often than they continue one after an abbreviation.
_STARTERS = _words(
    """
    the a an this that these those he she it they we i you his her its their our my your there here in
    on at by for from with to of as after before when while where since if unless until once although
    though because but and or nor so yet however meanwhile moreover instead then now still also only
    even what who why how which whose some many most all both neither either each every no not one two
    three several last earlier later yesterday today tomorrow tonight asked under during
    despite according speaking none nothing nobody let
    """
)

_SPEECH = (
    r"(?:said|says|say|told|tells|added|adds|asked|asks|replied|replies|wrote|writes|insisted|insists|declared|warned|warns|"
    r"concluded|continued|explained|argued|argues|joked|recalled|quipped|remarked|noted|stressed|announced|stated|"
    r"answered|cried|shouted|tweeted|posted)"
)

_OPENERS = "\"'“‘«([‹"

_LAST_WORD = re.compile(r"([^\s\"'“”‘’«»()\[\]—–]+)\.$")
_FIRST_WORD = re.compile(r"[\"'“‘«(\[]*([^\W\d_][\w'’.-]*)")
_LIST_MARK = re.compile(r"[(\[]?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,4})[.)\]]$|[•·▪‣◦*–—-]$")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]$")
_INITIAL = re.compile(r"(?:^|[\s(\"“‘.-])[A-ZÀ-ÖØ-Þ]\.$")
_SPEAKER_AFTER_QUOTE = re.compile(
    rf"(?:{_SPEECH}\s+)?(?:(?:the|a|an|his|her|their|its|one|another)\s+)?(?:[^\s.!?]+\s+){{0,6}}?{_SPEECH}\b"
    r"(?P<rest>(?:\s+[^\s.!?]+){0,6})[.!?]?$",
    re.IGNORECASE,
)
_ENDS_IN_QUOTE = re.compile(r"[.!?…,][\"”’»]$")

# A full stop with no space behind it, between a lower-case word, a number or a mark and a capitalised word.
_MISSING_SPACE = re.compile(
    r"(?<![\w@/.-])(?:[^\W\d_]{2,}|[^\W\d_][\w'’-]*[a-zß-öø-ÿ]|\d{2,4}|[^\W\d_]+%?)(?P<end>[.?!]+[\"”’)\]]*)"
    r"(?=[\"“‘(]?[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ’']*[\s,])"
)
# What every missing space looks like; searching for this alone is far cheaper.
_GLUED = re.compile(r"[.?!][\"”’)\]]*[\"“‘(]?[A-ZÀ-ÖØ-Þ]")
_ELLIPSIS = re.compile(r"(?:…|\.\.\.|\. \. \.)[\"”’]?(?P<gap>\s+)(?=[\"“‘]?([A-ZÀ-ÖØ-Þ][\w’']*))")
_BRACKETED = re.compile(
    r"(?<=[.!?…\"”’])\s+(?=[(\[][\"“‘]?[A-ZÀ-ÖØ-Þ])|(?<=[.!?…\"”’][)\]])\s+(?=[\"“‘(]?[A-ZÀ-ÖØ-Þ\d])"
)
_IN_QUOTE = re.compile(r"[.?!](?<=[^\W\d_]{2}[.?!])(?P<gap>\s+)(?=[A-ZÀ-ÖØ-Þ][\w'’]*\s)")
_BULLET_MARK = re.compile(r"\s*[•·▪‣◦●○■□►▸*–—-]\s+(?=\S)")
# "May" is no abbreviation; sentencex takes it for one.
_MAY_ENDS = re.compile(r"\b[a-z]+ May\.\s+(?=[A-ZÀ-ÖØ-Þ])")
_SPOKEN_NO = re.compile(r"(?:^|[:.?!]\s|[\"“‘])No\.(?P<gap>\s+)(?=[\"“‘]?[A-Z])")
_ACRONYM_END = re.compile(r"(?:[^\W\d_]\.){2,}[\"”’)]?(?P<gap>\s+)(?=[\"“‘]?([A-Z][\w’']*))")
# What every dotted acronym holds; searching for this alone is far cheaper.
_DOTTED_TWICE = re.compile(r"\.[^\W\d_]\.")
_CLOCK_FOLLOWERS = _words(
    """
    et est edt gmt utc bst cet cest eet pt pst pdt ct cst cdt jst kst hkt ist sgt msk local monday
    tuesday wednesday thursday friday saturday sunday eastern pacific central
    """
)


def split_text(text: str, language: str = "en") -> list[tuple[int, int]]:
    """The spans of the sentences of one block, without the blanks around them.

    Every character that is no blank belongs to exactly one span, but for the bullet mark that opens a line
    ("•", "–"), which belongs to none. A newline in `text` is a boundary.
    """
    spans: list[tuple[int, int]] = []
    position = 0
    for line in text.split("\n"):
        spans.extend(_line_spans(text, position, position + len(line), language))
        position += len(line) + 1
    return spans


def split_sentences(text: str, blocks: Sequence[Block], language: str = "en") -> tuple[Sentence, ...]:
    """The sentences of the body and list-item blocks, in order of the text."""
    found: list[Sentence] = []
    for index, block in enumerate(blocks):
        if block.label not in CONTENT_LABELS:
            continue
        piece = text[block.start : block.end]
        found.extend(
            Sentence(block.start + start, block.start + end, index)
            for start, end in split_text(piece, language)
        )
    return tuple(found)


def _line_spans(text: str, start: int, end: int, language: str) -> list[tuple[int, int]]:
    return [(start + left, start + right) for left, right in _spans_of(text[start:end], language)]


@lru_cache(maxsize=1024)  # the cleaning asks for the same lines first
def _spans_of(whole: str, language: str) -> tuple[tuple[int, int], ...]:
    mark = _BULLET_MARK.match(whole)
    skipped = mark.end() if mark else 0
    line = whole[skipped:]
    if not line or line.isspace():
        return ()
    cuts = _join(line, list(_proposed(line, language)))
    cuts = sorted(set(cuts) | set(_missed(line)))
    cuts = _join_marks(line, cuts)
    edges = [0, *cuts, len(line)]
    return tuple(
        (skipped + left, skipped + right)
        for left, right in (_trim(line, a, b) for a, b in pairwise(edges))
        if right > left
    )


def forget_lines() -> None:
    """Drops the lines whose sentences are remembered, for measuring from a fresh start."""
    _spans_of.cache_clear()


def _trim(line: str, start: int, end: int) -> tuple[int, int]:
    while start < end and line[start].isspace():
        start += 1
    while end > start and line[end - 1].isspace():
        end -= 1
    return start, end


def _proposed(line: str, language: str) -> Iterator[int]:
    """Offsets at which sentencex begins a new sentence; long lines are read in overlapping windows."""
    from sentencex import get_sentence_boundaries

    position = 0
    while position < len(line):
        window = line[position : position + WINDOW]
        starts = [b["start_index"] for b in get_sentence_boundaries(language, window) if b["start_index"] > 0]
        if position + WINDOW >= len(line):
            yield from (position + s for s in starts)
            return
        if starts:
            yield from (position + s for s in starts)
            position += starts[-1]
        else:
            position += len(window)


def _join(line: str, cuts: list[int]) -> list[int]:
    """Drop the boundaries that stand inside a sentence."""
    kept: list[int] = []
    previous = 0
    for index, cut in enumerate(cuts):
        end = cuts[index + 1] if index + 1 < len(cuts) else len(line)
        left = line[max(previous, cut - 200) : cut].rstrip()
        right = line[cut : min(end, cut + 200)].lstrip()
        spaced = line[cut - 1].isspace() or (cut < len(line) and line[cut].isspace())
        if not left or not right or not _inside(left, right, spaced):
            kept.append(cut)
            previous = cut
    return kept


def _last_word(text: str) -> re.Match[str] | None:
    """The word before the full stop that ends a text, if one does."""
    return _LAST_WORD.search(text, text.rfind(" ") + 1) if text.endswith(".") else None


def _inside(left: str, right: str, spaced: bool) -> bool:
    """Whether the boundary between `left` and `right` is none."""
    if right[0] in ",;:)]}%…" or (not spaced and right[0] in "-–—"):
        return True
    if not spaced and left[-1] == "." and not _MISSING_SPACE.search(left[-40:] + right[:40]):
        return left[-1:] not in "。！？"
    last = _last_word(left)
    first = _FIRST_WORD.match(right)
    word = first[1] if first else ""
    if last and not _ENDS_IN_QUOTE.search(left):
        abbreviation = last[1].casefold().rsplit("-", 1)[-1]
        if abbreviation in _BEFORE_NAMES and (word or right[0].isdigit()):
            return not (abbreviation in {"v", "est", "min", "fr"} and word.casefold() in _STARTERS)
        if abbreviation in _BEFORE_NUMBERS and (right[0].isdigit() or re.match(r"[IVXL]+\b", right)):
            return True
        if abbreviation in _MONTHS and right[0].isdigit():
            return True
        if abbreviation in {"a.m", "p.m"} and re.match(r"(?:[A-Z]\w+ ){1,2}time\b", right):
            return True
        if abbreviation in {"a.m", "p.m"} and word.casefold().rstrip(".") in _CLOCK_FOLLOWERS:
            return True
        if abbreviation in _EITHER_WAY or _DOTTED.match(last[1]):
            if word and word.casefold() not in _STARTERS and abbreviation not in {"a.m", "p.m", "etc"}:
                return True
        elif _INITIAL.search(left) and word and word[0].isupper() and word.casefold() not in _STARTERS:
            return True
    if word and word[0].islower() and not any(c.isupper() for c in word):
        return right[0] not in '"“‘(' or left[-1] not in '.!?”"'
    return bool(_ENDS_IN_QUOTE.search(left) and _is_speaker(right))


def _is_speaker(right: str) -> bool:
    """Whether `right` does nothing but name who said the quotation before it ("Smith said on Monday.")."""
    if right[0] in _OPENERS:
        return False
    match = _SPEAKER_AFTER_QUOTE.match(right)
    return match is not None and not re.match(r"\s+(?:that|it|he|she|they|the|there)\b", match["rest"])


def _missed(line: str) -> Iterator[int]:
    """Boundaries sentencex does not see."""
    for match in _MISSING_SPACE.finditer(line) if _GLUED.search(line) else ():
        if not _in_address(line, match.start("end")):
            yield match.end("end")
    for match in _ELLIPSIS.finditer(line) if "…" in line or ".." in line or ". ." in line else ():
        if match[2].casefold() in _STARTERS and match[2] != "I":
            yield match.end("gap")
    for match in _BRACKETED.finditer(line) if "(" in line or "[" in line else ():
        if _bracket_stands_alone(line, match.start(), match.end()):
            yield match.end()
    for match in _IN_QUOTE.finditer(line):
        if _quotes_sentences(line, match.start("gap"), match.end()):
            yield match.end()
    for match in _SPOKEN_NO.finditer(line) if "No." in line else ():
        yield match.end("gap")
    for match in _MAY_ENDS.finditer(line) if "May." in line else ():
        yield match.end()
    for match in _ACRONYM_END.finditer(line) if _DOTTED_TWICE.search(line) else ():
        if match[2].casefold() in _STARTERS and not match[2].isupper():
            yield match.end("gap")


def _quotes_sentences(line: str, before: int, after: int) -> bool:
    """Whether a quotation (sentencex keeps it in one) holds whole sentences before and after this place."""
    head, tail = line[max(0, before - 400) : before], line[after : after + 400]
    last = _last_word(head)
    if last:
        word = last[1].casefold().rsplit("-", 1)[-1]
        if word in _ABBREVIATIONS or _DOTTED.match(last[1]):
            return False
    left = re.split(r"[.?!…]\s|[\"“”«»]", head[:-1])[-1]
    right = re.split(r"[.?!…](?:\s|$)|[\"“”«»]", tail)[0]
    return len(left.split()) >= 3 and len(right.split()) >= 3


def _in_address(line: str, position: int) -> bool:
    """Whether the full stop stands in a web or mail address."""
    start = max(line.rfind(" ", 0, position) + 1, position - 200)
    stop = line.find(" ", position)
    word = line[start : stop if 0 <= stop < position + 200 else position + 200]
    return "@" in word or "//" in word or word.casefold().startswith("www.") or ".com" in word.casefold()


def _bracket_stands_alone(line: str, before: int, after: int) -> bool:
    """Whether the bracket that opens at `after`, or closes at `before`, holds whole sentences."""
    if line[after] in "([":
        if _ends_in_rank(line[max(0, before - 20) : before]):
            return False
        closing = line.find(")" if line[after] == "(" else "]", after, after + 1000)
        if closing < 0:
            return False
        return line[closing - 1] in '.!?…”"’' and closing - after > 3
    earliest = max(0, before - 1000)
    opening = max(line.rfind("(", earliest, before), line.rfind("[", earliest, before))
    if opening < 0 or not line[opening + 1 : opening + 3].strip('"“‘')[:1].isupper():
        return False
    head = line[max(0, opening - 20) : opening].rstrip()
    return not head or (head[-1] in '.!?…”"’' and not _ends_in_rank(head))


def _ends_in_rank(head: str) -> bool:
    """Whether a rank or the like stands last, so that a bracket behind it stands inside the name."""
    last = _LAST_WORD.search(head)
    return last is not None and last[1].casefold() in _BEFORE_NAMES


def _join_marks(line: str, cuts: list[int]) -> list[int]:
    """Join list marks with what they mark, and pieces without a letter or digit with what stands before."""
    kept: list[int] = []
    previous = 0
    for index, cut in enumerate(cuts):
        end = cuts[index + 1] if index + 1 < len(cuts) else len(line)
        left = line[previous:cut].strip()
        right = line[cut:end]
        if previous == 0 and _LIST_MARK.fullmatch(left):
            continue
        if not any(c.isalnum() for c in right) or not any(c.isalnum() for c in left):
            continue
        kept.append(cut)
        previous = cut
    return kept
