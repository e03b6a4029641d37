"""Labels for the lines of a text, from their shape, their words and what stands around them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from digestbot.cleaning import evidence, vocabulary
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

#: Words of a byline at most; longer lines tell the writer's life.
LONGEST_BYLINE = 14
#: Lines at the top of the page that may give the site's name.
MASTHEAD = 3
#: Words of a line at most that may be the page's own voice in the midst of the article.
LONGEST_VOICE = 60
#: Lines without a break behind the article at most that may all be the page's.
LONGEST_TAIL_RUN = 4

_SAME = re.compile(r"[^\w]+")
_FURNITURE = frozenset({BlockLabel.BOILERPLATE, BlockLabel.BYLINE, BlockLabel.DATELINE})
#: The bare number of a note at the beginning of its line, and behind the sentence that refers to it.
_NOTE = re.compile(r"(\d{1,3})\s{1,3}(?=[A-ZÀ-ÖØ-Þ“\"])")
_NOTE_MARK = re.compile(r"(?:[^\W\d][”\"’)]?[.,;:!?][”\"’)]?|[”\"])(\d{1,3})(?=\s|$)")
#: What stands over readers' comments; most of the text is ahead of it, in share of its words.
_COMMENTS = re.compile(
    r"(?:\d+ |all |readers?[’']? |top |latest )?(?:comments?|responses|replies|discussion|thoughts?)\b"
    r"(?: ?\(?\d*\)?:?$| on\b)",
    re.IGNORECASE,
)
MOST_OF_TEXT = 0.6
#: A line that is nothing but a quotation, with its speaker at most.
_PULL_QUOTE = re.compile(r"[“\"«][^“”\"«»]{15,240}[”\"»]\W*(?:[—–-] ?[^!?]{2,60})?")
#: Words of a pull quote at least: fewer may well be said twice.
SHORTEST_PULL_QUOTE = 5


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
    _read_tagged(lines, labels)
    _drop_footnotes(lines, labels)
    _drop_comments(lines, labels)
    _drop_teasers(lines, labels)
    _drop_pull_quotes(lines, labels)
    if not speakers:
        _find_question_headings(lines, labels)
    _read_lone_sentence(lines, labels)
    _drop_page_voice(lines, labels, speakers)
    _settle_short_lines(lines, labels)
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
        standfirst = index > 0 and labels[index - 1] is None
        longest = 14 if line.text.endswith(".") and not standfirst else 25
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


def _read_tagged(lines: Sequence[Line], labels: list[BlockLabel | None]) -> None:
    """What ends in an agency's name ("… on Friday. (AFP)"): caption ahead of the article, text behind."""
    content = [i for i, label in enumerate(labels) if label in CONTENT_LABELS]
    if len(content) < 2:
        return
    first, last = content[0], content[-1]
    if lines[first].untagged != lines[first].text and not lines[first].holds_sentences:
        labels[first] = BlockLabel.CAPTION
    index = last + 1
    if (
        index == len(lines)
        or labels[index] is not BlockLabel.CAPTION
        or labels[last - 1] not in CONTENT_LABELS
    ):
        return
    if lines[index].untagged != lines[index].text and lines[index].is_prose:
        labels[index] = BlockLabel.BODY


def _drop_footnotes(lines: Sequence[Line], labels: list[BlockLabel | None]) -> None:
    """A line that opens with the bare number of a note ("2  Interview, 3 May") some sentence refers to."""
    notes = [(i, m[1]) for i, line in enumerate(lines) if (m := _NOTE.match(line.text))]
    if not notes:
        return
    marks = {m[1] for line in lines for m in _NOTE_MARK.finditer(line.text)}
    for index, number in notes:
        if number in marks and index:
            labels[index] = BlockLabel.BOILERPLATE


def _drop_comments(lines: Sequence[Line], labels: list[BlockLabel | None]) -> None:
    """What readers write under a "Comments (3)" that most of the text stands ahead of."""
    heads = [i for i, line in enumerate(lines) if _COMMENTS.match(line.core)]
    if not heads:
        return
    words = [
        len(line.words) if label in CONTENT_LABELS else 0 for line, label in zip(lines, labels, strict=True)
    ]
    for head in heads:
        if sum(words[:head]) >= MOST_OF_TEXT * sum(words):
            for index in range(head, len(lines)):
                labels[index] = BlockLabel.BOILERPLATE
            return


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
        unfinished = len(line.words) > LONGEST_HEADING and line.function_words >= 3
        if seen_text and (unfinished or _is_short_sentence(lines, labels, index)):
            labels[index] = BlockLabel.BODY
        elif not seen_text and _is_trailing_byline(line):
            labels[index] = BlockLabel.BYLINE
        elif _heads_text(lines, labels, index):
            labels[index] = BlockLabel.HEADING
        else:
            labels[index] = BlockLabel.BOILERPLATE


