"""Labels for the lines of a text, from their shape, their words and what stands around them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from digestbot.cleaning import vocabulary
from digestbot.cleaning.inline import Place, divide
from digestbot.cleaning.lines import Line, find_speakers, read_lines
from digestbot.model import CONTENT_LABELS, Block, BlockLabel

#: A line without a full stop that is longer is no heading but a paragraph that lacks its full stop.
LONGEST_HEADING = 18
#: The same above the article, where a headline or a standfirst may run on.
LONGEST_HEADLINE = 32
#: The same for a question that heads an answer.
LONGEST_QUESTION = 10
#: How many lines of furniture may stand between a heading and the text it heads.
HEADING_REACH = 3

#: Words of a line at most that may speak of the page at its end.
LONGEST_IN_TAIL = 45

_SAME = re.compile(r"[^\w]+")
_FURNITURE = frozenset({BlockLabel.BOILERPLATE, BlockLabel.BYLINE, BlockLabel.DATELINE})
_HEADS = frozenset({BlockLabel.HEADLINE, BlockLabel.HEADING})
#: A word that is capitalised within a sentence.
_NAME_WORD = re.compile(r"(?<=[\w,] )[A-ZÀ-ÖØ-Þ][\w’'-]+")
#: A line that is nothing but a quotation, with its speaker at most.
_PULL_QUOTE = re.compile(r"[“\"«][^“”\"«»]{15,240}[”\"»]\W*(?:[—–-] ?[^!?]{2,60})?")
#: Words of a pull quote at least: fewer may well be said twice.
SHORTEST_PULL_QUOTE = 5
_QUOTATION = re.compile(r"[“\"]\w")


def label_blocks(text: str, *, title: str | None = None, author: str | None = None) -> tuple[Block, ...]:
    """The blocks of a text: each line that is not blank, labelled; cut where only a part of it is body.

    `title` and `author` are what the document's metadata says, where it says anything: they help to tell the
    headline and the author's biography. Blocks do not overlap and stand in order of the text.
    """
    lines = read_lines(text)
    speakers = find_speakers(lines)
    labels = _labels(lines, title, speakers)
    authors = _authors(lines, labels, author)
    blocks: list[Block] = []
    content = [i for i, label in enumerate(labels) if label in CONTENT_LABELS]
    order = {index: place for place, index in enumerate(content)}
    in_biography = False
    before: list[Line] = []
    for index, (line, label) in enumerate(zip(lines, labels, strict=True)):
        if label not in CONTENT_LABELS:
            blocks.append(Block(line.start, line.end, label))
            in_biography = in_biography and label is not BlockLabel.HEADING
            continue
        place = Place(
            authors=authors,
            before=before,
            from_start=order[index],
            from_end=len(content) - 1 - order[index],
            transcript=bool(speakers),
            in_biography=in_biography,
        )
        pieces = divide(line, label, place)
        before.append(line)
        in_biography = pieces[-1].label is BlockLabel.BYLINE
        blocks.extend(pieces)
    return tuple(blocks)


def _labels(lines: Sequence[Line], title: str | None, speakers: frozenset[str]) -> list[BlockLabel]:
    labels = [_alone(line, speakers) for line in lines]
    _unsettle_head(lines, labels)
    _drop_teasers(lines, labels)
    _drop_pull_quotes(lines, labels)
    if not speakers:
        _find_question_headings(lines, labels)
    _read_lone_sentence(lines, labels)
    _settle_short_lines(lines, labels)
    if not speakers:
        _drop_tail(lines, labels)
    _find_headline(lines, labels, title)
    return [label if label is not None else BlockLabel.BOILERPLATE for label in labels]


def _alone(line: Line, speakers: frozenset[str]) -> BlockLabel | None:
    """What a line says of itself; None where its neighbours must tell."""
    if line.is_date:
        return BlockLabel.DATELINE
    if line.is_caption:
        return BlockLabel.CAPTION
    if line.is_furniture:
        return BlockLabel.BOILERPLATE
    if line.is_byline:
        return BlockLabel.BYLINE
    if line.list_mark and len(line.words) >= 3:
        return BlockLabel.LIST_ITEM
    if line.speaker in speakers:
        return BlockLabel.BODY
    if line.is_prose:
        return BlockLabel.LIST_ITEM if line.numbered and len(line.words) > 12 else BlockLabel.BODY
    return None


def _unsettle_head(lines: Sequence[Line], labels: list[BlockLabel | None]) -> None:
    """Above the article, a line that reads as a sentence may still be its headline.

    That is so if it has no full stop and is no longer than a headline, or if it is one sentence and the date
    or the byline follows before the next sentence does.
    """
    for index, line in enumerate(lines):
        if labels[index] not in CONTENT_LABELS:
            continue
        if line.list_mark:
            return
        longest = LONGEST_HEADING if line.holds_sentences else LONGEST_HEADLINE
        if not line.ends_sentence and len(line.words) <= longest:
            labels[index] = None
            continue
        longest = 14 if line.text.endswith(".") else 25
        if line.holds_sentences or len(line.words) > longest:
            return
        for label in labels[index + 1 :]:
            if label in CONTENT_LABELS:
                return
            if label in {BlockLabel.DATELINE, BlockLabel.BYLINE}:
                labels[index] = None
                break
        else:
            return


def _drop_teasers(lines: Sequence[Line], labels: list[BlockLabel | None]) -> None:
    """The short lines under a "More on this story" lead to other pages."""
    under_teasers = False
    for index, line in enumerate(lines):
        if labels[index] is BlockLabel.BOILERPLATE:
            if vocabulary.TEASER_HEAD.match(line.core.lstrip("(*_>•-—– ")) and len(line.words) <= 9:
                under_teasers = True
            continue
        if not under_teasers:
            continue
        unfinished = not line.text.rstrip("\"”’'»)").endswith((".", "!"))
        heads_text = index + 1 < len(lines) and lines[index + 1].is_prose
        asks = line.core.endswith("?") and not line.holds_sentences and len(line.words) <= LONGEST_HEADING
        if (labels[index] is BlockLabel.LIST_ITEM and unfinished) or (
            (labels[index] is None or asks) and not heads_text
        ):
            labels[index] = BlockLabel.BOILERPLATE
        else:
            under_teasers = False


def _drop_pull_quotes(lines: Sequence[Line], labels: list[BlockLabel | None]) -> None:
    """A line that only quotes what another line of the text says as well is set there to be seen."""
    quotes = [i for i, line in enumerate(lines) if _PULL_QUOTE.fullmatch(line.text)]
    if not quotes:
        return
    said = {
        i: _same(line.text).split()
        for i, line in enumerate(lines)
        if labels[i] in CONTENT_LABELS and i not in quotes
    }
    for index in quotes:
        quoted = _same(lines[index].text.partition("”")[0]).split()
        if len(quoted) >= SHORTEST_PULL_QUOTE and any(_holds(words, quoted) for words in said.values()):
            labels[index] = BlockLabel.BOILERPLATE


def _holds(words: Sequence[str], quoted: Sequence[str]) -> bool:
    """Whether a text has all the words of a quotation in their order; pull quotes leave some out."""
    rest = iter(words)
    return len(words) > len(quoted) and all(word in rest for word in quoted)


def _find_question_headings(lines: Sequence[Line], labels: list[BlockLabel | None]) -> None:
    """A short question alone in its line above a longer text heads it."""
    for index, line in enumerate(lines[:-1]):
        if labels[index] is not BlockLabel.BODY or len(line.words) > LONGEST_QUESTION:
            continue
        if not line.core.rstrip("\"”’'»").endswith("?") or (line.holds_sentences and not line.only_asks):
            continue
        following = next((i for i in range(index + 1, len(lines)) if labels[i] in CONTENT_LABELS), None)
        if following is not None and (
            lines[following].list_mark or len(lines[following].words) > len(line.words) + 5
        ):
            labels[index] = None


#: Words from which on a line that is all there is reads as a sentence.
LONE_SENTENCE = 5


def _read_lone_sentence(lines: Sequence[Line], labels: list[BlockLabel | None]) -> None:
    """A text of one line is its own body, though it lack the full stop: "FARC to mayors: quit by Friday"."""
    if len(lines) != 1 or labels[0] is not None:
        return
    if len(lines[0].words) >= LONE_SENTENCE and lines[0].lower_share >= 0.34:
        labels[0] = BlockLabel.BODY


def _settle_short_lines(lines: Sequence[Line], labels: list[BlockLabel | None]) -> None:
    """A short line is a heading if text follows it, else furniture; a long one lacks its full stop."""
    seen_text = False
    for index, line in enumerate(lines):
        if labels[index] in CONTENT_LABELS:
            seen_text = True
        if labels[index] is not None:
            continue
        if seen_text and len(line.words) > LONGEST_HEADING and line.function_words >= 3:
            labels[index] = BlockLabel.BODY
        elif not seen_text and _is_trailing_byline(line):
            labels[index] = BlockLabel.BYLINE
        elif _heads_text(lines, labels, index):
            labels[index] = BlockLabel.HEADING
        else:
            labels[index] = BlockLabel.BOILERPLATE


def _drop_tail(lines: Sequence[Line], labels: list[BlockLabel | None]) -> None:
    """Short lines among the furniture at the end that name nobody of the article speak of the page.

    Grants, biographies, addresses and pleas in words nobody has listed: they follow furniture, nothing but
    furniture follows them, and none of their names stands in the article.
    """
    heard: set[str] | None = None
    for index in range(len(lines) - 1, 0, -1):
        if labels[index] not in CONTENT_LABELS:
            continue
        line = lines[index]
        if labels[index - 1] not in _FURNITURE or len(line.words) > LONGEST_IN_TAIL:
            return
        if heard is None:
            article = (i for i in range(index) if labels[i] in CONTENT_LABELS or labels[i] in _HEADS)
            heard = {word for i in article for word in _NAME_WORD.findall(lines[i].text)}
        if index == len(lines) - 1 and line.list_mark:
            return
        if _QUOTATION.search(line.text) or not heard.isdisjoint(_NAME_WORD.findall(line.text)):
            return
        labels[index] = BlockLabel.BOILERPLATE


def _is_trailing_byline(line: Line) -> bool:
    named = re.search(
        r"\bby (?:[A-Z][\w.'’-]+ ?){2,4}$|\b(?:compiled|curated|edited|hosted|presented|written) by [A-Z]",
        line.text,
    )
    return named is not None and len(line.words) <= 12


def _heads_text(lines: Sequence[Line], labels: Sequence[BlockLabel | None], index: int) -> bool:
    between = 0
    for label in labels[index + 1 :]:
        if label in CONTENT_LABELS:
            return True
        if label in {BlockLabel.BOILERPLATE, BlockLabel.CAPTION}:
            between += 1
            if between > HEADING_REACH and any(x in CONTENT_LABELS for x in labels[:index]):
                return False
    return False


def _find_headline(lines: Sequence[Line], labels: list[BlockLabel | None], title: str | None) -> None:
    """The title's own line; else, of the headings above the article, the one that says most of it."""
    if title and (wanted := _same(title)):
        for index, line in enumerate(lines[:40]):
            own = _same(line.text)
            if own == wanted or (
                len(own) > 20 and (own in wanted or wanted in own) and len(line.words) <= 40
            ):
                labels[index] = BlockLabel.HEADLINE
                return
    first = next((i for i, label in enumerate(labels) if label in CONTENT_LABELS), None)
    if first is None or BlockLabel.HEADING not in labels[:first]:
        return
    vocabulary_of_text: set[str] = set()
    for line, label in zip(lines, labels, strict=True):
        if label in CONTENT_LABELS:
            vocabulary_of_text.update(w.casefold()[:6] for w in line.words if len(w) > 3)
    scores: dict[int, float] = {}
    for index in range(first):
        if labels[index] is not BlockLabel.HEADING or _names_issue(lines[index]):
            continue
        words = lines[index].words
        shared = len({w.casefold()[:6] for w in words if len(w) > 3} & vocabulary_of_text)
        if len(words) >= 2:
            scores[index] = min(len(words), 12) / 4 + shared
    if scores:
        # The headline stands above its standfirst, which may say more.
        enough = 0.6 * max(scores.values())
        labels[next(i for i, score in scores.items() if score >= enough)] = BlockLabel.HEADLINE


