"""How much speaks for a line being the page's own voice: its words, and where it stands, weighed together.

The vocabularies know phrases; this knows kinds. A page talks to its reader, of its own things, of who pays
for it, of who writes it, of rights and addresses. None of that is proof (the news does it as well), so each
sign has a weight, news signs count against, and where the line stands decides how much is needed. Weights are in
units of one sure sign; they were set by hand on annotated pages (`tests/quality/pages`).
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

from digestbot.cleaning import vocabulary
from digestbot.cleaning.lines import Line

#: From here on a line is furniture.
ENOUGH = 2.0
#: The same in the midst of the article, where nothing but its words speaks against a line.
ENOUGH_INSIDE = 2.5

#: What the place of a line adds: among the furniture behind the article, ahead of it, alone between furniture.
IN_TAIL, IN_HEAD, ALONE = 1.0, 0.5, 0.5
#: What a line adds that has names, none of which the article has; or that has no names at all.
UNHEARD, NAMELESS = 0.75, 0.5
#: What a missing full stop adds: teasers are headlines.
UNFINISHED = 0.75
#: What counts for news: somebody speaks, something is quoted, a name of the article (each, and at most).
SPOKEN, QUOTED, HEARD, MOST_HEARD = -2.0, -1.5, -0.5, -1.5
#: What each word more than this many takes away, for furniture is short.
LONG, EACH_WORD_MORE = 45, -0.05

_QUOTATION = re.compile(r"[“\"«][^“”\"«»]*[”\"»]")
#: Titles of books are quoted as well, but hardly hold two small words in a row.
_QUOTED = re.compile(r"[“\"][^“”\"]*\b[a-z]+ [a-z’']+")
_SPEAKS = re.compile(
    r"\b(?:said|says|told|tells|warned|warns|accused|according to|asked|answered|replied|announced|denied)\b"
)
#: A word that is capitalised within a sentence.
_NAME = re.compile(r"(?<=[\w,] )[A-ZÀ-ÖØ-Þ][\w’'-]+")
_SENTENCE = re.compile(r"(?:^|(?<=[.!?:;] )|(?<=  ))\W*(\w[^.!?]*)")

_FUNDERS = (
    r"(?:Foundations?|Funds?|Agency|Ministry|Embassy|Council|Commission|Institute|Stiftung|Endowment|Bank|"
    r"Trust|Programme|Union|Department|donors|Fondation|Fundación)"
)
#: Sign and weight, for the text outside quotations as it is written.
_SIGNS = (
    # The reader, and the page as "we".
    (1.0, re.compile(r"\b(?:[Yy]ou|[Yy]ours?|[Yy]ou[’'](?:re|ve|ll))\b")),
    (0.5, re.compile(r"\b(?:[Ww]e|[Oo]urs?|us|[Ww]e[’'](?:re|ve|ll))\b")),
    # Its own things: "this article", "this is a subscriber-only story"; what is made of paper less.
    (
        1.5,
        re.compile(
            r"\b[Tt]his (?:is an? )?(?:[\w’'-]+ ){0,2}?(?:story|article|page|post|site|website|web site|newsletter|"
            r"(?:e-?)?mail|episode|podcast|blog|portal|transcript|publication|content|channel|column)\b"
        ),
    ),
    (0.75, re.compile(r"\b[Tt]his (?:letter|report|document|message|edition|issue|bulletin|video|interview)\b")),
    # Who pays for it, and what it is in law.
    (
        1.5,
        re.compile(
            r"\b(?:funded|supported|financed|sponsored|funding|grants?|donations|support|assistance)\b"
            rf".{{0,40}}\b(?:by|from|of)\b.*\b{_FUNDERS}\b"
        ),
    ),
    (
        1.5,
        re.compile(
            r"\bintended recipient|\b(?:liable|liability)\b.{0,30}\b(?:errors?|content|accuracy|loss)\b|"
            r"\binvestment advice\b|\bowns? shares\b|\berrors? (?:and|or) omissions\b|"
            r"\bregistered (?:in|with|under|as|charity|office|non-?profit)\b.*\d|"
            r"\bis (?:solely )?responsible for (?:this|the content)|\bsole responsibility\b|"
            r"\b(?:does not|do not) (?:necessarily )?(?:reflect|represent|imply)\b|\beditorial (?:control|"
            r"independence|board|policy)\b|\bis regulated by the\b|"
            r"\b(?:reference|link) to the (?:web ?site|source|agency)\b"
        ),
    ),
    # Who writes it.
    (1.5, vocabulary.BIOGRAPHY),
    (0.75, vocabulary.BIOGRAPHY_SIGNS),
    (
        1.5,
        re.compile(
            r"\b(?:AI|machine|chatbot|bot|automat\w+)\b.*\b(?:mistakes|errors|generated|assistant|summar\w+|"
            r"translat\w+)\b"
        ),
    ),
    # Where it has its office, how it is quoted.
    (
        1.5,
        re.compile(
            r"\b\d{1,4},? (?:[A-Z][\w’'-]+ ){1,3}(?:Street|Road|Avenue|Row|Square|Lane|Boulevard)\b|"
            r"\bP\.? ?O\.? Box \d|\b(?:Tel|Phone|Fax|Hotline|Call cent(?:re|er))\b[ .:]*\+?\d"
        ),
    ),
    (1.5, re.compile(r"\([12]\d{3}\)\. .+: [A-Z]")),
    # What comes next in it.
    (
        1.0,
        re.compile(
            r"\b[Nn]ext (?:week|time|month|episode)\b.{0,20}\bwe\b|\bback (?:from|at|on|tomorrow|next|with|in)\b.{0,20}$"
        ),
    ),
)
#: Words of a site's business; each different one counts, up to three of them.
_BUSINESS = re.compile(
    r"\b(?:subscri\w+|newsletters?|e-?mails?|mails?|inbox|log(?:ged)? in|sign(?:ed)? (?:up|in)|account|"
    r"password|donat\w+|tax[- ]deductible|members(?:hip)?|supporters?|bookmarks?|gift|episodes?|podcasts?|"
    r"listeners?|readers?|reading|downloads?|web ?sites?|portal|apps?|cookies?|privacy|advert\w*|sponsor\w*|"
    r"promo code|discount|editorial|copyright|reproduc\w+|reus\w+|licen[cs]ed|recipient|confidential|"
    r"disclaimer|stories|headlines|updates?|updated|journalism|bookshops?|tickets?|comments?|feedback|"
    r"ai|archived|outdated|palm|below|fyi|layout|hosts?|internet|real[- ]time|inputs)\b"
)
_EACH_BUSINESS, _MOST_BUSINESS = 0.6, 3
#: What a page bids or wishes at the beginning of a sentence, besides `vocabulary.CALL`.
_BIDS = re.compile(
    r"(?:please|thank|thanks|sorry|welcome|attention|know (?:a|an|any|some)|did you|don[’']t miss|out now|coming soon|"
    r"good (?:morning|evening|afternoon)|hello|that[’']s all|that was|here (?:is|are)|why should you|ask|"
    r"forward|choose|pick|meet)\b",
    re.IGNORECASE,
)
A_BID, _MOST_BIDS = 0.75, 2


def names_in(text: str) -> list[str]:
    """The words that are capitalised within a sentence."""
    return [name.removesuffix("'s").removesuffix("’s") for name in _NAME.findall(text)]


def page_signs(text: str) -> float:
    """What the words of a line weigh for the page's own voice; what it quotes does not count."""
    told = _QUOTATION.sub(" ", text)
    weight = sum(sign for sign, pattern in _SIGNS if pattern.search(told))
    weight += _EACH_BUSINESS * min(_MOST_BUSINESS, len(set(_BUSINESS.findall(told.lower()))))
    bids = sum(
        1
        for match in _SENTENCE.finditer(told)
        if _BIDS.match(match[1]) or (vocabulary.CALL.match(match[1]) and match[1].split()[0][0].isupper())
    )
    return weight + A_BID * min(_MOST_BIDS, bids)


def news_signs(line: Line, heard: AbstractSet[str]) -> float:
    """What speaks against it: somebody says something, or is named whom the article names (negative)."""
    weight = 0.0
    if _SPEAKS.search(line.text):
        weight += SPOKEN
    if _QUOTED.search(line.text):
        weight += QUOTED
    names = set(names_in(line.text))
    weight += max(MOST_HEARD, HEARD * len(names & heard))
    return weight + EACH_WORD_MORE * max(0, len(line.words) - LONG)


def strangeness(line: Line, heard: AbstractSet[str]) -> float:
    """What it adds that a line names nobody of the article, and that it ends without a full stop."""
    names = names_in(line.text)
    weight = 0.0 if line.ends_sentence else UNFINISHED
    if not names:
        return weight + NAMELESS
    return weight + (UNHEARD if heard.isdisjoint(names) else 0.0)