def _is_short_sentence(lines: Sequence[Line], labels: Sequence[BlockLabel | None], index: int) -> bool:
    """A sentence of few words behind a paragraph ("They refused."), or one that opens a list."""
    line = lines[index]
    if labels[index - 1] not in CONTENT_LABELS:
        return False
    said = [w for w in line.words[1:] if w.islower() and len(w) > 2]
    if line.text.endswith(":"):
        opens = index + 1 < len(lines) and bool(lines[index + 1].list_mark)
        return opens and len(line.words) >= 4 and line.lower_share >= 0.34
    return line.text.endswith(".") and len(line.text.split()) >= 3 and bool(said) and not line.speaker


def _drop_page_voice(
    lines: Sequence[Line], labels: list[BlockLabel | None], speakers: frozenset[str]
) -> None:
    """Sentences in which the page speaks, by what they say and where they stand (`evidence.py`).

    Behind the article little is needed: whatever follows furniture, is followed by furniture only and names
    nobody of the article. Ahead of it, alone between furniture and in its midst more and more is.
    """
    content = [i for i, label in enumerate(labels) if label in CONTENT_LABELS]
    if len(content) < 2:
        return
    words: Counter[str] = Counter()
    for i, line in enumerate(lines):
        if labels[i] in CONTENT_LABELS:
            words.update(line.words)
    _drop_tail(lines, labels, words, speakers)
    _drop_behind_end(lines, labels, words, speakers)
    runs = _runs(labels)
    for place, (start, stop) in enumerate(runs):
        for index in range(start, stop):
            line = lines[index]
            if line.speaker in speakers or len(line.words) > LONGEST_VOICE or evidence.speaks(line.text):
                continue
            signs = evidence.page_signs(line.text)
            alone = stop - start == 1 and _between_furniture(
                labels, index, above=place == 0 and len(runs) > 1
            )
            if not signs and (not alone or line.list_mark or line.ends_sentence):
                continue
            weight = signs + evidence.news_signs(line, heard := _heard_elsewhere(words, line))
            if place == 0 and index == start:
                weight += evidence.IN_HEAD
            if alone:
                weight += evidence.ALONE + evidence.strangeness(line, heard)
            if weight >= (evidence.ENOUGH if alone else evidence.ENOUGH_INSIDE):
                labels[index] = _page_label(line)


def _drop_tail(
    lines: Sequence[Line], labels: list[BlockLabel | None], words: Counter[str], speakers: frozenset[str]
) -> None:
    """The sentences among the furniture at the end of a page, run by run from the end."""
    runs = _runs(labels)
    for place in range(len(runs) - 1, 0, -1):
        start, stop = runs[place]
        between = labels[runs[place - 1][1] : start]
        if stop - start > LONGEST_TAIL_RUN or any(lines[i].speaker in speakers for i in range(start, stop)):
            return
        if stop == len(lines) and lines[stop - 1].list_mark:
            return
        for index in range(start, stop):
            words.subtract(lines[index].words)
        after_furniture = not _FURNITURE.isdisjoint(between)
        under_heading = between[-1] is None and between[-2:] != [None, None]
        lone = after_furniture and stop - start == 1
        lone = lone and not (under_heading and lines[start].text.endswith("."))
        kept = False
        for index in range(start, stop):
            line = lines[index]
            heard = _heard_elsewhere(words, line, counted=False)
            signs = evidence.page_signs(line.text)
            weight = signs + evidence.news_signs(line, heard)
            if lone:
                weight += evidence.IN_TAIL + evidence.ALONE
                if signs < evidence.A_SIGN and not heard.isdisjoint(evidence.names_in(line.text)):
                    weight = 0.0
            elif signs:
                weight += evidence.IN_TAIL if after_furniture else evidence.IN_HEAD
            if after_furniture or signs >= evidence.A_SIGN:
                weight += evidence.strangeness(line, heard)
            if weight >= evidence.ENOUGH and (lone or signs >= evidence.A_SIGN):
                labels[index] = _page_label(line)
            else:
                words.update(line.words)
                kept = True
        if kept:
            return