def _names_issue(line: Line) -> bool:
    """Whether a line tells which number of a paper this is: "No. 12 · 3 May 2024 · Geneva", "Issue 61"."""
    if len(line.segments) > 1 and vocabulary.DATE.search(line.text):
        return True
    return vocabulary.ISSUE.search(line.text) is not None


def _same(text: str) -> str:
    return _SAME.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def _authors(lines: Sequence[Line], labels: Sequence[BlockLabel], author: str | None) -> tuple[str, ...]:
    """The names that bylines and metadata give as the writer's."""
    pieces = re.split(r"[,;&|]| and ", author) if author else []
    text_seen = 0
    for line, label in zip(lines, labels, strict=True):
        if label in CONTENT_LABELS:
            text_seen += 1
            continue
        if label is BlockLabel.BYLINE:
            said = re.split(r"\bby[: ]", line.text, maxsplit=1, flags=re.IGNORECASE)[-1]
            pieces += re.split(r"[,;&|]| and ", said)
        elif not text_seen:
            candidates = line.segments if len(line.segments) > 1 else [line.text]
            for candidate in candidates:
                if Line(candidate.strip(), 0, len(candidate.strip())).is_names:
                    pieces += re.split(r"[,;&]| and ", candidate)
    names = (re.sub(r"^(?:dr|prof|mr|mrs|ms)\.?\s+", "", p.strip(), flags=re.IGNORECASE) for p in pieces)
    return tuple(dict.fromkeys(n for n in names if " " in n and n[0].isupper() and len(n) <= 60))