def _drop_behind_end(
    lines: Sequence[Line], labels: list[BlockLabel | None], words: Counter[str], speakers: frozenset[str]
) -> None:
    """Where the article ends, and the page's own sentences behind that.

    The end lies where all that follows, taken together, speaks most for the page: each line's signs, less
    what any line of an article counts, and a little for each stretch of furniture between them.
    """
    first = next(i for i, label in enumerate(labels) if label in CONTENT_LABELS)
    masthead = " ".join(line.text.casefold() for line in lines[: min(first, MASTHEAD)])
    weights: dict[int, float] = {}
    total = best = 0.0
    end = len(lines)
    for index in range(len(lines) - 1, first, -1):
        line = lines[index]
        if labels[index] not in CONTENT_LABELS:
            if labels[index] in _FURNITURE and labels[index - 1] not in _FURNITURE:
                total += evidence.FURNITURE_STRETCH
            continue
        if line.speaker in speakers:
            break
        words.subtract(line.words)  # a name is known from what was said before, not from what follows
        heard = _heard_elsewhere(words, line, counted=False)
        weights[index] = evidence.ARTICLE_LINE + evidence.page_signs(line.text)
        weights[index] += evidence.news_signs(line, heard) + evidence.strangeness(line, heard)
        if evidence.opens_with_site(line.text, masthead):
            weights[index] += evidence.SITE
        total += weights[index]
        if total > best and weights[index] > 0:
            best, end = total, index
        elif total < best - evidence.SLACK:
            break
    for index, weight in weights.items():
        if index >= end and weight >= evidence.BEHIND_END:
            labels[index] = _page_label(lines[index])
        else:
            words.update(lines[index].words)


def _page_label(line: Line) -> BlockLabel:
    return BlockLabel.BYLINE if vocabulary.BIOGRAPHY.search(line.text) else BlockLabel.BOILERPLATE


def _runs(labels: Sequence[BlockLabel | None]) -> list[tuple[int, int]]:
    """The stretches of article lines with nothing else between them: first line, and line after the last."""
    runs: list[tuple[int, int]] = []
    for index, label in enumerate(labels):
        if label not in CONTENT_LABELS:
            continue
        if runs and runs[-1][1] == index:
            runs[-1] = (runs[-1][0], index + 1)
        else:
            runs.append((index, index + 1))
    return runs


def _between_furniture(labels: Sequence[BlockLabel | None], index: int, *, above: bool) -> bool:
    """Whether furniture stands on both sides; `above` the article its headline may follow."""
    if not above and index and labels[index - 1] not in _FURNITURE:
        return False
    return (
        index + 1 == len(labels) or labels[index + 1] in _FURNITURE or (above and labels[index + 1] is None)
    )


def _heard_elsewhere(words: Counter[str], line: Line, *, counted: bool = True) -> set[str]:
    """The names of a line that other lines have as well; `counted`: its own words are among the `words`."""
    heard: set[str] = set()
    for name in evidence.names_in(line.text):
        forms = (name, name + ".", name + "'s", name + "’s")
        own = sum(line.words.count(form) for form in forms) if counted else 0
        if sum(words[form] for form in forms) > own:
            heard.add(name)
    return heard


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
        if label is BlockLabel.BYLINE and len(line.words) <= LONGEST_BYLINE:
            said = re.split(r"\bby[: ]", line.text, maxsplit=1, flags=re.IGNORECASE)[-1]
            pieces += re.split(r"[,;&|]| and ", said)
        elif not text_seen:
            candidates = line.segments if len(line.segments) > 1 else [line.text]
            for candidate in candidates:
                if Line(candidate.strip(), 0, len(candidate.strip())).is_names:
                    pieces += re.split(r"[,;&]| and ", candidate)
    names = (re.sub(r"^(?:dr|prof|mr|mrs|ms)\.?\s+", "", p.strip(), flags=re.IGNORECASE) for p in pieces)
    return tuple(dict.fromkeys(n for n in names if " " in n and n[0].isupper() and len(n) <= 60))
